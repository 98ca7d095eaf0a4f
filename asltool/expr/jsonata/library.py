"""The functions by name: those of JSONata, and those that the service adds.

Source: https://docs.jsonata.org/2.0.0/overview and
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

__all__ = ["CHANCE", "CHECKED_BY_ENGINES", "CONTEXT_ARGUMENTS", "FUNCTIONS", "MEASURED", "REDEFINED"]

CHANCE = frozenset({"random", "shuffle", "uuid"})
"""The functions that draw a number."""

REDEFINED = CHANCE.union(
    ("base64decode", "decodeUrl", "decodeUrlComponent", "encodeUrl", "encodeUrlComponent", "eval"),
    ("fromMillis", "hash", "millis", "now", "number", "parse", "parseInteger", "partition", "range"),
    ("toMillis",),
)
"""The functions that `prelude` defines: engines have them not, or not as the service has them."""

MEASURED = frozenset({"length"})
"""Functions that `prelude` defines only where a string may grow beyond what the service allows."""

CHECKED_BY_ENGINES = {"fromMillis": 3, "length": 1, "number": 1}
"""Redefined functions that leave the types of arguments to those they call; how many arguments they take."""

CONTEXT_ARGUMENTS = {
    **dict.fromkeys(("abs", "base64decode", "base64encode", "boolean", "ceil", "decodeUrl"), 1),
    **dict.fromkeys(("decodeUrlComponent", "encodeUrl", "encodeUrlComponent", "floor", "formatBase"), 1),
    **dict.fromkeys(("fromMillis", "keys", "length", "lowercase", "not", "number", "round", "spread"), 1),
    **dict.fromkeys(("sqrt", "string", "toMillis", "trim", "uppercase"), 1),
    **dict.fromkeys(("contains", "each", "formatInteger", "formatNumber", "lookup", "match", "pad"), 2),
    **dict.fromkeys(("parseInteger", "power", "sift", "split", "substring", "substringAfter"), 2),
    "substringBefore": 2,
    "replace": 3,
}
"""With fewer arguments these take the context item for the first one."""

FUNCTIONS = REDEFINED.union(
    CONTEXT_ARGUMENTS,
    ("append", "assert", "average", "count", "distinct", "error", "exists", "filter", "join", "map"),
    ("max", "merge", "min", "reduce", "reverse", "single", "sort", "sum", "type", "zip"),
) - {"eval"}
"""Every function there is on the service; ``$eval`` it does not have."""
