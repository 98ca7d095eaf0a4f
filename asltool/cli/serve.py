"""``asltool serve``: read definitions, start a server, print its URL."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from asltool._version import __version__
from asltool.cli.grouped import GroupedCommand
from asltool.cli.problems import in_words, refuse
from asltool.cli.serve_options import GROUPS, ServeOptions, serve_options
from asltool.cli.task_options import TaskOptions, server_task_options
from asltool.errors import AslToolError, MissingExtra, StoreError
from asltool.syntax.wording import quoted

if TYPE_CHECKING:
    from asltool.driver.jobs import Integration
    from asltool.server.reloading import Reloading
    from asltool.server.settings import ServerSettings
    from asltool.service.backend import BackendSettings
    from asltool.service.caller import Caller
    from asltool.service.sources import MachineSource
    from asltool.service.templates.wanted import LeftOut, WantedTrigger

__all__ = ["serve"]


@click.command(cls=GroupedCommand, groups=GROUPS, short_help="Serve the Step Functions API on this machine.")
@click.argument("definitions", metavar="[DEFINITION]...", nargs=-1)
@server_task_options
@serve_options
@click.option(
    "--express",
    metavar="NAME",
    multiple=True,
    help="Create the state machine NAME as EXPRESS. Can be repeated.",
)
def serve(
    definitions: tuple[str, ...], tasks: TaskOptions, given: ServeOptions, express: tuple[str, ...]
) -> None:
    """Serve the Step Functions API to boto3, the AWS CLI and every other AWS client.

    Each DEFINITION is a file, a folder, or a state machine in a template (template.yaml#Orders). Its state
    machines are created, or updated if they have changed. State machines and executions are stored in a
    folder: executions that were running when the server stopped continue when it starts again.

    \b
    Examples:
      asltool serve orders.asl.json --tasks tasks.py
      asltool serve template.yaml --time skip --memory
      asltool serve workflows/ --port 0 --data /var/lib/workflows

    Exit status: 0 the server was stopped, 1 its data could no longer be stored, 2 it could not be started.
    """
    given.check()
    if given.watch_s3 and tasks.s3 is None:
        raise click.UsageError("--watch-s3 needs --s3, the folder to watch")
    try:
        with ExitStack() as stack:
            _start(stack, definitions, tasks, given, express)
    except (AslToolError, OSError) as problem:
        refuse("serve", problem)


def _start(
    stack: ExitStack,
    definitions: Sequence[str],
    tasks: TaskOptions,
    given: ServeOptions,
    express: Sequence[str],
) -> None:
    """Check everything that can fail before anything is changed, then serve."""
    try:
        if given.watch_s3:
            import watchfiles  # noqa: F401

        from asltool.server.reloading import Reloading
        from asltool.server.settings import ServerSettings
        from asltool.server.start import bind, new_event_loop, url_of
    except ImportError as problem:
        raise MissingExtra("serving the API", "server") from problem
    from asltool.integrations.code_files import CodeFiles
    from asltool.integrations.replaceable import Replaceable
    from asltool.service.caller import Caller
    from asltool.service.sources import read_served
    from asltool.service.templates.reading import read_triggers
    from asltool.store.opening import FolderHold

    caller = Caller(given.account, tasks.region or Caller().region)
    sources, left_out = read_served(definitions, express, caller)
    triggers = [*left_out, *read_triggers(definitions, caller)]
    if unknown := set(express) - {source.name for source in sources}:
        raise click.UsageError(f"--express names {quoted(min(unknown))}, which is not in any DEFINITION")
    settings = ServerSettings(
        host=given.host,
        port=given.port,
        allow_hosts=given.allow_hosts,
        allow_remote=given.allow_remote,
        allow_reset=given.allow_reset,
    )
    tasks = tasks.with_templates(*(each.origin for each in sources))
    aws_region = tasks.region if tasks.aws else None
    own_tasks = replace(tasks, mock_config=None, region=aws_region)
    make = own_tasks.integrations
    handlers = Replaceable(make())
    there = partial(own_tasks.for_workers(given.dask).of_worker, limits=True)
    backend = _backend_settings(given, tasks, caller, handlers, there)
    reloading = None
    if given.reload:
        files = CodeFiles(tasks.tasks, [*tasks.sam, *filter(None, [tasks.connections])])
        read = partial(read_served, definitions, express, caller)
        reloading = Reloading(sources, definitions, read, handlers, files, make)
    bound = stack.enter_context(bind(settings))
    if given.folder is not None:
        stack.callback(FolderHold(given.folder, url_of(bound)).release)
    with asyncio.Runner(loop_factory=new_event_loop) as loop:
        loop.run(_serve(bound, settings, backend, sources, triggers, given, reloading))


def _backend_settings(
    given: ServeOptions,
    tasks: TaskOptions,
    caller: Caller,
    handlers: Integration,
    make: Callable[[], Sequence[Integration]],
) -> BackendSettings:
    from asltool.integrations.map_storage import MapStorage
    from asltool.integrations.mock_config import MockConfig
    from asltool.integrations.result_parts import parts_on
    from asltool.service.backend import BackendSettings
    from asltool.service.elsewhere import WorkerOptions

    objects = tasks.objects()
    parts = parts_on(objects)
    # A store of files can be opened in another process; a connection to S3 cannot be shared.
    port = MapStorage(None if parts is None else objects)
    elsewhere = WorkerOptions(given.processes, make, port, given.dask, parts)
    config = None if tasks.mock_config is None else MockConfig.load(tasks.mock_config)
    return BackendSettings(
        data=given.folder,
        sync=given.sync,
        skips=given.time == "skip",
        defaults=caller,
        integrations=[handlers],
        mock_config=config,
        storage=MapStorage(objects),
        keep=given.keep,
        max_workers=given.max_workers,
        elsewhere=elsewhere if given.processes or given.dask else None,
        logs=given.logs,
        watched=tasks.s3 if given.watch_s3 else None,
    )


async def _serve(
    bound: socket.socket,
    settings: ServerSettings,
    backend_settings: BackendSettings,
    sources: Sequence[MachineSource],
    triggers: Sequence[WantedTrigger | LeftOut],
    given: ServeOptions,
    reloading: Reloading | None,
) -> None:
    """Serve until the server is stopped."""
    from asltool.server.messages import log_to
    from asltool.server.start import Server
    from asltool.service.backend import Backend
    from asltool.service.sources import apply_served
    from asltool.service.templates.applying import apply_triggers

    backend = Backend(backend_settings, *log_to(sys.stderr, given.log))
    server = Server(bound, backend, settings)
    try:
        applied = await apply_served(backend.service, sources)
        triggered = await apply_triggers(backend.service, triggers)
        already = await backend.watch()
    except BaseException:
        await backend.close()
        raise
    watched = backend_settings.watched
    but = f", but not the {already} already there" if already else ""
    files = [] if watched is None else [f"files in {watched} become events of S3{but}"]
    _announce(server.url, [*map(str, applied), *map(str, triggered), *files], given)
    looking = None if reloading is None else asyncio.create_task(reloading.run(backend))
    try:
        await server.run()
    except StoreError as problem:
        click.echo(f"asltool serve: {in_words(problem)}", err=True)
        sys.exit(1)
    finally:
        if looking is not None:
            looking.cancel()


def _announce(url: str, has: Sequence[str], given: ServeOptions) -> None:
    """Print the server's URL, and its state machines and what starts them."""
    lines = [
        f"asltool {__version__} serves the Step Functions API at {url}",
        "",
        f"    export AWS_ENDPOINT_URL_SFN={url} AWS_ENDPOINT_URL_EVENTBRIDGE={url}",
        f"    export AWS_ENDPOINT_URL_SCHEDULER={url}",
        "    export AWS_DISABLE_HOST_PREFIX_INJECTION=true",
        "",
        *has,
        "everything is kept in memory" if given.folder is None else f"everything is kept in {given.folder}",
    ]
    if given.allow_remote:
        lines.append("anyone who can reach this port can run the task handlers")
    click.echo("\n".join(lines))
    sys.stdout.flush()
