"""Executions as JSON: dumped at any time, and continued in any process."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, NoReturn

from asltool.engine.decisions import ScheduleTask
from asltool.engine.dump_types import LATEST, fit, made, take
from asltool.engine.frame import Forked, Frame
from asltool.engine.identity import ExecutionStatus, Identity
from asltool.engine.map_plan import MapPlan
from asltool.engine.program import Program, compile_machine, known_program, text_hash
from asltool.engine.progress import Progress
from asltool.engine.states.forking import ForkingState
from asltool.engine.timers import TimerKind
from asltool.errors import AslToolError, DumpError
from asltool.history.records import Record, Records
from asltool.syntax.build import build
from asltool.syntax.reader import read

__all__ = ["DAMAGE", "dump_progress", "load_progress", "raise_damaged"]

_FORMAT = 4

DAMAGE = (
    *(AssertionError, AttributeError, LookupError, NotImplementedError),
    *(OverflowError, RecursionError, TypeError, ValueError),
)
"""The exceptions that an invalid dump can cause."""

_EXECUTION: dict[str, Any] = {
    **dict.fromkeys(("input", "output"), Any),
    **dict.fromkeys(("seed", "draws", "redrive_count", "made"), int),
    **dict.fromkeys(("error", "cause"), str | None),
    **dict.fromkeys(("now", "started_at"), float),
    "redriven_at": float | None,
    "limits": bool,
    "activities": list[str] | None,
    "status": ExecutionStatus,
}
_FRAME: dict[str, Any] = {
    **dict.fromkeys(("input", "submitted"), Any),
    **dict.fromkeys(("number", "index", "previous", "before", "entered_id", "attempt"), int),
    "entered_at": float,
    "variables": dict[str, Any],
    "task_id": int | None,
}


def dump_progress(progress: Progress, *, definition: bool, events: bool) -> dict[str, Any]:
    """Return the execution as JSON; it shares only JSON values with the execution."""
    records = progress.records
    return {
        "asltool": _FORMAT,
        **({"definition": progress.program.definition} if definition else {}),
        "definition_hash": progress.program.hash,
        "events_before": records.before if events else len(records),
        "identity": asdict(progress.identity),
        **{name: getattr(progress, name) for name in _EXECUTION},
        "records": [[*record[:3], list(record[3])] for record in (records if events else ())],
        "frames": [_dump_frame(frame) for _, frame in sorted((progress.frames | progress.stopped).items())],
        "stopped": list(progress.stopped),
        "timers": [list(timer) for timer in progress.timers.dump()],
    }


def _dump_frame(frame: Frame) -> dict[str, Any]:
    return {
        **{name: getattr(frame, name) for name in _FRAME},
        "parent": None if frame.parent is None else frame.parent.number,
        "state": frame.state.name,
        "retries": [list(count) for count in frame.retries.items()],
        "work": None if frame.work is None else asdict(frame.work),
        "fork": None if frame.fork is None else asdict(frame.fork),
        "plan": None if frame.plan is None else asdict(frame.plan),
    }


def load_progress(dumped: Any, program: Program | None) -> Progress:
    """Restore the execution; its definition is compiled unless a program in use has its hash.

    Raises:
        DumpError: it is not a dump, or one that this version cannot continue.
    """
    if not isinstance(dumped, dict) or dumped.get("asltool") != _FORMAT:
        wanted = f'expected an object with "asltool": {_FORMAT}'
        raise DumpError(f"not a dump of this version: {wanted}")
    try:
        return _load(dumped, program or _program(dumped))
    except DumpError:
        raise
    except (AslToolError, *DAMAGE) as problem:
        raise_damaged(problem)


def raise_damaged(problem: Exception, loaded: bool = True) -> NoReturn:
    """Report a damaged dump; an error in an execution that was not ``loaded`` is a bug."""
    if not loaded:
        raise problem
    raise DumpError(f"the dump is damaged: {type(problem).__name__}: {problem}") from problem


def _program(dumped: dict[str, Any]) -> Program:
    if "definition" not in dumped and "definition_hash" in dumped:
        found = known_program(take(dumped, "definition_hash", str))
        if found is None:
            raise DumpError("the dump has no definition: pass the program")
        return found
    found = known_program(text_hash(dumped["definition"]))
    if found is not None:
        return found
    machine = build(read(json.dumps(dumped["definition"]), "dump"))
    if machine is None:
        raise DumpError("the dump is damaged: its definition is not a state machine")
    return compile_machine(machine, dumped["definition"])


def _load(dumped: dict[str, Any], program: Program) -> Progress:
    if dumped.get("definition_hash", program.hash) != program.hash:
        raise DumpError("the dump and the program have different definitions")
    identity = made(Identity, dumped["identity"])
    limits = take(dumped, "limits", bool)
    progress = Progress(program, dumped["input"], identity, dumped["seed"], limits=limits, activities=None)
    for name, hint in _EXECUTION.items():
        setattr(progress, name, take(dumped, name, hint))
    before = take(dumped, "events_before", int) if "events_before" in dumped else 0
    progress.records = Records(map(_record, dumped["records"]), before)
    for frame in dumped["frames"]:
        _load_frame(progress, frame, stopped=frame["number"] in dumped["stopped"])
    for number, kind, moment in dumped["timers"]:
        if type(moment) not in (int, float):  # with a long TimeoutSeconds it may be after the last date
            raise TypeError(f"a timer cannot be {moment!r:.80}")
        progress.timers.set(progress.frames[number].number, fit("a timer", kind, TimerKind), moment)
    progress.loaded = True
    return progress


def _record(dumped: Any) -> Record:
    kind, previous, time, payload = dumped
    sound = type(kind) is str and type(previous) is int and type(time) in (int, float)
    if not sound or not 0 <= time < LATEST:
        raise TypeError(f"an event cannot be {dumped!r:.80}")
    return kind, previous, time, tuple(payload)


def _load_frame(progress: Progress, dumped: dict[str, Any], *, stopped: bool) -> None:
    """Restore a frame; frames come after their parents."""
    if dumped["parent"] is None:
        frame, states = progress.root, progress.program.machine.states
    else:
        parent = (progress.frames | progress.stopped)[dumped["parent"]]
        assert isinstance(parent.state, ForkingState)
        frame = Frame(progress, dumped["number"], parent.state, None, parent)
        states = parent.state.states_of(dumped["index"])
        if parent.fork is not None and parent.fork.items is not None:
            frame.item = parent.fork.items[dumped["index"]]
    for name, hint in _FRAME.items():
        setattr(frame, name, take(dumped, name, hint))
    frame.state = states[dumped["state"]]
    frame.retries = {fit("a retrier", one, int): fit("a count", many, int) for one, many in dumped["retries"]}
    frame.work = None if dumped["work"] is None else made(ScheduleTask, dumped["work"])
    frame.fork = None if dumped["fork"] is None else made(Forked, dumped["fork"])
    frame.plan = None if dumped["plan"] is None else MapPlan.load(dumped["plan"])
    progress.restore(frame, stopped=stopped)
