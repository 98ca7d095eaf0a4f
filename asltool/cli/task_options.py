"""Task handlers and integrations of a run: the options that choose them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

import asltool
from asltool.cli.json_options import read_file
from asltool.cli.option_values import with_value
from asltool.cli.other_machines import other_machines
from asltool.driver.jobs import Integration
from asltool.errors import MissingExtra
from asltool.integrations.connections import Connections
from asltool.integrations.executions import Executions
from asltool.integrations.handlers import Handlers
from asltool.integrations.http_invoke import HttpInvoke
from asltool.integrations.lambda_endpoint import LambdaEndpoint
from asltool.integrations.lambda_project import LambdaFunctions, named_function
from asltool.integrations.missing import unknown_tasks
from asltool.integrations.mock_config import MockConfig
from asltool.integrations.objects import Objects
from asltool.integrations.objects.tasks import objects_of, tasks_on
from asltool.integrations.recording import Recorder
from asltool.integrations.replay import Replay
from asltool.integrations.sent_tasks import SentTasks
from asltool.integrations.tasks_file import find_tasks
from asltool.syntax.sources.chosen import split

__all__ = ["TaskOptions", "server_task_options", "task_options"]

_F = TypeVar("_F", bound=Callable[..., None])


class _StorageAddress(click.Path):
    """A folder that exists, or an address such as ``gs://company/buckets``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if "://" in str(value) else super().convert(value, param, ctx)


_OPTIONS = {
    "tasks": click.option(
        "--tasks",
        metavar="TASKS",
        multiple=True,
        help="Where to find task handlers (any Tasks object): a Python file, a folder of such files, "
        "package.module or package.module:attribute. Can be repeated.",
    ),
    "lambdas": click.option(
        "--lambda",
        "lambdas",
        metavar="NAME=FILE:FUNCTION",
        multiple=True,
        help="Run the Lambda function NAME as this function of a Python or JavaScript file. Can be repeated.",
    ),
    "sam": click.option(
        "--sam",
        metavar="TEMPLATE",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False),
        help="Run the Python and Node.js functions of this SAM or CloudFormation template. Can be repeated.",
    ),
    "lambda_endpoint": click.option(
        "--lambda-endpoint",
        metavar="URL",
        help="Invoke all other Lambda functions at this address, such as that of sam local start-lambda.",
    ),
    "machines": click.option(
        "--machine",
        "machines",
        metavar="NAME=FILE",
        multiple=True,
        help="Run this definition when a task starts the state machine NAME. Can be repeated.",
    ),
    "http": click.option(
        "--http", is_flag=True, help="Allow http:invoke to send requests, without authorization."
    ),
    "connections": click.option(
        "--connections",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Allow http:invoke to send requests, authorized by the connections in this file.",
    ),
    "mock_config": click.option(
        "--mock-config",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Mock tasks with this Step Functions Local mock configuration file. Needs --test-case.",
    ),
    "test_case": click.option(
        "--test-case",
        metavar="NAME",
        help="The test case of --mock-config: TestCase, or StateMachine#TestCase.",
    ),
    "replay": click.option(
        "--replay",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Replay task results from this recording or history.",
    ),
    "replay_loosely": click.option(
        "--replay-loosely",
        is_flag=True,
        help="With --replay: accept task inputs that differ from the recording.",
    ),
    "record": click.option(
        "--record",
        metavar="FILE",
        type=click.Path(dir_okay=False, writable=True),
        help="Record task results in this file, for --replay.",
    ),
    "s3": click.option(
        "--s3",
        metavar="FOLDER",
        type=_StorageAddress(exists=True, file_okay=False),
        help="Use this folder in place of S3, with a subfolder for each bucket. By default, --aws uses S3.",
    ),
    "aws": click.option(
        "--aws", is_flag=True, help="Run tasks that have no local handler on AWS, in real time."
    ),
    "endpoint_url": click.option(
        "--endpoint-url",
        metavar="URL",
        help="With --aws: call this server in place of AWS, and skip waits.",
    ),
    "region": click.option("--region", metavar="REGION", help="With --aws: the AWS region."),
    "profile": click.option("--profile", metavar="NAME", help="With --aws: the AWS profile."),
}

_OF_A_SERVER = _OPTIONS | {
    "mock_config": click.option(
        "--mock-config",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Mock the tasks of executions that are started with ARN#TestCase, with the test cases of this "
        "Step Functions Local mock configuration file.",
    ),
    "endpoint_url": click.option(
        "--endpoint-url", metavar="URL", help="With --aws: call this server in place of AWS."
    ),
    "region": click.option(
        "--region", metavar="REGION", help="The region of the server, and with --aws the AWS region."
    ),
}

