"""What ``asltool validate`` does with a file: find fault with it, and mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asltool.cli.settings import Selection, Settings
from asltool.rules import validate
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.files import UNREADABLE, File

__all__ = ["Checked", "Checker", "unified_diff"]

_MOST_ROUNDS = 10


class Checked(NamedTuple):
    """A file that was checked, and what was found in it, in the order of its text."""

    path: str
    text: str
    diagnostics: tuple[Diagnostic, ...]


class Checker:
    """Checks files, and leaves out what nobody wants to hear.

    Options that select rules count alone, without the settings.
    """

    def __init__(self, settings: Settings, options: Selection) -> None:
        self.settings = settings
        self.options = options

    def check(self, file: File) -> Checked:
        """Return what is wrong with a file.

        What makes a file or its text unreadable cannot be left out, since nothing else in it was checked.
        """
        selection = self.options if self.options.select else self.options.over(self.settings.of(file.path))
        found = [each for each in file.problems if each.code == UNREADABLE or selection.has(each.code)]
        for document in file.documents:
            unread = document.value is ABSENT
            found += [each for each in validate(document) if unread or selection.has(each.code)]
        in_order = sorted(dict.fromkeys(found), key=lambda each: each.span)
        return Checked(file.path, file.text, tuple(in_order))

    def mend(self, file: File) -> tuple[File, int]:
        """Return a file with every fix applied, and how many were. A fix may bring another to light."""
        from asltool.syntax.fixes import apply_fixes

        fixes = 0
        for _ in range(_MOST_ROUNDS):
            offered = [each.fix for each in self.check(file).diagnostics if each.fix]
            text, applied = apply_fixes(file.text, offered)
            if not applied:
                break
            file, fixes = file.with_text(text), fixes + applied
        return file, fixes


def unified_diff(before: File, after: File) -> str:
    """Return what changed, as ``patch -p0`` reads it; nothing where nothing did."""
    import difflib

    old, new = (list(_lines(file.text)) for file in (before, after))
    return "".join(difflib.unified_diff(old, new, before.path, after.path))


def _lines(text: str) -> Iterator[str]:
    """Yield lines with their line feeds, and diff's remark where the last one has none."""
    *lines, last = text.split("\n")
    yield from (f"{line}\n" for line in lines)
    if last:
        yield f"{last}\n\\ No newline at end of file\n"
