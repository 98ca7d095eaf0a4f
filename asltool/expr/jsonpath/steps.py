"""A parsed path: the steps that lead from a document to values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from asltool.expr.jsonpath.conditions import Condition

__all__ = [
    "Call",
    "Filter",
    "Indexes",
    "JsonText",
    "Names",
    "Query",
    "Scan",
    "Slice",
    "Step",
    "Wildcard",
    "inverted",
    "is_definite",
]


class Names(NamedTuple):
    """``.name``, ``['name']`` or ``['one','two']``; ``quote`` is the mark that was used."""

    names: tuple[str, ...]
    quote: str = "'"

    def __str__(self) -> str:
        return f"[{','.join(f'{self.quote}{name}{self.quote}' for name in self.names)}]"


class Indexes(NamedTuple):
    """``[0]`` or ``[0,-1]``; a negative index counts from the end."""

    indexes: tuple[int, ...]

    def __str__(self) -> str:
        return f"[{','.join(map(str, self.indexes))}]"


class Slice(NamedTuple):
    """``[start:stop]``, at least one of the two being there. Jayway reads no step."""

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


class Filter(NamedTuple):
    """``[?(condition)]``."""

    condition: Condition

    def __str__(self) -> str:
        return "[?]"


class Call(NamedTuple):
    """``.name(arguments)``; ``shown`` is how an error shows the arguments."""

    name: str
    arguments: tuple[Query | JsonText, ...]
    shown: str

    def __str__(self) -> str:
        return f".{self.name}{self.shown}"


Step: TypeAlias = Names | Indexes | Slice | Wildcard | Scan | Filter | Call


class Query(NamedTuple):
    """A path from ``$``, the document, or ``@``, the value that a filter looks at.

    ``starts`` are the offsets of the steps, and ``ignored`` is that of a last character that Jayway does not
    read, such as the ``[`` of ``$.a[``.
    """

    root: Literal["$", "@"]
    steps: tuple[Step, ...]
    starts: tuple[int, ...] = ()
    ignored: int | None = None

    @property
    def definite(self) -> bool:
        """Whether the path leads to one value, or to an error; otherwise it gives a list."""
        last = len(self.steps) - 1
        return all(is_definite(step, is_last=at == last) for at, step in enumerate(self.steps))

    def __str__(self) -> str:
        return self.root + "".join(map(str, self.steps))


def inverted(query: Query) -> Query:
    """Turn ``$..x.sum()`` into ``$.sum($..x)``, as Jayway does with a path from a scan to a call."""
    steps = query.steps
    if not steps or not isinstance(steps[0], Scan) or not isinstance(steps[-1], Call):
        return query
    at, call = next((at, step) for at, step in enumerate(steps) if isinstance(step, Call))
    argument = Query(query.root, steps[:at])
    inner = (Call(call.name, (argument,), call.shown), *steps[at + 1 :])
    return Query("$", inner, query.starts[at:], query.ignored)


def is_definite(step: Step, *, is_last: bool) -> bool:
    """Return whether a step leads to one value; several names at the end make one object."""
    match step:
        case Names(names):
            return is_last or len(names) == 1
        case Indexes(indexes):
            return len(indexes) == 1
        case _:
            return isinstance(step, Call)


class JsonText(NamedTuple):
    """A literal array, object or argument, as it is written."""

    text: str
