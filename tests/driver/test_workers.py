"""What handlers are given, and what their ends mean."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

import asltool
from asltool import NoAnswer, TaskContext, TaskFailed, Tasks
from asltool.driver.jobs import LATER, Job, ScriptedOutcomes, Work
from asltool.driver.ports import Answer, Broken
from asltool.driver.workers import Workers
from asltool.engine import AskAgain, CallTask, Failed, Heartbeat, Outcome, Submitted, Succeeded
from asltool.integrations.handlers import Handlers
from asltool.syntax.resource import Resource

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"
GLUE = "arn:aws:states:::glue:startJobRun"


def outcomes(handler: Any, resource: str = LAMBDA, value: Any = None, *, alone: bool = True) -> list[Answer]:
    tasks = Tasks()
    tasks.register("*", handler)
    call = CallTask(
        task_id=5, state="S", resource=Resource(resource), input=value, attempt=2, timeout_seconds=60
    )
    told: list[Answer] = []
    with Workers(Handlers(tasks)) as workers:
        workers.start(5, call, alone=alone)
        while not told or isinstance(told[-1], Submitted):
            told += [outcome for _, outcome in workers.wait(30)]
    return told


@pytest.mark.parametrize("alone", [True, False])
def test_a_result_becomes_json(alone: bool) -> None:
    assert outcomes(lambda event, context: {"a": (1, event)}, value=[2], alone=alone) == [
        Succeeded({"a": [1, [2]]})
    ]


def test_async_handlers_share_a_loop() -> None:
    seen: list[Any] = []

    async def handler(event: Any, context: TaskContext) -> Any:
        await asyncio.sleep(0)
        seen.append((threading.current_thread().name, event))
        return event

    assert outcomes(handler, value=1) == [Succeeded(1)]
    assert seen == [("asltool-loop", 1)]


def test_a_blocking_handler_alone_runs_in_the_callers_thread() -> None:
    me = threading.current_thread()
    assert outcomes(lambda event, context: threading.current_thread() is me) == [Succeeded(True)]
    assert outcomes(lambda event, context: threading.current_thread() is me, alone=False) == [
        Succeeded(False)
    ]


def test_what_a_handler_changes_stays_with_it() -> None:
    value = {"a": [1]}

    def handler(event: Any, context: TaskContext) -> Any:
        event["a"].append(2)
        return event

    assert outcomes(handler, value=value) == [Succeeded({"a": [1, 2]})]
    assert value == {"a": [1]}


def test_the_context_is_shaped_like_lambdas() -> None:
    seen: list[TaskContext] = []
    outcomes(lambda event, context: seen.append(context))
    (context,) = seen
    assert (context.function_name, context.invoked_function_arn, context.state, context.attempt) == (
        "f",
        LAMBDA,
        "S",
        2,
    )
    assert 0 < context.get_remaining_time_in_millis() <= 60_000
    assert len(context.aws_request_id) == 36


def test_an_exceptions_class_is_the_error_name() -> None:
    class OutOfStock(Exception):
        pass

    def handler(event: Any, context: TaskContext) -> Any:
        raise OutOfStock("no chairs")

    (failed,) = outcomes(handler)
    assert isinstance(failed, Failed)
    assert failed.error == "OutOfStock"
    report = json.loads(failed.cause or "")
    assert list(report) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (report["errorMessage"], report["errorType"]) == ("no chairs", "OutOfStock")
    assert len(report["stackTrace"]) == 1
    assert report["stackTrace"][0].endswith('in handler\n    raise OutOfStock("no chairs")\n')
    assert outcomes(handler, GLUE) == [Failed("OutOfStock", "no chairs")]


def test_task_failed_says_both_words() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        raise TaskFailed("Glue.Busy", "later")

    assert outcomes(handler) == [Failed("Glue.Busy", "later")]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({1, 2}, "Unable to marshal response: Object of type set is not JSON serializable"),
        (float("nan"), "Unable to marshal response: Out of range float values are not JSON compliant: nan"),
    ],
)
def test_a_result_that_is_not_json_fails_the_task(result: Any, message: str) -> None:
    (failed,) = outcomes(lambda event, context: result)
    assert isinstance(failed, Failed)
    assert failed.error == "Runtime.MarshalError"
    assert json.loads(failed.cause or "")["errorMessage"].startswith(message[:60])


def test_sys_exit_fails_the_task() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        raise SystemExit(3)

    assert outcomes(handler) == [Failed("Runtime.ExitError", "Runtime exited: SystemExit(3)")]


def test_an_exception_whose_message_fails_is_a_failure_of_the_task() -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise KeyError("text")

    def handler(event: Any, context: TaskContext) -> Any:
        raise Silent

    assert outcomes(handler, GLUE) == [Failed("Silent", "<str() failed with KeyError>")]


def test_a_job_is_submitted_before_it_ends() -> None:
    assert outcomes(lambda event, context: 1, GLUE + ".sync") == [Submitted({}), Succeeded(1)]
    assert outcomes(lambda event, context: 1, GLUE) == [Succeeded(1)]


def test_the_context_has_all_of_lambdas_names() -> None:
    seen: list[TaskContext] = []
    outcomes(lambda event, context: seen.append(context))
    (context,) = seen
    assert context.function_version == "$LATEST"
    assert context.memory_limit_in_mb == "128"
    assert context.log_group_name == "/aws/lambda/f"
    assert context.log_stream_name.endswith("[$LATEST]" + context.aws_request_id.replace("-", ""))
    assert (context.identity, context.client_context, context.task_token) == (None, None, None)


def test_credentials_reach_the_handler() -> None:
    seen: list[Any] = []
    tasks = Tasks()
    tasks.register("f", lambda event, context: seen.append(context.credentials))
    credentials = {"RoleArn.$": "$.role"}
    task = {"Type": "Task", "Resource": LAMBDA, "Credentials": credentials, "End": True}
    asltool.load({"StartAt": "T", "States": {"T": task}}).run({"role": "arn:aws:iam::1:role/r"}, tasks=tasks)
    assert seen == [{"RoleArn": "arn:aws:iam::1:role/r"}]


def test_a_blocking_handler_is_told_that_nobody_wants_its_result() -> None:
    begun, left = threading.Event(), threading.Event()
    tasks = Tasks()

    @tasks.handler("f")
    def wait(event: Any, context: TaskContext) -> str:
        begun.set()
        assert context.cancelled.wait(30)
        left.set()
        return "too late"

    @tasks.handler("g")
    def fail(event: Any, context: TaskContext) -> None:
        assert begun.wait(30)
        raise TaskFailed("Enough")

    branches = [
        {"StartAt": name, "States": {name: {"Type": "Task", "Resource": LAMBDA[:-1] + name, "End": True}}}
        for name in "fg"
    ]
    both = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": branches, "End": True}}}
    run = asltool.load(both).run({}, tasks=tasks)
    assert (run.status, run.error) == ("FAILED", "Enough")
    assert left.wait(30)


def test_cancelling_reaches_an_async_handler_and_leaves_nothing_behind() -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def handler(event: Any, context: TaskContext) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    tasks = Tasks()
    tasks.register("*", handler)
    with Workers(Handlers(tasks)) as workers:
        workers.start(5, CallTask(task_id=5, state="S", resource=Resource(LAMBDA), input=None), alone=True)
        assert begun.wait(30)
        workers.cancel(5)
        assert cancelled.wait(30)
        assert workers.wait(0) == []
    assert "asltool-loop" not in {thread.name for thread in threading.enumerate()}


def test_blocking_handlers_overlap_in_parallel_and_map() -> None:
    meet = threading.Barrier(3, timeout=30)

    def handler(event: Any, context: TaskContext) -> Any:
        meet.wait()
        return event

    tasks = Tasks()
    tasks.register("*", handler)
    task = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": LAMBDA, "End": True}}}
    each = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": task, "End": True}}}
    assert asltool.load(each).run([1, 2, 3], tasks=tasks).output == [1, 2, 3]


def test_no_more_than_max_workers_run_at_a_time() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def handler(event: Any, context: TaskContext) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with lock:
            running -= 1
        return event

    tasks = Tasks()
    tasks.register("*", handler)
    task = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": LAMBDA, "End": True}}}
    each = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": task, "End": True}}}
    before = threading.active_count()
    run = asltool.load(each).run(list(range(50)), tasks=tasks, max_workers=2)
    assert run.output == list(range(50))
    assert most <= 2
    assert threading.active_count() <= before + 2


class Nobody:
    """Takes every call and leaves its outcome to somebody else."""

    def find(self, call: CallTask) -> Work:
        return lambda job: LATER


def test_a_task_that_nobody_is_left_to_end() -> None:
    with Workers(Nobody()) as workers:
        workers.start(5, CallTask(task_id=5, state="Ask", resource=Resource(LAMBDA), input=None), alone=False)
        assert workers.wait(1000) == []
        assert not workers.busy
        with pytest.raises(
            NoAnswer, match=r'^nothing can send the task token of state "Ask"\. send it in a handler\n'
        ):
            workers.wait(None)


def test_what_an_integration_raises_is_the_tasks_failure_or_a_bug() -> None:
    class Raising:
        def __init__(self, problem: Exception) -> None:
            self._problem = problem

        def find(self, call: CallTask) -> Work:
            return self._work

        def _work(self, job: Job) -> None:
            raise self._problem

    call = CallTask(task_id=5, state="S", resource=Resource(LAMBDA), input=None)
    with Workers(Raising(TaskFailed("Sqs.Busy", "later"))) as workers:
        workers.start(5, call, alone=False)
        assert workers.wait(None) == [(5, Failed("Sqs.Busy", "later"))]
    bug = ZeroDivisionError("a bug")
    with Workers(Raising(bug)) as workers:
        workers.start(5, call, alone=False)
        assert workers.wait(None) == [(5, Broken(bug))]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_job_that_is_left_alone_learns_that_it_is_cancelled(is_async: bool) -> None:
    seen: list[tuple[Any, bool]] = []

    class Jobs:
        def find(self, call: CallTask) -> Work:
            return later if is_async else work

    def work(job: Job) -> Outcome | None:
        seen.append((job.call.submitted, job.cancelled.is_set()))
        if job.cancelled.is_set():
            raise TaskFailed("Gone", "it has just ended")
        job.report(Submitted("begun"))
        return AskAgain(5)

    async def later(job: Job) -> Outcome | None:
        return work(job)

    with Workers(Jobs()) as workers:
        workers.start(5, CallTask(task_id=5, state="S", resource=Resource(GLUE), input=None), alone=True)
        told: list[Any] = []
        while len(told) < 2:
            told += workers.wait(30)
        workers.cancel(5)
        workers.cancel(5)
        assert not workers.busy
    assert told == [(5, Submitted("begun")), (5, AskAgain(5))]
    assert seen == [(None, False), ("begun", True)]


def test_a_trace_has_no_columns_as_lambdas_has_none() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        return event["missing"] + 1

    (failed,) = outcomes(handler, value={})
    assert isinstance(failed, Failed)
    assert failed.cause is not None
    assert json.loads(failed.cause)["stackTrace"][0].endswith('\n    return event["missing"] + 1\n')


class Interruption(BaseException):
    """Not an error of a handler."""


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("alone", [True, False])
def test_what_is_no_exception_ends_the_run(alone: bool, is_async: bool) -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        raise Interruption

    async def later(event: Any, context: TaskContext) -> Any:
        raise Interruption

    with pytest.raises(Interruption):
        outcomes(later if is_async else handler, alone=alone)


def test_a_coroutine_that_was_cancelled_by_others_fails_the_task() -> None:
    async def handler(event: Any, context: TaskContext) -> Any:
        task = asyncio.ensure_future(asyncio.sleep(60))
        task.cancel()
        await task

    assert outcomes(handler, GLUE) == [Failed("CancelledError", "")]


def test_a_blocking_handler_may_end_in_a_cancelled_error() -> None:
    def handler(event: Any, context: TaskContext) -> Any:
        raise asyncio.CancelledError

    assert outcomes(handler, GLUE) == [Failed("CancelledError", "")]


def test_a_coroutine_that_blocks_does_not_hold_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asltool.driver.event_loop._SECONDS", 0.01)
    began, ends = threading.Event(), threading.Event()

    async def handler(event: Any, context: TaskContext) -> Any:
        began.set()
        ends.wait(30)

    tasks = Tasks()
    tasks.register("*", handler)
    with Workers(Handlers(tasks)) as workers:
        workers.start(5, CallTask(task_id=5, state="S", resource=Resource(LAMBDA), input=None), alone=True)
        began.wait(30)
    assert not ends.is_set()
    ends.set()


def test_scripts_are_reported_in_turn() -> None:
    """Whatever runs beside them: so the events of a Parallel whose tasks are mocked have one order."""

    class Quick:
        def find(self, call: CallTask) -> Work:
            return ScriptedOutcomes([Heartbeat(), Succeeded(call.task_id)])

    with Workers(Quick()) as workers:
        for number in (1, 2, 3):
            call = CallTask(task_id=number, state="S", resource=Resource(LAMBDA), input=None)
            workers.start(number, call, alone=False)
        assert workers.wait(0) == [
            (number, outcome) for number in (1, 2, 3) for outcome in (Heartbeat(), Succeeded(number))
        ]


def test_a_script_that_never_answers_is_not_waited_for() -> None:
    class Scripted:
        def find(self, call: CallTask) -> Work:
            return ScriptedOutcomes([])

    call = CallTask(task_id=5, state="S", resource=Resource(LAMBDA), input=None)
    with Workers(Scripted(), patient=True) as workers:
        workers.start(5, call, alone=False)
        assert workers.wait(0) == []
        assert not workers.in_flight(5)
