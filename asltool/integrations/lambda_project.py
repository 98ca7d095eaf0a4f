"""Functions of existing Lambda projects, imported by handler name and called as Lambda does.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Any

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask
from asltool.errors import TasksError
from asltool.integrations.claims import Claim, ClaimedModule, LoadedModules, SearchPath, Variable, holding
from asltool.integrations.handler import TaskContext
from asltool.integrations.handlers import Handlers
from asltool.integrations.lambda_names import regions
from asltool.integrations.node_function import SUFFIXES, NodeFunction
from asltool.integrations.tasks import Handler, Tasks

__all__ = ["MODULES", "LambdaFunction", "LambdaFunctions", "named_function"]

_TYPESCRIPT = (".ts", ".mts", ".cts", ".tsx")

_MEMBER = re.compile(r"[\w$]+(\.[\w$]+)*")


class LambdaFunction:
    """A task handler: the function ``handler`` (``file.function``) in a code folder.

    It is imported on its first call. Its ``variables`` are in the environment while it is imported and while
    it runs. Modules are separate for each folder, so two folders may have modules of the same name.
    """

    def __init__(
        self, folder: str | PathLike[str], handler: str, variables: Mapping[str, str] | None = None
    ) -> None:
        module, dot, function = handler.rpartition(".")
        if not dot:
            raise TasksError(f'invalid handler "{handler}". expected "file.function"')
        self.folder = self.code = Path(folder).resolve()
        self._module = module.replace("/", ".")
        self._name = function
        self._variables = {**regions(), **(variables or {})}
        self._modules = _modules_in(self.folder)
        self._function: Handler | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<LambdaFunction {self.folder}: {self._module}.{self._name}>"

    def __call__(self, event: Any, context: TaskContext) -> Any:
        """Call the function.

        Raises:
            TasksError: it cannot be imported.
        """
        with self._lock:
            if self._function is None:
                self._function = self._import()
        with holding(self._claims()):
            return self._function(event, context)

    def _import(self) -> Handler:
        place = f'{self.folder}: "{self._module}"'
        with holding(self._claims(importing=True)):
            try:
                module = importlib.import_module(self._module)
            except (Exception, SystemExit) as problem:
                raise TasksError(
                    f"{place} cannot be imported: {type(problem).__name__}: {problem}"
                ) from problem
        function: Handler | None = getattr(module, self._name, None)
        if not callable(function):
            raise TasksError(f'{place} has no function "{self._name}"')
        return function

    def _claims(self, *, importing: bool = False) -> Iterator[Claim]:
        """Yield what the function needs in place. Its own file, often named ``app``, is needed only for the
        import."""
        for name, value in self._variables.items():
            yield Variable(name, value)
        yield SearchPath(self.folder)
        for name in self._modules:
            if importing or name != self._module:
                yield ClaimedModule(name, self.folder, MODULES.setdefault(self.folder, {}))


MODULES: dict[Path, LoadedModules] = {}
"""The modules imported for functions, by folder."""


def _modules_in(folder: Path) -> list[str]:
    """Return the names of a folder's modules and packages, without its tests."""
    names = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/*.py")}
    return sorted(name for name in names - {"__init__", "test", "tests"} if name.isidentifier())


class LambdaFunctions:
    """The `Integration` for (name, function) pairs; a function may have several names.

    ``others`` maps the names of functions that cannot be called here to the reasons. ``folders`` hold the
    code of the functions.
    """

    def __init__(
        self,
        functions: Iterable[tuple[str, LambdaFunction | NodeFunction]],
        others: Mapping[str, str] | None = None,
    ) -> None:
        tasks = Tasks()
        self.folders = set[Path]()
        for name, function in functions:
            tasks.register(name, function)
            self.folders |= {function.folder, function.code}
        self._handlers = Handlers(tasks)
        self.others = dict(others or {})

    @property
    def names(self) -> list[str]:
        """The names of the functions."""
        return self._handlers.names

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    @classmethod
    def from_template(cls, path: str) -> LambdaFunctions:
        """Return the functions of a SAM or CloudFormation template; see `template_functions`.

        A task that calls one that cannot run here is reported before the run, with the reason.

        Raises:
            TasksError: the file is not a template, or has no function.
            OSError: it cannot be read.
        """
        from asltool.integrations.sam import template_functions

        return cls(*template_functions(path))

    def find(self, call: CallTask) -> Work | None:
        return self._handlers.find(call)


def named_function(text: str) -> tuple[str, LambdaFunction | NodeFunction]:
    """Return (name, function) of ``NAME=path/app.py:lambda_handler`` or ``NAME=path/index.mjs:handler``.

    Raises:
        TasksError: it has another form, or the file does not exist.
    """
    name, equals, place = text.partition("=")
    file, colon, function = place.rpartition(":")
    path = Path(file)
    is_javascript = path.suffix in (*SUFFIXES, *_TYPESCRIPT)
    is_name = _MEMBER.fullmatch(function) if is_javascript else function.isidentifier()
    if not (equals and colon and name and is_name and (is_javascript or path.suffix == ".py")):
        raise TasksError(
            f'invalid function "{text}". expected NAME=path/to/app.py:lambda_handler '
            "or NAME=path/to/index.mjs:handler"
        )
    if path.suffix in _TYPESCRIPT:
        raise TasksError(
            f"{file} is TypeScript. build it, and pass the JavaScript file that the build writes"
        )
    if not path.is_file():
        raise TasksError(f"{file} does not exist")
    if path.suffix in SUFFIXES:
        return name, NodeFunction(path, function)
    return name, LambdaFunction(path.parent, f"{path.stem}.{function}")
