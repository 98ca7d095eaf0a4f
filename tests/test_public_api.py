"""What ``import asltool`` offers, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

import asltool
from asltool import errors

ROOT = Path(__file__).parent.parent


def test_all_is_sorted_and_true() -> None:
    assert asltool.__all__ == sorted(asltool.__all__)
    assert all(hasattr(asltool, name) for name in asltool.__all__)
    assert set(asltool.__all__) <= set(dir(asltool))


def test_every_error_is_public() -> None:
    assert errors.__all__ == sorted(errors.__all__)
    assert set(errors.__all__) <= set(asltool.__all__)


@pytest.mark.parametrize("name", [name for name in asltool.__all__ if name != "__version__"])
def test_every_public_name_has_a_docstring(name: str) -> None:
    assert getattr(asltool, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'asltool' has no attribute 'lode'"):
        _ = asltool.lode


@pytest.mark.parametrize("first", ["import asltool.render.dot", "from asltool.render import write", "pass"])
def test_render_is_the_function_whatever_is_imported_first(first: str) -> None:
    probe = f"{first}; import asltool, asltool.machine; print(asltool.render is asltool.machine.render)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_the_tree_of_errors_is_drawn_in_full() -> None:
    drawn = {word for word in (errors.__doc__ or "").split() if word.isidentifier()}
    assert set(errors.__all__) <= drawn


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
