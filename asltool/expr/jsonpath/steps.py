"""A parsed path: the steps that lead from a document to values, with the places where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from asltool.expr.jsonpath.regex import Pattern

__all__ = [
    "BLANKS",
    "Again",
    "Comparison",
    "Condition",
    "Exists",
    "Filter",
    "FromEnd",
    "Indexes",
    "Names",
    "Operand",
    "Query",
    "Scan",
    "Slice",
    "Step",
    "Wildcard",
    "is_definite",
]

BLANKS = "".join(map(chr, range(33)))
"""What Java trims from the ends of a text."""


class Names(NamedTuple):
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


class Scan:
    """``..``: the next step is taken at this value and everything inside it."""

    def __str__(self) -> str:
        return ".."


class Again:
    """A ``$`` after a step, as in ``$..$ref``: it stays where it is, and the rest is a name."""

    def __str__(self) -> str:
        return "$"


class Operand(NamedTuple):
    """One side of a condition: what is written, where, and what it stands for.

    A string stands for everything that is neither a path nor a pattern: ``'x'`` for x, ``10`` for 10,
    ``"x"`` for itself with its quotes.
    """

    written: str
    start: int
    value: Query | str | Pattern


class Comparison(NamedTuple):
    """``left operator right``; ``at`` is the offset of the operator."""

    left: Operand
    operator: str
    right: Operand
    at: int


class Exists(NamedTuple):
    """``@.path``, or ``!@.path`` with ``wanted`` False."""

    operand: Operand
    wanted: bool


Condition: TypeAlias = Comparison | Exists


class Filter(NamedTuple):
    """``[?(condition)]``: all conditions of one of the alternatives hold. ``written`` is all of it."""

    alternatives: tuple[tuple[Condition, ...], ...]
    written: str

    def __str__(self) -> str:
        return "[?]"


Step: TypeAlias = Names | Indexes | FromEnd | Slice | Wildcard | Scan | Again | Filter


class Query(NamedTuple):
    """A path from ``$``, the document, or ``@``, the value that a filter looks at.

    ``starts`` are the offsets of the steps in the whole text.
    """

    root: Literal["$", "@"]
    steps: tuple[Step, ...]
    starts: tuple[int, ...] = ()

    @property
    def definite(self) -> bool:
        """Whether the path leads to one value, or to an error; otherwise it gives a list."""
        return all(map(is_definite, self.steps))

    def __str__(self) -> str:
        return self.root + "".join(map(str, self.steps))


def is_definite(step: Step) -> bool:
    """Return whether a step leads to one value; several names make one object."""
    return isinstance(step, Names | FromEnd | Again) or (isinstance(step, Indexes) and len(step.indexes) == 1)
