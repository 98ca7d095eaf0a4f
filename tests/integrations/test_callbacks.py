"""Task tokens: who may send what, and when it is too late."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

import asltool
from asltool import InvalidOutput, InvalidToken, NoAnswer, TaskContext, Tasks, TaskTimedOut
from asltool.driver.callbacks import Callbacks
from asltool.driver.jobs import Job
from asltool.driver.ports import Answer, Clock
from asltool.driver.workers import Workers
from asltool.engine import AskAgain, CallTask, Failed, Heartbeat, Outcome, Submitted, Succeeded
from asltool.integrations.handlers import Handlers
from asltool.syntax.resource import Resource

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
QUEUE = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
TOKEN = "0123456789abcdef" * 4


def machine(**state: Any) -> asltool.Machine:
    ask = {"Type": "Task", "Resource": QUEUE, "Parameters": {"token.$": "$$.Task.Token"}, "End": True}
    return asltool.load({"StartAt": "Ask", "States": {"Ask": ask | state}})


def outcomes(handler: Any, *, submitted: Any = None, tasks: Tasks | None = None) -> list[Answer]:
    """Return what is told of a callback task, up to its end or the end of all work."""
    tasks = Tasks() if tasks is None else tasks
    tasks.register("*", handler)
    call = CallTask(
        task_id=5, state="Ask", resource=Resource(QUEUE), input={}, token=TOKEN, submitted=submitted
    )
    told: list[Answer] = []
    with Workers(Handlers(tasks)) as workers:
        workers.start(5, call, alone=True)
        while workers.busy:
            told += [outcome for _, outcome in workers.wait(30)]
    return told


def test_the_token_is_in_the_input_and_in_the_context() -> None:
    seen: list[Any] = []
    tasks = Tasks()

    @tasks.handler(QUEUE)
    def ask(event: Any, context: TaskContext) -> None:
        seen.extend([event["token"], context.task_token])
        tasks.send_task_success(taskToken=event["token"], output='{"by": "boto3"}')

    assert machine().run({}, tasks=tasks).output == {"by": "boto3"}
    assert seen[0] == seen[1]


def test_an_end_waits_for_the_handlers_return() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        context.send_task_success([1])
        with pytest.raises(TaskTimedOut, match="does not exist anymore"):
            context.send_task_success([2])
        return "accepted"

    assert outcomes(handler) == [Submitted("accepted"), Succeeded([1])]


def test_a_token_that_was_sent_counts_more_than_how_the_handler_ends() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        context.send_task_failure("Declined")
        raise ZeroDivisionError

    assert outcomes(handler) == [Failed("Declined", None)]


def test_a_heartbeat_is_told_at_once() -> None:
    assert outcomes(lambda event, context: context.send_task_heartbeat()) == [Heartbeat(), Submitted({})]
    tasks = Tasks()
    heartbeat = lambda event, context: tasks.send_task_heartbeat(context.task_token)  # noqa: E731
    assert outcomes(heartbeat, tasks=tasks) == [Heartbeat(), Submitted({})]


def test_handlers_answer_the_tokens_of_the_runs_they_are_given_to() -> None:
    mine, others, tokens = Tasks(), Tasks(), list[Any]()

    def handler(event: Any, context: TaskContext) -> None:
        tokens.append(context.task_token)
        with pytest.raises(TaskTimedOut):
            others.send_task_success(tokens[0], {})
        mine.send_task_success(tokens[0], 1)

    assert outcomes(handler, tasks=mine) == [Submitted({}), Succeeded(1)]
    assert len(tokens) == 1


def test_a_handler_is_not_called_again_for_a_task_that_was_accepted() -> None:
    assert outcomes(lambda event, context: pytest.fail("called again"), submitted={}) == []


def test_an_async_handler_may_send_its_token() -> None:
    async def handler(event: Any, context: TaskContext) -> None:
        context.send_task_success({"async": True})

    assert outcomes(handler) == [Submitted({}), Succeeded({"async": True})]


def test_one_handler_may_send_the_token_of_another() -> None:
    tasks, tokens = Tasks(), []

    @tasks.handler(QUEUE)
    def ask(event: Any, context: TaskContext) -> None:
        tokens.append(event["token"])

    @tasks.handler("f")
    def answer(event: Any, context: TaskContext) -> None:
        tasks.send_task_success(tokens[0], {"answered": True})

    states = {
        "Ask": {"Type": "Task", "Resource": QUEUE, "Parameters": {"token.$": "$$.Task.Token"}, "End": True},
        "Later": {"Type": "Wait", "Seconds": 86_400, "Next": "Answer"},
        "Answer": {"Type": "Task", "Resource": LAMBDA, "End": True},
    }
    branches = [
        {"StartAt": "Ask", "States": {"Ask": states.pop("Ask")}},
        {"StartAt": "Later", "States": states},
    ]
    both = asltool.load(
        {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": branches, "End": True}}}
    )
    assert both.run({}, tasks=tasks).output == [{"answered": True}, None]


class OwnClock:
    """A clock as anybody may write one: it has no more than it needs."""

    def now(self) -> float:
        return time.time()

    def until(self, timestamp: float, *, idle: bool) -> float:
        return timestamp - time.time()


class WrappedClock(OwnClock):
    """One that is in everything else like another."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.mark.parametrize(
    "clock",
    [asltool.RealClock(), OwnClock(), WrappedClock(asltool.RealClock())],
    ids=["real", "own", "wrapped"],
)
def test_a_real_clock_waits_for_a_token_from_anywhere(clock: Clock) -> None:
    tasks = Tasks()

    @tasks.handler(QUEUE)
    def ask(event: Any, context: TaskContext) -> None:
        threading.Thread(target=tasks.send_task_success, args=(event["token"], 42)).start()

    run = machine(TimeoutSeconds=3600).run({}, tasks=tasks, clock=clock)
    assert run.output == 42


