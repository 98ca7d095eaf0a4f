"""EventBridge connections from a file: how HTTP tasks are authorized, and what is added to their requests.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asltool.errors import TasksError
from asltool.integrations.data_file import DataFile, text_of
from asltool.syntax.model import Pointer

__all__ = ["Connection", "Connections", "TokenRequest"]

_ARN = re.compile(r"arn:[^:]*:events:[^:]*:[^:]*:connection/(?P<name>[^/]+)(?:/.*)?")


@dataclass(frozen=True)
class TokenRequest:
    """The request for an OAuth connection's access token; ``form`` is the body."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True)
class Connection:
    """What a connection adds to a request; with ``oauth``, a token is requested first."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    oauth: TokenRequest | None = None


class Connections:
    """Connections by their ARNs or names."""

    def __init__(self, connections: Mapping[str, Any]) -> None:
        """Read connections: objects with ``AuthParameters``, as ``aws events create-connection`` takes them.

        Raises:
            TasksError: a connection has no or incomplete authorization parameters.
        """
        self._read(DataFile(json.dumps(connections, indent=2), "connections.json", TasksError))

    @classmethod
    def load(cls, path: str) -> Connections:
        """Read a JSON or YAML file: an object whose keys are the ARNs or names of connections.

        Raises:
            TasksError: the file is invalid.
            OSError: it cannot be read.
        """
        connections = cls({})
        connections._read(DataFile(text_of(Path(path), TasksError), path, TasksError))
        return connections

    def find(self, arn: str) -> Connection:
        """Return the connection with this ARN.

        Raises:
            TasksError: there is none.
        """
        match = _ARN.fullmatch(arn)
        found = self._connections.get(arn) or (match and self._connections.get(match["name"]))
        if not found:
            names = ", ".join(f'"{name}"' for name in sorted(self._connections)) or "none"
            raise TasksError(f'unknown connection "{arn}". existing connections: {names}')
        return found

    def _read(self, file: DataFile) -> None:
        self._connections = {name: _connection(file, (name, "AuthParameters")) for name in file.object(())}


def _connection(file: DataFile, at: Pointer) -> Connection:
    fields = file.object(at)
    headers, oauth = {}, None
    if "ApiKeyAuthParameters" in fields:
        key = (*at, "ApiKeyAuthParameters")
        headers = {_text(file, key, "ApiKeyName"): _text(file, key, "ApiKeyValue")}
    elif "BasicAuthParameters" in fields:
        basic = (*at, "BasicAuthParameters")
        pair = f"{_text(file, basic, 'Username')}:{_text(file, basic, 'Password')}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    elif "OAuthParameters" in fields:
        oauth = _token_request(file, (*at, "OAuthParameters"))
    else:
        raise file.wrong(at, "expected ApiKeyAuthParameters, BasicAuthParameters or OAuthParameters")
    added = _added(file, at, "InvocationHttpParameters")
    return Connection({**added[0], **headers}, *added[1:], oauth)


def _token_request(file: DataFile, at: Pointer) -> TokenRequest:
    client = (*at, "ClientParameters")
    headers, query, body = _added(file, at, "OAuthHttpParameters")
    form = {
        "grant_type": "client_credentials",
        "client_id": _text(file, client, "ClientID"),
        "client_secret": _text(file, client, "ClientSecret"),
        **body,
    }
    method, url = _text(file, at, "HttpMethod"), _text(file, at, "AuthorizationEndpoint")
    return TokenRequest(method, url, headers, query, form)


def _text(file: DataFile, at: Pointer, field: str) -> str:
    text = file.object(at).get(field)
    if not isinstance(text, str):
        hint = "describe-connection does not show secrets"
        raise file.wrong(at, f'expected the field "{field}", a string. {hint}')
    return text


def _added(file: DataFile, at: Pointer, field: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the headers, query and body that a parameters object adds."""
    headers, query, body = (
        _parameters(file, (*at, field), kind) if field in file.object(at) else {}
        for kind in ("HeaderParameters", "QueryStringParameters", "BodyParameters")
    )
    return headers, query, body


def _parameters(file: DataFile, at: Pointer, kind: str) -> dict[str, str]:
    """Return a list of Key-Value objects as one object."""
    listed = file.object(at).get(kind, [])
    if not isinstance(listed, list):
        raise file.wrong((*at, kind), "expected an array of objects with Key and Value")
    places: list[Pointer] = [(*at, kind, index) for index in range(len(listed))]
    return {_text(file, place, "Key"): _text(file, place, "Value") for place in places}
