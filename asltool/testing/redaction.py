"""Remove values that must not leave production from an execution before it is written to files.

A value is replaced everywhere, so that equal values stay equal and a test still takes the same path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from asltool.errors import EvaluationError, ExpressionError, OptionError
from asltool.expr.environment import Outside
from asltool.expr.jsonpath import Path, compile_path
from asltool.expr.values import dumps, loads
from asltool.syntax.wording import quoted

__all__ = ["Redaction", "redaction_paths"]

_SHORTEST_PART = 4
"""How long a string must be to be replaced inside longer ones, too."""

_FIRST_NUMBER = 1_000_001

_PAYLOADS = ("input", "output", "parameters")
_TEXTS = ("cause", "error")
_OUTSIDE = Outside()

Event = Mapping[str, Any]


def redaction_paths(texts: Iterable[str]) -> list[Path]:
    """Return these JSONPaths, compiled.

    Raises:
        OptionError: one is not a path, or does not begin with ``$``.
    """
    return [_path(text) for text in texts]


def _path(text: str) -> Path:
    try:
        path = compile_path(text)
    except ExpressionError as problem:
        raise OptionError(f"--redact: {problem}") from None
    if path.root:
        raise OptionError(f"--redact: {quoted(text)} must begin with $, a payload of the execution")
    return path


class Redaction:
    """Replaces the values that paths select in the payloads of histories.

    Strings become ``redacted-1``, ``redacted-2`` and so on, and numbers 1000001, 1000002 and so on, the same
    for the same value. For an object or an array, all values in it are replaced. A string of at least four
    characters is also replaced inside longer ones. ``true``, ``false`` and ``null`` stay.

    Raises:
        OptionError: a path selects nothing in any payload.
    """

    def __init__(self, paths: Sequence[Path], histories: Iterable[Sequence[Event]]) -> None:
        payloads = [payload for events in histories for event in events for payload in _payloads(event)]
        self._new: dict[str | int | float, str | int] = {}
        for path in paths:
            found = [leaf for payload in payloads for leaf in _selected(path, payload)]
            if not found:
                raise OptionError(f"--redact: {quoted(path.text)} selects nothing in any payload")
            for leaf in found:
                self._add(leaf)
        parts = [old for old in self._new if isinstance(old, str) and len(old) >= _SHORTEST_PART]
        self._parts = sorted(parts, key=len, reverse=True)

    def _add(self, leaf: Any) -> None:
        if leaf is None or isinstance(leaf, bool) or leaf == "" or leaf in self._new:
            return
        count = sum(type(old) is str for old in self._new) if isinstance(leaf, str) else len(self._new)
        self._new[leaf] = f"redacted-{count + 1}" if isinstance(leaf, str) else _FIRST_NUMBER + count

    def event(self, event: Event) -> dict[str, Any]:
        """Return an event without the values."""
        return {name: self._details(value) for name, value in event.items()}

    def _details(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: self._field(name, part) for name, part in value.items()}

    def _field(self, name: str, value: Any) -> Any:
        if name == "assignedVariables":
            return {variable: self._field("output", text) for variable, text in value.items()}
        if not isinstance(value, str):
            return value
        payload = _json(value) if name in _PAYLOADS else None
        if payload is not None:
            new = self.value(payload)
            return value if new == payload else dumps(new)
        return self._text(value) if name in (*_PAYLOADS, *_TEXTS) else value

    def value(self, value: Any) -> Any:
        """Return a JSON value without the values."""
        if isinstance(value, dict):
            return {name: self.value(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.value(part) for part in value]
        if value is None or isinstance(value, bool):
            return value
        if value in self._new:
            return self._new[value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        for part in self._parts:
            new = str(self._new[part])
            for written in (part, json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1]):
                text = text.replace(written, new)
        return text


def _payloads(event: Event) -> Iterator[Any]:
    """Yield the JSON values in an event."""
    for details in event.values():
        if isinstance(details, dict):
            texts = [details.get(name) for name in _PAYLOADS]
            for text in (*texts, *details.get("assignedVariables", {}).values()):
                if isinstance(text, str) and (payload := _json(text)) is not None:
                    yield payload


def _json(text: str) -> Any:
    try:
        return loads(text)
    except ValueError:
        return None


def _selected(path: Path, payload: Any) -> Iterator[Any]:
    try:
        yield from _leaves(path.read(payload, _OUTSIDE))
    except EvaluationError:
        return


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value
