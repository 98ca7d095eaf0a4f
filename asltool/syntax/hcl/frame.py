"""Where an expression stands, and what it sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from asltool.syntax.atlas import Source
from asltool.syntax.hcl.value import Value, unknown
from asltool.syntax.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Evaluator", "Given", "HclFrame", "World", "guessed", "named"]

Evaluator: TypeAlias = "Callable[[Node, HclFrame], Value]"


class Given(dict[str, Value]):
    """The variables that a template file is given, with a note of those that it uses."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.used.add(name)
        return super().__getitem__(name)


class World(Protocol):
    """What expressions may refer to: a module of Terraform."""

    guesses: int
    """How often an unknown condition selected a string."""

    budget: list[int]
    """How many expressions may still be evaluated: loops inside loops have to end."""

    missing: list[Value]
    """What template files name that they are not given."""

    unused: list[Value]
    """The keys of variables that are given to template files, which do not use them."""

    def reference(self, root: str, steps: Sequence[str], place: tuple[int, int]) -> tuple[Value, int] | None:
        """Return the value that a reference begins with, and how many of its steps lead there."""

    def open(self, path: str) -> Source | None:
        """Return a file, None where there is none that can be read."""

    def files(self, pattern: str) -> list[str]:
        """Return the files that match a pattern."""


@dataclass(frozen=True, slots=True)
class HclFrame:
    """Where an expression stands: the text, what to take off its nodes' offsets, and the names it sees.

    A template file sees nothing but its ``names``; they are ``complete`` if all of them are known.
    ``evaluator`` evaluates the expressions inside another one.
    """

    text: Text
    world: World
    names: Mapping[str, Value]
    evaluator: Evaluator
    shift: int = 0
    alone: bool = False
    depth: int = 0
    complete: bool = False

    def value(self, node: Node) -> Value:
        """Return the value of an expression that stands here."""
        return self.evaluator(node, self)

    def place(self, node: Node) -> tuple[int, int]:
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the place between two offsets of nodes."""
        text, shift = self.text, self.shift
        last = len(text.characters)
        return text.place(min(max(0, start - shift), last), min(max(0, end - shift), last))

    def written(self, start: int, end: int) -> str:
        """Return the text between two offsets of nodes."""
        return self.text.characters[max(0, start - self.shift) : max(0, end - self.shift)]

    def cut(self, start: int, end: int) -> Text:
        """Return the same with its places."""
        return self.text.cut(max(0, start - self.shift), max(0, end - self.shift))

    def within(self, **names: Value) -> HclFrame:
        inside = Given({**self.names, **names})
        inside.used = self.names.used if isinstance(self.names, Given) else inside.used
        return replace(self, names=inside)


def guessed(frame: HclFrame) -> None:
    frame.world.guesses += 1


def named(frame: HclFrame, nodes: Sequence[Node]) -> Value:
    """Return the unknown value of these nodes, under the name they are written with."""
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    return unknown(frame.written(start, end), *frame.between(start, end))
