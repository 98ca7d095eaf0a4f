"""A function of a SAM or CloudFormation template as a task handler.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from asltool.errors import TasksError
from asltool.integrations.lambda_project import LambdaFunction
from asltool.integrations.node_function import SUFFIXES, NodeFunction
from asltool.integrations.node_process import needs_node

__all__ = ["Function", "template_function"]

Function: TypeAlias = LambdaFunction | NodeFunction

_TIMEOUT, _MEMORY = 3, 128
"""What Lambda takes where a function names no Timeout, in seconds, or MemorySize, in megabytes."""


def template_function(
    place: Path, logical: str, code: str, properties: Mapping[str, Any], text: Callable[[Any], str]
) -> Function | str:
    """Return a function of a template; the reason, if it cannot be called here.

    Args:
        place: the template's folder.
        logical: the function's logical name.
        code: the field with its code folder.
        properties: its properties, with those of Globals.
        text: returns the text of a value after deployment, as far as it is known.

    Raises:
        TasksError: its Handler is invalid.
    """
    if reason := _reason(code, properties):
        return reason
    folder, handler = place / properties[code], properties["Handler"]
    environment = properties.get("Environment")
    given = environment.get("Variables") if isinstance(environment, dict) else None
    variables = {name: text(value) for name, value in given.items()} if isinstance(given, dict) else {}
    if _runtime(properties).startswith("python"):
        return LambdaFunction(folder, handler, variables)
    built = place / ".aws-sam" / "build" / logical
    try:
        file, function = _handler_file(folder, handler, built)
    except TasksError as problem:
        return str(problem)
    return NodeFunction(
        file,
        function,
        variables,
        folder=built if file.is_relative_to(built) else folder,
        seconds=_number(text(properties.get("Timeout", _TIMEOUT))),
        memory=text(properties.get("MemorySize", _MEMORY)),
    )


def _reason(code: str, properties: Mapping[str, Any]) -> str | None:
    """Return why a function cannot run here, as far as its properties show it."""
    runtime = _runtime(properties)
    if properties.get("PackageType") == "Image":
        return "is a container image, not code in a folder"
    if not runtime.startswith(("python", "nodejs")):
        return f"runs on {runtime}, not on Python or Node.js"
    if not isinstance(properties.get("Handler"), str):
        return "has no Handler"
    if not isinstance(properties.get(code), str):
        return f"has no folder as its {code}"
    missing = needs_node() if runtime.startswith("nodejs") else None
    return f"cannot run: {missing}" if missing else None


def _runtime(properties: Mapping[str, Any]) -> str:
    return str(properties.get("Runtime", "python"))


def _handler_file(folder: Path, handler: str, built: Path) -> tuple[Path, str]:
    """Return a handler's file, and the name of its function there.

    It is looked for in the code folder, and in ``built``, the output folder of ``sam build``.

    Raises:
        TasksError: there is no such file.
    """
    place, _, name = handler.rpartition("/")
    stem, dot, function = name.partition(".")
    if not dot:
        raise TasksError(f'invalid handler "{handler}". expected "file.function"')
    for root in (folder, built):
        for suffix in SUFFIXES:
            if (path := root / place / f"{stem}{suffix}").is_file():
                return path, function
    missing = f'has no file "{stem}.js", "{stem}.mjs" or "{stem}.cjs" in {folder / place}'
    typescript = next((path for deep in ("", "*/") for path in sorted(folder.glob(f"{deep}*.ts"))), None)
    built_first = f'. build {typescript.name} first: run "sam build"' if typescript else ""
    raise TasksError(f"{missing}{built_first}")


def _number(text: str) -> float | None:
    """Return a number; None if it is known only after deployment."""
    try:
        return float(text)
    except ValueError:
        return None
