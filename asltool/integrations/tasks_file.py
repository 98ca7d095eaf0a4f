"""Tasks from a Python file, as ``asltool run --tasks`` names it."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from pathlib import Path
from types import ModuleType

from asltool.errors import TasksError
from asltool.integrations.tasks import Tasks

__all__ = ["load_tasks"]


def load_tasks(path: str) -> Tasks:
    """Import the file and return the `Tasks` it makes.

    Modules beside the file can be imported by it, as if it were run as a script.

    Raises:
        TasksError: the file cannot be imported, or does not make exactly one `Tasks`.
    """
    module = _import(Path(path))
    found = {id(value): (name, value) for name, value in vars(module).items() if isinstance(value, Tasks)}
    if len(found) == 1:
        return next(iter(found.values()))[1]
    if found:
        names = ", ".join(f'"{name}"' for name in sorted(name for name, _ in found.values()))
        raise TasksError(f"{path} makes several Tasks: {names}. keep one, and register every handler with it")
    raise TasksError(
        f"{path} makes no Tasks. begin it with\n\n    import asltool\n\n    tasks = asltool.Tasks()"
    )


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise TasksError(f"{path} is no Python file: expected a name that ends in .py")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        del sys.modules[path.stem]
        raise TasksError(f"{path} cannot be imported: {_describe(problem, path)}") from problem
    return module


def _describe(problem: BaseException, path: Path) -> str:
    line = next(
        (
            frame.lineno
            for frame in reversed(traceback.extract_tb(problem.__traceback__))
            if frame.filename == str(path)
        ),
        None,
    )
    place = "" if line is None else f"line {line}: "
    return f"{place}{type(problem).__name__}: {problem}"
