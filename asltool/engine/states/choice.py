"""Choice: go where the first rule that holds leads, else to the Default.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from asltool.engine.dataflow import LeaveWith, compile_arguments, compile_leave
from asltool.engine.frame import Frame
from asltool.engine.steps import CompiledState, Step
from asltool.errors import EvaluationError
from asltool.expr.choice import Condition, compile_condition
from asltool.syntax.model import Choice

__all__ = ["compile_choice"]

_NO_MATCH = "Failed to transition out of the state. The state does not point to a next state."


class _Choice(CompiledState):
    __slots__ = ("_arguments", "_choices", "_leave", "_rules")

    def __init__(self, state: Choice) -> None:
        super().__init__("Choice", state.name, state.default)
        self._arguments = compile_arguments(state)
        self._leave = compile_leave(state)
        self._choices = [
            (compile_condition(rule.condition), compile_leave(replace(state, assign=rule.assign)), rule.next)
            for rule in state.choices
        ]
        self._rules: list[tuple[Condition, LeaveWith, CompiledState]] = []

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._rules = [(condition, leave, states[target]) for condition, leave, target in self._choices]

    def enter(self, frame: Frame) -> Step:
        data = frame.input if self._arguments is None else self._arguments(frame.input, frame)
        for condition, leave, target in self._rules:
            if condition(data, frame):
                return leave(frame, data, target)
        if self.next is None:
            raise EvaluationError("States.NoChoiceMatched", _NO_MATCH)
        return self._leave(frame, data, self.next)


compile_choice = _Choice
