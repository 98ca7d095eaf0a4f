"""JSONata as Step Functions has it: version 2.0.6 of the language, ``$states``, and six functions more.

::

    {% %} text ─> tokens ─> syntax ─> program ─┬─> a plain path is read at once
                                               ├─> native (jsonatapy) or fallback (jsonata-python)
                                               └─> sandbox: the same in a process of its own

`template` compiles the fields of a state, `references` and `syntax` serve the checks of a definition.
"""

from __future__ import annotations

from asltool.errors import ExpressionError
from asltool.expr.jsonata.functions import FUNCTIONS
from asltool.expr.jsonata.references import References, references
from asltool.expr.jsonata.syntax import Node, SyntaxProblem, parse
from asltool.expr.jsonata.template import (
    QueryEvaluationError,
    compile_field,
    compile_jsonata,
    compile_template,
    expression_in,
    is_expression,
)

__all__ = [
    "FUNCTIONS",
    "Node",
    "QueryEvaluationError",
    "References",
    "SyntaxProblem",
    "compile_field",
    "compile_jsonata",
    "compile_template",
    "expression_in",
    "is_expression",
    "parse",
    "references",
    "syntax_error",
]


def syntax_error(text: str) -> ExpressionError | None:
    """Return what is wrong with an expression, with or without ``{% %}``, or None."""
    try:
        compile_jsonata(text)
    except ExpressionError as error:
        return error
    return None
