"""What ``import asltool`` offers, and what it costs."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest

import asltool
from asltool import errors

ROOT = Path(__file__).parent.parent
NAMES: list[str] = vars(asltool)["__all__"]


def test_all_is_sorted_and_true() -> None:
    assert sorted(NAMES) == NAMES
    assert all(hasattr(asltool, name) for name in NAMES)
    assert set(NAMES) <= set(dir(asltool))


def test_every_error_is_public() -> None:
    assert errors.__all__ == sorted(errors.__all__)
    assert set(errors.__all__) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "__version__"])
def test_every_public_name_has_a_docstring(name: str) -> None:
    assert getattr(asltool, name).__doc__


@pytest.mark.parametrize("name", ["lode"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match="module 'asltool' has no attribute 'lode'"):
        getattr(asltool, name)


def test_a_type_checker_sees_every_public_name_and_where_it_comes_from() -> None:
    tree = ast.parse(Path(asltool.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    seen = {str(alias.asname): str(node.module) for node in imports for alias in node.names}
    assert set(seen) == set(NAMES) - set(errors.__all__) - {"__version__"}
    for name, module in seen.items():
        assert getattr(asltool, name) is getattr(import_module(module), name)


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    """Names after a second branch are the children of the name before it; all others those of the root."""
    found = [("AslToolError", "Exception")]
    for row in re.findall(r"^ {4}(?:[├└]──|│  ) (.+)$", errors.__doc__ or "", re.M):
        parent, _, children = row.rpartition(" ── ")
        found += [(parent, "AslToolError")] if parent else []
        found += [(name, parent or "AslToolError") for name in re.findall(r"\w+", children)]
    assert sorted(found) == [(name, getattr(errors, name).__base__.__name__) for name in errors.__all__]


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_crosses_processes_with_all_that_it_has(name: str) -> None:
    made = {
        "EvaluationError": ("States.Runtime", "no value", "$.a", 2),
        "ExecutionFailed": ("Busy", "later"),
        "ExecutionTimedOut": (None, None),
        "ExpressionError": ("not a path", "$.", 2),
        "MissingExtra": ("drawing", "diagrams"),
        "NoAnswer": (["A", "B"],),
        "NoHandler": ("arn", "A", "add it"),
        "RequestError": ("ValidationException", "no name"),
        "StoreError": ("folder", "is in use"),
        "TaskFailed": ("Busy", "later"),
        "WriteError": ("file", OSError(28, "No space left on device")),
    }
    error = getattr(errors, name)(*made.get(name, ("what is wrong",)))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again).keys()) == (str(error), vars(error).keys())
    assert again.__dict__ == error.__dict__


@pytest.mark.parametrize("code", ["import asltool", "import asltool.cli"])
def test_importing_is_light(code: str) -> None:
    heavy = "{'asyncio', 'boto3', 'graphviz', 'jsonata', 'jsonatapy', 'jsonschema', 'pygraphviz', 'yaml'}"
    probe = f"import sys; {code}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_package_is_marked_as_typed() -> None:
    assert (ROOT / "asltool" / "py.typed").exists()


def test_setup_cfg_names_every_package() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    named = config["options"]["packages"].split()
    found = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "asltool").rglob("__init__.py")
    }
    assert named == sorted({*found, "asltool.schemas"})
