"""The bodies of Terraform's blocks as values: attributes, and the blocks inside.

Source: https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from asltool.syntax.hcl.frame import World
from asltool.syntax.hcl.value import Unknown, Value, object_of, plain, unknown
from asltool.syntax.sources.terraform_blocks import Block

__all__ = ["MOST_INSTANCES", "Computed", "body_of", "known_instances", "pairs_of", "with_computed"]

MOST_INSTANCES = 200

Computed: TypeAlias = Callable[[str, str, Mapping[str, Any]], Mapping[str, str]]
"""From the address, the type and the attributes of a resource to attributes that the deployment adds."""


def pairs_of(each: Value, name: str) -> list[tuple[Value, Value]]:
    """Return the keys and values of a ``for_each``: one pair, of unknown values, where that is unknown."""
    if isinstance(each.data, dict):
        return list(each.data.values())[:MOST_INSTANCES]
    if isinstance(each.data, list):
        return [(item, item) for item in each.data if isinstance(item.data, str)][:MOST_INSTANCES]
    key, value = (unknown(f"{name}.{part}", each.start, each.end) for part in ("key", "value"))
    return [(key, value)]


def body_of(block: Block, world: World, names: Mapping[str, Value]) -> Value:
    """Return a block as an object."""
    members = {
        name: (Value(name, *expression.place), expression.evaluate(world, names))
        for name, expression in block.attributes.items()
    }
    lists: defaultdict[str, list[Value]] = defaultdict(list)
    for inner in block.inner:
        if inner.kind == "dynamic" and inner.labels:
            lists[inner.labels[0]] += _dynamic(inner, world, names)
        else:
            lists[inner.kind].append(body_of(inner, world, names))
    for name, bodies in lists.items():
        place = bodies[0].start if bodies else block.place[0], bodies[0].end if bodies else block.place[1]
        members[name] = (Value(name, *place), Value(bodies, *place))
    return Value(members, *block.place)


def _dynamic(block: Block, world: World, names: Mapping[str, Value]) -> Iterator[Value]:
    """Yield what a ``dynamic`` block makes of its content."""
    each = block.attributes.get("for_each")
    content = next((inner for inner in block.inner if inner.kind == "content"), None)
    if each is None or content is None:
        return
    given = block.attributes.get("iterator")
    name = block.labels[0] if given is None else _name(plain(given.evaluate(world, names)))
    value = each.evaluate(world, names)
    items = value.data if isinstance(value.data, list) else None
    pairs = pairs_of(value, name) if items is None else [(item, item) for item in items]
    for key, item in pairs:
        yield body_of(content, world, {**names, name: object_of(value, key=key, value=item)})


def _name(iterator: Any) -> str:
    """Return the name of an iterator, which is written like a reference."""
    return str(iterator).removeprefix("${").removesuffix("}")


def known_instances(block: Block, found: Sequence[tuple[Value, Value]]) -> Value | None:
    """Return what a reference to a resource stands for: an object, or a list or an object of its instances.

    ``found`` are the keys and the attributes of the instances.
    """
    if "count" in block.attributes:
        return Value([body for _, body in found], *block.place)
    if "for_each" not in block.attributes:
        return found[0][1] if found else None
    if any(isinstance(key.data, Unknown) for key, _ in found):
        return None
    return Value({str(key.data): (key, body) for key, body in found}, *block.place)


def with_computed(body: Value, added: Mapping[str, str]) -> Value:
    """Return the attributes of a resource with what only the deployment adds."""
    place = body.start, body.end
    members = {name: (Value(name, *place), Value(text, *place)) for name, text in added.items()}
    return Value({**body.data, **members}, *place)
