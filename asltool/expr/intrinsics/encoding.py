"""The intrinsic functions that encode, decode and hash. Text is UTF-8; characters that UTF-8 cannot represent
become ``?``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re

from asltool.expr.environment import Json
from asltool.expr.intrinsics.registry import LIMIT, RefusedArguments, intrinsic
from asltool.expr.values import shown

__all__: list[str] = []

_FOREIGN = re.compile(r"[^A-Za-z0-9+/]")
_URL_SAFE = str.maketrans("-_", "+/")


@intrinsic("States.Base64Encode", "data")
def base64_encode(text: str) -> str:
    """Return the Base64 text, on one line."""
    import base64

    return base64.b64encode(_utf8(text)).decode()


@intrinsic("States.Base64Decode", "data")
def base64_decode(text: str) -> str:
    """Return the decoded Base64 text.

    The service is lenient: reading ends at the first ``=``, invalid characters are skipped, and padding is
    optional.
    """
    import base64

    body = _FOREIGN.sub("", text.partition("=")[0].translate(_URL_SAFE))
    if len(body) % 4 == 1:
        body = body[:-1]
    return base64.b64decode(body + "=" * (-len(body) % 4)).decode("utf-8", "replace")


@intrinsic("States.Hash", "any", "algorithm")
def hash_(data: Json, algorithm: str) -> str:
    """Return the hash of a string, or of the JSON text of another value, in lower-case hexadecimals."""
    import hashlib

    text = shown(data)
    if len(text) > LIMIT:
        raise RefusedArguments
    return hashlib.new(algorithm.replace("SHA-", "SHA"), _utf8(text), usedforsecurity=False).hexdigest()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
