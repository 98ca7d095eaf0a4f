"""Fetch an execution that ran on AWS, with everything needed to run it again here.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html,
API_DescribeStateMachineForExecution.html and API_ListExecutions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from asltool.errors import AwsError
from asltool.history.calls import Event
from asltool.history.shape import details_of, misshapen
from asltool.integrations.aws.sdk import explained
from asltool.syntax.arn import parse_arn
from asltool.syntax.wording import quoted

__all__ = ["MOST_CHILDREN", "FetchedExecution", "fetch_execution", "fetch_machine"]

MOST_CHILDREN = 1_000
"""How many child executions of one map run are fetched."""

_MOST_EVENTS = 25_000
"""How many events a history has at most: the service's quota."""

_PARTS = {"execution": 3, "stateMachine": 2}
"""How many parts the resource in an ARN has at least."""


@dataclass(frozen=True)
class FetchedExecution:
    """An execution that has ended.

    ``machine`` is the name of its state machine, and ``definition`` its text at the start of the execution;
    ``events`` is its history.

    ``children`` has the events of each child execution of its map runs, by name; ``left_out`` has a sentence
    for each map run without all of its children.
    """

    name: str
    machine: str
    definition: str
    events: Sequence[Event]
    children: Mapping[str, Sequence[Event]]
    left_out: Sequence[str]


def fetch_execution(client: Any, arn: str) -> FetchedExecution:
    """Fetch an execution with boto3's Step Functions client.

    Raises:
        AwsError: the ARN is not that of a STANDARD execution, the execution is still running, or AWS rejects
        the request.
    """
    parts = _resource(arn, "execution")
    description = _ask(client, "describe_execution", {"status": str}, executionArn=arn)
    if description["status"] in ("RUNNING", "PENDING_REDRIVE"):
        raise AwsError(f"{arn} is still running: pull it once it has ended")
    if description.get("mapRunArn"):
        raise AwsError(f"{arn} is a child execution of a Map: pull the execution that started it")
    machine = _ask(client, "describe_state_machine_for_execution", {"definition": str}, executionArn=arn)
    events = _events(client, arn)
    children, left_out = _children(client, events)
    return FetchedExecution(parts[2], parts[1], machine["definition"], events, children, left_out)


def fetch_machine(client: Any, arn: str) -> Mapping[str, Any]:
    """Return DescribeStateMachine's response for the ARN of a state machine, a version or an alias.

    Raises:
        AwsError: the ARN is not one of these, or AWS rejects the request.
    """
    _resource(arn, "stateMachine")
    return _ask(client, "describe_state_machine", {"definition": str}, stateMachineArn=arn)


def _resource(arn: str, kind: str) -> list[str]:
    """Return the parts of an ARN's resource, of which the first is its kind."""
    parsed = parse_arn(arn)
    parts = [] if parsed is None or parsed.service != "states" else parsed.resource.split(":")
    if len(parts) >= _PARTS[kind] and parts[0] == kind and all(parts):
        return parts
    if parts[:1] == ["express"]:
        raise AwsError(f"{arn} is an EXPRESS execution, whose history the service does not keep")
    what = {"execution": "an execution", "stateMachine": "a state machine"}[kind]
    name = {"execution": "NAME:EXECUTION", "stateMachine": "NAME"}[kind]
    expected = f"arn:aws:states:REGION:ACCOUNT:{kind}:{name}"
    raise AwsError(f"{quoted(arn)} is not the ARN of {what}. expected {expected}")


def _ask(client: Any, method: str, fields: Mapping[str, type], **arguments: Any) -> Mapping[str, Any]:
    """Return a response that has these fields."""
    try:
        with explained():
            response: Mapping[str, Any] = getattr(client, method)(**arguments)
    except (AttributeError, RuntimeError, TypeError, ValueError) as problem:
        # boto3 takes for granted that a response is shaped as its model says.
        raise AwsError(f"the response of the service cannot be read: {problem}") from problem
    return _having(fields, response, client.meta.method_to_api_mapping[method])


def _having(fields: Mapping[str, type], value: Any, what: str) -> Mapping[str, Any]:
    """Return a part of a response that has these fields."""
    for field, kind in fields.items():
        if not isinstance(value, dict) or type(value.get(field)) is not kind:
            raise AwsError(f"the response of the service has no valid {quoted(field)}: {what}")
    checked: Mapping[str, Any] = value
    return checked


def _pages(client: Any, method: str, field: str, **arguments: Any) -> Iterator[Any]:
    """Yield the items of all pages.

    Raises:
        AwsError: the pages do not end.
    """
    for _ in range(_MOST_EVENTS):
        page = _ask(client, method, {field: list}, maxResults=1_000, **arguments)
        yield from page[field]
        if page.get("nextToken") in (None, arguments.get("nextToken")):
            return
        arguments["nextToken"] = page["nextToken"]
    raise AwsError(f"the response of the service does not end: {client.meta.method_to_api_mapping[method]}")


def _events(client: Any, arn: str) -> list[Event]:
    pages = _pages(client, "get_execution_history", "events", executionArn=arn, includeExecutionData=True)
    events = list(islice(pages, _MOST_EVENTS + 1))
    problem = misshapen(events) if events else "it has no events"
    if len(events) > _MOST_EVENTS:
        problem = f"it has more than {_MOST_EVENTS:,} events"
    if problem:
        raise AwsError(f"the history of {arn} cannot be used: {problem}")
    return events


def _children(client: Any, events: Sequence[Event]) -> tuple[dict[str, Sequence[Event]], list[str]]:
    found: dict[str, Sequence[Event]] = {}
    left_out: list[str] = []
    for event in events:
        if event["type"] == "MapRunStarted":
            map_run = _having({"mapRunArn": str}, details_of(event), "MapRunStarted")["mapRunArn"]
            described = _ask(client, "describe_map_run", {"executionCounts": dict}, mapRunArn=map_run)
            total = _having({"total": int}, described["executionCounts"], "DescribeMapRun")["total"]
            listed = list(islice(_listed(client, map_run), MOST_CHILDREN))
            for child in listed:
                found[child["name"]] = _events(client, child["executionArn"])
            if len(listed) < total:
                left_out.append(f"{len(listed):,} of {total:,} child executions of {map_run} could be pulled")
    return found, left_out


def _listed(client: Any, map_run: str) -> Iterator[Mapping[str, Any]]:
    """Yield the child executions of a map run; none if they are EXPRESS, which the service does not list."""
    fields = {"name": str, "executionArn": str}
    try:
        for child in _pages(client, "list_executions", "executions", mapRunArn=map_run):
            yield _having(fields, child, "ListExecutions")
    except AwsError as problem:
        if not isinstance(problem.__cause__, client.exceptions.StateMachineTypeNotSupported):
            raise
