"""The blocks of Terraform files, in HCL (``.tf``, ``.tofu``) and in JSON (``.tf.json``).

Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from asltool.syntax.atlas import AtlasFile
from asltool.syntax.hcl.evaluate import frame_of
from asltool.syntax.hcl.frame import HclFrame, World
from asltool.syntax.hcl.templates import pieces_of
from asltool.syntax.hcl.tree import broken_at, file_tree, template_tree
from asltool.syntax.hcl.value import Value, from_tree
from asltool.syntax.text import Places, Text, json_string

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["Block", "HclExpression", "blocks_of", "variables_of"]

_LABELS = {"data": 2, "module": 1, "output": 1, "provider": 1, "resource": 2, "variable": 1}


@dataclass(frozen=True)
class HclExpression:
    """The right side of an attribute: a node of a tree, or a JSON value."""

    text: Text
    place: tuple[int, int]
    node: Node | None = None
    value: Value | None = None

    def evaluate(self, world: World, names: Mapping[str, Value]) -> Value:
        if self.node is not None:
            return frame_of(self.text, world, names).value(self.node)
        assert self.value is not None
        return _from_json(self.value, frame_of(self.text, world, names))


def _from_json(value: Value, frame: HclFrame) -> Value:
    """Return the value of JSON: every string in it is a template; a single interpolation keeps its type."""
    data = value.data
    if isinstance(data, dict):
        members = {name: (key, _from_json(member, frame)) for name, (key, member) in data.items()}
        return replace(value, data=members)
    if isinstance(data, list):
        return replace(value, data=[_from_json(item, frame) for item in data])
    if not isinstance(data, str) or ("${" not in data and "%{" not in data):
        return value
    return _expression(value, frame) or value


def _place(value: Value) -> tuple[int, int]:
    return value.start, value.end


def _expression(value: Value, frame: HclFrame) -> Value | None:
    """Return the value of a string that is a template."""
    text = value.characters()
    root, shift = template_tree(text.characters)
    if root is None or root.has_error:
        return None
    inside = replace(frame, text=text, shift=shift)
    parts = root.children[2:-1]
    if len(parts) == 1 and parts[0].type == "template_interpolation" and _is_whole(parts[0], text):
        expression = next((child for child in parts[0].children if child.type == "expression"), None)
        return None if expression is None else inside.value(expression)
    return pieces_of(root, inside, _place(value))


def _is_whole(node: Node, text: Text) -> bool:
    return bool(node.end_byte - node.start_byte == len(text.characters))


@dataclass(frozen=True)
class Block:
    """A block: ``resource "aws_sfn_state_machine" "orders" { ... }``.

    ``place`` is where it begins and ``broken`` is its first syntax error, both as offsets of the atlas.
    ``inner`` are the blocks inside; in JSON they are attributes.
    """

    kind: str
    labels: tuple[str, ...]
    source: AtlasFile
    place: tuple[int, int]
    attributes: Mapping[str, HclExpression]
    broken: int | None = None
    inner: tuple[Block, ...] = ()


def blocks_of(source: AtlasFile) -> Iterator[Block]:
    """Yield the top-level blocks of a file.

    If the file has a syntax error outside them, a block without a kind follows that says where.
    """
    if source.path.endswith(".json"):
        yield from _json_blocks(source)
        return
    text = source.characters
    root = file_tree(source.text)
    for body in (child for child in root.children if child.type == "body"):
        for node in body.children:
            if node.type == "block":
                yield _block(node, text, source)
    at = _broken_outside(root)
    if at is not None:
        place = text.place(at, at)
        yield Block("", (), source, place, {}, source.base + at)


def _broken_outside(root: Node) -> int | None:
    """Return the position of the first syntax error outside the blocks of a file; None if there is none."""
    bodies = [child for child in root.children if child.type == "body"]
    for node in (*root.children, *(node for body in bodies for node in body.children)):
        if node.type not in ("body", "block") and (at := broken_at(node)) is not None:
            return at
    return None


def _block(node: Node, text: Text, source: AtlasFile) -> Block:
    kind = ""
    labels: list[str] = []
    attributes: dict[str, HclExpression] = {}
    inner: tuple[Block, ...] = ()
    for child in node.children:
        if child.type == "identifier":
            written = text.characters[child.start_byte : child.end_byte]
            kind, labels = (kind, [*labels, written]) if kind else (written, labels)
        elif child.type == "string_lit":
            labels.append(text.characters[child.start_byte + 1 : child.end_byte - 1])
        elif child.type == "body":
            attributes = dict(_attributes(child, text))
            inner = tuple(_block(each, text, source) for each in child.children if each.type == "block")
    place = text.place(node.start_byte, node.start_byte + len(kind))
    at = broken_at(node)
    broken = None if at is None else source.base + at
    return Block(kind, tuple(labels), source, place, attributes, broken, inner)


def _attributes(body: Node, text: Text) -> Iterator[tuple[str, HclExpression]]:
    for node in body.children:
        if node.type == "attribute" and len(node.children) > 2:
            name, value = node.children[0], node.children[-1]
            place = text.place(value.start_byte, value.end_byte)
            yield text.characters[name.start_byte : name.end_byte], HclExpression(text, place, value)


def _json_blocks(source: AtlasFile) -> Iterator[Block]:
    from asltool.syntax.json_reader import read_json
    from asltool.syntax.json_scan import scan

    read, _ = read_json(source.text)
    if not isinstance(read, dict):
        return
    text = source.characters
    root = scan(source.text).root
    top = from_tree(read, root, Places(text, lambda: root, json_string))
    for kind, (key, value) in top.data.items():
        for labels, body in _labelled(value, _LABELS.get(kind, 0)):
            for each in body.data if isinstance(body.data, list) else [body]:
                if isinstance(each.data, dict):
                    attributes = {
                        name: HclExpression(text, _place(member), value=member)
                        for name, (_, member) in each.data.items()
                    }
                    yield Block(kind, labels, source, (key.start, key.end), attributes)


def _labelled(value: Value, depth: int) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield the bodies below the given number of labels, each of which may be a list of objects."""
    if not depth:
        yield (), value
        return
    data: Any = value.data
    for each in data if isinstance(data, list) else [value]:
        if isinstance(each.data, dict):
            for name, (_, member) in each.data.items():
                for labels, body in _labelled(member, depth - 1):
                    yield (name, *labels), body


def variables_of(source: AtlasFile) -> dict[str, HclExpression]:
    """Return the values of a ``.tfvars`` file."""
    text = source.characters
    bodies = (child for child in file_tree(source.text).children if child.type == "body")
    return {name: value for body in bodies for name, value in _attributes(body, text)}
