"""What the children of a map run are given: items, or what ItemSelector makes of them, alone or in batches.

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
from asltool.engine.map_io import Ended, Member, ReadItems
from asltool.engine.map_plan import Batching, MapPlan
from asltool.errors import DumpError
from asltool.expr.values import dumps

__all__ = ["Batcher", "Children", "Done", "Input", "Inputs", "ItemScope", "source_of"]


class ItemScope:
    """What ItemSelector sees of the Map state: the `Environment` of the item it is at.

    Its chance is drawn from the item's index and the map run's seed, so that an item is always given the same
    input. ``source`` says where the items come from, in the context object's words.
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
        """Go on to this item; ``key`` is its name where the items are the members of an object."""
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
    """What every child runs, and what ItemSelector makes of an item; None where the item stays as it is.

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
    """Which children had ended before, with how many items each, as a journal has it.

    A byte a child, so that there may be millions. Numbers of 255 and more are not told apart.
    """

    def __init__(self, plan: MapPlan) -> None:
        self._items = bytearray()
        self._most = _MOST_CHILDREN if plan.items is None else len(plan.items)

    def note(self, child: Ended) -> bool:
        """Note that it has ended; return whether that was not known.

        Raises:
            DumpError: there can be no such child.
        """
        if child.index >= self._most or child.items < 1:
            raise _other_items(child.index)
        if child.index < len(self._items) and self._items[child.index]:
            return False
        self._items.extend(bytes(max(0, child.index + 1 - len(self._items))))
        self._items[child.index] = min(child.items, 255)
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
        """Hear how many children there are, once that is known.

        Raises:
            DumpError: others than those had ended.
        """
        if len(self._items) > many:
            raise _other_items(len(self._items) - 1)


def _other_items(index: int) -> DumpError:
    return DumpError(
        "the journal of the map run is of other items than these: "
        f"it has an end of child {index} that does not fit. begin under another name"
    )


class Inputs:
    """Makes what children are given, from items that come in pieces.

    Raises:
        EvaluationError: in `feed`: ItemSelector has no value for an item.
        DumpError: in `feed`: others had ended before than there are.
    """

    def __init__(self, plan: MapPlan, children: Children, scope: ItemScope, seed: int, done: Done) -> None:
        scope.seed, scope.source = f"{seed}/{plan.arn}", source_of(plan.reader)
        self._select, self._scope, self._keyed = children.select, scope, plan.keyed
        self._batcher = None if plan.batching is None else Batcher(plan.batching)
        self._done = done
        self._items = self._children = 0

    def feed(self, items: Iterable[Any], *, last: bool) -> Iterator[Input]:
        """Yield what each child is given, but for those that had ended before; ``last``: no more come."""
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
    """Puts items together in batches, each with as many items as fit.

    An item too large for any batch has one of its own, which the service's limit on payloads then meets.
    """

    def __init__(self, batching: Batching) -> None:
        self._batching = batching
        self._most = batching.max_items or 0
        self._room = min(batching.max_bytes or LARGEST, LARGEST) - _length(_batch([], batching))
        self._batch: list[Any] = []
        self._size = 0

    def feed(self, inputs: Iterable[Any], *, last: bool) -> Iterator[tuple[int, Any]]:
        """Yield (how many items, the input of a child) for each batch that is full; ``last``: for all."""
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
