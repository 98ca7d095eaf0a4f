"""Access rules of a server: its host names, the pages that may call it, and the size of a body.

A page of any site can make a browser send requests to the loopback address. But it cannot choose the Host and
Origin headers that the browser sends.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

__all__ = ["Guard", "is_loopback", "split_host"]

_PREFIX = "sync-"
"""What AWS clients put before the host of StartSyncExecution and TestState."""


class Guard:
    """Decides whether a request is rejected. ``allowed`` are host names besides those of the loopback."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = {name.lower().rstrip(".") for name in allowed}

    def refusal(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return why a request with these headers is rejected; None if it is accepted.

        Header names are in lower case.
        """
        authority = headers.get(b"host", b"").decode("latin-1")
        host = split_host(authority)
        if not self._is_own(host):
            return f'the host "{host}" is not allowed. start the server with --allow-host {host or "NAME"}'
        origin = headers.get(b"origin")
        if origin is not None and not self._is_same(origin.decode("latin-1"), authority):
            return "requests of other origins are refused"
        return None

    def _is_own(self, host: str) -> bool:
        bare = host.removeprefix(_PREFIX)
        return is_loopback(host) or is_loopback(bare) or host in self._allowed or bare in self._allowed

    def _is_same(self, origin: str, authority: str) -> bool:
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() == authority.lower()


def split_host(authority: str) -> str:
    """Return the host of ``host:port`` in lower case, without the brackets of an IPv6 address."""
    text = authority.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host = text.rpartition(":")[0] if text.count(":") == 1 else text
    return host.rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether a name or an address is a loopback address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
