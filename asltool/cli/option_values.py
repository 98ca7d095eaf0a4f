"""Groups of options that reach a command as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

__all__ = ["with_value"]

_F = TypeVar("_F", bound=Callable[..., None])


def with_value(
    command: _F, options: Sequence[Callable[[Any], Any]], take: Callable[[dict[str, Any]], Mapping[str, Any]]
) -> _F:
    """Return the command with these options, in their order in the help.

    ``take`` removes their values from the arguments, and returns the arguments to pass in their place.
    """

    @wraps(command)
    def with_options(*arguments: Any, **given: Any) -> None:
        command(*arguments, **take(given), **given)

    found = cast(_F, with_options)
    for option in reversed(options):
        found = option(found)
    return found
