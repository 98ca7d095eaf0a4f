"""retrier-unreachable: earlier Retriers or Catchers already handle all errors of this one.

Why: the first one that names an error handles it. ``States.TaskFailed`` matches every error of a task except
a timeout.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [
                {"ErrorEquals": ["Busy", "Closed"], "Next": "B"},
                {"ErrorEquals": ["Busy"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [
                {"ErrorEquals": ["Busy", "Closed"], "Next": "B"},
                {"ErrorEquals": ["Lost"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Catcher, Retrier, State, Task, Working
from asltool.syntax.wording import listed

__all__ = ["retrier_unreachable"]


@rule("retrier-unreachable", severity="warning")
def retrier_unreachable(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if isinstance(state, Working):
            yield from _check(state.retry, state)
            yield from _check(state.catch, state)


def _check(entries: Sequence[Retrier | Catcher], state: State) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in entries:
        names = entry.error_equals
        # Another rule checks the position of States.ALL.
        taken = "States.ALL" not in names and all(
            _is_taken(name, seen, isinstance(state, Task)) for name in names
        )
        if names and taken:
            verb = "is" if len(names) == 1 else "are"
            message = f"no error reaches this entry: {listed(names, 'and')} {verb} already handled above"
            yield Finding((*entry.pointer, "ErrorEquals"), message)
        seen.update(names)


def _is_taken(name: str, seen: set[str], by_task: bool) -> bool:
    return name in seen or (by_task and "States.TaskFailed" in seen and not name.startswith("States."))
