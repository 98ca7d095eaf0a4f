"""Which handler a Resource finds, and what is said when there is none."""

from __future__ import annotations

from typing import Any

import pytest

from asltool import Tasks, TasksError
from asltool.engine import CallTask
from asltool.integrations.missing import no_handler
from asltool.integrations.tasks import as_tasks
from asltool.syntax.resource import Resource

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:validate-data"


def handle(event: Any, context: Any) -> Any:
    return event


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        (LAMBDA, LAMBDA),
        ("validate-data", LAMBDA),
        ("validate-data", LAMBDA + ":PROD"),
        ("validate-data", "validate-data"),
        ("validate-*", LAMBDA),
        ("arn:aws:lambda:*:*:function:validate-data", LAMBDA),
        ("arn:aws:states:::glue:startJobRun.sync", "arn:aws:states:::glue:startJobRun.sync"),
        ("arn:aws:states:::glue:*", "arn:aws:states:::glue:startJobRun.sync"),
        ("*", "arn:aws:states:::sqs:sendMessage"),
        ("${ValidateArn}", "${ValidateArn}"),
        ("validate-data", "arn:${AWS::Partition}:lambda:${AWS::Region}:1:function:validate-data"),
        ("validate-data", "arn:aws:states:us-east-1:123456789012:activity:validate-data"),
    ],
)
def test_a_pattern_fits(pattern: str, resource: str) -> None:
    tasks = Tasks()
    tasks.register(pattern, handle)
    assert tasks.find(resource, "S") is handle


@pytest.mark.parametrize(
    ("pattern", "resource"),
    [
        ("validate", LAMBDA),
        ("Validate-Data", LAMBDA),
        ("glue", "arn:aws:states:::glue:startJobRun.sync"),
        ("arn:aws:states:::glue:startJobRun", "arn:aws:states:::glue:startJobRun.sync"),
    ],
)
def test_a_pattern_does_not_fit(pattern: str, resource: str) -> None:
    tasks = Tasks()
    tasks.register(pattern, handle)
    assert tasks.find(resource, "S") is None


def test_of_globs_the_first_that_fits_wins() -> None:
    tasks = Tasks()

    @tasks.handler("validate-*")
    def first(event: Any, context: Any) -> Any: ...

    @tasks.handler("*-data", "other")
    def second(event: Any, context: Any) -> Any: ...

    assert tasks.find(LAMBDA, "S") is first
    assert tasks.find("other", "S") is second


def test_what_is_written_in_full_goes_before_globs_and_the_resource_before_the_state() -> None:
    tasks = Tasks()
    handlers = [lambda event, context, n=n: n for n in range(4)]
    for pattern, handler in zip(("*", "Check it", "validate-data", LAMBDA), handlers, strict=True):
        tasks.register(pattern, handler)
    assert tasks.find(LAMBDA, "Check it") is handlers[3]
    assert tasks.find(LAMBDA + ":PROD", "Check it") is handlers[2]
    assert tasks.find("arn:aws:states:::glue:startJobRun", "Check it") is handlers[1]
    assert tasks.find("arn:aws:states:::glue:startJobRun", "Check") is handlers[0]


def test_globs_are_not_for_the_names_of_states() -> None:
    tasks = Tasks()
    tasks.register("Check*", handle)
    assert tasks.find("arn:aws:states:::glue:startJobRun", "Check it") is None


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (LAMBDA, '@tasks.handler("validate-data")\n    def validate_data(event, context): ...'),
        (
            "arn:aws:states:::glue:startJobRun.sync",
            '@tasks.handler("arn:aws:states:::glue:startJobRun.sync")\n'
            "    def start_job_run(event, context): ...",
        ),
        (
            "arn:aws:states:::aws-sdk:s3:getObject",
            '@tasks.handler("arn:aws:states:::aws-sdk:s3:getObject")\n'
            "    def get_object(event, context): ...",
        ),
        ("42", '@tasks.handler("42")\n    def task(event, context): ...'),
        ("${Größe}", '@tasks.handler("${Größe}")\n    def gr_e(event, context): ...'),
    ],
)
def test_without_a_handler_the_error_names_the_line_to_add(resource: str, line: str) -> None:
    missing = no_handler(CallTask(task_id=1, state="Check it", resource=Resource(resource), input={}))
    said = f'no handler for "{resource}", the Resource of state "Check it". add\n\n    {line}'
    assert str(missing).partition("\n\nor ")[0] == said
    assert (missing.resource, missing.state) == (resource, "Check it")


def test_a_pattern_has_one_handler() -> None:
    tasks = Tasks()
    tasks.register("x", handle)
    with pytest.raises(TasksError, match=r'^"x" already has a handler: handle$'):
        tasks.register("x", handle)


def test_a_handler_is_a_function() -> None:
    with pytest.raises(TasksError, match=r'^the handler for "x" is a str, not a function$'):
        Tasks().register("x", "handle")  # type: ignore[arg-type]


@pytest.mark.parametrize("tasks", [[], "handle", {5: handle}], ids=["list", "string", "number"])
def test_handlers_by_name_are_a_dictionary(tasks: Any) -> None:
    with pytest.raises(TasksError, match=r"^tasks must be an asltool.Tasks, or a dictionary of func"):
        as_tasks(tasks)


def test_the_decorator_wants_to_know_for_what() -> None:
    with pytest.raises(TasksError, match="a handler needs a Resource"):
        Tasks().handler()
    with pytest.raises(TasksError, match="a handler needs a Resource"):
        Tasks().handler(handle)  # type: ignore[arg-type]
