"""JSONata by jsonata-python, the engine in Python, for platforms without a wheel of jsonatapy."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from asltool.expr.environment import Json
from asltool.expr.jsonata.host import NOTHING, Arguments, FunctionHost, RefusedCall
from asltool.expr.jsonata.job import (
    CLOCK,
    FUNCTION,
    TOO_DEEP,
    TOO_LARGE,
    TOO_SLOW,
    UNDEFINED,
    EvaluationFailure,
    EvaluationJob,
    ExpressionPlan,
)
from asltool.expr.jsonata.prelude import calls, wrap

_recursion_limit = sys.getrecursionlimit()
import jsonata  # noqa: E402

# The import raises the recursion limit for the whole process, which we must not change.
sys.setrecursionlimit(_recursion_limit)

__all__ = ["execute"]

_NULL = jsonata.Utils.NULL_VALUE
_MESSAGES = [
    ("D3030", re.compile("could not convert string to float")),
    ("D3110", re.compile("Invalid isoformat string")),
    *(
        # The catalogue says "Object" for a function, the library says "function".
        (code, re.compile(re.sub(r"\\{.*?\}\}", ".*", re.escape(text)).replace("Object", r"\w+") + "$"))
        for code, text in jsonata.JException.error_codes.items()
        if not text.startswith("{")
    ),
]
"""The library raises many of its messages without their codes."""
_LIMITS = {"D1011": TOO_DEEP, "D1012": TOO_SLOW, "D2014": TOO_LARGE}


def execute(job: EvaluationJob) -> Json | EvaluationFailure:
    """Evaluate in this thread."""
    try:
        return _evaluate(job)
    except RecursionError:
        return TOO_DEEP
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # For some JSONata errors, the library raises Python's own exceptions.
        return _failure(error)


def _failure(error: Exception) -> EvaluationFailure:
    message = str(error)
    if isinstance(error, RefusedCall):
        code, _, message = message.partition(": ")
    elif isinstance(error, jsonata.JException) and error.error in jsonata.JException.error_codes:
        code = error.error
    else:
        message = message.removeprefix("JSonataException ")
        code = next((code for code, pattern in _MESSAGES if pattern.match(message)), "")
    return _LIMITS.get(code) or EvaluationFailure.of(code, message)


@lru_cache(maxsize=1024)
def _compiled(plan: ExpressionPlan, thread: int) -> Any:
    """Return the program compiled in this thread; the library stores data of each evaluation in it."""
    expression = jsonata.Jsonata(wrap(plan))
    expression.set_output_convert_nulls(False)
    return expression


def _evaluate(job: EvaluationJob) -> Json | EvaluationFailure:
    plan = job.plan
    expression = _compiled(plan, threading.get_ident())
    frame = expression.create_frame()
    frame.set_runtime_bounds(job.limits.time_ms * CLOCK, job.limits.depth)
    host = FunctionHost(job)
    if plan.service:
        for name, function in calls().items():
            frame.bind(name, jsonata.Jsonata.JLambda(_function(function, host)))
    if plan.context:
        for name, value in job.values.items():
            frame.bind(name, _from_json(value))
        document = None if job.input is None else _from_json(json.loads(job.input))
    else:
        document = _from_json(job.values)
    found = expression.evaluate(document, frame)
    if found is None:
        return UNDEFINED
    return FUNCTION if _is_function(found) else _to_json(found)


def _function(
    function: Callable[[Arguments, FunctionHost], Json], host: FunctionHost
) -> Callable[[Any], Any]:
    def call(arguments: Any) -> Any:
        value = function(_to_json(arguments), host)
        return {} if value is NOTHING else {"value": _from_json(value)}

    return call


def _is_function(value: Any) -> bool:
    return jsonata.Functions.is_lambda(value) or isinstance(value, jsonata.Jsonata.JFunctionCallable)


def _from_json(value: Json) -> Any:
    """Return the library's representation of a value: None means undefined, and null is an object."""
    if value is None:
        return _NULL
    if isinstance(value, dict):
        return {key: _from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    return value


def _to_json(value: Any) -> Json:
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_json(value[index]) for index in range(len(value))]
    return value if isinstance(value, (str, int, float)) else None
