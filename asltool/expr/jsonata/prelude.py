"""The text that an engine compiles: the definitions that the service provides, and then the expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from asltool.expr.environment import Json
from asltool.expr.jsonata import corrected, service
from asltool.expr.jsonata.host import Arguments, FunctionHost, JsonataFunction
from asltool.expr.jsonata.job import ExpressionPlan

__all__ = ["calls", "wrap"]

FUNCTIONS: Final = {"eval": JsonataFunction((), "", None), **service.FUNCTIONS, **corrected.FUNCTIONS}
"""The functions that are redefined. The service does not have ``$eval``."""

_OWN = re.compile(r"\$own_(\w+)")


def calls() -> dict[str, Callable[[Arguments, FunctionHost], Json]]:
    """Return the Python functions that an engine must define, by their names in JSONata."""
    return {f"asl_{name}": function.call for name, function in FUNCTIONS.items() if function.call}


def wrap(plan: ExpressionPlan) -> str:
    """Return a text that defines what the service provides, followed by the expression.

    Variables are bound to the document's fields of the same names.
    """
    names = () if plan.context else plan.names
    definitions = [_definition(name, FUNCTIONS[name], name in plan.signed) for name in plan.service]
    own = sorted(set(_OWN.findall("".join(definitions))))
    bound = [f"${name}:=`{name}`;" for name in names]
    return f"({''.join(f'$own_{name}:=${name};' for name in own)}{''.join(definitions + bound)}{plan.text}\n)"


def _definition(name: str, function: JsonataFunction, is_signed: bool) -> str:
    if name == "eval":
        return "$eval:=null;"
    parameters = ",".join(f"${parameter}" for parameter in function.parameters)
    arguments = ",".join(f'"{parameter}":${parameter}' for parameter in function.parameters)
    body = function.body or f"$asl_{name}({{{arguments}}}).value"
    signature = function.signature if function.signed or is_signed else ""
    return f"${name}:=function({parameters}){signature}{{{body}}};"
