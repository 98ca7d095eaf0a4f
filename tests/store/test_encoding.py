"""What the store writes, with orjson and without it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asltool.expr.values import dumps
from asltool.store import encoding
from asltool.store.encoding import encode, same

VALUES: list[Any] = [
    {"b": [1, -0.0, 1e-7, 1e22, None, True, "ü\n"], "a": ()},
    2**63,
    2**64,
    -(10**30),
    "\ud800",
    [[[]]],
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_both_write_the_same_value(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = encode(value)
    monkeypatch.setattr(encoding, "_quick", None)
    plain = encode(value)
    assert plain == dumps(value).encode("utf-8", "surrogatepass")
    texts = [text.decode("utf-8", "surrogatepass") for text in (quick, plain)]
    assert [repr(json.loads(text)) for text in texts] == [repr(json.loads(texts[1]))] * 2
    monkeypatch.undo()
    assert same(plain, value)
    assert not same(plain, [value])


def test_a_boolean_is_not_a_number() -> None:
    assert not same(b"[1]", [True])
    assert not same(b"[1]", [1.0])


def test_what_is_nested_deeply_is_written() -> None:
    value: list[Any] = []
    for _ in range(400):
        value = [value]
    assert encode(value) == b"[" * 401 + b"]" * 401
