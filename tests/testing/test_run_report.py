"""What is said of a run that failed in a test: also why children of a distributed Map failed."""

from __future__ import annotations

from typing import Any

import pytest

import asltool
from asltool.testing.run_report import run_report
from asltool.testing.under_test import MachineUnderTest

REFUSE = {"StartAt": "Refuse", "States": {"Refuse": {"Type": "Fail", "Error": "Row.Bad", "Cause": "no name"}}}
PROCESSOR = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **REFUSE}
MACHINE: dict[str, Any] = {
    "StartAt": "Each",
    "States": {"Each": {"Type": "Map", "ItemProcessor": PROCESSOR, "End": True}},
}
CHILDREN = [
    '1 of 1 child executions of Map state "Each" failed:',
    '  input 7, state "Refuse": Row.Bad: no name',
]


def test_children_of_a_map_run() -> None:
    run = MachineUnderTest(MACHINE).run([7])
    assert run_report(run).splitlines()[-2:] == CHILDREN


def test_the_exception_of_a_run_has_them_as_a_note() -> None:
    run = asltool.load(MACHINE).run([7])
    with pytest.raises(asltool.ExecutionFailed) as failed:
        run.result()
    assert failed.value.__notes__ == ["\n".join(CHILDREN)]


@pytest.mark.parametrize("tasks", [{"pay": lambda event, context: event + 1}, asltool.Tasks()])
def test_tasks_may_be_a_dictionary(tasks: Any) -> None:
    if isinstance(tasks, asltool.Tasks):
        tasks.register("pay", lambda event, context: event + 1)
    resource = "arn:aws:lambda:us-east-1:123456789012:function:pay"
    pay = {"Type": "Task", "Resource": resource, "End": True}
    machine = {"StartAt": "Pay", "States": {"Pay": pay}}
    assert asltool.load(machine).run(1, tasks=tasks).output == 2
    assert MachineUnderTest(machine, tasks=tasks).run(1).output == 2
    assert asltool.test_state(pay, 1, tasks=tasks).output == 2
