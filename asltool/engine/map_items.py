"""The inputs of a map run's children: items, or results of ItemSelector, alone or in batches.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemselector.html and
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from asltool.engine.decisions import CompiledMachine
from asltool.engine.limits import LARGEST
from asltool.engine.map_io import Member, ReadItems
from asltool.engine.map_plan import Batching, MapPlan
from asltool.errors import DumpError
from asltool.expr.values import dumps

__all__ = ["Batcher", "Children", "Done", "Input", "Inputs", "ItemScope", "source_of"]


class ItemScope:
    """The `Environment` in which ItemSelector is evaluated for the current item.

    Random values are derived from the item's index and the map run's seed, so an item always gives the same
    input. ``source`` is the source of the items in the context object.
    """

    def __init__(
        self, value: Any, document: Any, variables: dict[str, Any], context: dict[str, Any], now: float
    ) -> None:
        self.input = value
        self.document = document
        self.variables = variables
        self.now = now
        self.seed = ""
        self.index = 0
        self.item: Any = None
        self.key: str | None = None
        self.source = source_of(None)
        self._context = context
        self._draws = 0

    def move(self, index: int, item: Any, key: str | None = None) -> None:
        """Move to this item; ``key`` is its name if the items are the members of an object."""
        self.index, self.item, self.key, self._draws = index, item, key, 0

    @property
    def context(self) -> dict[str, Any]:
        key = {} if self.key is None else {"Key": self.key}
        item = {"Index": self.index, **key, "Value": self.item, "Source": self.source}
        return {**self._context, "Map": {"Item": item}}

    def uniform(self) -> float:
        self._draws += 1
        return random.Random(f"{self.seed}/{self.index}/{self._draws}").random()


@dataclass(frozen=True, slots=True)
class Children:
    """What every child runs, and the compiled ItemSelector; None if items are not changed.

    ``label`` is the map run's part of the children's machine name.
    """

    machine: CompiledMachine
    timeout_seconds: int | None
    express: bool
    label: str
    select: Callable[[Any, Any], Any] | None


_MOST_CHILDREN = 1_000_000_000
"""More than any map run has."""

Input = tuple[int, int, Any]
"""(a child's index, from 0; how many items it has; its input)"""


class Done:
    """The children that had ended before, with their numbers of items, from a journal.

    One byte per child, so that there may be millions. Numbers of 255 and more are not distinguished.
    """

    def __init__(self, plan: MapPlan) -> None:
        self._items = bytearray()
        self._most = _MOST_CHILDREN if plan.items is None else len(plan.items)

    def note(self, index: int, items: int) -> bool:
        """Record that a child has ended; return whether this is new.

        Raises:
            DumpError: such a child is impossible.
        """
        if index >= self._most or items < 1:
            raise _other_items(index)
        if index < len(self._items) and self._items[index]:
            return False
        self._items.extend(bytes(max(0, index + 1 - len(self._items))))
        self._items[index] = min(items, 255)
        return True

    def has(self, index: int, items: int) -> bool:
        """Return whether this child had ended.

        Raises:
            DumpError: it had another number of items then.
        """
        if index >= len(self._items) or not self._items[index]:
            return False
        if self._items[index] != min(items, 255):
            raise _other_items(index)
        return True

    def check(self, many: int) -> None:
        """Report the number of children, once it is known.

        Raises:
            DumpError: other children than those had ended.
        """
        if len(self._items) > many:
            raise _other_items(len(self._items) - 1)


def _other_items(index: int) -> DumpError:
    return DumpError(
        "the journal of the map run does not match these items: "
        f"the end of child {index} does not fit. use another name"
    )


class Inputs:
    """Makes the children's inputs from items that arrive in pieces.

    Raises:
        EvaluationError: in `feed`: ItemSelector has no value for an item.
        DumpError: in `feed`: the children that had ended before do not match.
    """

    def __init__(self, plan: MapPlan, children: Children, scope: ItemScope, seed: int, done: Done) -> None:
        scope.seed, scope.source = f"{seed}/{plan.arn}", source_of(plan.reader)
        self._select, self._scope, self._keyed = children.select, scope, plan.keyed
        self._batcher = None if plan.batching is None else Batcher(plan.batching)
        self._done = done
        self._items = self._children = 0

    def feed(self, items: Iterable[Any], *, last: bool) -> Iterator[Input]:
        """Yield each child's input, except of those that had ended before; ``last``: no more items follow."""
        values, done = self._selected(items), self._done
        given = ((1, value) for value in values)
        for many, value in given if self._batcher is None else self._batcher.feed(values, last=last):
            index = self._children
            self._children += 1
            if not done.has(index, many):
                yield index, many, value
        if last:
            done.check(self._children)

    def _selected(self, items: Iterable[Any]) -> Iterator[Any]:
        select, scope, keyed = self._select, self._scope, self._keyed
        for read in items:
            is_member = type(read) is Member
            item = dict(read) if is_member else read
            if select is None:
                yield item
                continue
            scope.move(self._items, item, item["Key"] if is_member or keyed else None)
            self._items += 1
            yield select(scope.document, scope)


def source_of(reader: ReadItems | None) -> str:
    """Return ``$$.Map.Item.Source``: the object in S3 that is read, the bucket that is listed, or the input.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """
    if reader is None:
        return "STATE_DATA"
    bucket, key = (reader.arguments.get(name) for name in ("Bucket", "Key"))
    return f"S3://{bucket}" if key is None else f"S3://{bucket}/{key}"


class Batcher:
    """Groups items into batches, each with as many items as fit.

    An item too large for any batch gets its own, which then exceeds the service's payload limit.
    """

    def __init__(self, batching: Batching) -> None:
        self._batching = batching
        self._most = batching.max_items or 0
        self._room = min(batching.max_bytes or LARGEST, LARGEST) - _length(_batch([], batching))
        self._batch: list[Any] = []
        self._size = 0

    def feed(self, inputs: Iterable[Any], *, last: bool) -> Iterator[tuple[int, Any]]:
        """Yield (number of items, a child's input) for each full batch; ``last``: for the rest too."""
        for value in inputs:
            length = _length(value) + 1
            if self._batch and (len(self._batch) == self._most or self._size + length - 1 > self._room):
                yield self._take()
            self._batch.append(value)
            self._size += length
        if last and self._batch:
            yield self._take()

    def _take(self) -> tuple[int, Any]:
        batch, self._batch, self._size = self._batch, [], 0
        return len(batch), _batch(batch, self._batching)


def _length(value: Any) -> int:
    return len(dumps(value).encode(errors="surrogatepass"))


def _batch(items: list[Any], batching: Batching) -> dict[str, Any]:
    return {"Items": items} if batching.input is None else {"BatchInput": batching.input, "Items": items}
