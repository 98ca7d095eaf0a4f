"""error-name-unknown: a Retrier or Catcher names a ``States.`` error that does not exist.

Why: names that begin with ``States.`` belong to the service. An unknown one never happens, unless a task
reports it. Error names of Fail states in the same definition are not reported.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [{"ErrorEquals": ["States.TimeOut"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.error_names import KNOWN_ERRORS, is_unknown_error
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import expected, quoted

__all__ = ["error_name_unknown"]


@rule("error-name-unknown", severity="warning")
def error_name_unknown(scope: Scope) -> Iterator[Finding]:
    for entry, _ in scope.handlers:
        for index, name in enumerate(entry.error_equals):
            if is_unknown_error(name) and name not in scope.failures:
                message = f"the service has no error {quoted(name)}. {expected(name, KNOWN_ERRORS)}"
                yield Finding((*entry.pointer, "ErrorEquals", index), message)
