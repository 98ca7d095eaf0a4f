"""TestState requests, and their validation.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from asltool.errors import RequestError
from asltool.expr.values import dumps, loads
from asltool.service.single_state.context import check_context
from asltool.service.single_state.mocked import check_result
from asltool.syntax.model import ABSENT, Map, Parallel, State, Task
from asltool.syntax.wording import described

__all__ = ["Configuration", "InspectionLevel", "Mock", "Request", "check", "read_configuration", "read_mock"]

InspectionLevel = Literal["INFO", "DEBUG", "TRACE"]

_LEVELS = ("INFO", "DEBUG", "TRACE")
_MODES = ("STRICT", "PRESENT", "NONE")
_LONGEST_RESULT, _LONGEST_ERROR, _LONGEST_CAUSE = 262_144, 256, 32_768
"""In characters. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """The mocked outcome of the state's work: a ``result``, or an ``error`` and a ``cause``."""

    result: Any = ABSENT
    error: str | None = None
    cause: str | None = None
    mode: str = "STRICT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """``stateConfiguration``: the progress of the state before the test."""

    retrier_retry_count: int = 0
    error_caused_by_state: str | None = None
    map_iteration_failure_count: int | None = None
    map_item_reader_data: Any = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A parsed TestState request: ``definition`` is the state, or a machine with ``state_name``.

    ``works_here``: whether the caller passed handlers, so that a Task without a mock does not need a role;
    None for a request as to the service.
    """

    definition: Mapping[str, Any]
    input: Any
    state_name: str | None = None
    role_arn: str | None = None
    mock: Mock | None = None
    context: Mapping[str, Any] | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    configuration: Configuration = Configuration()
    inspection_level: InspectionLevel = "INFO"
    reveal_secrets: bool = False
    works_here: bool | None = None


def read_mock(given: Mapping[str, Any]) -> Mock:
    """Read ``mock`` in boto3's format; ``result`` may also be a JSON value instead of its text.

    Raises:
        RequestError: ValidationException.
    """
    if not isinstance(given, Mapping):
        raise _refused(f"mock must be an object, not {described(given)}")
    _only(given, "mock", "result", "errorOutput", "fieldValidationMode")
    if ("result" in given) == ("errorOutput" in given):
        raise _refused("A test mock should have only one of the following fields: [result, errorOutput].")
    mode = given.get("fieldValidationMode", "STRICT")
    if mode not in _MODES:
        raise _refused(f'mock.fieldValidationMode is "{mode}": expected one of {", ".join(_MODES)}')
    if "result" in given:
        return Mock(result=_read_result(given["result"]), mode=mode)
    error = given["errorOutput"]
    if not isinstance(error, Mapping):
        raise _refused(f"mock.errorOutput must be an object, not {described(error)}")
    _only(error, "mock.errorOutput", "error", "cause")
    name, cause = (_text(error, "mock.errorOutput", field) for field in ("error", "cause"))
    _check_length(name or "", "mock.errorOutput.error", _LONGEST_ERROR)
    _check_length(cause or "", "mock.errorOutput.cause", _LONGEST_CAUSE)
    return Mock(error=name, cause=cause, mode=mode)


def read_configuration(given: Mapping[str, Any]) -> Configuration:
    """Read ``stateConfiguration`` as boto3 takes it.

    Raises:
        RequestError: ValidationException.
    """
    if not isinstance(given, Mapping):
        raise _refused(f"stateConfiguration must be an object, not {described(given)}")
    names = ("retrierRetryCount", "errorCausedByState", "mapIterationFailureCount", "mapItemReaderData")
    _only(given, "stateConfiguration", *names)
    for name in ("retrierRetryCount", "mapIterationFailureCount"):
        count = given.get(name, 0)
        if type(count) is not int or count < 0:
            raise _refused(f"stateConfiguration.{name} is {count!r}: expected a whole number from 0")
    return Configuration(
        retrier_retry_count=given.get("retrierRetryCount", 0),
        error_caused_by_state=_text(given, "stateConfiguration", "errorCausedByState"),
        map_iteration_failure_count=given.get("mapIterationFailureCount"),
        map_item_reader_data=given.get("mapItemReaderData", ABSENT),
    )


