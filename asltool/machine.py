"""Load, validate, run and draw a state machine: the core of the Python API."""

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
from asltool.driver.map_outside import Maps
from asltool.driver.workers import MAX_WORKERS, Workers
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.limits import too_large
from asltool.engine.program import Program, compile_machine
from asltool.errors import DefinitionError, InputError, OptionError
from asltool.integrations.handlers import Handlers
from asltool.integrations.map_runs import MapRuns, child_workers, remade
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.missing import check_handlers, complete
from asltool.integrations.objects.tasks import objects_of, tasks_on
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

__all__ = ["Machine", "Run", "load", "load_document", "loads", "render"]


class Machine:
    """A validated state machine that can run any number of times. Create one with `load` or `loads`.

    ``name`` is its name in its ARN, ``definition`` its JSON, ``model`` its typed form. ``diagnostics`` are
    the findings that do not prevent a run, mostly warnings.
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
        """Show the machine in a notebook as an HTML page."""
        from asltool.diagrams import notebook

        return notebook.frame(self.model, definition=self.definition, title=self.name)

    @cached_property
    def program(self) -> Program:
        """The compiled machine.

        Raises:
            DefinitionError: a run needs a value in place of a placeholder.
            ExpressionError: an expression in the definition is invalid.
        """
        if problems := unfilled(self.model, self.definition):
            raise DefinitionError("\n".join(problems))
        return compile_machine(self.model, self.definition)

    def compile(self) -> None:
        """Compile the machine now instead of on its first run; raises as `program` does."""
        _ = self.program

    def execution(
        self,
        input: Any = ABSENT,
        *,
        name: str | None = None,
        seed: int | None = None,
        limits: bool = True,
    ) -> Execution:
        """Return an execution that you drive yourself; see `asltool.engine`.

        Args:
            input: JSON; ``{}`` if it is left out.
            name: the execution's name; by default made from the seed.
            seed: the seed of random values; by default random.
            limits: whether the service's limits apply: 256 KiB per payload, 25,000 events.

        Raises:
            InputError: the input is not JSON, or exceeds the service's limit.
        """
        seed = secrets.randbits(64) if seed is None else seed
        name = str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4)) if name is None else name
        identity = Identity(name=name, state_machine=self.name)
        value = _json({} if input is ABSENT else input)
        if limits and too_large(value):
            raise InputError("the input is larger than 256 KiB of JSON, the service's limit")
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
        ended: Callable[[Execution], object] | None = None,
        s3: str | PathLike[str] | Objects | None = None,
        map_runs: MapRuns | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> Run:
        """Run the machine with these task handlers and return the result.

        Args:
            input, name, seed, limits: see `execution`.
            tasks: Python handlers, which are tried first: a `Tasks`, or functions by pattern as for
            `Tasks.handler`, such as ``{"charge-card": charge_card}``.
            integrations: further integrations, tried in this order.
            clock: the clock. By default it jumps: waits and retry delays are skipped. `asltool.RealClock`
            waits in real time, and for task tokens sent from anywhere; so does a clock of your own, unless
            its ``patient`` is False.
            max_workers: how many blocking handlers can run at the same time.
            watch: called after each step with the execution and its effects.
            ended: called with each execution that ends in this process: this one, nested ones, and child
            executions of distributed Maps.
            s3: the storage of distributed Maps: a folder in place of S3, with a subfolder for each bucket, or
            an object store. On a folder, ``aws-sdk:s3`` tasks work too, unless an integration does them.
            map_runs: settings for map runs.
            checkpoints: where to save the execution, so it can be resumed or redriven by its name.

        Raises:
            InputError: the input is not JSON, or exceeds the service's limit.
            OptionError: an execution is to be resumed or redriven, but has no name.
            CheckpointError: an execution is saved under this name that is not asked for, or that another
                process runs; or there is none to be redriven.
            NotRedrivable: the saved execution cannot be redriven.
            DumpError: the saved execution is damaged, or its definition or items have changed.
            StoreError: saved executions cannot be used; the message says why.
            WriteError: the disk is full; the execution can be resumed.
            NoHandler: tasks have no handler; this is checked before the first task runs.
            NoAnswer: a task waits for a task token that can no longer be sent.
        """
        if checkpoints and (checkpoints.resume or checkpoints.redrive) and name is None:
            raise OptionError("to resume or redrive an execution, pass its name")
        map_runs = map_runs or MapRuns()
        execution = self.execution(input, name=name, seed=seed, limits=limits)
        start = time.time()
        objects = objects_of(s3)
        port = MapStorage(objects)
        maps = Maps(port, watch=map_runs.watch)
        patient = clock is not None and bool(getattr(clock, "patient", True))
        doers = [*([] if tasks is None else [Handlers(tasks)]), *integrations, *tasks_on(objects)]
        if not map_runs.is_elsewhere:  # Worker processes have their own integrations.
            check_handlers(self.model, doers)
        with ExitStack() as stack:
            saved = elsewhere = None
            if checkpoints is not None:
                from asltool.store.checkpoint import Checkpoint

                saved = stack.enter_context(Checkpoint(checkpoints, execution.identity))
                execution = saved.take_up(execution, start)
                maps.journal = saved.journal
            stack.callback(maps.close)
            if map_runs.integrations is not None and map_runs.is_elsewhere:
                from asltool.driver.children import Surroundings
                from asltool.integrations.result_parts import parts_on

                # A store of files can be opened in another process; a connection to S3 cannot be shared.
                port_there = MapStorage() if parts_on(objects) is None else port
                make = partial(remade, map_runs.integrations, tasks_on(objects))
                there = Surroundings(make, port_there, journal=maps.journal, real_time=patient)
                elsewhere = maps.elsewhere = child_workers(stack, map_runs, there, objects)
            workers = stack.enter_context(
                Workers(*complete(doers), max_workers=max_workers, patient=patient, elsewhere=elsewhere)
            )
            time_ = clock or VirtualClock(max(start, execution.now))
            driver = runner.Runner(workers, time_, maps, saved, ended)
            driver.add(execution, watch=watch)
            driver.run()
            if saved is not None:
                saved.close(execution)
        return Run(execution, maps.runs, Drawing(self.model, self.definition, self.name))


def load(source: str | PathLike[str] | Mapping[str, Any]) -> Machine:
    """Load a state machine from a file, or from a definition as a dictionary.

    ``template.yaml#Orders`` selects one of several machines in a file.

    Raises:
        DefinitionError: it has errors; ``diagnostics`` has all errors and warnings.
        OSError: the file cannot be read.
    """
    if isinstance(source, Mapping):
        return loads(json_of(source), "definition")
    document = choose(str(source))
    return load_document(document, split(str(source))[0])


def loads(text: str, path: str = "definition") -> Machine:
    """Load a state machine from text; ``path`` is its name in diagnostics.

    Raises:
        DefinitionError: it has errors; ``diagnostics`` has all errors and warnings.
    """
    return load_document(read(text, path))


def load_document(document: Document, template: str = "") -> Machine:
    """Return the machine of a document; ``template`` is the file with the values of its placeholders.

    Raises:
        DefinitionError: it has errors; ``diagnostics`` has all errors and warnings.
    """
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
    """Return a document with its template's substitutions, parameters and resource names filled in."""
    from asltool.integrations.sam import template_texts
    from asltool.syntax.sources.substitutions import filled_in

    is_template = template.endswith((".json", ".template", ".yaml", ".yml"))
    text_of = template_texts(template, document.name) if is_template else None
    if text_of is None:
        return document
    return replace(document, value=filled_in(document.value, text_of, document.unknown))


def _json(value: Any) -> Any:
    """Return a deep copy of a JSON value."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as problem:
        raise InputError(f"the input is not JSON: {problem}") from problem


def render(machine: Machine, path: str | PathLike[str], *, run: Run | None = None) -> None:
    """Draw a machine to a file: ``.html``, ``.svg``, ``.png``, ``.pdf``, ``.dot``, ``.mmd``, by its
    extension.

    Args:
        run: a run whose path is shown; an HTML page steps through it.

    Raises:
        RenderError: the extension is unknown, or Graphviz is not installed.
        OSError: the file cannot be written.
    """
    from asltool.diagrams import write

    shown = None if run is None else highlight(run, machine.model)
    write(machine.model, path, shown, definition=machine.definition, title=machine.name)
