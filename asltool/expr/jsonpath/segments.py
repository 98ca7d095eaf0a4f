"""A parsed path: the segments that lead from a document to values, with their positions in the text."""

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
    """``[0]`` or ``[0,2]``; an index out of range, including a negative one, gives null."""

    indexes: tuple[int, ...]

    def __str__(self) -> str:
        return f"[{','.join(map(str, self.indexes))}]"


class FromEnd(NamedTuple):
    """``[(@.length-1)]`` or ``[(@.size()-1)]``; ``offset`` is the -1."""

    offset: int

    def __str__(self) -> str:
        return f"[@.size(){self.offset}]"


class Slice(NamedTuple):
    """``[start:stop]``, with at least one of the two. There is no step."""

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
    """A ``$`` after a segment, as in ``$..$ref``: it keeps the current value, and the rest is a name."""

    def __str__(self) -> str:
        return "$"


class Operand(NamedTuple):
    """One side of a condition: its text, position and meaning.

    Everything that is neither a path nor a pattern is a string: ``'x'`` for x, ``10`` for 10,
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
    """``[?(condition)]``: matches if all conditions of one alternative do. ``written`` is the text."""

    alternatives: tuple[tuple[FilterTest, ...], ...]
    written: str

    def __str__(self) -> str:
        return "[?]"


Segment: TypeAlias = NameSelector | Indexes | FromEnd | Slice | Wildcard | Descendants | RootSign | Filter


class Query(NamedTuple):
    """A path from ``$``, the document, or ``@``, the value that a filter checks.

    ``starts`` are the offsets of the segments in the whole text.
    """

    root: Literal["$", "@"]
    segments: tuple[Segment, ...]
    starts: tuple[int, ...] = ()

    @property
    def definite(self) -> bool:
        """Whether the path gives one value or an error; otherwise it gives a list."""
        return all(map(is_definite, self.segments))

    def __str__(self) -> str:
        return self.root + "".join(map(str, self.segments))


def is_definite(segment: Segment) -> bool:
    """Return whether a segment leads to one value; several names give one object."""
    return isinstance(segment, NameSelector | FromEnd | RootSign) or (
        isinstance(segment, Indexes) and len(segment.indexes) == 1
    )
