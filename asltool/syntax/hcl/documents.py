"""Terraform functions that read files, and that encode and decode values."""

from __future__ import annotations

import os
from dataclasses import replace

from asltool.syntax.hcl.calls import HclCall, HclFunction
from asltool.syntax.hcl.encode import encoded
from asltool.syntax.hcl.frame import Given, HclFrame
from asltool.syntax.hcl.templates import template_file
from asltool.syntax.hcl.value import Value, from_tree, text_value
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.embedded import MARK
from asltool.syntax.text import Location, Places, Text

__all__ = ["DOCUMENTS", "filled"]


def _jsonencode(call: HclCall, values: list[Value]) -> Value | None:
    [value] = values
    return None if not value.known else text_value(encoded(value), *call.place)


def _jsondecode(call: HclCall, values: list[Value]) -> Value | None:
    from asltool.syntax.json_reader import read_json
    from asltool.syntax.json_scan import scan
    from asltool.syntax.sources.text_template import quoted_placeholders
    from asltool.syntax.text import json_string

    [value] = values
    if not isinstance(value.data, str):
        return None
    text = value.characters()
    if read_json(text.characters)[0] is ABSENT:
        text = quoted_placeholders(text)
    read, _ = read_json(text.characters)
    if read is ABSENT:
        return None
    return _decoded(
        from_tree(read, scan(text.characters).root, Places(text, lambda: Location(0, 0), json_string))
    )


def _decoded(value: Value) -> Value:
    """Return a value in which marked strings are replaced by unknown values."""
    from asltool.syntax.hcl.value import unknown

    if isinstance(value.data, str) and value.data.startswith(MARK):
        return unknown(value.data[len(MARK) :].strip("${}"), value.start, value.end)
    if isinstance(value.data, list):
        return Value([_decoded(item) for item in value.data], value.start, value.end)
    if isinstance(value.data, dict):
        members = {name: (key, _decoded(member)) for name, (key, member) in value.data.items()}
        return Value(members, value.start, value.end)
    return value


def _yamldecode(call: HclCall, values: list[Value]) -> Value | None:
    from asltool.syntax.yaml_reader import read_yaml
    from asltool.syntax.yaml_strings import yaml_string

    [value] = values
    if not isinstance(value.data, str):
        return None
    text = value.characters()
    tree = read_yaml(text.characters)
    if tree.value is ABSENT:
        return None
    return _decoded(from_tree(tree.value, tree.root, Places(text, lambda: tree.root, yaml_string)))


def _path(call: HclCall, value: Value) -> str | None:
    return value.data if isinstance(value.data, str) and "${" not in value.data else None


def _file(call: HclCall, values: list[Value]) -> Value | None:
    path = _path(call, values[0])
    source = None if path is None else call.frame.world.open(path)
    if source is None:
        return None
    return text_value(source.characters, source.base, source.base + len(source.text))


def _templatefile(call: HclCall, values: list[Value]) -> Value | None:
    path = _path(call, values[0])
    source = None if path is None else call.frame.world.open(path)
    if source is None:
        return None
    return filled(call.frame, source.characters, values[1] if len(values) > 1 else None, call.place)


def filled(frame: HclFrame, text: Text, names: Value | None, place: tuple[int, int]) -> Value | None:
    """Return a template's text with the members of an object filled in."""
    members = names.data if names is not None and isinstance(names.data, dict) else {}
    given = Given({name: value for name, (_, value) in members.items()})
    inside = HclFrame(text, frame.world, given, frame.evaluator, alone=True, depth=frame.depth)
    if names is not None and (not names.known or names.rest):
        return template_file(inside, place)
    made = template_file(replace(inside, complete=True), place)
    keys = [key for key, _ in members.values() if place[0] <= key.start < place[1]]
    frame.world.unused += [key for key in keys if made is not None and key.data not in given.used]
    return made


def _templatestring(call: HclCall, values: list[Value]) -> Value | None:
    if not isinstance(values[0].data, str):
        return None
    return filled(call.frame, values[0].characters(), values[1] if len(values) > 1 else None, call.place)


def _fileexists(call: HclCall, values: list[Value]) -> Value | None:
    path = _path(call, values[0])
    return None if path is None else Value(call.frame.world.open(path) is not None, *call.place)


def _fileset(call: HclCall, values: list[Value]) -> Value | None:
    folder, pattern = (_path(call, value) for value in values)
    if folder is None or pattern is None:
        return None
    found = call.frame.world.files(os.path.join(folder, pattern))
    return Value([Value(os.path.relpath(path, folder), *call.place) for path in found], *call.place)


DOCUMENTS: dict[str, HclFunction] = {
    "file": _file,
    "fileexists": _fileexists,
    "fileset": _fileset,
    "jsondecode": _jsondecode,
    "jsonencode": _jsonencode,
    "templatefile": _templatefile,
    "templatestring": _templatestring,
    "yamldecode": _yamldecode,
    "yamlencode": _jsonencode,
}
"""``yamlencode`` gives JSON, which is YAML too."""
