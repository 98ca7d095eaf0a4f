"""Definitions in the database: they are found by their hash, which also shows whether they are intact."""

from __future__ import annotations

import hashlib
import json

__all__ = ["hash_of", "loaded"]


def hash_of(text: str) -> str:
    """Return the hash that identifies a definition."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def loaded(kept: tuple[str, str]) -> str:
    """Return a definition, given its hash and its JSON text, which may have unpaired surrogates.

    Raises:
        ValueError: the definition is damaged.
    """
    digest, dumped = kept
    text: str = json.loads(dumped)
    if hash_of(text) != digest:
        raise ValueError("the hash does not hold")
    return text
