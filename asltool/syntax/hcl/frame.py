"""The context of an expression: its text and the names it can refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from asltool.syntax.atlas import AtlasFile
from asltool.syntax.hcl.value import Value, unknown
from asltool.syntax.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Evaluator", "Given", "HclFrame", "World", "guessed", "named"]

Evaluator: TypeAlias = "Callable[[Node, HclFrame], Value]"


class Given(dict[str, Value]):
    """The variables passed to a template file; it records which of them are used."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.used.add(name)
        return super().__getitem__(name)


class World(Protocol):
    """What expressions can refer to: a Terraform module."""

    guesses: int
    """How often an unknown condition selected a string."""

    budget: list[int]
    """How many expressions may still be evaluated: loops inside loops have to end."""

    missing: list[Value]
    """What template files name that they are not given."""

    unused: list[Value]
    """The keys of variables that are given to template files, which do not use them."""

    def reference(self, root: str, steps: Sequence[str], place: tuple[int, int]) -> tuple[Value, int] | None:
        """Return the value that a reference begins with, and how many of its steps that takes."""

    def open(self, path: str) -> AtlasFile | None:
        """Return a file; None if it cannot be read."""

    def files(self, pattern: str) -> list[str]:
        """Return the files that match a pattern."""


@dataclass(frozen=True, slots=True)
class HclFrame:
    """The context of an expression: the text, what to subtract from node offsets, and the visible names.

    A template file sees only its ``names``; they are ``complete`` if all of them are known. ``evaluator``
    evaluates nested expressions.
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
        """Return the value of an expression in this context."""
        return self.evaluator(node, self)

    def place(self, node: Node) -> tuple[int, int]:
        return self.between(node.start_byte, node.end_byte)

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the position between two node offsets."""
        text, shift = self.text, self.shift
        last = len(text.characters)
        return text.place(min(max(0, start - shift), last), min(max(0, end - shift), last))

    def written(self, start: int, end: int) -> str:
        """Return the text between two node offsets."""
        return self.text.characters[max(0, start - self.shift) : max(0, end - self.shift)]

    def cut(self, start: int, end: int) -> Text:
        """Return the same text with its positions."""
        return self.text.cut(max(0, start - self.shift), max(0, end - self.shift))

    def within(self, **names: Value) -> HclFrame:
        inside = Given({**self.names, **names})
        inside.used = self.names.used if isinstance(self.names, Given) else inside.used
        return replace(self, names=inside)


def guessed(frame: HclFrame) -> None:
    frame.world.guesses += 1


def named(frame: HclFrame, nodes: Sequence[Node]) -> Value:
    """Return an unknown value for these nodes, named by their source text."""
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    return unknown(frame.written(start, end), *frame.between(start, end))
