"""Names of services, errors and fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.integrations.aws import names
from asltool.integrations.aws.names import client_name, exception_name, field_name, service_name

CASES = Path(__file__).parents[2] / "cases" / "integrations" / "aws"
NAMES = yaml.safe_load((CASES / "names.yaml").read_text(encoding="utf-8"))
CLIENTS = botocore.session.Session().get_available_services()


@pytest.mark.parametrize(
    ("kind", "name"),
    [("services", service_name), ("exceptions", exception_name), ("fields", field_name)],
)
def test_names(kind: str, name: Any) -> None:
    assert {given: name(given) for given in NAMES[kind]} == NAMES[kind]


def test_clients() -> None:
    assert {name: client_name(name, CLIENTS) for name in NAMES["clients"]} == NAMES["clients"]


def test_every_client_can_be_named_in_one_way() -> None:
    renamed = names.RENAMED
    assert set(renamed.values()) <= set(CLIENTS)
    reached = [client_name(client.replace("-", ""), CLIENTS) for client in CLIENTS]
    assert {*reached, *renamed.values()} - {None} == set(CLIENTS)


@given(st.text())
@settings(derandomize=True, deadline=None, max_examples=200)
def test_any_text_has_names(text: str) -> None:
    assert exception_name(text).endswith("Exception")
    assert isinstance(service_name(text) + field_name(text), str)
    assert client_name(text, CLIENTS) in {None, *CLIENTS}
