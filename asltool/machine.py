"""Load a state machine, and run it: what ``import asltool`` is for."""

from __future__ import annotations

import json
import random
import secrets
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asltool import rules
from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.driver.jobs import parts
from asltool.driver.map_outside import Maps
from asltool.driver.workers import MAX_WORKERS, Workers
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.limits import too_large
from asltool.engine.program import Program, compile_machine
from asltool.errors import DefinitionError, InputError, OptionError
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.missing import check_handlers, complete
from asltool.integrations.objects.folder import Folder
from asltool.rules.analysis.unfilled import unfilled
from asltool.run import Drawing, Run, highlight
from asltool.syntax.build import build
from asltool.syntax.document import report
from asltool.syntax.model import ABSENT, StateMachine
from asltool.syntax.reader import json_of, read
from asltool.syntax.sources.chosen import choose, split

if TYPE_CHECKING:
    from asltool.driver.jobs import Integration
    from asltool.driver.ports import Clock, SleepingClock
    from asltool.driver.runner import Watch
    from asltool.integrations.objects import Objects
    from asltool.integrations.tasks import Handler, Tasks
    from asltool.store.checkpoint import Checkpoints
    from asltool.syntax.diagnostics import Diagnostic
    from asltool.syntax.document import Document

__all__ = ["Machine", "Run", "load", "loads", "render"]


