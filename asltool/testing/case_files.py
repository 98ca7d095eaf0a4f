"""Case files: tests of state machines as data.

A file ``*.asltest.yaml`` holds one case, or several with ``---`` between them::

    name: a busy job is retried
    definition: etl.asl.json
    input: {file: orders.csv}
    tasks:
      validate-data: {returns: {valid: true}}
      Glue ETL Job:
        - {raises: Glue.ConcurrentRunsExceededException, times: 2}
        - {returns: {JobRunState: SUCCEEDED}}
    expect:
      output_contains: {JobRunState: SUCCEEDED}
      calls: {Glue ETL Job: 3}

``definition`` is a file, found from the case file's own folder, or the definition itself; ``recording`` is a
file, or a list of files, with recorded task calls that answer tasks without a script; ``handlers`` is a file
of task handlers, for tasks with neither. ``s3`` is a folder in place of S3; each case works on a copy of it.
``machines`` has the files of the state machines that this one starts, by name.
``execution`` is the execution's name, and ``now`` its start. In a script, each step is for one call, or for
``times`` calls, and the last step is for all further calls. Fields that ``expect`` leaves out are not
compared, except that a run must succeed unless ``status`` or an error is expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asltool.errors import CaseError
from asltool.history.timestamps import seconds_of
from asltool.integrations.data_file import DataFile, text_of
from asltool.integrations.scripted import MockTask
from asltool.syntax.model import ABSENT, Pointer
from asltool.syntax.wording import described, expected, listed, near, quoted
from asltool.testing.case_fields import (
    EXPECTED,
    FIELDS,
    FILES,
    KINDS,
    OPTIONS,
    STATUSES,
    STEPS,
    TEXT,
    TIMESTAMP,
    TRUE,
)
from asltool.testing.under_test import NOON

__all__ = ["ENDINGS", "Case", "ScriptStep", "find_case_files", "parse_cases", "read_cases", "split_cases"]

ENDINGS = (".asltest.yaml", ".asltest.yml", ".asltest.json")
"""The endings of case files' names."""

_BETWEEN = re.compile(r"---\s*(#.*)?")
"""The line between two documents."""


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One step of a task's script: a method of `MockTask` and its arguments."""

    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]

    def add_to(self, mock: MockTask) -> None:
        getattr(mock, self.method)(*self.arguments, **self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case, which begins on ``line`` of the file ``path``; ``place`` has both as text.

    ``definition`` is a path or JSON. ``execution`` is the execution's name, and ``now`` its start in seconds
    since the epoch. ``expect`` has the expected values by field.
    """

    name: str
    path: Path
    line: int
    place: str
    definition: Path | dict[str, Any]
    input: Any = ABSENT
    execution: str = "test"
    now: float = NOON
    tasks: dict[str, Sequence[ScriptStep]] = field(default_factory=dict)
    recording: tuple[Path, ...] = ()
    machines: dict[str, Path] = field(default_factory=dict)
    handlers: Path | None = None
    s3: Path | None = None
    expect: dict[str, Any] = field(default_factory=dict)


def find_case_files(paths: Sequence[Path]) -> list[Path]:
    """Return these files, and the case files in these folders and below them, sorted."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = (each for ending in ENDINGS for each in path.rglob(f"*{ending}"))
        found |= dict.fromkeys(sorted(inside) if path.is_dir() else [path])
    return list(found)


def read_cases(path: Path) -> list[Case]:
    """Read the cases of a file, JSON or YAML by its ending.

    Raises:
        CaseError: the file is invalid; the message says where.
        OSError: the file cannot be read.
    """
    return parse_cases(text_of(path, CaseError), path)


def parse_cases(text: str, path: Path) -> list[Case]:
    """Read the cases in the text of a file; see `read_cases`."""
    parts = split_cases(text)
    if not parts:
        raise CaseError(f"{path}: no case in this file")
    return [_CaseReader(path, part, line, alone=len(parts) == 1).case() for line, part in parts]


def split_cases(text: str) -> list[tuple[int, str]]:
    """Return the documents of a file and the line on which each begins."""
    parts: list[tuple[int, str]] = []
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), "---"], 1):
        if not _BETWEEN.fullmatch(line):
            lines.append(line)
            continue
        begun = number - len(lines)
        if any(each.strip() and not each.lstrip().startswith("#") for each in lines):
            parts.append((begun, "\n" * (begun - 1) + "\n".join(lines)))
        lines = []
    return parts


