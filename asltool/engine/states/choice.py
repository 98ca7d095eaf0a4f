"""Choice: go to the target of the first matching rule, or else to the Default.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.engine.conditions import Holds, compile_condition
from asltool.engine.dataflow import compile_arguments, compile_leave, states_object
from asltool.engine.decisions import CompiledState, Decision, LeaveWith
from asltool.engine.frame_view import FrameView
from asltool.errors import EvaluationError
from asltool.syntax.condition import Condition, Expression
from asltool.syntax.model import ABSENT, Choice

__all__ = ["ChoiceState"]

# The documentation says States.NoChoiceMatched; the service itself returns States.Runtime.
_NO_MATCH = "Failed to transition out of the state. The state does not point to a next state."


class ChoiceState(CompiledState):
    __slots__ = ("_arguments", "_choices", "_leave", "_rules", "_states")

    kind = "Choice"

    def __init__(self, state: Choice) -> None:
        super().__init__(state.name, state.default)
        self._arguments = compile_arguments(state)
        self._leave = compile_leave(state)
        self._choices = [
            (
                compile_condition(rule.condition, f"Choices[{index}]/Condition"),
                compile_leave(state, rule),
                rule.next,
            )
            for index, rule in enumerate(state.choices)
        ]
        self._rules: list[tuple[Holds, LeaveWith, CompiledState]] = []
        self._states = None
        if state.query_language == "JSONata":
            self._states = states_object(*(_text(rule.condition) for rule in state.choices))

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._rules = [(condition, leave, states[target]) for condition, leave, target in self._choices]

    def enter(self, frame: FrameView) -> Decision:
        data = self._arguments(frame)
        document = data if self._states is None else self._states(frame)
        for condition, leave, target in self._rules:
            if condition(document, frame):
                return leave(frame, data, target)
        if self.next is None:
            raise EvaluationError("States.Runtime", _NO_MATCH)
        return self._leave(frame, data, self.next)


def _text(condition: Condition) -> Any:
    return condition.value if isinstance(condition, Expression) else ABSENT
