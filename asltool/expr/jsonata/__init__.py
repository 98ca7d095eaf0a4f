"""JSONata as in Step Functions: version 2.0.6 of the language, ``$states``, and six more functions.

::

    {% %} text ─> tokens ─> syntax ─> program ─┬─> a plain path is read at once
                                               ├─> native (jsonatapy) or fallback (jsonata-python)
                                               └─> sandbox: the same in a process of its own

`template` compiles the fields of a state, `references` and `syntax` serve the checks of a definition. They
are imported on first use, because most definitions have no JSONata.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from asltool.expr.jsonata.delimiters import JsonataText, expression_in, is_expression

if TYPE_CHECKING:
    from asltool.expr.jsonata.syntax import JsonataNode, JsonataSyntaxProblem, parse
    from asltool.expr.jsonata.template import (
        Expected,
        QueryEvaluationError,
        compile_field,
        compile_jsonata,
        compile_template,
    )

__all__ = [
    "Expected",
    "JsonataNode",
    "JsonataSyntaxProblem",
    "JsonataText",
    "QueryEvaluationError",
    "compile_field",
    "compile_jsonata",
    "compile_template",
    "expression_in",
    "is_expression",
    "parse",
]


def __getattr__(name: str) -> Any:
    """Import a name on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    file = "syntax" if name in ("JsonataNode", "JsonataSyntaxProblem", "parse") else "template"
    value = getattr(import_module(f"{__name__}.{file}"), name)
    globals()[name] = value
    return value
