"""``Fn::ForEach`` of AWS::LanguageExtensions: resources that are written once and created several times.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from typing import Any

from asltool.syntax.text import Location

__all__ = ["expanded"]

_PREFIX = "Fn::ForEach::"
_MOST = 500


def expanded(members: dict[str, Any], node: Location, parameters: Any) -> tuple[dict[str, Any], Location]:
    """Return an object with its loops expanded, and its positions, which are those inside the loops.

    A loop over values known only at deployment is expanded once, under the name as it is written.
    """
    if not any(str(name).startswith(_PREFIX) for name in members):
        return members, node
    made: dict[str, Any] = {}
    parts: dict[str | int, Location] = {}
    for name, value in members.items():
        inner = node.parts[name]
        if not name.startswith(_PREFIX):
            made[name], parts[name] = value, inner
            continue
        for key, (part, at) in _rounds(value, inner, parameters):
            made[key], parts[key] = part, at
            if len(made) > _MOST:
                break
    return made, Location(node.start, node.end, node.key, parts)


def _rounds(loop: Any, node: Location, parameters: Any) -> list[tuple[str, tuple[Any, Location]]]:
    if not (
        isinstance(loop, list) and len(loop) == 3 and isinstance(loop[0], str) and isinstance(loop[2], dict)
    ):
        return []
    name, collection, body = loop
    items = _items(collection, parameters)
    body_node = node.parts[2]
    return [
        (_text(str(key), name, item), (_filled(part, name, item), body_node.parts[key]))
        for item in items
        for key, part in body.items()
    ]


def _items(collection: Any, parameters: Any) -> list[str]:
    if isinstance(collection, dict) and isinstance(parameters, dict):
        parameter = parameters.get(str(collection.get("Ref")))
        default = parameter.get("Default") if isinstance(parameter, dict) else None
        collection = default.split(",") if isinstance(default, str) else None
    if isinstance(collection, list) and all(isinstance(item, str) for item in collection):
        return [item.strip() for item in collection][:_MOST]
    return [""]


def _text(text: str, name: str, item: str) -> str:
    """Fill in ``${Name}`` and ``&{Name}``, of which only letters and digits are kept."""
    text = text.replace(f"${{{name}}}", item)
    return text.replace(f"&{{{name}}}", re.sub(r"[^A-Za-z0-9]", "", item))


def _filled(value: Any, name: str, item: str) -> Any:
    if value == {"Ref": name}:
        return item
    if isinstance(value, dict):
        return {_text(str(key), name, item): _filled(part, name, item) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, name, item) for part in value]
    return _text(value, name, item) if isinstance(value, str) else value
