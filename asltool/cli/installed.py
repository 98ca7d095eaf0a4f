"""What asltool can use on this machine: Python, extras and programs, their purpose, and whether they work.

Programs are run to get their version; the packages of an extra are imported, because only that shows that
they work.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, NamedTuple

from asltool._version import __version__
from asltool.integrations.node_process import GET_NODE, too_old

__all__ = ["EXTRAS", "Component", "parts"]

_SECONDS = 20
"""How long a program may take to say its version."""


class Component(NamedTuple):
    """Something that asltool can use. ``found`` is its version, or the problem with it.

    ``get`` says how to get it: empty if it is always there.
    """

    name: str
    status: Literal["ok", "missing", "broken"]
    found: str
    purpose: str
    get: str = ""


class _Extra(NamedTuple):
    purpose: str
    modules: dict[str, str]


EXTRAS = {
    "airflow": _Extra(
        "running state machines in Airflow",
        {"apache-airflow-core": "airflow", "apache-airflow-task-sdk": "airflow.sdk", "httpx": "httpx"},
    ),
    "aws": _Extra("calling AWS, or a server that behaves like it", {"boto3": "boto3"}),
    "dask": _Extra(
        "children of distributed Maps on a Dask cluster",
        {"cloudpickle": "cloudpickle", "distributed": "distributed", "fsspec": "fsspec"},
    ),
    "diagrams": _Extra("drawing pictures: .svg, .png and .pdf", {"pygraphviz": "pygraphviz"}),
    "http": _Extra("http:invoke tasks", {"httpx": "httpx"}),
    "parquet": _Extra("reading Parquet and .zstd files", {"pyarrow": "pyarrow"}),
    "server": _Extra(
        "asltool serve",
        {
            "botocore": "botocore",
            "httptools": "httptools",
            "orjson": "orjson",
            "prometheus_client": "prometheus_client",
            "starlette": "starlette",
            "uvicorn": "uvicorn",
            "uvloop": "uvloop",
            "watchfiles": "watchfiles",
        },
    ),
    "terraform": _Extra(
        "reading Terraform", {"tree-sitter": "tree_sitter", "tree-sitter-hcl": "tree_sitter_hcl"}
    ),
}
"""The extras of the package: what each is for, and the module of each distribution."""

_NOT_ON_WINDOWS = ("uvloop",)

_PROGRAMS = (
    ("Graphviz", ["dot", "-V"], "drawing pictures: .svg, .png and .pdf", "install Graphviz"),
    ("Node.js", ["node", "--version"], "Lambda functions in JavaScript", GET_NODE),
    ("fonts", ["fc-list", ":", "family"], "text in .png and .pdf pictures", "install fontconfig and a font"),
)


def parts() -> Iterator[Component]:
    """Yield everything that asltool can use, found or not."""
    yield Component("asltool", "ok", __version__, "this program")
    yield Component("Python", "ok", f"{platform.python_version()} on {platform.platform()}", "runs asltool")
    for name in EXTRAS:
        yield _extra(name)
    for name, command, purpose, get in _PROGRAMS:
        yield _program(name, command, purpose, get)


def _extra(name: str) -> Component:
    extra, found, missing, broken = EXTRAS[name], [], [], []
    for distribution, module in extra.modules.items():
        if distribution in _NOT_ON_WINDOWS and platform.system() == "Windows":
            continue
        try:
            found.append(f"{distribution} {version(distribution)}")
            import_module(module)
        except PackageNotFoundError:
            missing.append(distribution)
        except Exception as problem:  # A damaged package can raise any exception.
            broken.append(f"{distribution} cannot be imported: {problem}")
    get = f'pip install "asltool[{name}]"'
    if broken:
        return Component(name, "broken", "; ".join(broken), extra.purpose, get)
    if missing:
        return Component(name, "missing", f"{', '.join(missing)} not installed", extra.purpose, get)
    return Component(name, "ok", ", ".join(found), extra.purpose, get)


def _program(name: str, command: list[str], purpose: str, get: str) -> Component:
    path = shutil.which(command[0])
    if path is None:
        return Component(name, "missing", f'no program "{command[0]}"', purpose, get)
    try:
        done = subprocess.run(
            [path, *command[1:]],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return Component(name, "broken", f'"{path}" does not run: {problem}', purpose, get)
    lines = (done.stdout or done.stderr).split("\n")
    if done.returncode:
        return Component(name, "broken", f'"{path}" ended with status {done.returncode}', purpose, get)
    if name == "Node.js" and too_old(lines[0].strip()):
        return Component(name, "broken", f"{lines[0].strip()} is too old", purpose, get)
    if name != "fonts":
        return Component(name, "ok", lines[0].strip(), purpose, get)
    families = len({line for line in lines if line.strip()})
    status: Literal["ok", "missing"] = "ok" if families else "missing"
    return Component(name, status, f"{families} font families", purpose, get)
