"""A Terraform module: the blocks of a folder, and the values its expressions refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from asltool.syntax.atlas import AtlasFile
from asltool.syntax.hcl.documents import filled
from asltool.syntax.hcl.evaluate import frame_of
from asltool.syntax.hcl.value import Unknown, Value, object_of, plain, unknown
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.template import is_terraform
from asltool.syntax.sources.terraform_blocks import Block, HclExpression, blocks_of, variables_of
from asltool.syntax.sources.terraform_bodies import (
    MOST_INSTANCES,
    Computed,
    body_of,
    known_instances,
    pairs_of,
    with_computed,
)

__all__ = ["MOST_EXPRESSIONS", "Folders", "Instance", "Module"]

_MOST_MODULES = 20
MOST_EXPRESSIONS = 50_000
"""How many expressions are evaluated for one machine."""

ModuleArguments = Mapping[str, Callable[[], Value]]


class Instance(NamedTuple):
    """One instance that ``count`` or ``for_each`` makes from a block: ``[0]``, ``["blue"]`` or empty."""

    suffix: str
    names: Mapping[str, Value]


class Folders:
    """The blocks of each folder, parsed once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._blocks: dict[str, list[Block]] = {}
        self.budget = [MOST_EXPRESSIONS]

    def blocks(self, folder: str) -> list[Block]:
        """Return the blocks of the files in a folder."""
        key = os.path.normpath(folder)
        if key not in self._blocks:
            sources = map(self.project.open, _files(self.project, key))
            self._blocks[key] = [block for source in sources if source for block in blocks_of(source)]
        return self._blocks[key]


def _files(project: Project, folder: str) -> list[str]:
    """Return the files of a module. A ``.tofu`` file replaces the ``.tf`` file of the same name."""
    paths = [path for path in project.listed(folder) if is_terraform(path)]
    hidden = {path.replace(".tofu", ".tf") for path in paths if ".tofu" in path}
    return [path for path in paths if path not in hidden]