class Machine:
    """A state machine, checked and ready to run any number of times. Make one with `load` or `loads`.

    ``name`` is what its ARN says, ``definition`` its JSON, ``model`` its typed form. ``diagnostics`` are what
    validation found that does not keep it from running: warnings, mostly.
    """

    def __init__(
        self, name: str, definition: Any, model: StateMachine, diagnostics: Sequence[Diagnostic] = ()
    ) -> None:
        self.name = name
        self.definition = definition
        self.model = model
        self.diagnostics = tuple(diagnostics)

    def __repr__(self) -> str:
        return f"<Machine {self.name}: {len(self.model.states)} states>"

    def _repr_svg_(self) -> str | None:
        """Show the machine in a notebook as a picture, if Graphviz is installed."""
        from asltool.diagrams import notebook

        return notebook.svg(self.model)

    def _repr_html_(self) -> str:
        """Show the machine in a notebook as its page."""
        from asltool.diagrams import notebook

        return notebook.frame(self.model, definition=self.definition, title=self.name)

    @cached_property
    def program(self) -> Program:
        """The compiled machine.

        Raises:
            DefinitionError: a placeholder stands where a run needs a value.
            ExpressionError: a text inside the definition cannot be read.
        """
        if problems := unfilled(self.model, self.definition):
            raise DefinitionError("\n".join(problems))
        return compile_machine(self.model, self.definition)

    def compile(self) -> None:
        """Compile the machine now, which otherwise happens when it is first run; raises as `program` does."""
        _ = self.program

    def execution(
        self,
        input: Any = ABSENT,
        *,
        name: str | None = None,
        seed: int | None = None,
        limits: bool = True,
    ) -> Execution:
        """Return an execution to be driven by hand; see `asltool.engine`.

        Args:
            input: JSON; ``{}`` if it is left out.
            name: the execution's; made from the seed if it is left out.
            seed: where chance comes from; drawn if it is left out.
            limits: whether the service's limits hold: 256 KiB a payload, 25,000 events.

        Raises:
            InputError: the input is not JSON, or larger than the service takes.
        """
        seed = secrets.randbits(64) if seed is None else seed
        name = str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4)) if name is None else name
        identity = Identity(name=name, state_machine=self.name)
        value = _json({} if input is ABSENT else input)
        if limits and too_large(value):
            raise InputError("the input is larger than 256 KiB of JSON, which the service does not take")
        return Execution(self.program, value, identity, seed, limits=limits)

    def run(  # noqa: PLR0913 - each is an option by keyword
        self,
        input: Any = ABSENT,
        *,
        tasks: Tasks | Mapping[str, Handler] | None = None,
        integrations: Sequence[Integration] = (),
        name: str | None = None,
        seed: int | None = None,
        limits: bool = True,
        clock: Clock | SleepingClock | None = None,
        max_workers: int = MAX_WORKERS,
        watch: Watch | None = None,
        s3: str | PathLike[str] | Objects | None = None,
        map_runs: MapRuns | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> Run:
        """Run the machine against these task handlers and return how it went.

        Args:
            input, name, seed, limits: see `execution`.
            tasks: Python handlers, which are asked first whether they do a task: a `Tasks`, or functions by
                what `Tasks.handler` would be given, such as ``{"charge-card": charge_card}``.
            integrations: whoever else does tasks, asked in this order.
            clock: tells and passes the time. Left out, it jumps: waits and the delays of retries are
                skipped. `asltool.RealClock` waits for real, and for task tokens sent from anywhere; so does
                a clock of your own, unless its ``patient`` is False.
            max_workers: how many blocking handlers may run at the same time.
            watch: called after each step with the execution and the effects it asks for.
            s3: what distributed Maps read from and write to: a folder that stands for S3, with a subfolder
                for each bucket, or a store.
            map_runs: how map runs are carried out.
            checkpoints: where to save the execution, so that it can be resumed or redriven by its name.

        Raises:
            InputError: the input is not JSON, or larger than the service takes.
            OptionError: an execution to be resumed or redriven, and no name.
            CheckpointError: an execution is saved under this name that is not asked for, or that another
                process runs; or there is none to be redriven.
            NotRedrivable: the saved execution, as it ended.
            DumpError: the saved execution is damaged, or what it was run with has changed.
            StoreError: saved executions cannot be used; the message says why.
            WriteError: there is no room for what is saved, or for results; it can be resumed.
            NoHandler: tasks that no handler is for, found before the first task runs.
            NoAnswer: a task whose outcome nobody is left to give.
        """
        if checkpoints and (checkpoints.resume or checkpoints.redrive) and name is None:
            raise OptionError("to resume or redrive an execution, pass its name")
        map_runs = map_runs or MapRuns()
        execution = self.execution(input, name=name, seed=seed, limits=limits)
        start = time.time()
        port = MapStorage(Folder(Path(s3)) if isinstance(s3, str | PathLike) else s3)
        maps = Maps(port, watch=map_runs.watch, processes=map_runs.processes)
        patient = clock is not None and bool(getattr(clock, "patient", True))
        doers = [*([] if tasks is None else [Handlers(tasks)]), *integrations]
        if not map_runs.processes:  # Workers have integrations of their own.
            check_handlers(self.model, doers)
        with ExitStack() as stack:
            saved = elsewhere = None
            if checkpoints is not None:
                from asltool.store.checkpoint import Checkpoint

                saved = stack.enter_context(Checkpoint(checkpoints, execution.identity))
                execution = saved.take_up(execution, start)
                maps.journal = saved.journal
            stack.callback(maps.close)
            if map_runs.processes and map_runs.integrations is not None:
                from asltool.driver.processes import Processes, Surroundings

                # A folder can be named to another process; the connection of a store cannot be handed over.
                port_there = port if isinstance(s3, str | PathLike) else MapStorage()
                there = Surroundings(
                    partial(_remade, map_runs.integrations), port_there, maps.journal, patient
                )
                definitions = _definitions(self, doers)
                maps.machines = definitions
                elsewhere = stack.enter_context(Processes(map_runs.processes, definitions, there))
            workers = stack.enter_context(
                Workers(*complete(doers), max_workers=max_workers, patient=patient, elsewhere=elsewhere)
            )
            driver = runner.Runner(workers, clock or VirtualClock(max(start, execution.now)), maps, saved)
            driver.add(execution, watch=watch)
            driver.run()
            if saved is not None:
                saved.close(execution)
        return Run(execution, maps.runs, Drawing(self.model, self.definition, self.name))


def _remade(remake: Callable[[], Sequence[Integration]]) -> Sequence[Integration]:
    return complete(remake())


def _definitions(machine: Machine, doers: Sequence[Integration]) -> dict[str, Any]:
    """Return the definitions of a machine and of those it may start, by name; without a name of two."""
    started: list[Mapping[str, Machine]] = [getattr(each, "machines", {}) for each in parts(doers)]
    found = {name: one.definition for machines in started for name, one in machines.items()}
    if found.setdefault(machine.name, machine.definition) != machine.definition:
        del found[machine.name]
    return found


def load(source: str | PathLike[str] | Mapping[str, Any]) -> Machine:
    """Load a state machine from a file, or from a definition that is JSON already.

    ``template.yaml#Orders`` is one of several machines in a file, wherever its definition is.

    Raises:
        DefinitionError: with every error and warning in ``diagnostics``.
        OSError: the file cannot be read.
    """
    if isinstance(source, Mapping):
        return loads(json_of(source), "definition")
    document = choose(str(source))
    return _loaded(document, split(str(source))[0])


def loads(text: str, path: str = "definition") -> Machine:
    """Load a state machine from a text; ``path`` is what diagnostics call it.

    Raises:
        DefinitionError: with every error and warning in ``diagnostics``.
    """
    return _loaded(read(text, path))


def _loaded(document: Document, template: str = "") -> Machine:
    """Return the machine of a document; ``template`` is the file that may say what is filled into it."""
    diagnostics = rules.validate(document)
    if template and document.name:
        document = _filled_in(document, template)
    model = build(document)
    name = document.name or Path(document.path).name.partition(".")[0]
    machine = None if model is None else Machine(name, document.value, model, diagnostics)
    if machine is None or rules.refused(diagnostics):
        raise DefinitionError(report(document, diagnostics), diagnostics, machine)
    return machine


def _filled_in(document: Document, template: str) -> Document:
    """Return a document with what its template fills in: substitutions, parameters and names of resources."""
    from asltool.integrations.sam import template_texts
    from asltool.syntax.sources.substitutions import filled_in

    is_template = template.endswith((".json", ".template", ".yaml", ".yml"))
    text_of = template_texts(template, document.name) if is_template else None
    if text_of is None:
        return document
    return replace(document, value=filled_in(document.value, text_of, document.unknown))


def _json(value: Any) -> Any:
    """Return a copy of a JSON value that nobody else can change."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as problem:
        raise InputError(f"the input is not JSON: {problem}") from problem


def render(machine: Machine, path: str | PathLike[str], *, run: Run | None = None) -> None:
    """Draw a machine into a file: ``.html``, ``.svg``, ``.png``, ``.pdf``, ``.dot``, ``.mmd``, by its ending.

    Args:
        run: shows the way it took; an HTML page steps through it.

    Raises:
        RenderError: an ending that is none of these, or nothing to draw pictures with is installed.
        OSError: the file cannot be written.
    """
    from asltool.diagrams import write

    shown = None if run is None else highlight(run, machine.model)
    write(machine.model, path, shown, definition=machine.definition, title=machine.name)
