"""The settings of a server."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PORT", "ServerSettings"]

PORT = 8083
"""The port of Step Functions Local."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The address and limits of a server.

    Args:
        port: 0 selects a free port. allow_hosts: host names accepted in requests, besides those of the
        loopback. allow_remote: whether ``host`` may be an address that other machines can reach. allow_reset:
        whether a POST to ``/_asltool/reset`` empties the server. max_body: the largest request body in bytes;
        the largest that the service accepts is a definition of 1 MiB.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    allow_hosts: tuple[str, ...] = ()
    allow_remote: bool = False
    allow_reset: bool = False
    max_body: int = 8 * 1024 * 1024
