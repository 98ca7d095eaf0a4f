"""Values as Java names and writes them, where Jayway lets that be seen."""

from __future__ import annotations

from decimal import Decimal

from asltool.expr.environment import Json
from asltool.expr.values import dumps

__all__ = ["class_name", "number_text", "value_text"]


def class_name(value: Json) -> str:
    """Return the class that an error names."""
    match value:
        case None:
            return "null"
        case bool():
            return "java.lang.Boolean"
        case str():
            return "java.lang.String"
        case float():
            return "java.lang.Double"
        case int():
            return _integer_class(value)
    return "net.minidev.json.JSONArray" if isinstance(value, list) else "java.util.LinkedHashMap"


def _integer_class(number: int) -> str:
    if -(2**31) <= number < 2**31:
        return "java.lang.Integer"
    return "java.lang.Long" if -(2**63) <= number < 2**63 else "java.math.BigInteger"


def value_text(value: Json) -> str:
    """Return what ``toString`` gives: objects as ``{a=1}``, arrays as JSON, doubles as ``1.0E7``."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}={value_text(part)}' for name, part in value.items())}}}"
    if isinstance(value, list):
        return _json(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else _number_text(value)


def _json(value: Json) -> str:
    if isinstance(value, dict):
        return f"{{{','.join(f'{_json(name)}:{_json(part)}' for name, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    return dumps(value).replace("/", "\\/") if isinstance(value, str) else value_text(value)


def number_text(number: float) -> str:
    """Return a number as a BigDecimal writes it: doubles as ``100.0`` and ``1.0E+7``."""
    text = _number_text(number)
    return str(Decimal(text)) if "E" in text else text


def _number_text(number: float) -> str:
    if isinstance(number, int) or number == 0 or 1e-3 <= abs(number) < 1e7:
        return str(number)
    sign, (first, *rest), exponent = Decimal(repr(number)).normalize().as_tuple()
    fraction = "".join(map(str, rest)) or "0"
    return f"{'-' * sign}{first}.{fraction}E{int(exponent) + len(rest)}"
