"""Pages of listings. A token is opaque, says where the next page begins, and expires after 24 hours.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from asltool.service.errors import ServiceError
from asltool.store.port import StoredDocument

__all__ = ["Page", "by_key"]

_DEFAULT = 100
_LIFETIME = 24 * 60 * 60
"""In seconds."""

K = TypeVar("K", int, str)
T = TypeVar("T")


class Page(Generic[K]):
    """The page of a listing that a request asks for: at most ``size`` rows, after ``after``.

    Args:
        listing: the name of the list in the response.
        key: the type of the row keys in tokens.

    Raises:
        ServiceError: InvalidToken: the token is damaged or expired, or belongs to another listing.
    """

    def __init__(self, listing: str, key: type[K], request: Mapping[str, Any], now: float) -> None:
        self.size: int = request.get("maxResults") or _DEFAULT
        self._key: type[K] = key
        self._listing, self._now = listing, now
        others = {name: request[name] for name in sorted(request) if name not in ("maxResults", "nextToken")}
        self._digest = hashlib.sha256(json.dumps([listing, others]).encode()).hexdigest()[:16]
        self.after: K | None = self._read(request["nextToken"]) if "nextToken" in request else None

    def answer(self, rows: Sequence[T], shown: Callable[[T], Any], key: Callable[[T], K]) -> dict[str, Any]:
        """Return a response; if there is one row more than the page's size, there is a next page."""
        response: dict[str, Any] = {self._listing: [shown(row) for row in rows[: self.size]]}
        if len(rows) > self.size:
            token = json.dumps([self._digest, int(self._now), key(rows[self.size - 1])])
            response["nextToken"] = base64.urlsafe_b64encode(token.encode()).decode()
        return response

    def _read(self, token: str) -> K:
        try:
            digest, issued, after = json.loads(base64.urlsafe_b64decode(token.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            raise _invalid() from None
        known = digest == self._digest and type(issued) is int and type(after) is self._key
        if not known or self._now - issued >= _LIFETIME:
            raise _invalid()
        return after  # type: ignore[no-any-return]  # its type has just been checked


def by_key(documents: Sequence[StoredDocument], page: Page[str]) -> list[StoredDocument]:
    """Return the documents of a page, ordered by key, and one more if there is one."""
    ordered = sorted(documents, key=attrgetter("key"))
    return [each for each in ordered if page.after is None or each.key > page.after][: page.size + 1]


def _invalid() -> ServiceError:
    return ServiceError("InvalidToken", "Invalid Token: 'Invalid token'")
