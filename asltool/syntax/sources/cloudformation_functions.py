"""CloudFormation's intrinsic functions inside a definition, replaced by their values or by placeholders.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

from typing import Any

from asltool.syntax.text import Location, Places, Text

__all__ = ["filled", "is_function", "text_of"]

_NO_VALUE = {"Ref": "AWS::NoValue"}


def is_function(value: Any) -> bool:
    """Return whether an object is a call to an intrinsic function."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name = next(iter(value))
    return name == "Ref" or str(name).startswith("Fn::")


def filled(value: Any, node: Location) -> tuple[Any, Location]:
    """Return a value with its intrinsic functions replaced, and its positions.

    ``Fn::Sub`` becomes its text, ``Fn::If`` the value for a true condition, and any other function a
    placeholder such as ``${Function.Arn}``. An ``AWS::NoValue`` is removed.
    """
    if is_function(value):
        return _called(value, node)
    if isinstance(value, dict):
        steps = [name for name, part in value.items() if part != _NO_VALUE]
    elif isinstance(value, list):
        steps = list(range(len(value)))
    else:
        return value, node
    parts = {step: filled(value[step], node.parts[step]) for step in steps}
    made: Any = {step: part for step, (part, _) in parts.items()}
    nodes = {step: inner for step, (_, inner) in parts.items()}
    whole = Location(node.start, node.end, node.key, nodes, node.stop)
    return (made if isinstance(value, dict) else list(made.values())), whole


def _called(value: dict[str, Any], node: Location) -> tuple[Any, Location]:
    [(name, argument)] = value.items()
    inner = node.parts[name]
    if name == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
        branch = 2 if argument[1] == _NO_VALUE else 1
        made, at = filled(argument[branch], inner.parts[branch])
    elif name == "Fn::ToJsonString":
        made, at = filled(argument, inner)
    elif name == "Fn::Sub":
        made, at = _template(argument, inner)
    elif name == "Fn::Join" and (joined := _joined(argument, inner)) is not None:
        made, at = joined, inner
    else:
        made, at = _placeholder(name, argument), inner
    return made, Location(at.start, at.end, node.key, at.parts, at.stop)


def _template(argument: Any, node: Location) -> tuple[Any, Location]:
    """Return the text of ``Fn::Sub``, which may have a map of values to fill in."""
    if isinstance(argument, list) and argument:
        argument, node = argument[0], node.parts[0]
    return (argument if isinstance(argument, str) else "${Fn::Sub}"), node


def _joined(argument: Any, node: Location) -> str | None:
    parts = _to_join(argument)
    if parts is None:
        return None
    nodes = node.parts[1].parts
    texts = [filled(part, nodes[index])[0] for index, part in enumerate(parts)]
    return str(argument[0]).join(map(str, texts))


def _to_join(argument: Any) -> list[Any] | None:
    """Return the items that ``Fn::Join`` joins; None if another function makes them."""
    fits = isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str)
    return argument[1] if fits and isinstance(argument[1], list) else None


def _placeholder(name: str, argument: Any) -> str:
    if name == "Fn::GetAtt" and isinstance(argument, list):
        argument = ".".join(map(str, argument))
    known = name in ("Fn::GetAtt", "Ref") and isinstance(argument, str) and "}" not in argument
    return f"${{{argument if known else name}}}"


def text_of(value: Any, node: Location, places: Places) -> Text | None:
    """Return the text of a value, with the positions of its characters; None if it is not text."""
    if isinstance(value, str):
        string = places.string(places.text, node.start, node.end, value)
        return string or Text.instead(value, *places.text.place(node.start, node.end))
    if not is_function(value):
        return None
    [(name, argument)] = value.items()
    inner = node.parts[name]
    parts = _to_join(argument) if name == "Fn::Join" else None
    if parts is None:
        return text_of(*_called(value, node), places)
    start, end = places.text.place(inner.start, inner.end)
    joint = Text.instead(argument[0], start, start)
    nodes = inner.parts[1].parts
    texts = [
        text_of(part, nodes[index], places) or Text.instead("${?}", start, end)
        for index, part in enumerate(parts)
    ]
    return Text.joined([piece for text in texts for piece in (joint, text)][1:])
