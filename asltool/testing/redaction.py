"""Remove values that must not leave production from an execution before it is written to files.

A value is replaced everywhere, so that equal values stay equal and a test still takes the same path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from asltool.errors import EvaluationError, ExpressionError, OptionError
from asltool.expr.environment import Outside
from asltool.expr.jsonpath import Path, compile_path
from asltool.expr.values import dumps, loads
from asltool.history.calls import Event
from asltool.syntax.wording import quoted

__all__ = ["Redaction", "redaction_paths"]

_SHORTEST_PART = 4
"""How long a string must be to be replaced inside longer ones, too."""

_LONG_NUMBER = 8
"""How many characters a number has at least that is replaced inside longer numbers, too: a phone number."""

_FIRST_NUMBER = 1_000_001

_PAYLOADS = ("input", "output", "parameters")
_TEXTS = ("cause", "error")
_LINKS = ("Default", "Next", "QueryLanguage", "StartAt", "Type")
"""Fields of a definition whose strings are names of states or words of the language."""

_DATA = ("Arguments", "Assign", "ItemSelector", "Items", "Output", "Parameters", "Result", "ResultSelector")
"""Fields of a definition in which any field is data."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,99})")
_NEVER = r"(?!)"
_OUTSIDE = Outside()


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
    for the same value; a string that is a whole number becomes the text of what the number becomes. For an
    object or an array, all values in it are replaced. A value of at least four characters is also replaced
    inside longer strings and in object keys. ``true``, ``false`` and ``null`` stay.

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
        texts = {old if isinstance(old, str) else dumps(old): str(new) for old, new in self._new.items()}
        self._texts = {
            written: new
            for old, new in texts.items()
            if len(old) >= _SHORTEST_PART
            for written in (old, json.dumps(old)[1:-1], json.dumps(old, ensure_ascii=False)[1:-1])
        }
        numbers = {dumps(old) for old in self._new if not isinstance(old, str)}
        longest_first = sorted(self._texts, key=len, reverse=True)
        patterns = (_alone(text) if text in numbers else re.escape(text) for text in longest_first)
        self._pattern = re.compile("|".join(patterns) or _NEVER)

    def _add(self, leaf: Any) -> None:
        value = int(leaf) if isinstance(leaf, str) and _WHOLE.fullmatch(leaf) else leaf
        if value is None or isinstance(value, bool) or value == "" or value in self._new:
            return
        count = sum(type(old) is str for old in self._new) if isinstance(value, str) else len(self._new)
        self._new[value] = f"redacted-{count + 1}" if isinstance(value, str) else _FIRST_NUMBER + count

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
        return self.text(value) if name in (*_PAYLOADS, *_TEXTS) else value

    def definition(self, value: Any) -> Any:
        """Return a definition without the values; what links its states stays."""
        if isinstance(value, list):
            return [self.definition(part) for part in value]
        if not isinstance(value, dict):
            return self.value(value)
        return {name: self._part(name, part) for name, part in value.items()}

    def _part(self, name: str, part: Any) -> Any:
        if name in _LINKS or (isinstance(part, int | float) and not name.startswith("Numeric")):
            return part if isinstance(part, str | int | float) else self.definition(part)
        return self.value(part) if name in _DATA else self.definition(part)

    def value(self, value: Any) -> Any:
        """Return a JSON value without the values."""
        if isinstance(value, dict):
            return {self.text(name): self.value(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.value(part) for part in value]
        if value is None or isinstance(value, bool):
            return value
        return self.text(value) if isinstance(value, str) else self._new.get(value, value)

    def text(self, text: str) -> str:
        """Return a string without the values, also if it is the JSON of an object or an array."""
        if text in self._new:
            return str(self._new[text])
        if _WHOLE.fullmatch(text):
            return str(self._new.get(int(text), text))
        if text.startswith(("{", "[")) and isinstance(payload := _json(text), dict | list):
            new = self.value(payload)
            return text if new == payload else dumps(new)
        return self._pattern.sub(lambda found: self._texts[found[0]], text)


def _alone(number: str) -> str:
    """Return the pattern of a number in longer strings; a short one is not a part of a longer number."""
    return re.escape(number) if len(number) >= _LONG_NUMBER else rf"(?<!\d){re.escape(number)}(?!\d)"


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
