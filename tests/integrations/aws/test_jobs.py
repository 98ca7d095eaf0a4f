"""``.sync``: what is asked of AWS until a job has ended, and when nobody wants it any more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import asltool
from asltool.driver import runner
from asltool.driver.jobs import Job, perform
from asltool.driver.ports import Answer, Broken, StartExecution
from asltool.driver.workers import Workers
from asltool.engine import CallTask, Execution, Outcome, Submitted
from asltool.integrations.aws import Aws
from asltool.integrations.aws.names import capitalized
from asltool.integrations.aws.services import SERVICES
from asltool.syntax.integrations import INTEGRATIONS
from asltool.syntax.resource import Resource
from tests.integrations.aws.conftest import Scripted
from tests.integrations.aws.test_calls import machine

CASES = Path(__file__).parents[2] / "cases" / "integrations" / "aws"
JOBS = yaml.safe_load((CASES / "jobs.yaml").read_text(encoding="utf-8"))


def client_of(case: dict[str, Any]) -> str:
    return SERVICES[case["resource"].partition(":")[0]].client


@pytest.mark.parametrize("case", JOBS, ids=lambda case: case["resource"])
def test_a_job_is_asked_after_until_it_ends(offline: Aws, scripted: Scripted, case: dict[str, Any]) -> None:
    script = scripted(client_of(case), *case["calls"])
    moments: list[float] = []

    def watch(execution: Execution, effects: Any) -> None:
        moments.append(execution.now)

    run = machine(case["resource"], Parameters=case["input"]).run({}, integrations=[offline], watch=watch)
    assert (run.output, run.error, run.cause) == (
        case.get("output"),
        case.get("error"),
        case.get("cause"),
    )
    assert script.calls == []
    assert moments[-1] - moments[0] == 5 * (len(case["calls"]) - 1)


@pytest.mark.parametrize("case", [case for case in JOBS if "stop" in case], ids=lambda case: case["resource"])
def test_a_job_that_nobody_wants_is_stopped(offline: Aws, scripted: Scripted, case: dict[str, Any]) -> None:
    script = scripted(client_of(case), case["calls"][0], [*case["stop"], {}])
    run = machine(case["resource"], Parameters=case["input"], TimeoutSeconds=3).run(
        {}, integrations=[offline]
    )
    assert (run.error, script.calls) == ("States.Timeout", [])


def test_a_job_whose_time_runs_out_later_is_stopped(offline: Aws, scripted: Scripted) -> None:
    case = next(case for case in JOBS if case["resource"] == "glue:startJobRun.sync")
    begin, running, _ = case["calls"]
    script = scripted(client_of(case), begin, running, running, [*case["stop"], "InternalServiceException"])
    run = machine(case["resource"], Parameters=case["input"], TimeoutSeconds=12).run(
        {}, integrations=[offline]
    )
    assert (run.error, script.calls) == ("States.Timeout", [])


def test_a_job_is_stopped_when_its_parallel_fails(aws: Aws) -> None:
    client = aws.client("stepfunctions")
    definition = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 99, "End": True}}})
    role = "arn:aws:iam::123456789012:role/r"
    arn = client.create_state_machine(name="m", definition=definition, roleArn=role)["stateMachineArn"]
    nested = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": arn},
        "End": True,
    }
    failing = {
        "StartAt": "Later",
        "States": {"Later": {"Type": "Wait", "Seconds": 7, "Next": "No"}, "No": {"Type": "Fail"}},
    }
    parallel = {
        "Type": "Parallel",
        "Branches": [{"StartAt": "N", "States": {"N": nested}}, failing],
        "End": True,
    }
    run = asltool.load({"StartAt": "P", "States": {"P": parallel}}).run({}, integrations=[aws])
    assert run.status == "FAILED"
    (execution,) = client.list_executions(stateMachineArn=arn)["executions"]
    assert execution["status"] == "ABORTED"


def test_a_job_that_is_unwanted_while_it_begins_or_is_asked_after_is_stopped(
    offline: Aws, scripted: Scripted
) -> None:
    case = next(case for case in JOBS if case["resource"] == "glue:startJobRun.sync")
    begin, running, _ = case["calls"]
    call = CallTask(
        task_id=1, state="T", resource=Resource("arn:aws:states:::glue:startJobRun.sync"), input=case["input"]
    )
    stop = [*case["stop"], "EntityNotFoundException"]
    script = scripted(client_of(case), begin, stop, running, stop)
    (submitted,) = unwanted(offline, call, "StartJobRun")
    assert isinstance(submitted, Submitted)
    assert unwanted(offline, replace(call, submitted=submitted.output), "GetJobRun") == []
    assert script.calls == []


def unwanted(aws: Aws, call: CallTask, operation: str) -> list[Answer]:
    """Do a call's work here and now, wanted up to this operation; return what it told."""
    told: list[Answer] = []
    work: Any = aws.find(call)
    job = Job(call, told.append)

    def cancel(**_: Any) -> None:
        job.cancelled.set()

    events, event = aws.client("glue").meta.events, f"before-parameter-build.glue.{operation}"
    events.register(event, cancel)
    assert perform(job, work) is None
    events.unregister(event, cancel)
    return told


def outcome(answer: Answer) -> Outcome:
    assert not isinstance(answer, StartExecution | Broken)
    return answer


def test_a_run_that_was_cut_short_goes_on_with_its_job(offline: Aws, scripted: Scripted) -> None:
    case = next(case for case in JOBS if case["resource"] == "athena:startQueryExecution.sync")
    script = scripted(client_of(case), *case["calls"])
    cut = machine(case["resource"], Parameters=case["input"]).execution({})
    with Workers(offline) as workers:
        effects = cut.start(0)
        while cut.history[-1]["type"] != "TaskSubmitted":
            for effect in effects:
                assert isinstance(effect, CallTask)
                workers.start(effect.task_id, effect, alone=True)
            told = workers.wait(None)
            effects = [new for ticket, answer in told for new in cut.deliver(ticket, outcome(answer), 0)]
    again = Execution.load(json.loads(json.dumps(cut.dump())))
    with Workers(offline) as workers:
        runner.run(again, workers, asltool.VirtualClock(0))
    assert again.output == case["output"]
    assert script.calls == []


def test_every_contract_has_a_case() -> None:
    contracts = {
        f"{service}:{action}.sync{suffix}"
        for service, row in SERVICES.items()
        for action, details in row.actions.items()
        for suffix, contract in (("", details.sync), (":2", details.sync_2))
        if contract is not None
    }
    alike = {
        "emr-serverless:deleteApplication.sync",
        "emr-serverless:stopApplication.sync",
        *(f"sagemaker:create{kind}Job.sync" for kind in ("HyperParameterTuning", "Labeling")),
        *(f"sagemaker:create{kind}Job.sync" for kind in ("Processing", "Training")),
    }
    assert contracts - alike == {case["resource"] for case in JOBS}


def test_every_contract_names_operations_that_there_are(offline: Aws) -> None:
    for service, row in SERVICES.items():
        for name, action in row.actions.items():
            known = offline.client(action.client or row.client).meta.service_model.operation_names
            asked = [action.operation or capitalized(name)]
            asked += [INTEGRATIONS[service].actions[name].polls] if action.sync else []
            asked += [each.stop for each in (action.sync, action.sync_2) if each and each.stop]
            assert set(asked) <= set(known), (row.client, name)
