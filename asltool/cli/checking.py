"""What ``asltool validate`` does with a file: check it and fix it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from asltool.cli.settings import Selection, Settings
from asltool.cli.suppressions import Suppressions, in_comments, on_lines
from asltool.rules import RULES, validate
from asltool.syntax.codes import CODES
from asltool.syntax.diagnostics import Diagnostic, Severity
from asltool.syntax.document import NOT_READ, Document
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.files import UNREADABLE, File
from asltool.syntax.wording import expected, quoted

__all__ = ["Checked", "CheckedMachine", "Checker", "by_file", "unified_diff"]

UNUSED = "suppression-unused"
_MOST_ROUNDS = 10
_NOT_READ = (NOT_READ, "definition-file-missing")


class CheckedMachine(NamedTuple):
    """A checked machine: its name and address in a template, and the number of its top-level states.

    A definition file that no template refers to has no name.
    """

    name: str
    address: str
    path: str
    states: int


class Checked(NamedTuple):
    """A checked file, and its findings in text order.

    ``not_read`` has the reason for each machine that could not be read, whatever rules were selected.
    ``workflows`` are the names of Glue workflows.
    """

    path: str
    text: str
    diagnostics: tuple[Diagnostic, ...]
    machines: tuple[CheckedMachine, ...] = ()
    not_read: tuple[Diagnostic, ...] = ()
    workflows: tuple[str, ...] = ()
    suppressions: Suppressions | None = None


class Checker:
    """Checks files, and leaves out ignored and suppressed findings.

    Options that select rules replace the settings. With ``strict``, warnings become errors.
    """

    def __init__(self, settings: Settings, options: Selection, strict: bool = False) -> None:
        self.settings = settings
        self.options = options
        self.strict = strict

    def check(self, file: File) -> Checked:
        """Return the findings about a file.

        Findings that make a file unreadable are always reported, since nothing else in it was checked.
        """
        selection, asked = self._selection(file.path), Suppressions()
        found = [each for each in file.problems if each.code == UNREADABLE or selection.has(each.code)]
        texts = {file.path: file.text}
        for document in file.documents:
            unread = document.value is ABSENT
            said = [each for each in validate(document) if unread or selection.has(each.code)]
            found += said if unread else in_comments(document, said, asked)
            texts |= document.atlas.texts if document.atlas else {}
        for path, text in texts.items():
            found = on_lines(path, text, found, asked)
        if self.strict:
            found = [
                replace(each, severity="error") if each.severity == "warning" else each for each in found
            ]
        in_order = sorted(dict.fromkeys(found), key=lambda each: each.span)
        machines = tuple(_machine(each) for each in file.documents if each.value is not ABSENT)
        said = [*file.problems, *(problem for each in file.documents for problem in each.problems)]
        not_read = tuple(dict.fromkeys(each for each in said if each.code in _NOT_READ))
        return Checked(file.path, file.text, tuple(in_order), machines, not_read, file.workflows, asked)

    def _selection(self, path: str) -> Selection:
        return self.options if self.options.select else self.options.over(self.settings.of(path))

    def unused(self, checked: Sequence[Checked]) -> list[Diagnostic]:
        """Return a finding for each suppression that suppressed nothing."""
        used = {each for file in checked if file.suppressions for each in file.suppressions.used}
        offered = [each for file in checked if file.suppressions for each in file.suppressions.offered]
        left = [each for each in dict.fromkeys(offered) if each not in used]
        severity: Severity = "error" if self.strict else "warning"
        return [
            Diagnostic(each.path, each.span, UNUSED, _unused(each.rule), severity)
            for each in left
            if self._selection(each.path).has(UNUSED)
            and (not _is_known(each.rule) or self._selection(each.path).has(each.rule))
        ]

    def mend(self, file: File) -> tuple[File, int]:
        """Return a file with every fix applied, and their number. A fix may reveal another problem."""
        from asltool.syntax.fixes import apply_fixes

        fixes = 0
        for _ in range(_MOST_ROUNDS):
            found = self.check(file).diagnostics
            offered = [each.fix for each in found if each.fix and each.path == file.path]
            text, applied = apply_fixes(file.text, offered)
            if not applied:
                break
            file, fixes = file.with_text(text), fixes + applied
        return file, fixes


def _is_known(rule: str) -> bool:
    return rule in RULES or rule in CODES


def _unused(rule: str) -> str:
    if not _is_known(rule):
        from asltool.rules.catalogue import CATALOGUE

        return f"unknown rule {quoted(rule)}. {expected(rule, CATALOGUE)}"
    return f"unused suppression: {quoted(rule)} finds nothing here"


def _machine(document: Document) -> CheckedMachine:
    states = document.value.get("States") if isinstance(document.value, dict) else None
    count = len(states) if isinstance(states, dict) else 0
    return CheckedMachine(document.name, document.address, document.path, count)


def by_file(
    checked: Sequence[Checked], files: Sequence[File], more: Sequence[Diagnostic] = ()
) -> list[Checked]:
    """Return the findings grouped by file, because a definition may span several files."""
    if not more and not any(document.atlas for file in files for document in file.documents):
        return list(checked)
    texts = {
        path: text
        for file in files
        for document in file.documents
        if document.atlas
        for path, text in document.atlas.texts.items()
    }
    found: dict[str, list[Diagnostic]] = {each.path: [] for each in checked}
    for diagnostic in (*(each for file in checked for each in file.diagnostics), *more):
        found.setdefault(diagnostic.path, []).append(diagnostic)
    known = {each.path: each for each in checked}
    return [
        known.get(path, Checked(path, texts.get(path, ""), ()))._replace(
            diagnostics=tuple(sorted(dict.fromkeys(each), key=lambda one: one.span))
        )
        for path, each in found.items()
    ]


def unified_diff(before: File, after: File) -> str:
    """Return the changes as a diff for ``patch -p0``; empty if there are none."""
    import difflib

    old, new = (list(_lines(file.text)) for file in (before, after))
    return "".join(difflib.unified_diff(old, new, before.path, after.path))


def _lines(text: str) -> Iterator[str]:
    """Yield lines with their line feeds; if the last one has none, add diff's note."""
    *lines, last = text.split("\n")
    yield from (f"{line}\n" for line in lines)
    if last:
        yield f"{last}\n\\ No newline at end of file\n"
