"""JSONPath as on the service, starting from ``$``, ``$$`` (the context object) or ``$variable``.

::

    path = compile_path("$.orders[?(@.total > 10)].id")
    path.read(document, environment)             # PathError, an EvaluationError, if there is no value
    compile_reference("$.result").write(document, value)

The service runs Jayway's JsonPath of 2015 (2.0.0; 1.2.0 gives the same results) over Jackson's nodes, without
options. It has no functions, no negative indexes, no ``in`` and no other features of later versions, and its
literals are strings.

A text is parsed into segments (`parser`, `brackets`, `filter_parser`, `segments`), which are compiled into
closures (`evaluate`, `takes`, `filters`, `comparisons`), and `path` and `reference` add the service's rules.

Source: https://states-language.net/spec.html#paths,
https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

from asltool.expr.jsonpath.errors import PathError
from asltool.expr.jsonpath.path import Path, compile_path
from asltool.expr.jsonpath.reference import ReferencePath, compile_reference

__all__ = ["Path", "PathError", "ReferencePath", "compile_path", "compile_reference"]
