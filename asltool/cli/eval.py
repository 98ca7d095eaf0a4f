"""``asltool eval``: evaluate one expression on one input."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import click

from asltool.cli.carets import pointed
from asltool.cli.json_options import input_option, pretty, read_input
from asltool.cli.problems import in_words
from asltool.cli.streams import portable
from asltool.engine.context import execution_context, state_context
from asltool.engine.identity import Identity
from asltool.errors import EvaluationError, ExpressionError, OptionError
from asltool.expr import jsonata
from asltool.expr.intrinsics.compiler import compile_intrinsic
from asltool.expr.jsonpath import compile_path
from asltool.rules.analysis.path_advice import advice, call_advice
from asltool.rules.analysis.path_conditions import Advice
from asltool.rules.analysis.path_data import strings_as_numbers
from asltool.rules.analysis.path_refusals import instead_of

__all__ = ["eval", "unreadable"]


@dataclass
class _EvalEnvironment:
    """The `Environment` of an expression outside an execution: generated names, real time and chance."""

    context: dict[str, Any]
    now: float
    variables: dict[str, Any] = field(default_factory=dict)

    def uniform(self) -> float:
        return random.random()


@click.command(short_help="Evaluate one expression on one input.")
@click.option("--jsonpath", metavar="EXPR", help="A path, such as '$.orders[?(@.total > 100)].id'.")
@click.option(
    "--jsonata",
    "jsonata_text",
    metavar="EXPR",
    help="An expression, such as '$sum($states.input.orders.total)'.",
)
@click.option("--intrinsic", metavar="EXPR", help="A call, such as \"States.Format('{}', $.name)\".")
@input_option
def eval(jsonpath: str | None, jsonata_text: str | None, intrinsic: str | None, input_text: str) -> None:
    """Evaluate one expression on one input, as the service does, and print the result as JSON.

    In JSONPath and intrinsic functions the input is $ and the context object $$, with made-up names; in
    JSONata they are $states.input and $states.context. If a path means something else in the service's
    JSONPath than it seems, a note on standard error says what to write.

    \b
    Examples:
      asltool eval --jsonpath '$..price' --input @orders.json
      asltool eval --jsonata '$states.input.a + 1' --input '{"a": 1}'
      asltool eval --intrinsic 'States.ArrayRange(1, 9, 2)'

    Exit status: 0 it has a value, 1 it cannot be read or has no value on this input, 2 wrong usage.
    """
    given = [text for text in (jsonpath, jsonata_text, intrinsic) if text is not None]
    if len(given) != 1:
        raise click.UsageError("give one of --jsonpath, --jsonata and --intrinsic")
    try:
        value = read_input(input_text)
    except (OptionError, OSError) as problem:
        raise click.UsageError(in_words(problem)) from problem
    now = time.time()
    context = execution_context(Identity(name="eval"), value, now)
    world = _EvalEnvironment({**context, "State": state_context("Eval", now, None)}, now)
    try:
        if jsonpath is not None:
            path = compile_path(jsonpath)
            _note(jsonpath, (*advice(jsonpath), *strings_as_numbers(path, value, world)))
            found = path.read(value, world)
        elif intrinsic is not None:
            call = compile_intrinsic(intrinsic)
            _note(intrinsic, call_advice(intrinsic))
            found = call(value, world)
        else:
            states = {"input": value, "context": world.context}
            found = jsonata.compile_jsonata(given[0])(states, world)
    except EvaluationError as problem:
        click.echo(f"{problem.error}: {problem.cause}", err=True)
        sys.exit(1)
    except ExpressionError as problem:
        click.echo(unreadable(problem, "JSONPath" if jsonata_text is None else "JSONata"), err=True)
        sys.exit(1)
    click.echo(portable(pretty(found)), nl=False)


def unreadable(problem: ExpressionError, language: str) -> str:
    """Return why an expression cannot be read, and what to write in its place, with a caret."""
    instead = "" if language == "JSONata" else instead_of(problem.text, problem.offset, problem.message)
    message = f"{problem.message}. {instead}" if instead else problem.message
    return pointed(message, problem.text, problem.offset)


def _note(text: str, found: Iterable[Advice]) -> None:
    for each in found:
        length = max(1, each.end - each.start)
        click.echo(pointed(f"note: {each.message}", text, each.start, length), err=True)
