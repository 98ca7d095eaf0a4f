"""A parsed path: the segments that lead from a document to values, with the places where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from asltool.expr.jsonpath.regex import RegexPattern

__all__ = [
    "BLANKS",
    "Descendants",
    "ExistenceTest",
    "Filter",
    "FilterComparison",
    "FilterTest",
    "FromEnd",
    "Indexes",
    "NameSelector",
    "Operand",
    "Query",
    "RootSign",
    "Segment",
    "Slice",
    "Wildcard",
    "is_definite",
]

BLANKS = "".join(map(chr, range(33)))
"""What Java trims from the ends of a text."""


class NameSelector(NamedTuple):
    """``.name``, ``['name']`` or, at the end of a path, ``['one', 'two']``; also ``.length()``, a name."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "[" + ", ".join(f"'{name}'" for name in self.names) + "]"


class Indexes(NamedTuple):
    """``[0]`` or ``[0,2]``; past either end, so also below 0, stands null."""

    indexes: tuple[int, ...]

    def __str__(self) -> str:
        return f"[{','.join(map(str, self.indexes))}]"


class FromEnd(NamedTuple):
    """``[(@.length-1)]`` or ``[(@.size()-1)]``; ``offset`` is the -1."""

    offset: int

    def __str__(self) -> str:
        return f"[@.size(){self.offset}]"


class Slice(NamedTuple):
    """``[start:stop]``, at least one of the two being there. There is no step."""

    start: int | None
    stop: int | None

    def __str__(self) -> str:
        start, stop = ("" if bound is None else bound for bound in (self.start, self.stop))
        return f"[{start}:{stop}]"


class Wildcard:
    """``.*`` or ``[*]``."""

    def __str__(self) -> str:
        return "[*]"


class Descendants:
    """``..``: the next segment is applied at this value and everything inside it."""

    def __str__(self) -> str:
        return ".."


class RootSign:
    """A ``$`` after a segment, as in ``$..$ref``: it stays where it is, and the rest is a name."""

    def __str__(self) -> str:
        return "$"


class Operand(NamedTuple):
    """One side of a condition: what is written, where, and what it stands for.

    A string stands for everything that is neither a path nor a pattern: ``'x'`` for x, ``10`` for 10,
    ``"x"`` for itself with its quotes.
    """

    written: str
    start: int
    value: Query | str | RegexPattern


class FilterComparison(NamedTuple):
    """``left operator right``; ``at`` is the offset of the operator."""

    left: Operand
    operator: str
    right: Operand
    at: int


class ExistenceTest(NamedTuple):
    """``@.path``, or ``!@.path`` with ``wanted`` False."""

    operand: Operand
    wanted: bool


FilterTest: TypeAlias = FilterComparison | ExistenceTest


class Filter(NamedTuple):
    """``[?(condition)]``: all conditions of one of the alternatives hold. ``written`` is all of it."""

    alternatives: tuple[tuple[FilterTest, ...], ...]
    written: str

    def __str__(self) -> str:
        return "[?]"


Segment: TypeAlias = NameSelector | Indexes | FromEnd | Slice | Wildcard | Descendants | RootSign | Filter


class Query(NamedTuple):
    """A path from ``$``, the document, or ``@``, the value that a filter looks at.

    ``starts`` are the offsets of the segments in the whole text.
    """

    root: Literal["$", "@"]
    segments: tuple[Segment, ...]
    starts: tuple[int, ...] = ()

    @property
    def definite(self) -> bool:
        """Whether the path leads to one value, or to an error; otherwise it gives a list."""
        return all(map(is_definite, self.segments))

    def __str__(self) -> str:
        return self.root + "".join(map(str, self.segments))


def is_definite(segment: Segment) -> bool:
    """Return whether a segment leads to one value; several names make one object."""
    return isinstance(segment, NameSelector | FromEnd | RootSign) or (
        isinstance(segment, Indexes) and len(segment.indexes) == 1
    )
