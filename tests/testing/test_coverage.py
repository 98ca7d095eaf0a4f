"""What runs have tried of a machine, and what not; counted here, in other processes, and from files."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import CoverageError
from asltool.testing.case_files import read_cases
from asltool.testing.case_runs import run_case
from asltool.testing.coverage import Coverage
from asltool.testing.under_test import MachineUnderTest

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "testing" / "coverage.yaml").read_text("utf-8")
)


def covered(case: dict[str, Any]) -> Coverage:
    coverage = Coverage()
    for run in case["runs"]:
        tested = MachineUnderTest(case["machine"])
        for name, answers in run.get("answers", {}).items():
            for answer in answers:
                if "raises" in answer:
                    tested.task(name).raises(answer["raises"], times=1)
                else:
                    tested.task(name).returns(answer["returns"], times=1)
        coverage.add("m", tested.machine.model, tested.run(run["input"]).history)
    return coverage


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    coverage = covered(case)
    (machine,) = coverage.machines.values()
    assert [machine.targets[target] for target in machine.missing] == case["missing"]
    assert int(coverage.percent * 10) / 10 == case["percent"]


def test_the_report() -> None:
    assert covered(CASES[3]).report() == (
        "m: 5 of 7 covered, 71.4 %\n"
        '  not covered: "Which" Choices[0] ($n > 10) to "End"\n'
        '  not covered: "Which" Default to "End"\n'
        "total: 71.4 %"
    )


def test_what_several_processes_have_counted_comes_together() -> None:
    apart = [covered({**CASES[1], "runs": [run]}) for run in CASES[1]["runs"]]
    together = Coverage()
    for each in apart:
        together.merge(Coverage.load(json.loads(json.dumps(each.dump()))))
    assert together.dump() == covered(CASES[1]).dump()


def test_machines_of_the_same_name_are_counted_apart() -> None:
    one, other = covered(CASES[0]), covered(CASES[3])
    together = Coverage()
    for each in (one, other, other, one):
        together.merge(each)
    assert list(together.machines) == ["m", "m (2)"]
    turned = Coverage()
    turned.merge(other)
    turned.merge(together)
    assert {name: machine.counts.total() for name, machine in turned.machines.items()} == {
        "m": 3 * other.machines["m"].counts.total(),
        "m (2)": 2 * one.machines["m"].counts.total(),
    }


def test_what_was_counted_before_counts_for_machines_that_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "new" / "coverage.json"
    assert Coverage.read(file).machines == {}
    covered(CASES[0]).write(file)
    before = Coverage.read(file)
    changed, unchanged, others = covered(CASES[3]), covered(CASES[1]), Coverage()
    for each in (changed, unchanged, others):
        each.take_up(before)
    assert changed.dump() == covered(CASES[3]).dump()
    assert (
        unchanged.machines["m"].counts == covered(CASES[1]).machines["m"].counts + before.machines["m"].counts
    )
    assert others.dump() == before.dump()
    file.write_text("[]")
    with pytest.raises(CoverageError, match=r"coverage.json cannot be added to: "):
        Coverage.read(file)


def test_a_file_that_is_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "coverage.json"
    path.write_text("[" * 100_000)
    with pytest.raises(CoverageError, match=r"coverage.json cannot be added to: maximum recursion depth"):
        Coverage.read(path)


@pytest.mark.parametrize(("place", "value"), [(0, None), (1, 1), (2, "0"), (2, True), (3, []), (4, "2")])
def test_a_count_that_is_none_is_refused(place: int, value: Any) -> None:
    dumped = covered(CASES[0]).dump()
    dumped["machines"]["m"][0][place] = value
    with pytest.raises(CoverageError, match=r"^the coverage is damaged: "):
        Coverage.load(dumped)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )
)
def test_any_dump_is_read_or_refused(machines: Any) -> None:
    with pytest.raises(CoverageError, match=r"^not coverage of this version: expected an object with "):
        Coverage.load({"machines": machines})
    with suppress(CoverageError):
        Coverage.load({"asltool-coverage": 1, "machines": machines})


def _task(name: str, **fields: Any) -> dict[str, Any]:
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    return {
        "Type": "Task",
        "Resource": arn,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
        **fields,
    }


_ENDS = {"Lost": {"Type": "Succeed"}}

_CHILD = {"StartAt": "Ask", "States": {"Ask": _task("ask", End=True), **_ENDS}}

_PARENT = {
    "StartAt": "Start",
    "States": {
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child"},
            "ResultPath": None,
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Pay",
                "States": {"Pay": _task("pay", End=True), "Lost": {"Type": "Succeed"}},
            },
            "End": True,
        },
    },
}


def test_nested_executions_and_children_of_maps_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, definition in (("parent", _PARENT), ("child", _CHILD)):
        (tmp_path / f"{name}.asl.json").write_text(json.dumps(definition))
    case = {
        "definition": "parent.asl.json",
        "machines": {"child": "child.asl.json"},
        "input": {"items": [1, 2]},
        "tasks": {"Ask": {"returns": 1}, "pay": [{"returns": 1}, {"raises": "Broke"}]},
        "expect": {"calls": {"Ask": 1, "pay": 2}},
    }
    (tmp_path / "m.asltest.json").write_text(json.dumps(case))
    (read,) = read_cases(tmp_path / "m.asltest.json")
    coverage = Coverage()
    result = run_case(read, keep_children=True)
    assert result.problems == ()
    assert result.run is not None
    coverage.add_run(result.run)
    assert coverage.report() == (
        "child.asl.json: 1 of 3 covered, 33.3 %\n"
        '  not covered: "Ask" Catch[0] (States.ALL) to "Lost"\n'
        '  not covered: state "Lost"\n'
        "parent.asl.json: 6 of 6 covered, 100 %\n"
        "total: 77.7 %"
    )
    assert run_case(read).run is not None
