"""The kinds of files that asltool reads: those to begin with, and the commands that mutants are given to."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from tests.fuzz import left
from tests.fuzz.commands import CASES, SAMPLES, SHARED, TASKS, Seed, command, files, json_of, place, write
from tests.fuzz.projects import projects, read_project

__all__ = ["KINDS", "Kind"]


@dataclass(frozen=True)
class Kind:
    """``read`` gives a mutant, which lies in the current folder as ``name``, to what reads it.

    ``seeds`` is asked whether it may take more from ``../shared``. ``form`` is what `mutated` says it is.
    """

    seeds: Callable[[bool], list[Seed]]
    read: Callable[[str, random.Random], None]
    form: str = "tree"


# Definitions.


@cache
def _definitions(wide: bool) -> list[Seed]:
    found = files(
        "tests/cases/**/*.asl.json", "samples/**/*.asl.json", "tests/cases/syntax/sources/*.asl.yaml"
    )
    for path in sorted((CASES / "engine").glob("*.yaml")):
        for case in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for one in case if isinstance(case, list) else [case]:
                if isinstance(one, dict) and isinstance(one.get("definition"), dict):
                    found.append(("case.asl.json", json.dumps(one["definition"], default=str)))
    return found


def _read_definition(name: str, chance: random.Random) -> None:
    command("validate", name)
    what = chance.choice(("render", "run", "run", "explore", "test-state", "fix"))
    if what == "render":
        command("render", name, "-o", "m.html", "-o", "m.dot", "-o", "m.mmd")
    elif what == "run":
        _folder_of_buckets()
        given = chance.choice(("{}", "[1, 2]", '{"a": {"b": [1, 2]}, "items": [{"id": 1}]}'))
        tail = ("--tasks", "tasks.py", "--s3", "s3", "--input", given, "--history", "h.json")
        command("run", name, *tail, *chance.choice(((), ("--diagram", "m.html"), ("--progress",))))
    elif what == "explore":
        command("explore", name, "--seconds", "0.2", "--no-progress")
    elif what == "test-state":
        states = _states(name)
        command(
            "test-state",
            name,
            *(("--state-name", chance.choice(states)) if states else ()),
            "--tasks",
            "tasks.py",
        )
    else:
        command("validate", "--fix", "--write", name)


def _states(name: str) -> list[str]:
    try:
        return [state for state in json.loads(Path(name).read_bytes())["States"] if "\0" not in state]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []


def _folder_of_buckets() -> None:
    for bucket in ("in", "out", "raw"):
        Path("s3", bucket).mkdir(parents=True, exist_ok=True)
    Path("s3", "in", "items.json").write_text('[{"n": 1}, {"n": 2}]', encoding="utf-8")
    Path("tasks.py").write_text(TASKS, encoding="utf-8")


# Sources: templates and programs that hold definitions.


@cache
def _sources(wide: bool) -> list[Seed]:
    found = files("*.tf", "*.yml", "*.yaml", "*.json", folder=CASES / "syntax" / "sources")
    if wide:
        found += files("**/*.tf", "**/*.yml", "**/*.yaml", "**/*.json", folder=SHARED / "templates")
    return [(name, text) for name, text in found if len(text) < 60_000]


def _read_source(name: str, chance: random.Random) -> None:
    command("validate", *chance.choice(((), ("--fix",), ("--format", "json"))), name)


# Case files, mocks and recordings.


@cache
def _case_files(wide: bool) -> list[Seed]:
    return files("samples/**/*.asltest.yaml")


def _read_cases(name: str, chance: random.Random) -> None:
    for path in (
        SAMPLES / "saga" / "order.asl.json",
        SAMPLES / "etl" / "etl.asl.json",
        SAMPLES / "etl" / "tasks.py",
    ):
        shutil.copy(path, path.name)
    command("test", "--no-progress", *chance.choice(((), ("--cov",), ("--update",))), name)


@cache
def _mocks(wide: bool) -> list[Seed]:
    cases = yaml.safe_load(
        (CASES / "integrations" / "mocks" / "mock_config.yaml").read_text(encoding="utf-8")
    )
    return [
        (f"{number}.json", json.dumps({"config": case["config"], "definition": case["definition"]}))
        for number, case in enumerate(cases)
    ]


def _read_mocks(name: str, chance: random.Random) -> None:
    both = json_of(name)
    if not isinstance(both, dict):
        Path("mock.json").write_bytes(Path(name).read_bytes())
        both = {}
    else:
        write("mock.json", both.get("config"))
    write("m.asl.json", both.get("definition") or {"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
    command(
        "run", "m.asl.json", "--mock-config", "mock.json", "--test-case", chance.choice(("M#Happy", "Happy"))
    )


# Coverage of runs before.


@cache
def _coverage(wide: bool) -> list[Seed]:
    with place():
        _read_coverage("coverage.json", random.Random(0))
        return [("coverage.json", Path("coverage.json").read_text(encoding="utf-8"))]


def _read_coverage(name: str, chance: random.Random) -> None:
    for path in (SAMPLES / "saga" / "order.asl.json", SAMPLES / "saga" / "order.asltest.yaml"):
        shutil.copy(path, path.name)
    tail = ("--cov-html", "html") if chance.random() < 0.2 else ()
    command("test", "--no-progress", "order.asltest.yaml", "--cov-file", name, "--cov-append", *tail)


# Settings.

_SETTINGS = (
    'ignore = ["task-without-timeout"]\n\n[paths."legacy/"]\nignore = ["deprecated-field"]\n',
    'select = ["no-path", "next-not-found"]\n[paths."*.asl.json"]\nselect = ["no-dollar"]\nignore = []\n',
)


def _settings(wide: bool) -> list[Seed]:
    pyproject = [f"[tool.asltool]\n{text.replace('[paths', '[tool.asltool.paths')}" for text in _SETTINGS]
    return [
        *((".asltool.toml", text) for text in _SETTINGS),
        *(("pyproject.toml", text) for text in pyproject),
    ]


def _read_settings(name: str, chance: random.Random) -> None:
    shutil.copy(SAMPLES / "broken" / "refund.asl.json", "refund.asl.json")
    command("validate", "refund.asl.json")


KINDS: dict[str, Kind] = {
    "definition": Kind(_definitions, _read_definition),
    "source": Kind(_sources, _read_source),
    "project": Kind(projects, read_project, "text"),
    "cases": Kind(_case_files, _read_cases),
    "mocks": Kind(_mocks, _read_mocks),
    "recording": Kind(left.recordings, left.read_recording, "lines"),
    "history": Kind(left.histories, left.read_history),
    "dump": Kind(left.dumps, left.read_dump),
    "journal": Kind(left.journals, left.read_journal, "lines"),
    "coverage": Kind(_coverage, _read_coverage),
    "settings": Kind(_settings, _read_settings, "text"),
}
