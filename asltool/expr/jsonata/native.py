"""JSONata by jsonatapy, the engine in Rust.

It converts only the parts of a document that an expression uses, so variables are passed as fields of the
document and not as ``bindings``. A compiled program must stay in its thread, so every thread compiles its
own. The engine implements version 2.2 of the language; `syntax` has already rejected what is newer than
2.0.6.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Callable
from typing import Any

import jsonatapy

from asltool.expr.environment import Json
from asltool.expr.jsonata.host import NOTHING, Arguments, FunctionHost
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

__all__ = ["execute"]

_KEPT = 4096
"""How many compiled expressions a thread keeps."""

_MESSAGE = re.compile(
    r"(?:(?:Parse error|Invalid syntax|Invalid number|Signature validation failed|host function raised \w+)"
    r": )*(?:([A-Z]\d{4}): )?(.*)",
    re.DOTALL,
)
_LIMITS = {"D1011": TOO_DEEP, "U1002": TOO_DEEP, "D1012": TOO_SLOW, "D2014": TOO_LARGE, "D2015": TOO_LARGE}

_MISSING = "($asl:=({});{{'value':$asl,'null':$asl=null}})"
"""Tells null, a function and undefined apart, which all come out of the binding as None."""


class _ThreadState(threading.local):
    def __init__(self) -> None:
        self.compiled: dict[ExpressionPlan, _CompiledPlan] = {}


_thread = _ThreadState()


def execute(job: EvaluationJob) -> Json | EvaluationFailure:
    """Evaluate in this thread."""
    try:
        return _compiled(job.plan).evaluate(job)
    except (TypeError, ValueError) as error:
        return _failure(str(error))
    except BaseException as error:
        # A panic in Rust is a BaseException, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        _thread.compiled.pop(job.plan, None)
        return EvaluationFailure.of("", str(error))


def _compiled(plan: ExpressionPlan) -> _CompiledPlan:
    compiled = _thread.compiled.get(plan)
    if compiled is None:
        if len(_thread.compiled) == _KEPT:
            _thread.compiled.clear()
        compiled = _thread.compiled[plan] = _CompiledPlan(plan)
    return compiled


def _failure(message: str) -> EvaluationFailure:
    if "surrogates not allowed" in message:
        return EvaluationFailure.of("", "half of a surrogate pair is not a character")
    match = _MESSAGE.match(message)
    assert match is not None
    code, text = match.groups()
    return _LIMITS.get(code) or EvaluationFailure.of(code or "", text)


class _CompiledPlan:
    """A plan compiled by one thread."""

    def __init__(self, plan: ExpressionPlan) -> None:
        self.plan = plan
        self.source = wrap(plan)
        self.expression = self.compile(self.source)
        self.missing: Any = None
        self.host: FunctionHost | None = None

    def compile(self, source: str) -> Any:
        expression = jsonatapy.compile(source)
        if self.plan.service:
            for name, function in calls().items():
                expression.register(name, self.function(function))
        return expression

    def function(
        self, function: Callable[[Arguments, FunctionHost], Json]
    ) -> Callable[[Arguments], dict[str, Json]]:
        def call(arguments: Arguments) -> dict[str, Json]:
            assert self.host is not None
            value = function(arguments, self.host)
            return {} if value is NOTHING else {"value": value}

        return call

    def evaluate(self, job: EvaluationJob) -> Json | EvaluationFailure:
        if self.plan.service:
            self.host = FunctionHost(job)
        if self.plan.context:
            return self.evaluate_on_context(job)
        value = _evaluate(self.expression, job)
        return self.tell_apart(job) if value is None else value

    def tell_apart(self, job: EvaluationJob) -> Json | EvaluationFailure:
        """Evaluate again, with the same random numbers, to find out whether None means null or undefined."""
        if self.missing is None:
            self.missing = self.compile(_MISSING.format(self.source))
        if self.plan.service:
            self.host = FunctionHost(job)
        found = _evaluate(self.missing, job)
        if found["null"]:
            return None
        return FUNCTION if "value" in found else UNDEFINED

    def evaluate_on_context(self, job: EvaluationJob) -> Json | EvaluationFailure:
        time_ms, depth, sequence = job.limits
        bindings = {name: _in_64_bits(job.values[name]) for name in self.plan.names if name in job.values}
        text = self.expression.evaluate_json_or_none(
            job.input, bindings, timeout=time_ms * CLOCK, max_stack_depth=depth, max_sequence_length=sequence
        )
        return UNDEFINED if text is None else json.loads(text)


def _evaluate(expression: Any, job: EvaluationJob) -> Json:
    time_ms, depth, sequence = job.limits
    document = job.values
    while True:
        try:
            return expression.evaluate(
                document, timeout=time_ms * CLOCK, max_stack_depth=depth, max_sequence_length=sequence
            )
        except (OverflowError, TypeError):
            if document is not job.values:
                raise
            document = _in_64_bits(document)


def _in_64_bits(value: Json) -> Json:
    """Return the value with integers that the binding cannot accept converted to floats."""
    if isinstance(value, dict):
        return {key: _in_64_bits(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_64_bits(item) for item in value]
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        return float(value) if value.bit_length() < 1024 else math.copysign(math.inf, 1 if value > 0 else -1)
    return value
