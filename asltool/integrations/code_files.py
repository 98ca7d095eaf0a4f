"""The Python files of task handlers: list the imported ones, and import them again."""

from __future__ import annotations

import importlib
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from asltool.driver.jobs import Integration, parts
from asltool.integrations.lambda_project import MODULES
from asltool.integrations.node_function import PROCESSES

__all__ = ["CodeFiles"]

_INSTALLED = frozenset(("site-packages", "dist-packages"))

_STANDARD = frozenset(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))


class CodeFiles:
    """The code that ``sources`` (as in ``--tasks``) name, and the modules imported from the same folders.

    Functions of Lambda projects are shared by the whole process. ``others`` are files that are read with
    them.
    """

    def __init__(self, sources: Iterable[str], others: Iterable[str] = ()) -> None:
        self._others = set(map(Path, others))
        self._folders = [path for path in map(Path, sources) if path.is_dir()]
        files = {path.resolve().parent for path in map(Path, sources) if path.is_file()}
        named = {Path.cwd() for source in sources if not Path(source).exists()}
        self._roots = files | named | {folder.resolve() for folder in self._folders}

    def named(self, integrations: Iterable[Integration]) -> set[Path]:
        """Return the files in folders of the sources, those of Lambda functions, and the others."""
        named = self._others | {path.resolve() for folder in self._folders for path in folder.glob("*.py")}
        for folder in {folder for each in parts(integrations) for folder in getattr(each, "folders", ())}:
            for ending in ("*.py", "*.js", "*.mjs", "*.cjs"):
                named |= {*folder.glob(ending), *folder.glob(f"*/{ending}")}
        return named

    def imported(self) -> set[Path]:
        """Return the files that have been imported so far."""
        modules = [*self._own(), *(each for known in MODULES.values() for each in known.items())]
        return {Path(module.__file__) for _, module in modules if module.__file__ is not None}

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Let the body import the files again. If it fails, its imports are undone."""
        modules, functions = dict(self._own()), dict(MODULES)
        self._forget()
        try:
            yield
        except BaseException:
            self._forget()
            sys.modules.update(modules)
            MODULES.update(functions)
            raise

    def _forget(self) -> None:
        importlib.invalidate_caches()
        for name, _ in list(self._own()):
            del sys.modules[name]
        MODULES.clear()
        PROCESSES.clear()

    def _own(self) -> Iterator[tuple[str, ModuleType]]:
        """Yield the modules of the process that are below the roots but not installed packages."""
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file is None or name == "__main__" or name.partition(".")[0] == "asltool":
                continue
            path = Path(file).resolve()
            installed = not (_STANDARD.isdisjoint(path.parents) and _INSTALLED.isdisjoint(path.parts))
            if not installed and not self._roots.isdisjoint(path.parents):
                yield name, module
