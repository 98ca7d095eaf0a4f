"""JSONata functions with the behaviour of version 2.0.6, from which the engines differ.

Source: https://docs.jsonata.org/2.0.0/string-functions and the behaviour of jsonata-js 2.0.6; for Base64, one
report about the service.
"""

from __future__ import annotations

import math
import re
from typing import Final

from asltool.expr.environment import Json
from asltool.expr.jsonata.host import NOTHING, Arguments, FunctionHost, JsonataFunction, RefusedCall
from asltool.expr.jsonata.job import INTERNAL
from asltool.expr.values import dumps

__all__ = ["FUNCTIONS"]

_COMPONENT = "-_.!~*'()"
"""What `encodeURIComponent` leaves as it is, beside letters and digits."""

_RESERVED = ";,/?:@&=+$#"
"""What a URL is built with: `encodeURI` leaves it as it is, and `decodeURI` its escapes."""

_RESERVED_ESCAPE = re.compile(f"%(?={'|'.join(f'{ord(char):02X}' for char in _RESERVED)})", re.IGNORECASE)
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+|%")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_BASED_NUMBER = re.compile("0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_LIKE_BASED_NUMBER = re.compile("^0[xX][0-9A-Fa-f]|0[oO][0-7]|0[bB][01]+$")
"""What version 2.0.6 takes for such a number, by the precedence of its pattern; it may come to NaN."""

_ROMAN = re.compile("[IVXLCDM]*")

_NUMBER_WORDS: Final = frozenset(
    {
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"),
        *("thousand", "million", "billion", "trillion"),
        *("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
        *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
        *("seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth", "fortieth", "fiftieth"),
        *("sixtieth", "seventieth", "eightieth", "ninetieth", "hundredth", "thousandth", "millionth"),
        *("billionth", "trillionth"),
    }
)
_BETWEEN_WORDS = re.compile(r",\s|\sand\s|[\s\-]")


def _encode_url(arguments: Arguments, host: FunctionHost) -> Json:
    return _encoded(arguments, "encodeUrl", _COMPONENT + _RESERVED)


def _encode_url_component(arguments: Arguments, host: FunctionHost) -> Json:
    return _encoded(arguments, "encodeUrlComponent", _COMPONENT)


def _encoded(arguments: Arguments, name: str, safe: str) -> Json:
    from urllib.parse import quote

    if "text" not in arguments:
        return NOTHING
    try:
        return quote(arguments["text"], safe=safe)
    except UnicodeEncodeError:
        raise _malformed(name, arguments["text"]) from None


def _decode_url(arguments: Arguments, host: FunctionHost) -> Json:
    if "text" in arguments:
        arguments = {"text": _RESERVED_ESCAPE.sub("%25", arguments["text"])}
    return _decoded(arguments, "decodeUrl")


def _decode_url_component(arguments: Arguments, host: FunctionHost) -> Json:
    return _decoded(arguments, "decodeUrlComponent")


def _decoded(arguments: Arguments, name: str) -> Json:
    def decode(match: re.Match[str]) -> str:
        try:
            return bytes.fromhex(match[0][1:].replace("%", " ") or "not hexadecimal").decode()
        except ValueError:
            raise _malformed(name, arguments["text"]) from None

    return _ESCAPES.sub(decode, arguments["text"]) if "text" in arguments else NOTHING


def _malformed(name: str, text: str) -> RefusedCall:
    return RefusedCall(f"D3140: Malformed URL passed to ${name}(): {dumps(text)}")


def _base64decode(arguments: Arguments, host: FunctionHost) -> Json:
    """Return the decoded Base64 text; like Java, skip invalid characters and accept missing padding."""
    import base64

    if "text" not in arguments:
        return NOTHING
    text = arguments["text"]
    try:
        data = base64.b64decode(text if "=" in text else text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise RefusedCall(f"{INTERNAL}: the string is not Base64") from None
    return data.decode("utf-8", "replace")


def _number(arguments: Arguments, host: FunctionHost) -> Json:
    text = arguments["text"]
    if _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        if not number.is_integer():
            return number
        whole = host.number(int(text) if text.lstrip("-").isdigit() else int(number))
        host.ask()
        return whole
    if _BASED_NUMBER.fullmatch(text):
        return float(int(text, 0))
    if _LIKE_BASED_NUMBER.search(text):
        return math.nan
    raise RefusedCall(f"D3030: Unable to cast value to a number: {dumps(text)}")


def _parse_integer(arguments: Arguments, host: FunctionHost) -> Json:
    """Return NaN for invalid words and Roman numerals, which engines read differently, else null."""
    text, presentation = arguments["text"], arguments["picture"].partition(";")[0]
    if presentation in ("I", "i"):
        readable = _ROMAN.fullmatch(text.upper() if presentation == "i" else text) is not None
    elif presentation in ("w", "W", "Ww"):
        readable = _NUMBER_WORDS.issuperset(_BETWEEN_WORDS.split(text.lower()))
    else:
        readable = True
    return None if readable else math.nan


_NUMBER_BODY = '$type($text)="string"?$asl_number({"text":$text}).value:$own_number($text)'
_FROM_MILLIS_BODY = '$own_fromMillis($type($n)="number"?$n<0?$ceil($n):$floor($n):$n,$p,$z)'
_PARSE_INTEGER_BODY = (
    "$exists($text)and $exists($picture)"
    '?($nan:=$asl_parseInteger({"text":$text,"picture":$picture}).value;'
    "$nan=null?$own_parseInteger($text,$picture):$nan)"
    ":$own_parseInteger($text,$picture)"
)

FUNCTIONS: Final = {
    "base64decode": JsonataFunction(("text",), "<s-:s>", _base64decode),
    "decodeUrl": JsonataFunction(("text",), "<s-:s>", _decode_url),
    "decodeUrlComponent": JsonataFunction(("text",), "<s-:s>", _decode_url_component),
    "encodeUrl": JsonataFunction(("text",), "<s-:s>", _encode_url),
    "encodeUrlComponent": JsonataFunction(("text",), "<s-:s>", _encode_url_component),
    "fromMillis": JsonataFunction(("n", "p", "z"), "<n-s?s?:s>", None, _FROM_MILLIS_BODY, signed=False),
    "number": JsonataFunction(("text",), "<(nsb)-:n>", _number, _NUMBER_BODY, signed=False),
    "parseInteger": JsonataFunction(("text", "picture"), "<s-s:n>", _parse_integer, _PARSE_INTEGER_BODY),
}
