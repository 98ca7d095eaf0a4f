"""IP addresses and ranges in event patterns."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any, TypeAlias

__all__ = ["Address", "address_of", "in_cidr"]

_V4 = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_V6 = re.compile(r"[0-9a-fA-F:]*:[0-9a-fA-F:]*")
_MASK = re.compile(r"[+-]?[0-9]{1,9}")

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


def address_of(text: Any) -> Address | None:
    """Return the address in a string; None if the value is not an address or not a string.

    Leading zeros in IPv4 parts are ignored, and IPv6 zones are not supported.
    """
    if not isinstance(text, str):
        return None
    try:
        if _V4.fullmatch(text):
            return ipaddress.IPv4Address(bytes(int(part[-9:]) for part in text.split(".")))
        return ipaddress.IPv6Address(text) if _V6.fullmatch(text) else None
    except ValueError:
        return None


def in_cidr(text: str) -> Callable[[Any], bool]:
    """Return a test for addresses in a range such as ``10.0.0.0/24``.

    Raises ValueError in event-ruler's words.
    """
    base, *masks = text.removesuffix("/").split("/")
    if len(masks) != 1:
        raise ValueError("Malformed CIDR, one '/' required")
    if not _MASK.fullmatch(masks[0]):
        raise ValueError("Malformed CIDR, mask bits must be an integer")
    bits = int(masks[0])
    if bits < 0:
        raise ValueError("Malformed CIDR, mask bits must not be negative")
    first = address_of(base)
    if first is None:
        looks_right = _V4.fullmatch(base) or _V6.fullmatch(base)
        raise ValueError(f"{'Invalid' if looks_right else 'Nonstandard'} IP address: {base}")
    if bits >= first.max_prefixlen:
        raise ValueError(f"IPv{first.version} mask bits must be < {first.max_prefixlen}")
    shift = first.max_prefixlen - bits
    network = int(first) >> shift

    def test(leaf: Any) -> bool:
        address = address_of(leaf)
        return address is not None and address.version == first.version and int(address) >> shift == network

    return test
