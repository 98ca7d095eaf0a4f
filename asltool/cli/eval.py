"""``asltool eval``: one expression on one input."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import click

from asltool.cli.problems import in_words
from asltool.cli.values import input_option, pretty, read_input
from asltool.engine.context import execution_context, state_context
from asltool.engine.identity import Identity
from asltool.errors import EvaluationError, ExpressionError, InputError
from asltool.expr import jsonata
from asltool.expr.intrinsics import compile_intrinsic
from asltool.expr.jsonpath import compile_path

__all__ = ["eval"]


@dataclass
class _World:
    """The `Environment` of an expression outside any execution: made-up names, real time and chance."""

    context: dict[str, Any]
    now: float
    variables: dict[str, Any] = field(default_factory=dict)

    def uniform(self) -> float:
        return random.random()


@click.command(short_help="Evaluate one expression on one input.")
@click.option("--jsonpath", metavar="EXPR", help="A path, such as '$.orders[?(@.total > 100)].id'.")
@click.option("--jsonata", "jsonata_text", metavar="EXPR", help="Such as '$sum($states.input.orders.total)'.")
@click.option("--intrinsic", metavar="EXPR", help="A call, such as \"States.Format('{}', $.name)\".")
@input_option
def eval(jsonpath: str | None, jsonata_text: str | None, intrinsic: str | None, input_text: str) -> None:
    """Evaluate one expression on one input, as the service does, and print the result as JSON.

    In JSONPath and intrinsic functions the input is $ and the context object $$, with made-up names; in
    JSONata they are $states.input and $states.context.

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
    except (InputError, OSError) as problem:
        raise click.UsageError(in_words(problem)) from problem
    now = time.time()
    context = execution_context(Identity(name="eval"), value, now)
    world = _World({**context, "State": state_context("Eval", now, None)}, now)
    try:
        if jsonpath is not None:
            found = compile_path(jsonpath).read(value, world)
        elif intrinsic is not None:
            found = compile_intrinsic(intrinsic)(value, world)
        else:
            states = {"input": value, "context": world.context}
            found = jsonata.compile_jsonata(given[0])(states, world)
    except EvaluationError as problem:
        click.echo(f"{problem.error}: {problem.cause}", err=True)
        sys.exit(1)
    except ExpressionError as problem:
        click.echo(_pointed(problem), err=True)
        sys.exit(1)
    click.echo(pretty(found), nl=False)


def _pointed(problem: ExpressionError) -> str:
    """Return an error with the expression, and a caret where it cannot be read."""
    line = problem.text.replace("\n", " ")
    return f"{problem.message}\n  {line}\n  {' ' * problem.offset}^"
