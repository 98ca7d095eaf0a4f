"""What a run has reached, counted from its history; the engine evaluates again what the history omits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from asltool.engine.conditions import compile_condition
from asltool.engine.retry import Failure, first_match
from asltool.errors import EvaluationError
from asltool.expr.environment import Outside
from asltool.expr.jsonpath import compile_path
from asltool.expr.values import loads
from asltool.history.counting import count
from asltool.history.story import Story
from asltool.history.targets import Target
from asltool.history.visits import Visit
from asltool.syntax.model import Catcher, Choice, ChoiceRule, Retrier

__all__ = ["reached"]


def reached(story: Story) -> Counter[Target]:
    """Return the number of times that a run reached each target.

    Raises:
        HistoryError: a transition does not exist in this machine.
    """
    return count(story, _Engine())


class _Engine:
    """Evaluates rules again with the data in the history, which does not have the context object."""

    def holds(self, visit: Visit, state: Choice, rule: ChoiceRule) -> bool:
        try:
            then = Outside(variables={name: loads(text) for name, text in visit.variables.items()})
            value = None if visit.input is None else loads(visit.input)
        except ValueError:  # truncated, as the service does with large payloads
            return False
        try:
            holds = compile_condition(rule.condition)
            if state.query_language == "JSONata":
                return holds({"input": value, "context": then.context}, then)
            return holds(
                {} if state.input_path is None else compile_path(state.input_path).read(value, then), then
            )
        except EvaluationError:
            return False

    def meets(self, handlers: Sequence[Retrier] | Sequence[Catcher], error: str | None) -> int | None:
        # The history calls a missed heartbeat a timeout.
        alias = "States.HeartbeatTimeout" if error == "States.Timeout" else None
        match = first_match(handlers, Failure(error, alias=alias))
        return None if match is None else match[0]
