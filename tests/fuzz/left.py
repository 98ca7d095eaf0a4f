"""What executions leave behind: recordings, histories, dumps, journals."""

from __future__ import annotations

import json
import random
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import asltool
from asltool.driver.map_outside import Maps
from asltool.driver.runner import run
from asltool.driver.workers import Workers
from asltool.engine import Execution
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.sealed import seal, unseal
from asltool.store import open_to_read
from asltool.store.exchange import exported
from asltool.testing.coverage import Coverage
from tests.fuzz.commands import TASKS, Seed, command, json_of, ours, place, write

__all__ = [
    "dumps",
    "histories",
    "journals",
    "read_dump",
    "read_history",
    "read_journal",
    "read_recording",
    "recordings",
]


@cache
def recordings(wide: bool) -> list[Seed]:
    with place():
        machine = _traveller()
        recorder = asltool.Recorder(Path("r.jsonl"), Handlers(_tasks()))
        machine.run([1, 2], integrations=[recorder], seed=1, clock=asltool.VirtualClock(1_700_000_000))
        return [("r.jsonl", Path("r.jsonl").read_text(encoding="utf-8"))]


def read_recording(name: str, chance: random.Random) -> None:
    write("m.asl.json", _traveller().definition)
    command(
        "run",
        "m.asl.json",
        "--input",
        "[1, 2]",
        "--replay",
        name,
        *chance.choice(((), ("--replay-loosely",))),
    )


# Histories, dumps and journals: what an execution leaves.


@cache
def _traveller() -> asltool.Machine:
    """Return a machine that goes through all kinds of states and events."""
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:do", "End": True}
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    job = {**task, "Resource": "arn:aws:states:::glue:startJobRun.sync", "Retry": retry}
    activity = {**task, "Resource": "arn:aws:states:us-east-1:123456789012:activity:ask", "Retry": retry}
    each = {"StartAt": "Do", "States": {"Do": {**task, "Retry": retry}}}
    states: dict[str, Any] = {
        "Set": {"Type": "Pass", "Assign": {"v.$": "$[0]"}, "Next": "Which"},
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$v", "NumericEquals": 1, "Next": "Both"}],
            "Default": "No",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Job", "States": {"Job": job}},
                {"StartAt": "Ask", "States": {"Ask": activity}},
            ],
            "ResultPath": None,
            "Next": "Each",
        },
        "Each": {"Type": "Map", "ItemProcessor": each, "Catch": catch, "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Done"},
        "No": {"Type": "Fail", "Error": "No", "Cause": "no"},
        "Done": {"Type": "Succeed"},
    }
    return asltool.load({"StartAt": "Set", "States": states})


@cache
def _mapper() -> asltool.Machine:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Do",
        "States": {
            "Do": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:do",
                "End": True,
            }
        },
    }
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    return asltool.load({"StartAt": "Each", "States": {"Each": each}})


def _tasks(fail_at: int = 3) -> asltool.Tasks:
    tasks, calls = asltool.Tasks(), list[int]()

    @tasks.handler("*")
    def anything(event: Any, context: Any) -> Any:
        calls.append(1)
        if len(calls) % fail_at == 0:
            raise ValueError("now and then")
        return event

    return tasks


@cache
def histories(wide: bool) -> list[Seed]:
    runs = [
        _traveller().run(value, tasks=_tasks(often), seed=1, clock=asltool.VirtualClock(1_700_000_000))
        for value, often in (([1, 2], 3), ([1, 2], 2), ([1], 99), ([2], 99))
    ]
    return [(f"{number}.json", json.dumps({"events": ran.history})) for number, ran in enumerate(runs)]


def read_history(name: str, chance: random.Random) -> None:
    write("m.asl.json", _traveller().definition)
    what = chance.choice(("render", "replay", "replayed", "coverage"))
    if what == "render":
        command("render", "m.asl.json", "--history", name, "-o", "m.html", "-o", "m.dot", "-o", "m.mmd")
    elif what == "replay":
        command("replay", "m.asl.json", "--history", name)
    elif what == "replayed":
        command("run", "m.asl.json", "--input", "[1, 2]", "--replay", name)
    elif isinstance(document := json_of(name), dict) and isinstance(document.get("events"), list):
        with ours():
            Coverage().add("m", _traveller().model, document["events"])


@cache
def dumps(wide: bool) -> list[Seed]:
    found: list[Seed] = []

    def watch(execution: Execution, effects: Any) -> None:
        found.append((f"{len(found)}.json", json.dumps(execution.dump())))

    _traveller().run([1, 2], tasks=_tasks(2), seed=1, clock=asltool.VirtualClock(1_700_000_000), watch=watch)
    _mapper().run([1, 2], tasks=_tasks(99), seed=1, clock=asltool.VirtualClock(1_700_000_000), watch=watch)
    return found


def read_dump(name: str, chance: random.Random) -> None:
    dumped = json_of(name)
    with ours():
        execution = Execution.load(dumped)
        with Workers(Handlers(_tasks(99))) as workers:
            run(execution, workers, asltool.VirtualClock(execution.now), maps=Maps(MapStorage()))
        assert execution.history


@cache
def journals(wide: bool) -> list[Seed]:
    """Return an execution as a line, and its journal: as it is kept, and without checksums."""
    with place():
        tasks = asltool.Tasks()
        tasks.register("*", _crash_at_four)
        with suppress(_Crash):
            _mapper().run(
                list(range(6)), tasks=tasks, name="n", checkpoints=asltool.Checkpoints("state"), seed=1
            )
        (journal,) = Path("state", _mapper().name, "n").glob("*.jsonl")
        with closing(open_to_read("state")) as store:
            (row,) = store.executions(whole=True)
            kept = json.dumps(exported(store, row)) + "\n"
        lines = journal.read_bytes().splitlines(keepends=True)
        plain = "".join(json.dumps(unseal(line)) + "\n" for line in lines)
        return [("raw.txt", kept + b"".join(lines).decode()), (journal.name, kept + plain)]


class _Crash(BaseException):
    """What nobody catches, like a signal."""


def _crash_at_four(event: Any, context: Any) -> Any:
    if event == 4:
        raise _Crash
    return event


def read_journal(name: str, chance: random.Random) -> None:
    """Import and resume a mutant: with the journal as it is, or with checksums that hold."""
    kept, *lines = Path(name).read_bytes().splitlines(keepends=True) or [b""]
    if name != "raw.txt":
        lines = [_sealed(line) for line in lines]
    Path("kept.jsonl").write_bytes(kept)
    command("executions", "import", "kept.jsonl", "--data", "state")
    for words in (["list"], ["show", "n"], ["export"]):
        command("executions", *words, "--data", "state")
    folder = Path("state", "m", "n")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{_run_name()}.1.jsonl").write_bytes(b"".join(lines))
    write("m.asl.json", _mapper().definition)
    Path("tasks.py").write_text(TASKS, encoding="utf-8")
    how = chance.choice(("--resume", "--resume", "--redrive"))
    command("run", "m.asl.json", "--tasks", "tasks.py", "--name", "n", "--state-dir", "state", how)


def _run_name() -> str:
    return journals(False)[1][0].partition(".")[0]


def _sealed(line: bytes) -> bytes:
    try:
        return seal(json.loads(line))
    except (ValueError, RecursionError):
        return line
