"""max-delay-below-interval: ``MaxDelaySeconds`` is less than ``IntervalSeconds``.

Why: even the first interval is shortened, so all intervals have the same length.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxDelaySeconds": 5}], "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5, "MaxDelaySeconds": 10}], "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Retrier

__all__ = ["max_delay_below_interval"]


@rule("max-delay-below-interval", severity="warning")
def max_delay_below_interval(scope: Scope) -> Iterator[Finding]:
    for entry, _ in scope.handlers:
        longest = entry.max_delay_seconds if isinstance(entry, Retrier) else None
        if isinstance(entry, Retrier) and longest is not None and longest < entry.interval_seconds:
            message = f'"MaxDelaySeconds" is less than the interval of {entry.interval_seconds} seconds'
            yield Finding((*entry.pointer, "MaxDelaySeconds"), message)
