"""JSONPath as the service reads it: Jayway's, from ``$``, ``$$`` (the context object) or ``$variable``.

::

    path = compile_path("$.orders[?(@.total > 10)].id")
    path.read(document, environment)             # PathError, an EvaluationError, if there is no value
    compile_reference("$.result").write(document, value)

A text is parsed into steps (`parser`, `filter_parser`, `steps`), these become closures (`evaluate`, `takes`,
`filters`, `comparisons`, `calls`), and `path` and `reference` put the service's rules around them.

Source: https://states-language.net/spec.html#paths and https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from asltool.expr.jsonpath.errors import PathError
from asltool.expr.jsonpath.path import Path, compile_path
from asltool.expr.jsonpath.reference import ReferencePath, compile_reference

__all__ = ["Path", "PathError", "ReferencePath", "compile_path", "compile_reference"]
