"""The intrinsic functions for JSON data.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from asltool.expr.environment import Json
from asltool.expr.intrinsics.registry import RefusedArguments, intrinsic
from asltool.expr.values import dumps, loads

__all__: list[str] = []


@intrinsic("States.JsonMerge", "object", "object", "shallow")
def json_merge(left: dict[str, Json], right: dict[str, Json], _deep: Json) -> dict[str, Json]:
    """Return the fields of both objects; if both have a field, the right object's value is used."""
    return {**left, **right}


@intrinsic("States.JsonToString", "any")
def json_to_string(value: Json) -> str:
    """Return the JSON text, without spaces."""
    return dumps(value)


@intrinsic("States.StringToJson", "string")
def string_to_json(text: str) -> Json:
    """Return the value of a JSON text; a blank text gives ``null``."""
    if not text.strip(" \t\r\n"):
        return None
    try:
        return loads(text)
    except ValueError as error:
        raise RefusedArguments(
            f"Cannot convert String to Json in States.StringToJson, caused by: {error}"
        ) from error
