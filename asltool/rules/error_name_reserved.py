"""error-name-reserved: the error name of a Fail state begins with ``States.``.

Why: such names belong to the service; a Retrier or Catcher for them looks like one for the service's errors.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "States.OrderLost"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "OrderLost"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.error_names import is_unknown_error
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Fail
from asltool.syntax.wording import quoted

__all__ = ["error_name_reserved"]


@rule("error-name-reserved", severity="warning")
def error_name_reserved(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if isinstance(state, Fail) and state.error is not None and is_unknown_error(state.error):
            reserved = 'names that begin with "States." are reserved for the service'
            message = f"{reserved}, which has no error {quoted(state.error)}"
            yield Finding((*state.pointer, "Error"), message)