def test_a_clock_that_says_that_it_jumps_waits_for_no_token() -> None:
    tasks = Tasks()
    tasks.register(QUEUE, lambda event, context: None)
    clock = WrappedClock(asltool.VirtualClock(0))
    with pytest.raises(NoAnswer):
        machine().run({}, tasks=tasks, clock=clock)


def test_without_anybody_left_the_error_says_what_to_write() -> None:
    tasks = Tasks()
    tasks.register(QUEUE, lambda event, context: None)
    with pytest.raises(NoAnswer) as caught:
        machine().run({}, tasks=tasks)
    assert caught.value.states == ("Ask",)
    assert str(caught.value).startswith('nothing can send the task token of state "Ask". send it in a')
    assert "context.send_task_success(" in str(caught.value)
    assert "--real-time" in str(caught.value)


def test_a_token_is_too_late_once_the_task_or_the_run_has_ended() -> None:
    tasks, tokens = Tasks(), []
    tasks.register(QUEUE, lambda event, context: tokens.append(event["token"]))
    assert machine(TimeoutSeconds=5).run({}, tasks=tasks).error == "States.Timeout"
    with pytest.raises(NoAnswer):
        machine().run({}, tasks=tasks)
    for token in tokens:
        with pytest.raises(TaskTimedOut, match=r"^Task Timed Out: 'Provided task does not exist anymore'$"):
            tasks.send_task_success(token, {})
    assert len(tokens) == 2


@pytest.mark.parametrize("token", ["", "nonsense", TOKEN[:-1], TOKEN.upper(), None, 7])
def test_a_text_that_is_no_token(token: Any) -> None:
    tasks = Tasks()
    sends: list[Callable[[], None]] = [
        lambda: tasks.send_task_success(token, {}),
        lambda: tasks.send_task_failure(token),
        lambda: tasks.send_task_heartbeat(token),
    ]
    for send in sends:
        with pytest.raises(InvalidToken, match=r"^Invalid Token: 'Invalid token'$"):
            send()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (
            "done",
            r"""^the output is not JSON: Expecting value: .*\. a string needs quotes of its own: '"done"'$""",
        ),
        ("NaN", r"^the output is not JSON: NaN is not JSON"),
        (float("nan"), r"^the output is not JSON: Out of range float values are not JSON compliant"),
        ({1}, r"^the output is not JSON: Object of type set is not JSON serializable$"),
    ],
)
def test_an_output_that_is_not_json(output: Any, message: str) -> None:
    with pytest.raises(InvalidOutput, match=message):
        Tasks().send_task_success(TOKEN, output)


def test_a_task_without_a_token_has_none_to_send() -> None:
    tasks = Tasks()
    tasks.register("f", lambda event, context: context.send_task_success({}))
    run = asltool.load(
        {"StartAt": "F", "States": {"F": {"Type": "Task", "Resource": LAMBDA, "End": True}}}
    ).run({}, tasks=tasks)
    assert run.error == "InvalidToken"


def test_a_token_ends_a_job_that_is_asked_after_again() -> None:
    """In between nobody works at the job, and whoever has the token may answer."""
    resource = "arn:aws:states:::glue:startJobRun.sync"
    call = CallTask(task_id=5, state="Do", resource=Resource(resource), input={}, token=TOKEN)
    asked: list[bool] = []

    class Glue:
        def find(self, call: CallTask) -> Any:
            return self.look

        def look(self, job: Job) -> Outcome:
            asked.append(job.cancelled.is_set())
            return AskAgain(5)

    tokens = Callbacks()
    with Workers(Glue(), tokens=tokens) as workers:
        workers.start(5, call, alone=True)
        assert workers.wait(1) == [(5, AskAgain(5))]
        assert not workers.busy
        tokens.send_task_success(TOKEN, {"by": "token"})
        assert workers.wait(1) == [(5, Succeeded({"by": "token"}))]
        with pytest.raises(TaskTimedOut):
            tokens.send_task_success(TOKEN, {})
        workers.cancel(5)
    assert asked == [False]
