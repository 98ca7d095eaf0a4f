"""The problems in the expressions of a machine, by the code of the rule that reports them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.jsonpath.reference import parse_reference
from asltool.expr.jsonpath.text import parse_path
from asltool.rules.analysis.fields import ExpressionText
from asltool.syntax.diagnostics import Finding
from asltool.syntax.expressions import PLAIN_PATH, CallText
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import near, quoted

__all__ = ["ExpressionProblem", "looks_like_path", "problems"]

_PREFIX = "States."
_CALL = re.compile(r"\s*States\.\w+\s*\(")
_WHOLE_CALL = re.compile(r"[\w.]+\((?:'(?:[^'\\]|\\['{}\\])*'|[^'])*\)\s*")
_NAME = re.compile(r"[\w.]*")
_PATH = re.compile(r"\${1,2}[.\[]")
_ROOT = re.compile(r"\$(?:\$|\w+)?")

_GIVE_STRINGS = {
    *("States.ArrayGetItem", "States.Base64Decode", "States.Base64Encode", "States.Format", "States.Hash"),
    *("States.JsonToString", "States.UUID"),
}
"""Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html"""


class ExpressionProblem(NamedTuple):
    """``within`` are offsets in the text; None means all of it."""

    code: str
    message: str
    within: tuple[int, int] | None = None


def problems(texts: Iterable[ExpressionText]) -> dict[str, list[Finding]]:
    """Return the findings about all expressions by code. Texts with placeholders are not checked."""
    found: dict[str, list[Finding]] = {}
    for text in texts:
        if text.kind != "plain" and not has_placeholder(text.value):
            for problem in _PROBLEMS[text.kind](text):
                finding = Finding(text.pointer, problem.message, within=problem.within)
                found.setdefault(problem.code, []).append(finding)
    return found


def looks_like_path(value: Any) -> bool:
    """Return whether a value is a string that looks like a path with a step or the start of a call."""
    if not isinstance(value, str):
        return False
    return _CALL.match(value) is not None or (_PATH.match(value) is not None and not _unreadable(value))


def _unreadable(text: str) -> ExpressionError | None:
    try:
        parse_path(text)
    except ExpressionError as error:
        return error
    return None


def _is_doubtful(text: ExpressionText) -> bool:
    """Return whether the service may accept a path that is not valid.

    It was observed to check filters only at run time, and the specification allows names with backslashes. A
    reference path cannot have filters at all. It is not known whether the service rejects every other path
    that its library cannot parse; such a path would always fail at run time.
    """
    filters = () if text.kind == "reference-path" else ("[?", "[(")
    return any(sign in text.value for sign in (*filters, "\\"))


def _misread(
    text: ExpressionText, wanted: str, error: ExpressionError, code: str, shift: int = 0
) -> ExpressionProblem:
    offset = error.offset + shift
    reason = error.message.rstrip(". ")
    reason = reason[:1].lower() + reason[1:]
    from asltool.rules.analysis.path_refusals import instead_of

    instead = instead_of(error.text, error.offset, error.message)
    message = f"{quoted(text.key)} is {wanted}: {reason}"
    return ExpressionProblem(code, f"{message}. {instead}" if instead else message, (offset, offset + 1))


def _advised(path: str, is_reference: bool = False, shift: int = 0) -> Iterator[ExpressionProblem]:
    """Yield the advice on a path that begins ``shift`` characters into the text."""
    if PLAIN_PATH.fullmatch(path):
        return
    from asltool.rules.analysis.path_advice import advice

    for message, start, end in advice(path, is_reference):
        yield ExpressionProblem("json-path-unsupported", message, (shift + start, shift + end))


def _path(text: ExpressionText, code: str = "json-path-invalid") -> Iterator[ExpressionProblem]:
    if _CALL.match(text.value):
        message = f"{quoted(text.key)} does not accept an intrinsic function, only a path"
        yield ExpressionProblem("intrinsic-not-allowed-here", message)
    elif not text.value.startswith("$"):
        message = f'{quoted(text.key)} must be a path, which begins with "$", not {quoted(text.value)}'
        yield ExpressionProblem(code, message)
    elif error := _unreadable(text.value):
        yield _misread(text, "not a path", error, "json-path-doubtful" if _is_doubtful(text) else code)
    else:
        yield from _advised(text.value, text.kind == "reference-path")


def _reference_path(text: ExpressionText) -> Iterator[ExpressionProblem]:
    root = _ROOT.match(text.value)
    if text.key == "ResultPath" and root and root[0] == "$$":
        message = '"ResultPath" cannot write into the context object. use a path such as "$.result"'
        yield ExpressionProblem("result-path-context-object", message, root.span())
    elif text.key == "ResultPath" and root and root[0] != "$":
        message = '"ResultPath" cannot write into a variable. use "Assign" for that'
        yield ExpressionProblem("result-path-variable", message, root.span())
    elif "x-of" in text.field.schema and root and root[0] == "$$":
        message = f'{quoted(text.key)} cannot read the context object. use a path such as "$.n"'
        yield ExpressionProblem("reference-path-invalid", message, root.span())
    else:
        yield from _path(text, "reference-path-invalid")
        if root and not _unreadable(text.value):
            yield from _places(text, root.end())


def _places(text: ExpressionText, root_end: int) -> Iterator[ExpressionProblem]:
    """Yield the reasons why a path may lead to several places. Any root is a single place."""
    try:
        parse_reference(text.value if root_end == 1 else "$" + text.value[root_end:])
    except ExpressionError as error:
        yield _misread(text, "not a reference path", error, "reference-path-invalid", root_end - 1)


def _path_or_intrinsic(text: ExpressionText) -> Iterator[ExpressionProblem]:
    value = text.value
    if not isinstance(value, str):
        code = "json-path-or-intrinsic-invalid" if value is None else "payload-template-not-string"
        yield ExpressionProblem(code, _neither(text))
    elif value.startswith("$"):
        if error := _unreadable(value):
            code = "json-path-doubtful" if _is_doubtful(text) else "json-path-or-intrinsic-invalid"
            yield _misread(text, "not a path", error, code)
        yield from _advised(value)
    elif "(" in value:
        yield from _intrinsic(text)
    else:
        yield ExpressionProblem("json-path-or-intrinsic-invalid", _neither(text))


def _neither(text: ExpressionText) -> str:
    wanted = 'a path such as "$.x" or an intrinsic function such as "States.UUID()"'
    return f"{quoted(text.key)} must be {wanted}, not {quoted(text.value)}"


def _intrinsic(text: ExpressionText) -> Iterator[ExpressionProblem]:
    from asltool.expr.intrinsics.problems import find_problems

    call = CallText.of(text.value)
    try:
        _ = call.call
    except ExpressionError as error:
        is_call = _WHOLE_CALL.fullmatch(text.value)
        code = "intrinsic-syntax-error" if is_call else "json-path-or-intrinsic-invalid"
        yield _misread(text, "not an intrinsic function", error, code)
        return
    try:
        found = list(find_problems(text.value))
    except ExpressionError as error:
        yield _misread(text, "a call with an argument that is not a path", error, "json-path-doubtful")
        return
    for path, offset in call.paths or ():
        yield from _advised(path, shift=offset)
    for code, message, offset in found:
        name = _name_at(text.value, offset)
        hint = _meant(name) if code == "intrinsic-unknown" else ""
        yield ExpressionProblem(code, message + hint, (offset, offset + max(1, len(name))))
    called = _name_at(text.value, 0)
    if text.field.kind == "path-or-intrinsic" and not found and called not in _GIVE_STRINGS:
        message = f"{quoted(text.key)} must be a string, but {quoted(called)} never returns one"
        yield ExpressionProblem("intrinsic-not-string", message, (0, len(called)))


def _meant(name: str) -> str:
    """Return a hint with the function that was probably meant; the common prefix is not compared."""
    from asltool.expr.intrinsics.functions import FUNCTIONS

    meant = near(name.removeprefix(_PREFIX), [known.removeprefix(_PREFIX) for known in FUNCTIONS])
    return f". did you mean {quoted(_PREFIX + meant)}?" if meant else ""


def _name_at(text: str, offset: int) -> str:
    found = _NAME.match(text, offset)
    return found[0] if found else ""


def _jsonata(text: ExpressionText) -> Iterator[ExpressionProblem]:
    from asltool.rules.analysis.jsonata_problems import jsonata_problems

    for code, message, start, end in jsonata_problems(text):
        yield ExpressionProblem(code, message, (start, end))


_PROBLEMS: dict[str, Callable[[ExpressionText], Iterator[ExpressionProblem]]] = {
    "jsonata": _jsonata,
    "path": _path,
    "path-or-intrinsic": _path_or_intrinsic,
    "reference-path": _reference_path,
}
