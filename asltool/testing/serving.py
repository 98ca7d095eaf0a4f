"""A Step Functions server inside a test: in a thread, on a free port, in memory.

Source: https://docs.pytest.org/en/stable/how-to/fixtures.html
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from os import PathLike
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Literal

from asltool.errors import MissingExtra, OptionError
from asltool.syntax.wording import quoted

if TYPE_CHECKING:
    import socket

    from asltool.driver.jobs import Integration
    from asltool.integrations.objects import Objects
    from asltool.integrations.tasks import Handler, Tasks
    from asltool.server.settings import ServerSettings
    from asltool.server.start import Server
    from asltool.service.backend import BackendSettings
    from asltool.service.sources import MachineSource
    from asltool.service.templates.wanted import LeftOut, WantedTrigger

__all__ = ["TestServer", "server", "serving"]

_LOOKS_EVERY = 0.02
"""Seconds between two looks at executions."""


class TestServer:
    """A running server: its ``url``, and boto3 clients for it."""

    __test__ = False

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which AWS clients of a process call this server."""
        return {
            "AWS_ENDPOINT_URL_SFN": self.url,
            "AWS_ENDPOINT_URL_EVENTBRIDGE": self.url,
            "AWS_ENDPOINT_URL_SCHEDULER": self.url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_ACCESS_KEY_ID": "123456789012",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def client(self, service: str = "stepfunctions", **options: Any) -> Any:
        """Return a boto3 client for this server, also of ``events`` and ``scheduler``.

        ``options`` are those of boto3.

        Raises:
            MissingExtra: boto3 is not installed.
        """
        try:
            import boto3
            from botocore.config import Config
        except ImportError as problem:
            raise MissingExtra("a client for the server", "aws") from problem
        given = {
            "endpoint_url": self.url,
            "region_name": "us-east-1",
            "aws_access_key_id": "123456789012",
            "aws_secret_access_key": "test",
            "config": Config(inject_host_prefix=False),
        }
        make: Callable[..., Any] = boto3.client
        return make(service, **{**given, **options})

    def ended(self, machine: str, seconds: float = 60.0) -> dict[str, Any]:
        """Return the newest execution of a state machine, given by its name, once it has ended.

        It may not have started yet, as one that an event starts. The result is that of DescribeExecution.

        Raises:
            TimeoutError: none has ended after so many real seconds.
        """
        client, until = self.client(), monotonic() + seconds
        arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{machine}"
        while monotonic() < until:
            executions = client.list_executions(stateMachineArn=arn, maxResults=1)["executions"]
            if executions and executions[0]["status"] != "RUNNING":
                found: dict[str, Any] = client.describe_execution(executionArn=executions[0]["executionArn"])
                return found
            sleep(_LOOKS_EVERY)
        raise TimeoutError(f"no execution of {quoted(machine)} has ended after {seconds:g} s")


@contextmanager
def server(
    *definitions: str | PathLike[str],
    tasks: Tasks | Mapping[str, Handler] | None = None,
    integrations: Sequence[Integration] = (),
    s3: str | PathLike[str] | Objects | None = None,
    watch_s3: bool = False,
    data: str | PathLike[str] | None = None,
    time: Literal["real", "skip"] = "skip",
) -> Iterator[TestServer]:
    """Serve the Step Functions API while the ``with`` block runs.

    Args:
        definitions: files, folders and templates whose state machines are created first.
        tasks, integrations, s3: see `asltool.Machine.run`.
        watch_s3: whether changes of the files in the folder ``s3`` become events of S3.
        data: the folder where everything is stored; if left out, everything is kept in memory.
        time: ``skip`` skips waits and retry delays, ``real`` does not.

    Raises:
        DefinitionError: a definition cannot be used.
        MissingExtra: the extra ``server`` is not installed.
        OptionError: ``watch_s3`` without a folder.
    """
    try:
        import uvicorn  # noqa: F401
    except ImportError as problem:
        raise MissingExtra("a server", "server") from problem
    from asltool.integrations.handlers import Handlers
    from asltool.integrations.map_storage import MapStorage
    from asltool.integrations.objects.tasks import objects_of, tasks_on
    from asltool.service.backend import BackendSettings
    from asltool.service.caller import Caller
    from asltool.service.sources import read_sources
    from asltool.service.templates.reading import read_triggers

    sources = read_sources(map(str, definitions))
    if watch_s3 and not isinstance(s3, str | PathLike):
        raise OptionError("watch_s3 needs a folder to watch: pass s3=FOLDER")
    objects = objects_of(s3)
    backend = BackendSettings(
        data=data,
        skips=time == "skip",
        integrations=[*([] if tasks is None else [Handlers(tasks)]), *integrations, *tasks_on(objects)],
        storage=MapStorage(objects),
        watched=s3 if watch_s3 and isinstance(s3, str | PathLike) else None,
    )
    triggers = read_triggers(map(str, definitions), Caller())
    with serving(backend, sources, triggers) as running:
        yield running


@contextmanager
def serving(
    backend: BackendSettings,
    sources: Sequence[MachineSource] = (),
    triggers: Sequence[WantedTrigger | LeftOut] = (),
) -> Iterator[TestServer]:
    """Serve what these settings describe, on a free port, while the ``with`` block runs."""
    from asltool.server.settings import ServerSettings
    from asltool.server.start import bind

    settings = ServerSettings(port=0, allow_reset=True)
    with bind(settings) as bound, _ServerThread(bound, settings, backend, sources, triggers) as url:
        yield TestServer(url)


class _ServerThread:
    """The thread of a server: entering waits until it answers, leaving until it has ended."""

    def __init__(
        self,
        bound: socket.socket,
        settings: ServerSettings,
        backend: BackendSettings,
        sources: Sequence[MachineSource],
        triggers: Sequence[WantedTrigger | LeftOut],
    ) -> None:
        self._bound, self._settings = bound, settings
        self._backend, self._sources, self._triggers = backend, sources, triggers
        self._begun: Future[Server] = Future()
        self._thread = threading.Thread(target=self._work, name="asltool-server", daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return self._begun.result().url

    def __exit__(self, *_: object) -> None:
        self._begun.result().stop()
        self._thread.join()

    def _work(self) -> None:
        from asltool.server.start import new_event_loop

        try:
            with asyncio.Runner(loop_factory=new_event_loop) as loop:
                loop.run(self._run())
        except BaseException as problem:
            if self._begun.done():
                raise
            self._begun.set_exception(problem)

    async def _run(self) -> None:
        from asltool.server.start import Server
        from asltool.service.backend import Backend
        from asltool.service.sources import apply
        from asltool.service.templates.applying import apply_triggers

        backend = Backend(self._backend)
        try:
            await apply(backend.service, self._sources)
            await apply_triggers(backend.service, self._triggers)
            await backend.watch()
        except BaseException:
            await backend.close()
            raise
        running = Server(self._bound, backend, self._settings)
        self._begun.set_result(running)
        await running.run()
