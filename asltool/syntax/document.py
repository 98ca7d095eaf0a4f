"""A document: a definition's text, its value, and the position of every part of that value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from asltool.syntax.atlas import Atlas, Lines
from asltool.syntax.diagnostics import Change, Diagnostic, Edit, Finding, Severity, Span, excerpt
from asltool.syntax.expressions import Expressions
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.text import Location, Places, Text, at, json_string

if TYPE_CHECKING:
    from asltool.syntax.json_scan import SyntaxProblem

__all__ = [
    "NOT_READ",
    "Document",
    "Lines",
    "MachineType",
    "not_read",
    "report",
    "syntax_diagnostics",
]

MachineType = Literal["STANDARD", "EXPRESS"]

NOT_READ = "definition-not-read"
"""The code of a definition that is there and cannot be read."""


@dataclass(frozen=True)
class Document:
    """A definition as read from its source.

    ``path`` is the file as the user named it and ``text`` all of its text; a file may hold several
    definitions, each with a ``name``. ``value`` is `ABSENT` where the text has no usable value; ``problems``
    says why. ``machine_type`` is None if the file does not say it. ``source`` gives the positions of the
    values; by default the text is JSON. A document made from a value alone has no text, and all its positions
    are line 1, column 1.

    A definition that spans several files has an ``atlas``, whose offsets ``source`` uses; ``path`` and
    ``text`` are the file where it begins. ``unknown`` are placeholders for values of any type. ``address`` is
    the machine's Terraform address, another name for it.
    """

    path: str
    value: Any
    text: str = ""
    problems: tuple[Diagnostic, ...] = ()
    name: str = ""
    machine_type: MachineType | None = None
    source: Places | None = None
    address: str = ""
    unknown: frozenset[str] = frozenset()
    atlas: Atlas | None = None

    @cached_property
    def expressions(self) -> Expressions:
        """The expressions in the document, shared by the model and the rules."""
        return Expressions()

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def places(self) -> Places:
        scanned = partial(_scanned, self.text, self.value is not ABSENT)
        return self.source or Places(Text.whole(self.text), scanned, json_string)

    def locate(self, pointer: Pointer, key: bool = False, within: tuple[int, int] | None = None) -> Span:
        """Return the position of the value at a pointer in its file; see `offsets`."""
        return self.place(*self.offsets(pointer, key, within))[1]

    def place(self, start: int, end: int) -> tuple[str, Span]:
        """Return the file and the span of two offsets."""
        if self.atlas is None:
            return self.path, self._lines.span(start, end)
        source, span = self.atlas.place(start, end)
        return source.path, span

    def offsets(
        self, pointer: Pointer, key: bool = False, within: tuple[int, int] | None = None
    ) -> tuple[int, int]:
        """Return the offsets of the value at a pointer or, with ``key``, of the key before it.

        ``within`` selects a part of a string by its first and last offset in the value's characters; offsets
        outside the string select all of it. For objects and arrays, only the opening bracket counts. If the
        pointer leads further than the document, the last value along it is used; if there is no key, the
        value.
        """
        node, string = self.places.node(pointer), self.string(pointer) if within else None
        if within and string and 0 <= within[0] <= within[1] <= len(string.characters):
            return string.place(*within)
        start, end = node.key if key and node.key is not None else (node.start, node.end)
        return self.places.text.place(start, end)

    def extent(self, pointer: Pointer) -> tuple[int, int]:
        """Return the offsets of the whole value at a pointer; an object or array ends at its closing bracket.

        If the pointer leads further than the document, the last value along it is used.
        """
        node = self.places.node(pointer)
        return self.places.text.place(node.start, node.stop)

    def pointer_at(self, offset: int) -> Pointer:
        """Return the pointer to the innermost value whose text, including its key, contains this offset.

        An offset outside the definition gives the empty pointer.
        """
        pointer: Pointer = ()
        node = self.places.root
        while True:
            inside = (step for step, part in node.parts.items() if self._has(part, offset))
            step = next(inside, None)
            if step is None:
                return pointer
            pointer, node = (*pointer, step), node.parts[step]

    def _has(self, node: Location, offset: int) -> bool:
        start = node.start if node.key is None else node.key[0]
        first, last = self.places.text.place(start, node.stop)
        return first <= offset < last

    def string(self, pointer: Pointer, key: bool = False) -> Text | None:
        """Return the string at a pointer, or the key before it, with the offsets of its characters.

        None if there is no string, or if it is not known how the file spells it.
        """
        node, value = self.places.node(pointer), pointer[-1] if key else at(self.value, pointer)
        written = node.key if key else (node.start, node.end)
        if written is None or not isinstance(value, str):
            return None
        return self.places.string(self.places.text, *written, value)

    def diagnose(self, code: str, finding: Finding, severity: Severity = "error") -> Diagnostic:
        """Return a finding as a diagnostic with its position, and its fix if that has an exact position."""
        path, span = self.place(*self.offsets(finding.pointer, finding.key, finding.within))
        fix = self._placed(finding.fix)
        return Diagnostic(path, span, code, finding.message, severity, fix, finding.pointer)

    def _placed(self, fix: tuple[Change, ...]) -> tuple[Edit, ...]:
        if not fix:
            return ()
        from asltool.syntax.fixes import placed

        return placed(self, fix)


def _scanned(text: str, is_json: bool) -> Location:
    if text and is_json:
        from asltool.syntax.json_places import json_places

        return json_places(text)
    from asltool.syntax.json_scan import scan

    return scan(text).root


def not_read(path: str, text: str, span: Span, reason: str, name: str = "", address: str = "") -> Document:
    """Return a document for a definition that exists but cannot be read."""
    problem = Diagnostic(path, span, NOT_READ, reason, "warning")
    return Document(path, ABSENT, text, (problem,), name, address=address)


def report(document: Document, diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics of a document as they are printed, each with its line and caret."""
    others = {} if document.atlas is None else document.atlas.texts
    return "\n".join(
        f"{each}\n{excerpt(others.get(each.path, document.text), each.span)}" for each in diagnostics
    )


def syntax_diagnostics(
    problems: Sequence[SyntaxProblem], text: Text, file: str, path: str, atlas: Atlas | None = None
) -> tuple[Diagnostic, ...]:
    """Return the syntax errors of a text, which can be a whole file, a part of one, or parts of several."""
    if not problems:
        return ()
    said = Document(path, ABSENT, file, atlas=atlas)
    return tuple(
        Diagnostic(
            *said.place(*text.place(problem.start, problem.end)),
            problem.code,
            problem.message,
            problem.severity,
        )
        for problem in problems
    )
