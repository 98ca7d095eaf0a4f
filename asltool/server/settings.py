"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PORT", "ServerSettings"]

PORT = 8083
"""The port of Step Functions Local."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server is reached.

    Args:
        port: 0 takes a free one.
        allow_hosts: names that requests may call this server by, beside those of the loopback.
        allow_remote: whether ``host`` may be an address that other machines reach.
        allow_reset: whether a POST to ``/_asltool/reset`` empties the server.
        max_body: bytes of a request's body; the largest that the service takes is a definition of 1 MiB.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    allow_hosts: tuple[str, ...] = ()
    allow_remote: bool = False
    allow_reset: bool = False
    max_body: int = 8 * 1024 * 1024