_OF_ONE_RUN = ("machines", "test_case", "replay", "replay_loosely", "record")
"""Options that a server does not have."""


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """The values of the options for tasks. ``sent`` are the ``tasks`` as worker processes get them."""

    tasks: tuple[str, ...] = ()
    lambdas: tuple[str, ...] = ()
    sam: tuple[str, ...] = ()
    lambda_endpoint: str | None = None
    machines: tuple[str, ...] = ()
    http: bool = False
    connections: str | None = None
    mock_config: str | None = None
    test_case: str | None = None
    replay: str | None = None
    replay_loosely: bool = False
    record: str | None = None
    s3: str | None = None
    aws: bool = False
    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None
    sent: tuple[SentTasks, ...] = ()

    def integrations(
        self, machine: asltool.Machine | None = None, *, limits: bool = True
    ) -> list[Integration]:
        """Return the integrations in the order in which they are tried: mocks first, real ones last.

        ``machine`` is the one that will run; without it, mocks for unknown states are not reported.

        Raises:
            TasksError: a file cannot be used.
            DefinitionError: a state machine cannot be used.
            OSError: a file cannot be read.
            click.UsageError: an option lacks the one it needs.
        """
        others = other_machines(self.machines)
        running = [] if machine is None else [machine, *others.values()]
        doers: list[Integration] = [*self._mocks(running), *self._replay()]
        doers += (Handlers(one) for source in self.tasks for one in find_tasks(source))
        if self.lambdas:
            doers.append(LambdaFunctions([named_function(text) for text in self.lambdas]))
        doers += (LambdaFunctions.from_template(path) for path in self.sam)
        if self.lambda_endpoint is not None:
            doers.append(LambdaEndpoint(self.lambda_endpoint))
        if others:
            doers.append(Executions(others, limits=limits))
        if self.http or self.connections is not None:
            doers.append(HttpInvoke(None if self.connections is None else Connections.load(self.connections)))
        doers += tasks_on(objects_of(self.s3))
        try:
            doers += self._aws()
        except MissingExtra as problem:
            task = None if machine is None else next(unknown_tasks(machine.model, doers), None)
            if task is None:
                raise
            feature = f'state "{task.state}" calls "{task.resource}" through boto3, and --aws'
            raise MissingExtra(feature, problem.extra) from None
        return doers if self.record is None else [Recorder(self.record, *doers)]

    def for_workers(self, dask: str | None) -> TaskOptions:
        """Return the same for `of_worker`. Files of tasks are sent along to a cluster elsewhere."""
        is_near = dask is None or dask.partition(":")[0] == "local"
        return replace(self, sent=tuple(map(SentTasks if is_near else SentTasks.of, self.tasks)))

    def of_worker(self, *, limits: bool) -> list[Integration]:
        """Return a worker process's integrations; output of its handlers goes to standard error."""
        sys.stdout = sys.stderr
        return replace(self, tasks=tuple(each.unpack() for each in self.sent)).integrations(limits=limits)

    def with_templates(self, *definitions: str) -> TaskOptions:
        """Return the same options with the Lambda functions of the templates that contain the definitions."""
        files = dict.fromkeys(split(definition)[0] for definition in definitions)
        templates = tuple(file for file in files if not self.sam and _has_functions(file))
        return replace(self, sam=templates) if templates else self

    def objects(self) -> Objects | None:
        """Return the storage for S3 objects: a folder, S3 itself with ``--aws``, or None."""
        if self.s3 is None and self.aws:
            with suppress(MissingExtra):  # Tasks that need AWS report it themselves.
                from asltool.integrations.objects.boto import S3

                (aws,) = self._aws()
                return S3(aws.client("s3"))
        return objects_of(self.s3)

    def _mocks(self, running: Sequence[asltool.Machine]) -> list[Integration]:
        if self.mock_config is None and self.test_case is None:
            return []
        if self.mock_config is None:
            raise click.UsageError("--test-case needs --mock-config, the file that has the test case")
        config = MockConfig.load(self.mock_config)
        if self.test_case is None:
            cases = ", ".join(config.test_cases)
            raise click.UsageError(
                f"--mock-config needs --test-case; {self.mock_config} has: {cases or 'none'}"
            )
        return [config.mocks(self.test_case, *running)]

    def _replay(self) -> list[Integration]:
        if self.replay is None and self.replay_loosely:
            raise click.UsageError("--replay-loosely needs --replay, the recording to replay")
        return [] if self.replay is None else [Replay.load(self.replay, loosely=self.replay_loosely)]

    def _aws(self) -> list[asltool.Aws]:
        how = {"endpoint_url": self.endpoint_url, "region": self.region, "profile": self.profile}
        for option, value in how.items():
            if value is not None and not self.aws:
                raise click.UsageError(f"--{option.replace('_', '-')} needs --aws")
        return [asltool.Aws(**how)] if self.aws else []


def _has_functions(file: str) -> bool:
    from asltool.integrations.sam import has_functions

    is_template = file.endswith((".json", ".template", ".yaml", ".yml")) and os.path.isfile(file)
    return is_template and "Resources" in read_file(file) and has_functions(file)


def task_options(command: _F) -> _F:
    """Pass `TaskOptions` to a command as ``tasks``. Jobs on AWS itself end in real time only."""
    return _with(command, _OPTIONS, _OPTIONS)


def server_task_options(command: _F) -> _F:
    """Pass `TaskOptions` to a command as ``tasks``, without those for a single run."""
    return _with(command, _OF_A_SERVER, [name for name in _OPTIONS if name not in _OF_ONE_RUN])


def _with(command: _F, known: Mapping[str, Callable[[Any], Any]], names: Collection[str]) -> _F:
    def take(given: dict[str, Any]) -> dict[str, Any]:
        tasks = TaskOptions(**{name: given.pop(name) for name in names})
        if tasks.aws and tasks.endpoint_url is None and "real_time" in given:
            given["real_time"] = True
        return {"tasks": tasks}

    return with_value(command, [known[name] for name in names], take)
