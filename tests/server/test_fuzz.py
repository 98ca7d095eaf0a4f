"""The short form of `tests.server_fuzz`."""

from __future__ import annotations

from asltool.testing import server
from tests.server_fuzz import Fuzz


def test_malformed_requests_have_an_answer_in_the_shape_of_the_service() -> None:
    with server() as running:
        fuzz = Fuzz(running.url, seed=1)
        wrong = {number: problem for number in range(400) if (problem := fuzz.send(number))}
        broken = {number: problem for number in range(30) if (problem := fuzz.send_broken(number))}
        fuzz.close()
    assert wrong == {}
    assert broken == {}
    assert fuzz.codes.keys() >= {"200", "InvalidArn", "SerializationException", "ValidationException"}
