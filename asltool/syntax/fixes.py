"""Turn fixes, which are changes of the value, into edits of the file's text.

A fix is offered only if its position is exact, and it changes nothing else in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Protocol

from asltool.syntax.atlas import Atlas
from asltool.syntax.diagnostics import Add, Change, Edit, Rewrite
from asltool.syntax.model import Pointer
from asltool.syntax.text import Location, Places, Text, at

__all__ = ["apply_fixes", "placed"]

_NEEDS_NO_ESCAPE = re.compile(r"""[^"'\\${}%\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff]+""")
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z_][\w.()-]*(?: [\w.()-]+)*")


class Written(Protocol):
    """The parts of a `Document` that are about its text."""

    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def atlas(self) -> Atlas | None: ...
    @property
    def places(self) -> Places: ...
    def string(self, pointer: Pointer, key: bool = False) -> Text | None: ...


def placed(document: Written, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """Return the edits that make a fix; none if one of its changes has no exact position."""
    edits = [
        _rewrite(document, change) if isinstance(change, Rewrite) else _add(document, change)
        for change in changes
    ]
    return () if None in edits else _in_file(document, [edit for edit in edits if edit])


def _in_file(document: Written, edits: list[Edit]) -> tuple[Edit, ...]:
    """Return edits with the offsets of the document's own file; none if one of them is in another file."""
    if document.atlas is None:
        return tuple(edits)
    if any(document.atlas.source(edit.start).path != document.path for edit in edits):
        return ()
    bases = [document.atlas.source(edit.start).base for edit in edits]
    return tuple(
        Edit(edit.start - base, edit.end - base, edit.new) for edit, base in zip(edits, bases, strict=True)
    )


def apply_fixes(text: str, fixes: Iterable[tuple[Edit, ...]]) -> tuple[str, int]:
    """Return a text with fixes applied, and their number. A fix that overlaps an earlier one is skipped."""
    chosen: list[Edit] = []
    applied = 0
    for fix in sorted(set(fixes)):
        new = [edit for edit in fix if edit not in chosen]
        if not any(_clash(edit, other) for edit in new for other in chosen):
            chosen += new
            applied += 1
    for edit in sorted(chosen, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text, applied


def _clash(one: Edit, other: Edit) -> bool:
    overlap = one.start < other.end and other.start < one.end
    return overlap or (one.start, one.end) == (other.start, other.end)


def _rewrite(document: Written, change: Rewrite) -> Edit | None:
    string = document.string(change.pointer, change.key)
    if string is None or not string.characters or list(string.starts[1:-1]) != list(string.ends[:-1]):
        return None
    node, text = document.places.node(change.pointer), document.places.text.characters
    quoted = text[node.key[0] if change.key and node.key else node.start] in "\"'"
    fits = _NEEDS_NO_ESCAPE.fullmatch(change.text) if quoted else _is_plain(change.text)
    return Edit(*string.place(0, len(string.characters)), change.text) if fits else None


def _is_plain(text: str) -> bool:
    """Return whether a string needs no quotes in YAML."""
    from asltool.syntax.yaml_scalars import plain_value

    return _NEEDS_NO_QUOTES.fullmatch(text) is not None and plain_value(text) == text


def _add(document: Written, change: Add) -> Edit | None:
    """Add a field after the last one that does not hold an object or array, in the same style."""
    text, file, beside = document.places.text, document.text, _last_scalar(document, change)
    if beside is None or beside.key is None or not text.raw or document.atlas is not None:
        return None
    start, _ = text.place(*beside.key)
    _, end = text.place(beside.start, beside.end)
    before = file[file.rfind("\n", 0, start) + 1 : start]
    line = ("\r\n" if "\r\n" in file else "\n") + re.sub(r"\S", " ", before)
    value = json.dumps(change.value)
    if text.characters[document.places.node(change.pointer).start] == "{":
        return Edit(end, end, f",{line if before.isspace() else ' '}{json.dumps(change.field)}: {value}")
    if "\n" in file[start:end]:
        return None
    end = min(place for place in (file.find("\r\n", end), file.find("\n", end), len(file)) if place >= 0)
    return Edit(end, end, f"{line}{change.field}: {value}")


def _last_scalar(document: Written, change: Add) -> Location | None:
    node, value = document.places.node(change.pointer), at(document.value, change.pointer)
    scalars = [part for name, part in node.parts.items() if not isinstance(value.get(name), dict | list)]
    return max(scalars, key=lambda part: part.start, default=None)
