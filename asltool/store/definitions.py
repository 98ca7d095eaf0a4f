"""Definitions as the database has them: found by their hash, which shows whether they are whole."""

from __future__ import annotations

import hashlib
import json

__all__ = ["hash_of", "loaded"]


def hash_of(text: str) -> str:
    """Return the hash that identifies a definition."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def loaded(kept: tuple[str, str]) -> str:
    """Return a definition from its hash, and its text as JSON, which may have unpaired surrogates.

    Raises:
        ValueError: it is damaged.
    """
    digest, dumped = kept
    text: str = json.loads(dumped)
    if hash_of(text) != digest:
        raise ValueError("the hash does not hold")
    return text
