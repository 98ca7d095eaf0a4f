"""Load `Tasks` from Python files and modules, as for ``asltool run --tasks``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import sysconfig
import traceback
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from asltool.errors import TasksError
from asltool.integrations.tasks import Tasks

__all__ = ["find_tasks", "load_tasks"]


def find_tasks(source: str) -> list[Tasks]:
    """Import ``source`` and return every `Tasks` in it.

    ``source`` is a Python file; a folder, for every Python file in it; or ``package.module`` and
    ``package.module:attribute``, found in the current folder too.

    Raises:
        TasksError: it does not exist, cannot be imported, or does not have exactly one `Tasks`.
    """
    path = Path(source)
    if path.is_dir():
        return _in_folder(path)
    if path.is_file():
        return [load_tasks(source)]
    if path.suffix == ".py" or "/" in source:
        raise TasksError(f"{source} does not exist")
    return [_named(source)]


def load_tasks(path: str) -> Tasks:
    """Import a Python file and return its `Tasks`.

    The file can import modules beside it, as if it were run as a script.

    Raises:
        TasksError: the file cannot be imported, or does not have exactly one `Tasks`.
    """
    return _one(path, vars(_import(Path(path))))


def _in_folder(folder: Path) -> list[Tasks]:
    """Import each file once, even if one imports another."""
    before = set(map(id, sys.modules.values()))
    found: dict[int, Tasks] = {}
    for path in sorted(folder.glob("*.py")):
        module = sys.modules.get(_module_name(path))
        if module is None or id(module) in before:
            module = _import(path)
        found |= {id(tasks): tasks for tasks in _made(vars(module)).values()}
    if not found:
        raise TasksError(f"no Python file in {folder} has Tasks. {_HOW}")
    return list(found.values())


def _module_name(path: Path) -> str:
    """Return the module name for a file, which differs from that of a standard module."""
    return f"tasks_{path.stem}" if path.stem in sys.stdlib_module_names else path.stem


def _import(path: Path) -> ModuleType:
    name = _module_name(path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise TasksError(f"{path} is not a Python file: expected a name that ends in .py")
    module = importlib.util.module_from_spec(spec)
    _add_to_path(path.resolve().parent)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as problem:
        del sys.modules[name]
        raise TasksError(f"{path} cannot be imported: {_describe(problem, path)}") from problem
    return module


def _named(source: str) -> Tasks:
    """Return the `Tasks` of ``package.module`` or ``package.module:attribute``."""
    name, _, attribute = source.partition(":")
    _add_to_path(Path.cwd())
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as problem:
        raise TasksError(f"{name} cannot be imported: {type(problem).__name__}: {problem}") from problem
    if not attribute:
        return _one(source, vars(module))
    tasks = vars(module).get(attribute)
    if not isinstance(tasks, Tasks):
        found = "does not exist" if tasks is None else f"is of type {type(tasks).__name__}, not Tasks"
        raise TasksError(f'"{attribute}" of {name} {found}')
    return tasks


def _one(source: str, names: dict[str, Any]) -> Tasks:
    """Return the only `Tasks` among a module's names."""
    found = {id(tasks): (name, tasks) for name, tasks in _made(names).items()}
    if len(found) > 1:
        texts = ", ".join(f'"{name}"' for name in sorted(name for name, _ in found.values()))
        raise TasksError(f"{source} has several Tasks: {texts}. keep one, and register every handler with it")
    if not found:
        raise TasksError(f"{source} has no Tasks. {_HOW}")
    return next(iter(found.values()))[1]


_HOW = "begin it with\n\n    import asltool\n\n    tasks = asltool.Tasks()"


def _made(names: dict[str, Any]) -> dict[str, Tasks]:
    return {name: value for name, value in names.items() if isinstance(value, Tasks)}


class _StandardModules:
    """Finds standard modules in Python's own folders, whatever is in the folders of task handlers.

    asltool imports most of them lazily, so those folders are already on the path then.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or name not in sys.stdlib_module_names:
            return None
        return PathFinder.find_spec(name, [sysconfig.get_path("stdlib"), *_extension_modules()])


def _extension_modules() -> list[str]:
    return [folder for folder in sys.path if Path(folder).name in ("lib-dynload", "DLLs")]


def _add_to_path(folder: Path) -> None:
    if _StandardModules not in sys.meta_path:
        sys.meta_path.insert(0, _StandardModules)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


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