def check(request: Request, state: State) -> None:
    """Reject what the service rejects for this state.

    Raises:
        RequestError: ValidationException or InvalidDefinition, in the service's words where they are known.
    """
    if request.inspection_level not in _LEVELS:
        raise _refused(
            f'inspectionLevel is "{request.inspection_level}": expected one of {", ".join(_LEVELS)}'
        )
    if request.mock is None:
        _check_unmocked(request, state)
        return
    if not isinstance(state, Task | Map | Parallel):
        raise _refused(f"State type '{state.type}' is not supported when a mock is specified")
    if request.reveal_secrets:
        raise _refused("TestState does not support RevealSecrets when a mock is specified.")
    if request.context is not None:
        check_context(request.context, state)
    if request.mock.result is not ABSENT:
        _check_mocked_result(request, request.mock.result, state)
    _check_configuration(request.configuration, state)


def _check_unmocked(request: Request, state: State) -> None:
    configuration = request.configuration
    if configuration.map_iteration_failure_count is not None:
        raise _refused("TestState does not support MapIterationFailureCount when a mock is not specified.")
    if isinstance(state, Map | Parallel):
        supported = "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
        raise RequestError(
            "InvalidDefinition", f"TestState API does not support Map or Parallel states. {supported}"
        )
    if request.context is not None:
        raise _refused("TestState does not support Context when a mock is not specified.")
    if isinstance(state, Task) and (state.resource.pattern or state.resource.events == "Activity"):
        raise _refused(f'"{state.resource}" can only be tested with a mock')
    if isinstance(state, Task) and request.role_arn is None and not request.works_here:
        hint = "" if request.works_here is None else ". pass a mock, or tasks with a handler"
        raise _refused(f"RoleArn must be specified when testing a Task state{hint}")


def _check_mocked_result(request: Request, result: Any, state: State) -> None:
    assert request.mock is not None
    if isinstance(state, Task):
        check_result(result, state.resource, request.mock.mode)
    elif isinstance(state, Map) and state.result_writer is not None:
        if not isinstance(result, dict):
            raise _refused("Mocked result must be a JSON object.")
    elif not isinstance(result, list):
        raise _refused("Mocked result must be an array.")
    elif isinstance(state, Parallel) and len(result) != len(state.branches):
        raise _refused("Mocked result must contain the same number of items as number of Parallel branches.")
    failures = request.configuration.map_iteration_failure_count
    if failures is not None and isinstance(result, list) and failures > len(result):
        raise _refused(
            "Map iteration failure count must be less than or equal to the number of Map iterations"
        )


def _check_configuration(configuration: Configuration, state: State) -> None:
    """Reject fields that have no meaning for this state. The messages are ours."""
    name = configuration.error_caused_by_state
    if name is not None and name not in _names_inside(state):
        raise _refused(f'errorCausedByState is "{name}", which is not a state inside the one under test')
    if configuration.map_iteration_failure_count is not None and not isinstance(state, Map):
        raise _refused("mapIterationFailureCount is for Map states")
    reads = isinstance(state, Map) and state.item_reader is not None
    if configuration.map_item_reader_data is not ABSENT and not reads:
        raise _refused("mapItemReaderData is for Map states with an ItemReader")


def _names_inside(state: State) -> set[str]:
    inner = [each for machine in state.machines for each in machine.states.values()]
    return {each.name for each in inner}.union(*map(_names_inside, inner))


def _only(given: Mapping[str, Any], where: str, *names: str) -> None:
    for name in given:
        if name not in names:
            raise _refused(f'unexpected field "{name}" in {where}. expected one of {", ".join(names)}')


def _text(given: Mapping[str, Any], where: str, name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise _refused(f"{where}.{name} must be a string, not {described(value)}")
    return value


def _read_result(given: Any) -> Any:
    """Parse a mocked result from JSON text; anything else is already a value."""
    text = given if isinstance(given, str) else dumps(given)
    _check_length(text, "mock.result", _LONGEST_RESULT)
    if not isinstance(given, str):
        return given
    try:
        return loads(given)
    except ValueError:
        raise _refused("Mocked result must be valid JSON") from None


def _check_length(text: str, path: str, most: int) -> None:
    if len(text) > most:
        raise _refused(
            f"1 validation error detected: Value at '{path}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )


def _refused(message: str) -> RequestError:
    return RequestError("ValidationException", message)
