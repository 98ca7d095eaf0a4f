"""Scripts of tasks: what they answer, what they remember, and how they run out."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import asltool
from asltool import MockError, Mocks, TaskFailed
from asltool.driver import runner
from asltool.driver.workers import Workers
from asltool.engine import CallTask, Submitted

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:charge-card"
GLUE = "arn:aws:states:::glue:startJobRun.sync"
SQS = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
INVOKE = "arn:aws:states:::lambda:invoke"


def machine(resource: str = LAMBDA, **fields: Any) -> asltool.Machine:
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    return asltool.load({"StartAt": "Charge", "States": {"Charge": state}})


def retrying(resource: str = LAMBDA, **fields: Any) -> asltool.Machine:
    return machine(resource, Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 9}], **fields)


def each(count: int) -> tuple[asltool.Machine, list[int]]:
    """Return a Map that charges for each item, one after the other, and its input."""
    state = {"Type": "Map", "ItemProcessor": machine().definition, "MaxConcurrency": 1, "End": True}
    return asltool.load({"StartAt": "Each", "States": {"Each": state}}), list(range(count))


def events(run: asltool.Run) -> list[str]:
    return [event["type"] for event in run.history if "State" not in event["type"]][1:-1]


def test_an_answer_stands_for_all_calls_that_follow() -> None:
    mocks = Mocks()
    mock = mocks.task("Charge").raises("Payment.Busy", "later", times=2).returns({"paid": True})
    run = retrying().run({"order": 7}, integrations=[mocks])
    assert run.output == {"paid": True}
    assert (mock.call_count, mock.inputs) == (3, [{"order": 7}] * 3)
    mapped, items = each(3)
    assert mapped.run(items, integrations=[mocks]).output == [{"paid": True}] * 3
    assert mocks.task("Charge").inputs[3:] == items
    assert repr(mock) == "<MockTask Charge: 6 calls>"


def test_a_sequence_is_one_answer_a_call() -> None:
    mocks = Mocks()
    mocks.task("Charge").sequence(TaskFailed("Payment.Busy", "later"), None, 3)
    mapped, items = each(1)
    assert retrying().run(integrations=[mocks]).output is None
    assert mapped.run(items, integrations=[mocks]).output == [3]


def test_a_function_is_called_as_a_handler_is() -> None:
    async def later(event: Any, context: asltool.TaskContext) -> Any:
        await asyncio.sleep(0)
        return [event, context.state, context.attempt]

    mocks = Mocks()
    mocks.task("Charge").calls(lambda event, context: 1 / 0, times=1).calls(later)
    run = retrying().run({"order": 7}, integrations=[mocks])
    assert run.output == [{"order": 7}, "Charge", 1]
    assert "ZeroDivisionError" in str(run.history)


def test_a_task_that_times_out_takes_its_time_and_no_more() -> None:
    mocks = Mocks()
    mocks.task("Charge").times_out(times=1).returns("done")
    run = retrying(TimeoutSeconds=1000).run(integrations=[mocks])
    assert run.output == "done"
    assert events(run)[:3] == ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionTimedOut"]


def test_heartbeats_run_out_too() -> None:
    mocks = Mocks()
    mocks.task("Charge").times_out()
    run = machine(SQS, HeartbeatSeconds=5).run(integrations=[mocks])
    assert (run.status, run.error) == ("FAILED", "States.Timeout")
    assert events(run) == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskTimedOut"]


def test_a_task_without_a_limit_cannot_time_out() -> None:
    mocks = Mocks()
    mocks.task("Charge").times_out()
    with pytest.raises(MockError) as raised:
        machine().run(integrations=[mocks])
    assert str(raised.value) == (
        'state "Charge" has no TimeoutSeconds, so it cannot time out. '
        'add TimeoutSeconds, or use raises("States.Timeout")'
    )


@pytest.mark.parametrize("resource", [LAMBDA, INVOKE])
def test_lambda_is_asked_too_often(resource: str) -> None:
    mocks = Mocks()
    mocks.task("Charge").throttles(2).returns("done")
    retry = [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 2}]
    run = machine(resource, Retry=retry, Parameters={"FunctionName": "f"}).run(integrations=[mocks])
    assert run.status == "SUCCEEDED"
    assert mocks.task("Charge").call_count == 3


def test_another_service_is_asked_too_often_before_it_takes_the_work() -> None:
    mocks = Mocks()
    mocks.task("Charge").throttles(1, "Glue.ConcurrentRunsExceededException").returns({})
    run = retrying(GLUE).run(integrations=[mocks])
    assert events(run) == [
        *("TaskScheduled", "TaskStarted", "TaskFailed"),
        *("TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"),
    ]


def test_the_error_of_another_service_has_to_be_given() -> None:
    mocks = Mocks()
    mocks.task("Charge").throttles(1)
    message = (
        'the error name with which "glue" throttles is not known. pass it as the second argument of throttles'
    )
    with pytest.raises(MockError, match=message):
        machine(GLUE).run(integrations=[mocks])


def test_a_token_is_sent_back() -> None:
    mocks = Mocks()
    mock = mocks.task("Charge").sends_failure("Refused", "no", response={"MessageId": "1"}, times=1)
    mock.sends({"approved": True}, response={"MessageId": "2"})
    run = retrying(SQS, Parameters={"MessageBody.$": "$$.Task.Token"}).run(integrations=[mocks])
    assert run.output == {"approved": True}
    accepted = [
        event["taskSubmittedEventDetails"] for event in run.history if event["type"] == "TaskSubmitted"
    ]
    assert [details["output"] for details in accepted] == ['{"MessageId":"1"}', '{"MessageId":"2"}']
    assert mock.inputs == [{"MessageBody": token} for token in mock.tokens]
    assert len(set(mock.tokens)) == 2


def test_an_execution_that_goes_on_elsewhere_is_not_accepted_twice() -> None:
    mocks = Mocks()
    mocks.task("Charge").sends("done")
    execution = machine(SQS, TimeoutSeconds=9).execution(seed=1)
    (call,) = (effect for effect in execution.start(0) if isinstance(effect, CallTask))
    execution.deliver(call.task_id, Submitted({}), 1)
    loaded = asltool.Execution.load(execution.dump())
    with Workers(mocks) as workers:
        runner.run(loaded, workers, asltool.VirtualClock(2))
    assert loaded.output == "done"
    assert [event["type"] for event in loaded.history].count("TaskSubmitted") == 1


def test_a_state_that_waits_for_no_token() -> None:
    mocks = Mocks()
    mocks.task("Charge").sends({})
    with pytest.raises(MockError, match=r'^state "Charge" waits for no task token: .* use returns'):
        machine().run(integrations=[mocks])


def test_lambda_invoke_is_answered_by_its_function_or_by_the_service() -> None:
    mocks = Mocks()
    response = {"Payload": {"paid": True}, "StatusCode": 200}
    mock = mocks.task("charge-card").sequence({"paid": True}, response)
    invoking = machine(INVOKE, Parameters={"FunctionName": "charge-card", "Payload.$": "$"})
    first, second = (invoking.run({"order": 7}, integrations=[mocks]).output for _ in range(2))
    assert (first["Payload"], first["StatusCode"]) == ({"paid": True}, 200)
    assert first["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert second == response
    assert mock.inputs == [{"order": 7}] * 2


@pytest.mark.parametrize("name", ["Charge", "charge-card", LAMBDA, "arn:aws:lambda:*", "charge-*"])
def test_a_mock_is_found_by_state_resource_and_function(name: str) -> None:
    mocks = Mocks()
    mocks.task(name).returns("found")
    assert machine().run(integrations=[mocks]).output == "found"


def test_a_name_in_full_comes_before_globs_and_a_state_before_all() -> None:
    mocks = Mocks()
    for name in ("*", "charge-*", "charge-card", "Charge"):
        mocks.task(name).returns(name)
    assert machine().run(integrations=[mocks]).output == "Charge"


def test_what_is_not_mocked_is_for_others() -> None:
    mocks, others = Mocks(), Mocks()
    mocks.task("Refund").returns(1)
    others.task("*").returns(2)
    assert machine().run(integrations=[mocks, others]).output == 2


def test_a_script_that_runs_out_ends_the_run() -> None:
    mocks = Mocks()
    mocks.task("charge-*").sequence(1, 2)
    mapped, items = each(3)
    with pytest.raises(MockError) as raised:
        mapped.run(items, integrations=[mocks])
    assert str(raised.value) == (
        'the mock of "charge-*" has 2 answers, and state "Charge" makes one more call. '
        "an answer without times is for all further calls"
    )


def test_a_script_without_answers_ends_the_run() -> None:
    mocks = Mocks()
    mocks.task("Charge")
    with pytest.raises(MockError) as raised:
        machine().run(integrations=[mocks])
    message = 'the mock of "Charge" has no answer for state "Charge". add one with returns()'
    assert str(raised.value) == message


def test_nothing_can_follow_an_answer_for_all_calls() -> None:
    with pytest.raises(
        MockError, match=r'"Charge" already answers every call; pass times=1 to limit the earlier answer$'
    ):
        Mocks().task("Charge").returns(1).returns(2)


@pytest.mark.parametrize("times", [-1, True, 1.5, "2"])
def test_times_is_a_whole_number(times: Any) -> None:
    with pytest.raises(
        MockError, match=f'^"times" of the mock of "S" must be a whole number, not {times!r}$'
    ):
        Mocks().task("S").returns(1, times=times)


@pytest.mark.parametrize("output", [object(), float("nan"), {1, 2}])
def test_an_output_is_json(output: Any) -> None:
    with pytest.raises(MockError, match=r'^the answer of the mock of "S" is not JSON: '):
        Mocks().task("S").returns(output)
    with pytest.raises(MockError, match=r'^the answer of the mock of "S" is not JSON: '):
        Mocks().task("S").sends({}, response=output)


def test_a_test_gives_other_answers_than_its_fixture() -> None:
    mocks = Mocks()
    mock = mocks.task("Charge").returns("as the fixture says")
    assert machine().run(integrations=[mocks]).output == "as the fixture says"
    mock.reset().raises("Busy", times=1).returns("otherwise")
    assert retrying().run(integrations=[mocks]).output == "otherwise"
    assert mock.call_count == 2


def test_an_answer_takes_its_time_on_every_attempt() -> None:
    mocks = Mocks()
    mocks.task("Charge").raises("Busy", after=5, times=1).returns(1, after=7)
    clock = asltool.VirtualClock(0.0)
    run = retrying().run(integrations=[mocks], clock=clock)
    assert (run.output, clock.now()) == (1, 5 + 1 + 7)
    assert mocks.task("Charge").call_count == 2


@pytest.mark.parametrize(
    ("times", "shown"), [({"after": -1}, "-1"), ({"heartbeats": 0}, "0"), ({"after": True}, "True")]
)
def test_times_that_are_none(times: dict[str, Any], shown: str) -> None:
    (name,) = times
    with pytest.raises(MockError) as raised:
        Mocks().task("Charge").returns(1, **times)
    expected = f"must be seconds up to 1,000,000,000, not {shown}"
    assert str(raised.value) == f'"{name}" of the mock of "Charge" {expected}'
