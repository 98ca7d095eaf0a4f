"""``serverless.yml``: its variables, replaced by the files and values they refer to.

Source: https://www.serverless.com/framework/docs/guides/variables
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import Any

from asltool.syntax.document import Document, not_read
from asltool.syntax.hcl.encode import encoded
from asltool.syntax.hcl.value import Value, from_tree, unknown
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.sources.machines import machines
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.template import NestedTemplate, Reference
from asltool.syntax.text import Places, json_string
from asltool.syntax.wording import quoted

__all__ = ["serverless_machines", "serverless_template"]

_VARIABLE = re.compile(r"\$\{(?P<inside>[^${}]*)\}")
_SOURCE = re.compile(r"\s*(?:file\(|(?:self|opt|env|sls|param|custom|ssm|s3|cf|aws|git|terraform|output)\b)")
_FILE = re.compile(r"file\(\s*(?P<path>[^()]+?)\s*\)(?:\s*:\s*(?P<key>[\w.-]+))?")
_SELF = re.compile(r"self:(?P<key>[\w.-]*)")
_LITERAL = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>[^"]*)"|(?P<word>true|false|-?\d+(?:\.\d+)?)""")
_DEEPEST = 40
_MOST = 20_000
"""How many values may be followed, so that files that name one another end."""


def serverless_machines(project: Project, path: str) -> list[Document | Reference | NestedTemplate] | None:
    """Return the definitions of a ``serverless.yml`` with its variables resolved; None for any other file.

    A value that no file contains has an unknown type. A file that may hold part of a definition is reported
    if it is not read.
    """
    found = serverless_template(project, path)
    if found is None:
        return None
    template, unread = found
    read = list(machines(template))
    documents = [each for each in read if isinstance(each, Document)]
    said = {(each.path, problem.span) for each in documents for problem in each.problems}
    return [*read, *(each for each in unread if (each.path, each.problems[0].span) not in said)]


def serverless_template(project: Project, path: str) -> tuple[Document, list[Document]] | None:
    """Return what a ``serverless.yml`` deploys, and what is not read of it; None if the file is none."""
    root = _read(project, path)
    if root is None or not isinstance(root.data, dict):
        return None
    followed = _ServerlessVariables(project, root, os.path.dirname(path))
    parts = {
        name: root.data[name] for name in ("stepFunctions", "resources", "Resources") if name in root.data
    }
    if not parts:
        return None
    members = {}
    unread: list[Document] = []
    for name, (key, value) in parts.items():
        members[name] = (key, followed.value(value, 0))
        if name == "stepFunctions":
            unread = [_unread(project, *missing) for missing in followed.missing]
    if "resources" in members:
        key, resources = members["resources"]
        members["resources"] = (key, _merged(resources))
    text = encoded(Value(members, root.start, root.end))
    source = project.atlas.source(root.start)
    document = embedded(text, source.text, source.path, project.atlas)
    places = Places(text, lambda: document.places.root, json_string)
    return None if document.value is ABSENT else (replace(document, source=places), unread)


def _unread(project: Project, file: str, at: Value) -> Document:
    source, span = project.atlas.place(at.start, at.end)
    is_there = os.path.isfile(file)
    reason = "it is not JSON or YAML, and programs are not run" if is_there else "there is no such file"
    return not_read(source.path, source.text, span, f"{quoted(file)} is not read: {reason}")


def _read(project: Project, path: str) -> Value | None:
    """Return the value of a file, whose extension gives the format."""
    source = project.open(path)
    if source is None:
        return None
    text = source.characters
    if path.endswith(".json"):
        from asltool.syntax.json_reader import read_json
        from asltool.syntax.json_scan import scan

        value, _ = read_json(source.text)
        root = scan(source.text).root
        return None if value is ABSENT else from_tree(value, root, Places(text, lambda: root, json_string))
    if not path.endswith((".yml", ".yaml")):
        return None
    from asltool.syntax.yaml_reader import read_yaml
    from asltool.syntax.yaml_strings import yaml_string

    tree = read_yaml(source.text)
    if tree.value is ABSENT:
        return None
    return from_tree(tree.value, tree.root, Places(text, lambda: tree.root, yaml_string))


