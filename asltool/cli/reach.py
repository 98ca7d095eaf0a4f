"""Task handlers and integrations of a run: the options that choose them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

import click

import asltool
from asltool.cli.other_machines import other_machines
from asltool.errors import MissingExtra
from asltool.integrations.connections import Connections
from asltool.integrations.executions import Executions
from asltool.integrations.handlers import Handlers
from asltool.integrations.http_invoke import HttpInvoke
from asltool.integrations.jobs import Integration
from asltool.integrations.lambda_project import LambdaFunctions, named_function
from asltool.integrations.missing import unknown_tasks
from asltool.integrations.mock_config import MockConfig
from asltool.integrations.recording import Recorder
from asltool.integrations.replay import Replay
from asltool.integrations.tasks_file import find_tasks

__all__ = ["integrations", "integrations_of_worker", "reach_options"]

_F = TypeVar("_F", bound=Callable[..., None])

_OPTIONS = (
    click.option(
        "--tasks",
        metavar="TASKS",
        multiple=True,
        help="Where to find task handlers (any Tasks object): a Python file, a folder of such files, "
        "package.module or package.module:attribute. Can be repeated.",
    ),
    click.option(
        "--lambda",
        "lambdas",
        metavar="NAME=FILE:FUNCTION",
        multiple=True,
        help="Run the Lambda function NAME as this function of a Python file. Can be repeated.",
    ),
    click.option(
        "--sam",
        metavar="TEMPLATE",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False),
        help="Run the Python Lambda functions of this SAM or CloudFormation template. Can be repeated.",
    ),
    click.option(
        "--machine",
        "machines",
        metavar="NAME=FILE",
        multiple=True,
        help="Run this definition when a task starts the state machine NAME. Can be repeated.",
    ),
    click.option("--http", is_flag=True, help="Allow http:invoke to send requests, without authorization."),
    click.option(
        "--connections",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Allow http:invoke to send requests, authorized by the connections in this file.",
    ),
    click.option(
        "--mock-config",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Mock tasks with this Step Functions Local mock configuration file. Needs --test-case.",
    ),
    click.option(
        "--test-case",
        metavar="NAME",
        help="The test case of --mock-config: TestCase, or StateMachine#TestCase.",
    ),
    click.option(
        "--replay",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Replay task results from this recording or history.",
    ),
    click.option(
        "--replay-loosely",
        is_flag=True,
        help="With --replay: accept task inputs that differ from the recording.",
    ),
    click.option(
        "--record",
        metavar="FILE",
        type=click.Path(dir_okay=False, writable=True),
        help="Record task results in this file, for --replay.",
    ),
    click.option("--aws", is_flag=True, help="Run tasks that have no local handler on AWS, in real time."),
    click.option(
        "--endpoint-url",
        metavar="URL",
        help="With --aws: call this server in place of AWS, and skip waits.",
    ),
    click.option("--region", metavar="REGION", help="With --aws: the AWS region."),
    click.option("--profile", metavar="NAME", help="With --aws: the AWS profile."),
)


def reach_options(command: _F) -> _F:
    """Add the options that `integrations` takes to a command. Jobs on AWS itself end in real time only."""

    @wraps(command)
    def reach(*arguments: Any, **options: Any) -> None:
        if options["aws"] and options["endpoint_url"] is None and "real_time" in options:
            options["real_time"] = True
        command(*arguments, **options)

    reaching = cast(_F, reach)
    for option in reversed(_OPTIONS):
        reaching = option(reaching)
    return reaching


def integrations(
    machine: asltool.Machine | None = None,
    *,
    tasks: Sequence[str],
    lambdas: Sequence[str],
    sam: Sequence[str],
    machines: Sequence[str],
    http: bool,
    connections: str | None,
    mock_config: str | None,
    test_case: str | None,
    replay: str | None,
    replay_loosely: bool,
    record: str | None,
    aws: bool,
    endpoint_url: str | None,
    region: str | None,
    profile: str | None,
    limits: bool = True,
) -> list[Integration]:
    """Return who does the tasks, in the order in which they are asked: mocks first, those that do work last.

    ``machine`` is the one that will run; without it mocks of states that it does not have go unnoticed.

    Raises:
        TasksError: a file that cannot be used.
        DefinitionError: a state machine that cannot be used.
        OSError: a file that cannot be read.
        click.UsageError: an option without the one that it goes with.
    """
    others = other_machines(machines)
    running = [] if machine is None else [machine, *others.values()]
    doers: list[Integration] = [*_mocks(mock_config, test_case, running), *_replay(replay, replay_loosely)]
    doers += (Handlers(one) for source in tasks for one in find_tasks(source))
    doers += _lambda(lambdas, sam)
    if others:
        doers.append(Executions(others, limits=limits))
    if http or connections is not None:
        doers.append(HttpInvoke(None if connections is None else Connections.load(connections)))
    try:
        doers += _aws(aws, endpoint_url=endpoint_url, region=region, profile=profile)
    except MissingExtra as problem:
        task = None if machine is None else next(unknown_tasks(machine.model, doers), None)
        if task is None:
            raise
        feature = f'state "{task.state}" calls "{task.resource}" through boto3, and --aws'
        raise MissingExtra(feature, problem.extra) from None
    return doers if record is None else [Recorder(record, *doers)]


def integrations_of_worker(**reach: Any) -> list[Integration]:
    """Return what `integrations` returns, in a worker process; what handlers print there goes to stderr."""
    sys.stdout = sys.stderr
    return integrations(**reach)


def _lambda(named: Sequence[str], templates: Sequence[str]) -> list[Integration]:
    functions = [named_function(text) for text in named]
    asked = [LambdaFunctions(functions)] if functions else []
    return [*asked, *(LambdaFunctions.from_template(path) for path in templates)]


def _mocks(
    mock_config: str | None, test_case: str | None, running: Sequence[asltool.Machine]
) -> list[Integration]:
    if mock_config is None and test_case is None:
        return []
    if mock_config is None:
        raise click.UsageError("--test-case needs --mock-config, the file that has the test case")
    config = MockConfig.load(mock_config)
    if test_case is None:
        cases = ", ".join(config.test_cases)
        raise click.UsageError(f"--mock-config needs --test-case; {mock_config} has: {cases or 'none'}")
    return [config.mocks(test_case, *running)]


def _aws(reach: bool, **how: str | None) -> list[Integration]:
    for option, value in how.items():
        if value is not None and not reach:
            raise click.UsageError(f"--{option.replace('_', '-')} needs --aws")
    return [asltool.Aws(**how)] if reach else []


def _replay(recording: str | None, loosely: bool) -> list[Integration]:
    if recording is None and loosely:
        raise click.UsageError("--replay-loosely needs --replay, the file to be replayed")
    return [] if recording is None else [Replay.load(recording, loosely=loosely)]
