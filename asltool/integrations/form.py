"""URL encoding of a request's body, with arrays in the format that the task selects.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html#url-encode-request-body
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args
from urllib.parse import quote_plus

from asltool.expr.values import shown

__all__ = ["ARRAY_FORMATS", "ArrayFormat", "form_encoded"]

ArrayFormat = Literal["INDICES", "REPEAT", "COMMAS", "BRACKETS"]
ARRAY_FORMATS: tuple[ArrayFormat, ...] = get_args(ArrayFormat)


def form_encoded(value: dict[str, Any], arrays: ArrayFormat = "INDICES") -> str:
    """Return an object as ``name=value&...``; nested fields are named ``outer[inner]``.

    ``{"a": [1, 2]}`` is ``a[0]=1&a[1]=2`` with INDICES, ``a=1&a=2`` with REPEAT, ``a=1,2`` with COMMAS and
    ``a[]=1&a[]=2`` with BRACKETS, the brackets encoded.
    """
    return "&".join(
        f"{quote_plus(name)}={text}" for key, one in value.items() for name, text in _pairs(key, one, arrays)
    )


def _pairs(name: str, value: Any, arrays: ArrayFormat) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _pairs(f"{name}[{key}]", one, arrays)
    elif not isinstance(value, list):
        yield name, "" if value is None else quote_plus(shown(value))
    elif arrays == "COMMAS":
        yield name, ",".join(quote_plus(shown(one)) for one in value)
    else:
        for index, one in enumerate(value):
            inner = {"INDICES": f"{name}[{index}]", "REPEAT": name, "BRACKETS": f"{name}[]"}[arrays]
            yield from _pairs(inner, one, arrays)