def _merged(resources: Value) -> Value:
    """Merge a list of templates into one."""
    if not isinstance(resources.data, list):
        return resources
    members: dict[str, Any] = {}
    at = Value("Resources", resources.start, resources.end)
    for each in resources.data:
        inner = each.data.get("Resources", (at, each))[1] if isinstance(each.data, dict) else each
        if isinstance(inner.data, dict):
            members.update(inner.data)
    made = Value(members, resources.start, resources.end)
    return Value({"Resources": (at, made)}, resources.start, resources.end)


class _ServerlessVariables:
    """Resolves the variables of one service."""

    def __init__(self, project: Project, root: Value, folder: str) -> None:
        self.project = project
        self.root = root
        self.folder = folder
        self.left = _MOST
        self.missing: list[tuple[str, Value]] = []
        self.busy: set[str] = set()

    def value(self, value: Value, depth: int) -> Value:
        """Return a value with its variables resolved."""
        self.left -= 1
        data = value.data
        if depth > _DEEPEST * 4 or self.left < 0:
            return unknown("?", value.start, value.end)
        if isinstance(data, dict):
            members = {name: (key, self.value(member, depth + 1)) for name, (key, member) in data.items()}
            return replace(value, data=members)
        if isinstance(data, list):
            return replace(value, data=[self.value(item, depth + 1) for item in data])
        return self.string(value, depth) if isinstance(data, str) and "${" in data else value

    def string(self, value: Value, depth: int) -> Value:
        """Resolve a string, inner variables first; a string that is only a variable becomes its value."""
        text = value.data
        for _ in range(_DEEPEST):
            found = next((each for each in _VARIABLE.finditer(text) if _SOURCE.match(each["inside"])), None)
            if found is None:
                return value if text == value.data else Value(text, value.start, value.end)
            made = self.variable(found["inside"], value, depth)
            if found[0] == text:
                return unknown(found["inside"], value.start, value.end) if made is None else made
            if made is None or not isinstance(made.data, str | int | float):
                break
            written = str(made.data).lower() if isinstance(made.data, bool) else str(made.data)
            text = text[: found.start()] + written + text[found.end() :]
        whole = text.startswith("${") and text.endswith("}") and text.count("${") == text.count("}")
        if whole and _SOURCE.match(text[2:]) and text.find("}") != len(text) - 1:
            return unknown(text[2:-1], value.start, value.end)
        return value if text == value.data else Value(text, value.start, value.end)

    def variable(self, inside: str, at: Value, depth: int) -> Value | None:
        """Return the value of a variable: that of its first alternative that can be resolved."""
        key = inside.strip()
        if key in self.busy:
            return None
        self.busy.add(key)
        before = len(self.missing)
        try:
            for alternative in re.split(r",(?![^()]*\))", key):
                made = self.alternative(alternative.strip(), at, depth)
                if made is not None:
                    del self.missing[before:]
                    return made
        finally:
            self.busy.discard(key)
        return None

    def alternative(self, text: str, at: Value, depth: int) -> Value | None:
        if match := _FILE.fullmatch(text):
            path = os.path.normpath(os.path.join(self.folder, match["path"].strip("'\"")))
            value = _read(self.project, path)
            if value is None:
                self.missing.append((path, at))
            return None if value is None else self.member(value, match["key"], depth)
        if match := _SELF.fullmatch(text):
            return self.member(self.root, match["key"], depth) if match["key"] else None
        if match := _LITERAL.fullmatch(text):
            word = match["word"]
            if word is None:
                return Value(match["single"] or match["double"] or "", at.start, at.end)
            numbers = {"true": True, "false": False}
            made = numbers.get(word, float(word) if "." in word else int(word) if word[-1].isdigit() else 0)
            return Value(made, at.start, at.end)
        return None

    def member(self, value: Value, key: str | None, depth: int) -> Value | None:
        """Return a member of a value by names separated by dots."""
        for name in key.split(".") if key else ():
            if isinstance(value.data, str):
                value = self.value(value, depth + 1)
            if isinstance(value.data, dict) and name in value.data:
                value = value.data[name][1]
            elif isinstance(value.data, list) and name.isdecimal() and int(name) < len(value.data):
                value = value.data[int(name)]
            else:
                return None
        return self.value(value, depth + 1)
