"""The bytes of a file as text."""

from __future__ import annotations

from asltool.errors import DefinitionError

__all__ = ["decode"]


def decode(data: bytes, path: str) -> str:
    """Return the text of a file; ``path`` is its name in error messages.

    Raises:
        DefinitionError: the bytes are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path} is not UTF-8: byte {error.start} cannot be read") from None
