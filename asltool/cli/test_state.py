"""``asltool test-state``: parse, call, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from asltool.cli.byproducts import check_writable, recorded
from asltool.cli.completing import states_completed
from asltool.cli.json_options import (
    DEFINITION,
    check_one_standard_input,
    input_option,
    pretty,
    read_input,
    read_standard_input,
)
from asltool.cli.problems import refuse
from asltool.cli.streams import portable, results
from asltool.cli.task_options import TaskOptions, task_options
from asltool.errors import AslToolError, DefinitionError
from asltool.syntax.reader import read

__all__ = ["test_state"]

_F = TypeVar("_F", bound=Callable[..., Any])


def _json(field: str, text: str) -> Callable[[_F], _F]:
    """Make an option that takes JSON."""
    return click.option(f"--{field}", metavar="JSON|@FILE", help=text)


@click.command("test-state", short_help="Run one state on its own, as the service's TestState does.")
@click.argument("definition", metavar="FILE", type=DEFINITION)
@click.option(
    "--state-name",
    metavar="NAME",
    shell_complete=states_completed,
    help="The state to test, if FILE is a state machine.",
)
@input_option
@_json("mock", 'The mocked result: {"result": …} or {"errorOutput": {"error": …, "cause": …}}.')
@_json("context", "The context object. Without it, one is generated. Needs --mock.")
@_json("variables", "Variables that earlier states have assigned.")
@_json("state-configuration", 'The situation to test, such as {"retrierRetryCount": 2}.')
@click.option(
    "--inspection-level",
    type=click.Choice(["INFO", "DEBUG", "TRACE"]),
    default="DEBUG",
    show_default=True,
    help="INFO prints the result of the state, DEBUG and TRACE also its intermediate data.",
)
@task_options
def test_state(
    definition: str,
    state_name: str | None,
    input_text: str,
    mock: str | None,
    context: str | None,
    variables: str | None,
    state_configuration: str | None,
    inspection_level: Any,
    tasks: TaskOptions,
) -> None:
    """Run one state on its own: the state in FILE, or one of the state machine there. - reads standard input.

    Prints the response of the service's TestState, with JSON values where the service has strings. A mocked
    result is checked against the model of its API (fieldValidationMode STRICT by default).

    \b
    Examples:
      asltool test-state pass.json --input '{"a": 1}'
      asltool test-state etl.asl.json --state-name "Check the rows" --input @rows.json
      asltool test-state etl.asl.json --state-name Charge --mock '{"errorOutput": {"error": "Busy"}}'

    Exit status: 0 the state has an output, 1 it failed or would be retried, 2 it could not be tested, 3 it
    has an output, but the file of --record was not written.
    """
    from asltool.service.single_state import test_state as test

    check_one_standard_input(definition, input_text, mock, context, variables, state_configuration)
    with results() as output:
        try:
            check_writable("--record", tasks.record)
            doers = tasks.with_templates(definition).integrations()
            tested = test(
                _standard_definition() if definition == "-" else definition,
                read_input(input_text),
                state_name=state_name,
                mock=_read("--mock", mock),
                context=_read("--context", context),
                variables=_read("--variables", variables),
                state_configuration=_read("--state-configuration", state_configuration),
                inspection_level=inspection_level,
                integrations=doers,
            )
        except (AslToolError, OSError) as problem:
            refuse("test-state", problem)
        click.echo(portable(pretty(tested.values), output), nl=False, file=output)
        output.flush()
        complete = recorded("test-state", doers)
    if tested.status not in ("SUCCEEDED", "CAUGHT_ERROR"):
        sys.exit(1)
    sys.exit(0 if complete else 3)


def _standard_definition() -> dict[str, Any]:
    value = read(read_standard_input(), "<stdin>").value
    if not isinstance(value, dict):
        raise DefinitionError("standard input has no state or state machine: expected an object")
    return value


def _read(option: str, text: str | None) -> Any:
    """Read an option that takes an object; None if it is left out."""
    if text is None:
        return None
    value = read_input(text, option)
    if not isinstance(value, dict):
        raise click.BadParameter("expected a JSON object", param_hint=option)
    return value
