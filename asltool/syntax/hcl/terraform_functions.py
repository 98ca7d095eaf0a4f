"""The Terraform functions that definitions use.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from asltool.syntax.hcl.calls import HclCall
from asltool.syntax.hcl.collections import COLLECTIONS
from asltool.syntax.hcl.documents import DOCUMENTS
from asltool.syntax.hcl.strings import STRINGS
from asltool.syntax.hcl.value import Value

__all__ = ["call"]


def call(made: HclCall) -> Value | None:
    """Return the result of a call; None if it is unknown."""
    if made.name in ("try", "can"):
        return _try(made)
    function = DOCUMENTS.get(made.name) or COLLECTIONS.get(made.name) or STRINGS.get(made.name)
    values = None if function is None else made.values()
    if function is None or values is None:
        return None
    try:
        return function(made, values)
    except (ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        return None  # Terraform would reject the call; here its result is unknown.


def _try(made: HclCall) -> Value | None:
    """Return the first known argument; Terraform takes the first that does not fail."""
    values = [made.frame.value(node) for node in made.arguments]
    if made.name == "can":
        return Value(True, *made.place) if values and values[0].known else None
    return next((value for value in values if value.known and value.data is not None), None) or (
        values[0] if values else None
    )
