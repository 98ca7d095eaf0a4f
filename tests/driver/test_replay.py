"""The calls to an execution, with their moments, rebuild it byte for byte: every case, and the samples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from asltool.driver.clock import VirtualClock
from asltool.driver.log import Step
from asltool.driver.map_outside import Maps
from asltool.driver.runner import Runner
from asltool.driver.workers import Workers
from asltool.engine import (
    AskAgain,
    Effect,
    Execution,
    Failed,
    Heartbeat,
    Outcome,
    Started,
    StartMapRun,
    Submitted,
    Succeeded,
    dump_outcome,
    load_outcome,
)
from asltool.errors import DumpError, NotRedrivable
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.objects.folder import Folder
from asltool.integrations.tasks_file import load_tasks
from asltool.machine import load
from tests.conformance.cases import Skipped, observe, read_cases
from tests.conformance.report import SHARED as CORPUS
from tests.engine.scripted import NOON, Script, execute
from tests.engine.test_cases import CASES
from tests.integrations.memory_objects import Memory

SAMPLES = Path(__file__).parent.parent.parent / "samples"


class Texts:
    """A `Log` of JSON texts, with what each execution asked for."""

    def __init__(self) -> None:
        self.kept: dict[Execution, list[tuple[str, list[Effect]]]] = {}

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        self.kept.setdefault(execution, []).append((json.dumps(step.dump()), list(effects)))

    def commit(self) -> None:
        pass

    def check(self) -> None:
        """Repeat the steps of every execution in a fresh one; then redrive and abort both."""
        assert self.kept
        for execution, steps in self.kept.items():
            dumped = execution.dump()
            again = Execution(
                execution.program,
                json.loads(json.dumps(execution.input)),
                execution.identity,
                execution.seed,
                limits=dumped["limits"],
                activities=dumped["activities"],
            )
            for text, effects in steps:
                assert asked(Step.load(json.loads(text)).repeat(again)) == asked(effects)
            assert json.dumps(again.dump()) == json.dumps(dumped)
            if execution.status in ("FAILED", "TIMED_OUT"):
                assert redriven(again) == redriven(execution)
                assert json.dumps(again.dump()) == json.dumps(execution.dump())


def asked(effects: Sequence[Effect]) -> list[Any]:
    """Return effects without what is made anew for each: the scope of a map run's items."""
    return [
        (effect.task_id, effect.plan, effect.parent) if isinstance(effect, StartMapRun) else effect
        for effect in effects
    ]


def redriven(execution: Execution) -> list[Any]:
    """Redrive an execution and abort it; return what it asks for, or why that cannot be."""
    steps = Step("redrive", execution.now + 1), Step("abort", execution.now + 2, outcome=Failed("E", "why"))
    try:
        return [asked(step.repeat(execution)) for step in steps]
    except NotRedrivable as problem:
        return [str(problem)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_is_replayed(case: dict[str, Any]) -> None:
    texts = Texts()
    objects = Memory(*case.get("s3", {}))
    for bucket, stored in case.get("s3", {}).items():
        objects.buckets[bucket] |= {key: body.encode() for key, body in stored.items()}
    script, maps = Script(case.get("tasks", {})), Maps(MapStorage(objects))
    execute(json.dumps(case["definition"]), case.get("input", {}), script, maps=maps, log=texts)
    texts.check()


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recordings are not there")
def test_recorded_cases_are_replayed() -> None:
    for case in read_cases(CORPUS):
        if case["kind"] in ("execution", "choice"):
            texts = Texts()
            try:
                observe(case, log=texts)
            except Skipped:
                continue
            texts.check()


@pytest.mark.parametrize("value", sorted(SAMPLES.glob("*/inputs/*.json")), ids=lambda path: path.stem)
def test_a_sample_is_replayed(value: Path, tmp_path: Path) -> None:
    sample, texts = value.parent.parent, Texts()
    (tmp_path / "bucket").mkdir()
    execution = load(sample / f"{sample.name}.asl.json").execution(json.loads(value.read_text()), seed=7)
    doers = [Handlers(load_tasks(str(tasks))) for tasks in sample.glob("tasks.py")]
    with Workers(*doers) as workers:
        driver = Runner(workers, VirtualClock(NOON), Maps(MapStorage(Folder(tmp_path))), texts)
        driver.add(execution)
        driver.run()
    texts.check()


OUTCOMES: list[tuple[Outcome, dict[str, Any]]] = [
    (Succeeded({"big": 9007199254740993}), {"succeeded": {"big": 9007199254740993}}),
    (Failed(), {"failed": {}}),
    (Failed("E", "why"), {"failed": {"error": "E", "cause": "why"}}),
    (Submitted(None), {"submitted": None}),
    (Started(), {"started": None}),
    (Started("w"), {"started": "w"}),
    (Heartbeat(), {"heartbeat": True}),
    (AskAgain(2.5), {"ask_again": 2.5}),
]


@pytest.mark.parametrize(("outcome", "dumped"), OUTCOMES)
def test_outcomes_are_json(outcome: Outcome, dumped: dict[str, Any]) -> None:
    assert dump_outcome(outcome) == dumped
    assert load_outcome(json.loads(json.dumps(dumped))) == outcome


@pytest.mark.parametrize(
    "dumped",
    [
        *(None, [], {}, "succeeded", {"done": 1}, {"succeeded": 1, "failed": {}}, {"failed": None}),
        *({"failed": {"error": 1}}, {"started": 1}, {"ask_again": "2"}, {"ask_again": True}),
    ],
)
def test_what_is_no_outcome_is_refused(dumped: Any) -> None:
    with pytest.raises(DumpError, match="not an outcome: "):
        load_outcome(dumped)


@pytest.mark.parametrize(
    "dumped",
    [
        *(None, {}, {"call": "start"}, {"call": "stop", "now": 1}, {"call": "start", "now": "1"}),
        *({"call": "deliver", "now": 1, "task_id": "1"}, {"call": "deliver", "now": 1, "outcome": {}}),
    ],
)
def test_what_is_no_step_is_refused(dumped: Any) -> None:
    with pytest.raises(DumpError, match=r"not a(n outcome| step): "):
        Step.load(dumped)