class _CaseReader:
    """Parses one case."""

    def __init__(self, path: Path, text: str, line: int, *, alone: bool) -> None:
        self._path = path
        self._line = line
        self._file = DataFile(text, str(path), CaseError)
        self._place = str(path) if alone else f"{path}:{line}"

    def case(self) -> Case:
        fields = self._file.only((), FIELDS)
        if "definition" not in fields:
            raise self._file.wrong((), 'expected the field "definition"')
        return Case(
            name=self._text("name") or self._path.name.partition(".asltest.")[0],
            path=self._path,
            line=self._line,
            place=self._place,
            definition=self._definition(),
            input=fields.get("input", ABSENT),
            execution=self._text("execution") or "test",
            now=NOON if "now" not in fields else seconds_of(self._checked(("now",), TIMESTAMP)),
            tasks={name: self._script(("tasks", name)) for name in self._tasks()},
            recording=tuple(self._recording()),
            machines=dict(self._machines()),
            handlers=self._beside(self._text("handlers")),
            s3=self._beside(self._text("s3")),
            expect=self._expect(),
        )

    def _text(self, name: str) -> str | None:
        if name not in self._file.object(()):
            return None
        text: str = self._checked((name,), TEXT)
        return text

    def _beside(self, path: str | None) -> Path | None:
        return None if path is None else self._path.parent / path

    def _recording(self) -> Iterator[Path]:
        if "recording" in self._file.object(()):
            files = self._checked(("recording",), FILES)
            yield from (self._path.parent / file for file in ([files] if isinstance(files, str) else files))

    def _machines(self) -> Iterator[tuple[str, Path]]:
        if "machines" in self._file.object(()):
            for name in self._file.object(("machines",)):
                yield name, self._path.parent / self._checked(("machines", name), TEXT)

    def _definition(self) -> Path | dict[str, Any]:
        value = self._file.value(("definition",))
        if isinstance(value, str):
            return self._path.parent / value
        return self._file.object(("definition",))

    def _tasks(self) -> dict[str, Any]:
        return self._file.object(("tasks",)) if "tasks" in self._file.object(()) else {}

    def _script(self, pointer: Pointer) -> list[ScriptStep]:
        """Return the steps of a task. A step without ``times`` is for one call; the last, for all further
        calls."""
        value = self._file.value(pointer)
        if not isinstance(value, list):
            return [self._step(pointer, last=True)]
        if not value:
            raise self._file.wrong(pointer, "expected a step or a list of steps, not an empty list")
        return [self._step((*pointer, at), last=at == len(value) - 1) for at in range(len(value))]

    def _step(self, pointer: Pointer, *, last: bool) -> ScriptStep:
        value = self._file.object(pointer)
        method = self._method(pointer, value)
        kind, options = STEPS[method]
        self._file.only(pointer, (method, *options))
        argument = self._checked((*pointer, method), kind)
        given = {name: self._checked((*pointer, name), options[name]) for name in value if name != method}
        if not last and "times" in options:
            given.setdefault("times", 1)
        return ScriptStep(method, () if kind == TRUE else (argument,), given)

    def _method(self, pointer: Pointer, value: dict[str, Any]) -> str:
        methods = [name for name in value if name in STEPS]
        if len(methods) == 1:
            return methods[0]
        if methods:
            hint = f"expected one step, not {listed(methods, 'and')}. use a list for several steps"
            raise self._file.wrong(pointer, hint)
        for name in value:
            if name not in OPTIONS and near(name, STEPS) is not None:
                raise self._file.wrong((*pointer, name), f"unknown step. {expected(name, STEPS)}")
        raise self._file.wrong(pointer, f"expected one of {listed(STEPS, 'and')}")

    def _expect(self) -> dict[str, Any]:
        if "expect" not in self._file.object(()):
            return {}
        value = self._file.only(("expect",), EXPECTED)
        for name in value:
            self._checked(("expect", name), EXPECTED[name])
        status = value.get("status", STATUSES[0])
        if status not in STATUSES:
            hint = f"unknown status {quoted(status)}. {expected(status, STATUSES)}"
            raise self._file.wrong(("expect", "status"), hint)
        for name, calls in value.get("calls", {}).items():
            if not isinstance(calls, list) and not (type(calls) is int and calls >= 0):
                found = described(calls)
                hint = f"expected the number of calls or a list of inputs, not {found}"
                raise self._file.wrong(("expect", "calls", name), hint)
        for name, calls in value.get("calls_contain", {}).items():
            if not isinstance(calls, list):
                hint = f"expected a list of parts of inputs, not {described(calls)}"
                raise self._file.wrong(("expect", "calls_contain", name), hint)
        return value

    def _checked(self, pointer: Pointer, kind: str) -> Any:
        """Return the value at a pointer, checked to be of this kind."""
        value = self._file.value(pointer)
        if not KINDS[kind](value):
            raise self._file.wrong(pointer, f"expected {kind}, not {described(value)}")
        return value
