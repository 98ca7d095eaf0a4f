"""`StateMachineOperator`: a task of a DAG that runs a state machine."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from asltool.airflow.drawing import XCOM, packed
from asltool.airflow.hook import StateMachineHook
from asltool.airflow.link import StateMachineLink, console_page, drawing_page
from asltool.airflow.naming import execution_name, plain
from asltool.airflow.protocol import failure
from asltool.airflow.saved import saved_as
from asltool.airflow.task_log import TaskLog, log_events
from asltool.airflow.trigger import ExecutionTrigger
from asltool.driver.clock import RealClock
from asltool.errors import AslToolError, InputError, OptionError, RequestError, TasksError
from asltool.expr.values import dumps, loads
from asltool.history.story import Story
from asltool.integrations.handlers import Handlers
from asltool.integrations.tasks import Tasks
from asltool.integrations.tasks_file import find_tasks
from asltool.machine import Machine, load
from asltool.testing.run_report import why

if TYPE_CHECKING:
    from asltool.driver.jobs import Integration
    from asltool.integrations.map_runs import MapRuns
    from asltool.integrations.tasks import Handler
    from asltool.run import Run

__all__ = ["StateMachineOperator"]

_ONLY_HERE = ("tasks", "integrations", "s3", "map_runs", "state_dir")
"""Arguments that ``asltool serve`` has options of its own for."""

_NOT_FOR_RETRIES = (TasksError, InputError, OptionError)


class _Stopped(BaseException):
    """Raised in the middle of a run by `StateMachineOperator.on_kill`; not an error of a task handler."""


class StateMachineOperator(BaseOperator):
    """Runs a state machine and returns its output.

    Without ``server_url``, it runs on the worker and saves its execution, so that completed work is not
    repeated when Airflow retries the task. With it, ``asltool serve`` runs it, and the task waits in the
    triggerer.

    Args:
        definition: a file, ``template.yaml#Orders``, or a definition as a dictionary. It is validated when
            the DAG is parsed. Like all files here, it is looked for beside the DAG's own file.
        tasks: the task handlers: a Python file, a folder or a module with `Tasks`, as for ``asltool run
            --tasks``; a `Tasks`, or functions by pattern.
        input: JSON, or a string with JSON text.
        integrations: further integrations, see `asltool.Machine.run`.
        execution_name: by default made from the run ID, the task, the definition and the input, so that
            a retry finds the execution.
        real_time: False skips waits and retry delays.
        s3: a folder in place of S3.
        map_runs: worker processes or a Dask cluster for distributed Maps, an `asltool.MapRuns`.
        state_dir: where executions are saved; by default the folder ``asltool`` in Airflow's home. Retries
            need it, so workers must share it.
        server_url: the address of ``asltool serve``.
        conn_id: an Airflow connection with that address.
        state_machine_arn: a state machine of the server, instead of a definition.
        poll_interval: seconds between two polls of the server, at most.

    Raises:
        DefinitionError: the definition has errors; ``diagnostics`` has all of them.
        OptionError: two arguments exclude each other.
        AirflowException: from `execute`, with error and cause: the execution did not succeed.
    """

    template_fields: Sequence[str] = (
        "input",
        "execution_name",
        "s3",
        "state_dir",
        "server_url",
        "state_machine_arn",
    )
    template_fields_renderers: ClassVar = {"input": "json"}
    shallow_copy_attrs: Sequence[str] = ("definition", "tasks", "integrations", "map_runs", "machine")
    operator_extra_links = (StateMachineLink(),)
    ui_color = "#fbe4d5"

    def __init__(  # noqa: PLR0913 - the arguments of an operator are its options
        self,
        *,
        definition: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        tasks: str | Tasks | Mapping[str, Handler] | None = None,
        input: Any = None,
        integrations: Sequence[Integration] = (),
        execution_name: str | None = None,
        real_time: bool = True,
        s3: str | None = None,
        map_runs: MapRuns | None = None,
        state_dir: str | None = None,
        server_url: str | None = None,
        conn_id: str | None = None,
        state_machine_arn: str | None = None,
        poll_interval: float = 5.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.definition = definition
        self.tasks = tasks
        self.input = input
        self.integrations = integrations
        self.execution_name = execution_name
        self.real_time = real_time
        self.s3 = s3
        self.map_runs = map_runs
        self.state_dir = state_dir
        self.server_url = server_url
        self.conn_id = conn_id
        self.state_machine_arn = state_machine_arn
        self.poll_interval = poll_interval
        self._check()
        self.machine = None if definition is None else self._loaded(definition)
        self.drawn_at: str | None = None
        self._running = False
        self._execution_arn: str | None = None

    def execute(self, context: Any) -> Any:
        """Run the machine here and return its output; on a server, start it and defer."""
        try:
            value = {} if self.input is None else self.input
            value = loads(value if isinstance(value, str) else dumps(value))
        except ValueError as problem:
            raise AirflowFailException(f"the input is not JSON: {problem}") from problem
        name = self.execution_name or self._name(context["ti"], value)
        try:
            run = self._start_there if self._is_served else self._run_here
            return run(context, name, value)
        except _NOT_FOR_RETRIES as problem:
            raise AirflowFailException(str(problem)) from None
        except RequestError as problem:
            raise AirflowException(f"{problem.code}: {problem}") from None
        except AslToolError as problem:
            raise AirflowException(str(problem)) from None

    def execute_complete(self, context: Any, event: Mapping[str, Any]) -> Any:
        """Return the output of the execution that the trigger has waited for."""
        if event["problem"]:
            raise AirflowException(event["problem"])
        hook, arn = self._hook, event["execution_arn"]
        self.drawn_at = console_page(hook.server_url, arn)
        log_events(self.log, hook.history(arn))
        found = hook.describe(arn)
        if found["status"] != "SUCCEEDED":
            raise AirflowException(failure(found))
        return loads(found["output"])

    def on_kill(self) -> None:
        """Stop the execution. If it runs here, it stays saved, so that a retry resumes it."""
        if self._execution_arn is not None:
            self._hook.stop(self._execution_arn, "the task was stopped in Airflow")
        if self._running:
            raise _Stopped

    @property
    def _is_served(self) -> bool:
        return self.server_url is not None or self.conn_id is not None

    @property
    def _hook(self) -> StateMachineHook:
        if self.conn_id is None:
            return StateMachineHook(self.server_url)
        return StateMachineHook(self.server_url, conn_id=self.conn_id)

    def _check(self) -> None:
        if (self.definition is None) == (self.state_machine_arn is None):
            raise OptionError("pass either definition or state_machine_arn")
        if self.state_machine_arn is not None and not self._is_served:
            raise OptionError("state_machine_arn needs server_url or conn_id, the server that has it")
        if self._is_served and (unused := [name for name in _ONLY_HERE if getattr(self, name)]):
            raise OptionError(f"{unused[0]} does not work with server_url: pass it to asltool serve")

    def _loaded(self, definition: str | os.PathLike[str] | Mapping[str, Any]) -> Machine:
        if not isinstance(definition, Mapping):
            return load(self._beside_the_dag(os.fspath(definition)))
        machine = load(definition)
        machine.name = plain(f"{self.dag.dag_id}-{self.task_id}" if self.has_dag() else self.task_id)
        return machine

    def _beside_the_dag(self, path: str) -> str:
        return str(Path(self.dag.fileloc).parent / path) if self.has_dag() else path

    def _name(self, ti: Any, value: Any) -> str:
        of = self.state_machine_arn if self.machine is None else self.machine.definition
        return execution_name(ti.run_id, ti.dag_id, ti.task_id, ti.map_index, of, value)

    def _start_there(self, context: Any, name: str, value: Any) -> None:
        hook, arn = self._hook, self.state_machine_arn
        if self.machine is not None:
            arn = hook.put_machine(plain(self.machine.name), self.machine.definition)
        assert arn is not None
        self._execution_arn = hook.start(arn, name, value)
        context["ti"].xcom_push(key="execution_arn", value=self._execution_arn)
        self.drawn_at = console_page(hook.server_url, self._execution_arn)
        trigger = ExecutionTrigger(hook.server_url, self._execution_arn, self.poll_interval)
        self.defer(trigger=trigger, method_name="execute_complete", timeout=self.execution_timeout)

    def _run_here(self, context: Any, name: str, value: Any) -> Any:
        assert self.machine is not None
        home = Path(os.environ.get("AIRFLOW_HOME", "~/airflow")).expanduser()
        folder = Path(self.state_dir or home / "asltool")
        saved = saved_as(folder, self.machine.name, name)
        self.log.info("execution %s of %s %s", saved.name, self.machine.name, saved.how)
        self._running = True
        try:
            run = self.machine.run(
                value,
                integrations=[*map(Handlers, self._handlers()), *self.integrations],
                name=saved.name,
                clock=RealClock() if self.real_time else None,
                watch=TaskLog(self.log, saved.events),
                s3=self.s3,
                map_runs=self.map_runs,
                checkpoints=saved.checkpoints,
            )
        except _Stopped:
            raise AirflowException(f"execution {saved.name} was stopped; a retry resumes it") from None
        finally:
            self._running = False
        self._draw(run, context["ti"])
        if run.status != "SUCCEEDED":
            story = Story(self.machine.model, run.history)
            raise AirflowException("\n".join([f"execution {saved.name} {run.status}", *why(run, story)]))
        return run.output

    def _handlers(self) -> Sequence[Tasks | Mapping[str, Handler]]:
        if self.tasks is None:
            return []
        if not isinstance(self.tasks, str):
            return [self.tasks]
        file = self._beside_the_dag(self.tasks)
        return find_tasks(file if Path(file).exists() else self.tasks)

    def _draw(self, run: Run, ti: Any) -> None:
        """Push the diagram of a run as an XCom; if drawing fails, the task does not fail."""
        assert self.machine is not None
        if not self.do_xcom_push:
            return
        try:
            drawing = packed(self.machine, run)
        except AslToolError as problem:
            self.log.warning("the run could not be drawn: %s", problem)
            return
        if drawing is None:
            self.log.info("the drawing of the run is too large for an XCom")
            return
        ti.xcom_push(key=XCOM, value=drawing)
        self.drawn_at = drawing_page(ti)
