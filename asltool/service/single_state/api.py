"""``asltool.test_state``: test one state, from Python or with a request as in boto3."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from asltool.driver.jobs import Integration
from asltool.engine.identity import Identity
from asltool.errors import DefinitionError, RequestError
from asltool.expr.values import dumps, loads
from asltool.integrations.handlers import Handlers
from asltool.integrations.tasks import Handler, Tasks
from asltool.rules.aws import invalid_definition
from asltool.service.single_state.outcome import IDENTITY, StateTest, run_state
from asltool.service.single_state.request import (
    InspectionLevel,
    Request,
    check,
    read_configuration,
    read_mock,
)
from asltool.service.single_state.subject import NOT_FOUND, find_subject, state_names
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.chosen import choose
from asltool.syntax.wording import described, expected, quoted

__all__ = ["test_request", "test_state"]


def test_state(  # noqa: PLR0913 - they are the fields of the service's request
    definition: str | PathLike[str] | Mapping[str, Any],
    input: Any = ABSENT,
    *,
    state_name: str | None = None,
    mock: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
    state_configuration: Mapping[str, Any] | None = None,
    inspection_level: InspectionLevel = "DEBUG",
    role_arn: str | None = None,
    tasks: Tasks | Mapping[str, Handler] | None = None,
    integrations: Sequence[Integration] = (),
    seed: int | None = None,
) -> StateTest:
    """Run one state on its own, as the service's TestState does.

    Args:
        definition: a state, or a machine with ``state_name``; JSON, or the path of a file.
        input: JSON; the default is ``{}``.
        mock: ``{"result": …}`` or ``{"errorOutput": {"error": …, "cause": …}}``, with ``fieldValidationMode``
            (STRICT, PRESENT or NONE) to change how the result is checked against the API's model. A result
            that is a string is JSON text.
        context: the context object; the default is a generated one.
        variables: the variables that are already assigned.
        state_configuration: ``retrierRetryCount``, ``errorCausedByState``, ``mapIterationFailureCount``,
            ``mapItemReaderData``: the text that the ItemReader reads, in the format of its ReaderConfig.
        inspection_level: INFO leaves ``inspection`` empty. role_arn: the role in the context object. The
        service requires one for a Task without a mock; here it is optional if ``tasks`` or ``integrations``
        do the work. tasks, integrations: handlers and integrations for a Task that is not mocked. seed: the
        seed of random values; random by default.

    Raises:
        RequestError: the service would reject the request; see its ``code``.
        DefinitionError: the file cannot be read as a definition.
        NoHandler: a Task that is neither mocked nor done by anybody.
        MissingExtra: a mocked result is to be held against an API, and botocore is not installed.
    """
    request = Request(
        definition=_definition(definition),
        input={} if input is ABSENT else input,
        state_name=state_name,
        mock=None if mock is None else read_mock(mock),
        context=context,
        variables=_variables(variables or {}),
        configuration=read_configuration(state_configuration or {}),
        role_arn=role_arn,
        inspection_level=inspection_level,
        works_here=tasks is not None or bool(integrations),
    )
    handlers = [] if tasks is None else [Handlers(tasks)]
    try:
        return _run(request, [*handlers, *integrations], IDENTITY, seed)
    except RequestError as problem:
        if state_name is None or str(problem) != NOT_FOUND:
            raise
        hint = expected(state_name, state_names(request.definition))
        raise RequestError(problem.code, f"{NOT_FOUND}: {quoted(state_name)}. {hint}") from None


def test_request(
    parameters: Mapping[str, Any],
    integrations: Sequence[Integration] = (),
    *,
    identity: Identity = IDENTITY,
    seed: int | None = None,
) -> dict[str, Any]:
    """Answer a TestState request in boto3's format, in which JSON values are strings.

    Raises:
        RequestError: the service would reject the request.
        NoHandler: a Task that is neither mocked nor done by anybody.
        MissingExtra: a mocked result is to be held against an API, and botocore is not installed.
    """
    request = Request(
        definition=_state(parameters.get("definition", "")),
        input=_json(parameters, "input", {}),
        state_name=parameters.get("stateName"),
        role_arn=parameters.get("roleArn"),
        mock=read_mock(parameters["mock"]) if "mock" in parameters else None,
        context=_json(parameters, "context", None),
        variables=_variables(_json(parameters, "variables", {})),
        configuration=read_configuration(parameters.get("stateConfiguration", {})),
        inspection_level=parameters.get("inspectionLevel", "INFO"),
        reveal_secrets=parameters.get("revealSecrets", False),
    )
    return _run(request, integrations, identity, seed).response


def _json(parameters: Mapping[str, Any], name: str, default: Any) -> Any:
    try:
        return loads(parameters[name]) if name in parameters else default
    except ValueError:
        raise RequestError("ValidationException", f"{name} is not JSON") from None


def _state(text: Any) -> Mapping[str, Any]:
    """Parse the text of a state or machine; anything but an object is rejected like a definition."""
    try:
        value = loads(text) if isinstance(text, str) else text
    except ValueError:
        value = None
    if not isinstance(value, Mapping):
        message = invalid_definition(text if isinstance(text, str) else dumps(text))
        raise RequestError("InvalidDefinition", message or "")
    return value


def _variables(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise RequestError("ValidationException", f"variables must be an object, not {described(given)}")
    return given


def _run(
    request: Request, integrations: Sequence[Integration], identity: Identity, seed: int | None
) -> StateTest:
    state, program = find_subject(request.definition, request.state_name, request.variables)
    check(request, state)
    seed = secrets.randbits(64) if seed is None else seed
    return run_state(state, program, request, integrations, identity, seed)


def _definition(source: str | PathLike[str] | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    document = choose(str(source))
    if not isinstance(document.value, Mapping):
        raise DefinitionError(f"{source} holds no state and no state machine: expected an object")
    return document.value


# pytest would collect functions of this name as tests where they are imported.
test_request.__test__ = test_state.__test__ = False  # type: ignore[attr-defined]
