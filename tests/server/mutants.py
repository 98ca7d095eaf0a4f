"""Requests made at random along the service's model, and broken: members, JSON, headers."""

from __future__ import annotations

import json
import random
from typing import Any

from tests.service.test_malformed import Maker

__all__ = ["Mutants"]

_TEXTS = [
    *("", "\x00", "\ud800", "\udfff\ud800", "é" * 500, "\U0001f600" * 90, "x" * 300_000, "../../etc/passwd"),
    *("{" * 50_000, "[" * 50_000, '"' * 999, "%s%n", "{% $ %}", "$.a", "\u2028", "1e999", "NaN", "a\r\nb: c"),
]
_VALUES: list[Any] = [None, True, 0, -1, 2**63, 10**400, 0.1, [], {}, [[[[]]]], {"": {"": None}}]

_TARGETS = [
    *(
        b"",
        b"StartExecution",
        b"AWSStepFunctions.",
        b"AWSStepFunctions.Nothing",
        b"AWSStepFunctions.startexecution",
    ),
    *(b"AWSStepFunctions.StartExecution.x", b"DynamoDB_20120810.ListTables", b"\xff\xfe", b"A" * 5000),
    *(b"AWSStepFunctions.__class__", b"AWSStepFunctions.call"),
]
_AUTHORIZATIONS = [
    *(b"", b"AWS4-HMAC-SHA256", b"AWS4-HMAC-SHA256 Credential=", b"Bearer \xff", b"Credential=" + b"/" * 500),
    b"AWS4-HMAC-SHA256 Credential=123456789012/20200101/eu-west-1/states/aws4_request, Signature=",
    b"AWS4-HMAC-SHA256 Credential=1234567890123/20200101/xx/states/aws4_request",
]
_OTHERS = [
    *(b"Content-Type: text/plain", b"Content-Type: \xff", b"X-Amz-Date: never", b"Accept-Encoding: gzip"),
    *(b"Content-Encoding: gzip", b"Expect: 100-continue", b"Cookie: " + b"c" * 3000),
]


class Mutants:
    """Requests as bytes, each by its ``number``: the same for the same seed."""

    def __init__(self, seed: int, operations: list[str], inputs: dict[str, str]) -> None:
        self._seed = seed
        self._operations = operations
        self._inputs = inputs

    def request(self, number: int) -> bytes:
        """Return a whole HTTP request; its length is right, so that a connection can go on after it."""
        chance = random.Random(f"{self._seed} {number}")
        operation = self._operations[number % len(self._operations)]
        body = self._body(chance, operation)
        target = f"AWSStepFunctions.{operation}".encode()
        if chance.random() < 0.05:
            target = chance.choice(_TARGETS)
        lines = [b"POST / HTTP/1.1", b"Host: 127.0.0.1", b"X-Amz-Target: " + target]
        if chance.random() < 0.2:
            lines.append(b"Authorization: " + chance.choice(_AUTHORIZATIONS))
        if chance.random() < 0.2:
            lines.append(chance.choice(_OTHERS))
        lines.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join([*lines, b"", body])

    def _body(self, chance: random.Random, operation: str) -> bytes:
        maker = Maker(0)
        maker.random = chance
        request = maker.value(self._inputs[operation])
        if chance.random() < 0.5:
            request = self._changed(chance, request)
        body = json.dumps(request, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass")
        return self._broken(chance, body) if chance.random() < 0.15 else body

    def _changed(self, chance: random.Random, value: Any) -> Any:
        """Return a value with one part of it replaced, added or taken away."""
        if isinstance(value, dict) and value and chance.random() < 0.8:
            key = chance.choice(sorted(value))
            changed = {**value, key: self._changed(chance, value[key])}
            return {**changed, chance.choice(_TEXTS)[:900]: 1} if chance.random() < 0.1 else changed
        if isinstance(value, list) and value and chance.random() < 0.6:
            return [self._changed(chance, value[0]), *value[1:]]
        return chance.choice([chance.choice(_TEXTS), chance.choice(_VALUES)])

    def _broken(self, chance: random.Random, body: bytes) -> bytes:
        """Return a body that is most often not JSON any more."""
        place = chance.randrange(len(body) + 1)
        noise = bytes(chance.randrange(256) for _ in range(chance.randrange(8)))
        return chance.choice(
            [
                *(
                    body[:place],
                    body[:place] + noise + body[place:],
                    b"",
                    b"null",
                    b"\xef\xbb\xbf" + body,
                    b"[]",
                ),
                *(
                    body + body,
                    body.decode("utf-8", "replace").encode("utf-16"),
                    b"NaN",
                    b"[" * 100_000,
                    b'{"a":' * 9999,
                ),
            ]
        )
