"""The values that a template fills into a definition by name: ``DefinitionSubstitutions``.

The service fills in strings. A placeholder in quotes stays a string, whatever is filled in; one without
quotes becomes the value that the text spells.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/development-options.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from asltool.syntax.diagnostics import Diagnostic, Finding, Span
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.sources.cloudformation_functions import is_function
from asltool.syntax.wording import expected, quoted

__all__ = ["filled_in", "substituted", "unused"]

_NAME = re.compile(r"\$\{(?P<name>[^${}\s]+)\}")


def substituted(document: Document, given: Mapping[str, Any], written: Any = ABSENT) -> Document:
    """Return a document with its substitutions filled in, and the problems of their names.

    Args:
        written: the definition with its functions; names inside them are not substitutions.
    """
    if document.value is ABSENT:
        return document
    found = list(_placeholders(document.value if written is ABSENT else written, ()))
    problems = [
        document.diagnose(
            "substitution-unknown",
            _finding(pointer, key, name, given),
            "warning",
        )
        for pointer, key, name in found
        if name not in given
    ]
    texts = {name: text for name, value in given.items() if (text := _text(value)) is not None}
    value = filled_in(document.value, texts.get, document.unknown)
    return replace(document, value=value, problems=(*document.problems, *problems))


def _finding(pointer: Pointer, key: bool, name: str, given: Mapping[str, Any]) -> Finding:
    message = f"{quoted(f'${{{name}}}')} is not among the substitutions"
    return Finding(pointer, f"{message}. {expected(name, given)}" if given else message, key)


def unused(document: Document, path: str, places: Mapping[str, Span]) -> list[Diagnostic]:
    """Return the problems of substitutions for which a definition has no placeholder.

    Args:
        path: the file that contains the substitutions.
        places: where each of them is, by name.
    """
    if document.value is ABSENT:
        return []
    names = {name for _, _, name in _placeholders(document.value, ())}
    return [
        Diagnostic(
            path,
            span,
            "substitution-unused",
            f"the definition has no placeholder {quoted(f'${{{name}}}')}",
            "warning",
        )
        for name, span in places.items()
        if name not in names
    ]


def _placeholders(value: Any, pointer: Pointer) -> Iterator[tuple[Pointer, bool, str]]:
    """Yield the pointer of each placeholder, whether it is in a key, and its name."""
    if is_function(value):
        return
    if isinstance(value, dict):
        for name, part in value.items():
            yield from (((*pointer, name), True, found) for found in _NAME.findall(str(name)))
            yield from _placeholders(part, (*pointer, name))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _placeholders(part, (*pointer, index))
    elif isinstance(value, str) and "${" in value:
        yield from ((pointer, False, found) for found in _NAME.findall(value))


def _text(value: Any) -> str | None:
    """Return the text that is filled in for a value; None if it is known only at deployment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    is_plain = isinstance(value, str) and "${" not in value and not re.search(r'["\\\x00-\x1f]', value)
    return value if is_plain else None


def filled_in(value: Any, text_of: Callable[[str], str | None], unknown: frozenset[str]) -> Any:
    """Return a value with texts filled in. Keys do not change, because positions are found by them.

    Args:
        text_of: returns the text for a name, None if it is not known.
        unknown: the placeholders without quotes.
    """
    if isinstance(value, dict):
        return {name: filled_in(part, text_of, unknown) for name, part in value.items()}
    if isinstance(value, list):
        return [filled_in(part, text_of, unknown) for part in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    made = _NAME.sub(lambda match: _or(text_of(match["name"]), match[0]), value)
    return _scalar(made) if value in unknown and made != value else made


def _or(text: str | None, other: str) -> str:
    return other if text is None else text


def _scalar(text: str) -> Any:
    """Return the JSON value of a text without quotes."""
    try:
        return json.loads(text)
    except ValueError:
        return text