class Module:
    """A module with its arguments; a root module has the defaults of its variables.

    References to resources are followed if ``computed`` is given. ``prefix`` begins the addresses in it.
    """

    def __init__(
        self,
        folders: Folders,
        folder: str,
        arguments: ModuleArguments | None = None,
        above: tuple[str, ...] = (),
        root: str | None = None,
        prefix: str = "",
        computed: Computed | None = None,
    ) -> None:
        self.folders = folders
        self.folder = os.path.normpath(folder)
        self.arguments = arguments
        self.above = (*above, self.folder)
        self.root = self.folder if root is None else root
        self.prefix = prefix
        self.computed = computed
        self.guesses = 0
        self.budget = folders.budget
        self.missing: list[Value] = []
        self.unused: list[Value] = []
        self._values: dict[tuple[str, str], Value] = {}
        self._busy: set[tuple[str, str]] = set()
        self._called: dict[tuple[str, str], Module] = {}

    @cached_property
    def blocks(self) -> list[Block]:
        return self.folders.blocks(self.folder)

    @cached_property
    def _by_name(self) -> dict[tuple[str, ...], Block]:
        return {(block.kind, *block.labels): block for block in self.blocks}

    def open(self, path: str) -> AtlasFile | None:
        """Return a file; Terraform runs in the folder of the root module."""
        return self.folders.project.open(os.path.join(self.root, path))

    def files(self, pattern: str) -> list[str]:
        found = self.folders.project.files(os.path.join(self.root, pattern))
        return [os.path.relpath(path, self.root or ".") for path in found]

    # References

    def reference(self, root: str, steps: Sequence[str], place: tuple[int, int]) -> tuple[Value, int] | None:
        """See `World`."""
        first = steps[0] if steps else ""
        if root == "path" and first in ("module", "root", "cwd"):
            folder = os.path.relpath(self.folder, self.root) if first == "module" else "."
            return Value(folder, *place), 1
        if root in ("var", "local") and first:
            return self._once(root, first, place), 1
        if root == "module" and len(steps) > 1:
            return self._output(steps, place)
        if root == "data" and first in _CONTENTS:
            return self._content("data", steps[0], steps[1:], 1)
        if root in _CONTENTS:
            return self._content("resource", root, steps, 0)
        is_followed = self.computed is not None and ("resource", root, first) in self._by_name
        return (self._once(root, first, place), 1) if is_followed else None

    def _once(self, root: str, name: str, place: tuple[int, int]) -> Value:
        key = (root, name)
        if key in self._busy:
            return unknown(f"{root}.{name}", *place)
        if key not in self._values:
            self._busy.add(key)
            found = self._found(root, name)
            self._busy.discard(key)
            self._values[key] = unknown(f"{root}.{name}", *place) if found is None else found
        value = self._values[key]
        return value.at(*place) if not value.known else value

    def _found(self, root: str, name: str) -> Value | None:
        if root in ("local", "var"):
            return self._variable(name) if root == "var" else self._local(name)
        block = self._by_name["resource", root, name]
        return known_instances(block, [self._instance(block, each) for each in self.instances(block)])

    def _instance(self, block: Block, instance: Instance) -> tuple[Value, Value]:
        """Return the key of an instance in ``for_each``, and its attributes."""
        body = body_of(block, self, instance.names)
        if self.computed is not None:
            address = f"{self.prefix}{'.'.join(block.labels)}{instance.suffix}"
            body = with_computed(body, self.computed(address, block.labels[0], plain(body)))
        each = instance.names.get("each")
        return body if each is None else each.data["key"][1], body

    def _local(self, name: str) -> Value | None:
        for block in self.blocks:
            if block.kind == "locals" and name in block.attributes:
                return block.attributes[name].evaluate(self, {})
        return None

    def _variable(self, name: str) -> Value | None:
        """Return a variable's argument or default. A default that is null or empty is only a stand-in."""
        if self.arguments is not None and name in self.arguments:
            return self.arguments[name]()
        if self.arguments is None and name in self._settings:
            return self._settings[name].evaluate(self, {})
        block = self._by_name.get(("variable", name))
        default = block.attributes.get("default") if block else None
        value = None if default is None else default.evaluate(self, {})
        if value is not None and (value.data is None or value.data == ""):
            return replace(value, name=f"var.{name}")
        return value

    @cached_property
    def _settings(self) -> Mapping[str, HclExpression]:
        """The variables of ``terraform.tfvars`` and ``*.auto.tfvars``."""
        names = ["terraform.tfvars"] if self.files("terraform.tfvars") else []
        sources = map(self.open, [*names, *self.files("*.auto.tfvars")])
        return {name: value for source in sources if source for name, value in variables_of(source).items()}

    def _content(self, kind: str, type_: str, steps: Sequence[str], taken: int) -> tuple[Value, int] | None:
        """Return the text of a template or file in a resource or data source."""
        field, source, names = _CONTENTS[type_]
        if kind == "data" and type_ == "local_file":
            source = "filename"
        if not steps or field not in steps[1:3]:
            return None
        block = self._by_name.get((kind, type_, steps[0]))
        expression = block.attributes.get(source) if block else None
        if block is None or expression is None:
            return None
        value = expression.evaluate(self, _unclear(block))
        if type_ == "template_file" and isinstance(value.data, str):
            given = block.attributes[names].evaluate(self, {}) if names in block.attributes else None
            frame = frame_of(value.characters(), self, {}, alone=True)
            value = filled(frame, value.characters(), given, (value.start, value.end)) or value
        elif source == "filename" and isinstance(value.data, str):
            found = self.open(value.data)
            if found is None:
                return None
            value = Value(found.text, found.base, found.base + len(found.text), found.characters)
        return value, taken + steps.index(field) + 1

    def _output(self, steps: Sequence[str], place: tuple[int, int]) -> tuple[Value, int] | None:
        """Return the output of a local module, or what is computed for another one."""
        block = self._by_name.get(("module", steps[0]))
        called = None if block is None else self.called(block, Instance("", {}))
        for taken, name in enumerate(steps[1:3], 2):
            output = None if called is None else called._by_name.get(("output", name))
            if called is not None and output is not None and "value" in output.attributes:
                if len(called.above) > _MOST_MODULES:
                    return None
                return output.attributes["value"].evaluate(called, {}), taken
            if block is not None and called is None and self.computed is not None:
                outputs = self.computed(f"{self.prefix}module.{steps[0]}", "module", {})
                if name in outputs:
                    return Value(outputs[name], *place), taken
        return None

    # Calls

    def called(self, block: Block, instance: Instance) -> Module | None:
        """Return the local module that a block calls; None if its source is not local."""
        key = (block.labels[0], instance.suffix)
        if key not in self._called:
            folder = self.local_source(block)
            if folder is None or folder in self.above or len(self.above) > _MOST_MODULES:
                return None
            arguments = {
                name: _thunk(expression, self, instance.names)
                for name, expression in block.attributes.items()
            }
            prefix = f"{self.prefix}module.{key[0]}{key[1]}."
            self._called[key] = Module(
                self.folders, folder, arguments, self.above, self.root, prefix, self.computed
            )
        return self._called[key]

    def local_source(self, block: Block) -> str | None:
        """Return the folder of a module beside this one."""
        source = block.attributes.get("source")
        path = None if source is None else source.evaluate(self, {}).data
        if not isinstance(path, str) or not path.startswith(("./", "../", ".\\", "..\\")):
            return None
        folder = os.path.normpath(os.path.join(self.folder, path.replace("\\", "/")))
        return folder if self.folders.project.is_folder(folder) else None

    def instances(self, block: Block) -> Iterator[Instance]:
        """Yield the instances that ``count`` and ``for_each`` make from a block: one if they are unknown."""
        if "count" in block.attributes:
            yield from self._counted(block.attributes["count"].evaluate(self, {}))
        elif "for_each" in block.attributes:
            yield from self._each(block.attributes["for_each"].evaluate(self, {}))
        elif (
            block.attributes.get("create") is None
            or block.kind != "module"
            or block.attributes["create"].evaluate(self, {}).data is not False
        ):
            yield Instance("", {})

    def _counted(self, count: Value) -> Iterator[Instance]:
        if not isinstance(count.data, int | float):
            index = unknown("count.index", count.start, count.end)
            yield Instance("", {"count": object_of(count, index=index)})
            return
        for number in range(min(int(count.data), MOST_INSTANCES)):
            index = Value(number, count.start, count.end)
            yield Instance(f"[{number}]", {"count": object_of(count, index=index)})

    def _each(self, each: Value) -> Iterator[Instance]:
        for key, value in pairs_of(each, "each"):
            index = "" if isinstance(key.data, Unknown) else f'["{key.data}"]'
            yield Instance(index, {"each": object_of(each, key=key, value=value)})


def _unclear(block: Block) -> Mapping[str, Value]:
    """Return the names for a block with several instances when none is selected."""
    if "for_each" not in block.attributes:
        return {}
    place = block.place
    members = {name: unknown(f"each.{name}", *place) for name in ("key", "value")}
    return {"each": object_of(Value(None, *place), **members)}


def _thunk(expression: HclExpression, module: Module, names: Mapping[str, Value]) -> Callable[[], Value]:
    return lambda: expression.evaluate(module, names)


_CONTENTS = {
    "local_file": ("content", "content", ""),
    "template_file": ("rendered", "template", "vars"),
}
"""What holds text: the attribute that gives it, the one it is made from, and the one with variables."""
