"""Bind the port, run the event loop, and shut it down; executions continue after the next start."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from asltool.errors import ServerError
from asltool.server.app import make_app
from asltool.server.guard import is_loopback
from asltool.server.joined import JoinedProtocol
from asltool.server.settings import ServerSettings
from asltool.service.backend import Backend

__all__ = ["Server", "bind", "new_event_loop", "url_of"]

_LAST_ANSWERS = 3
"""How many seconds requests have to be answered once the server is to end."""

_TICK = 0.1
"""How many seconds after a signal the server begins to end at the latest."""

_SOON = 0.002
"""Seconds between two checks whether the last answers are sent."""


class Server:
    """A server for one backend, on a bound socket. ``url`` is the address for clients."""

    def __init__(self, bound: socket.socket, backend: Backend, settings: ServerSettings) -> None:
        self.url = url_of(bound)
        self._socket = bound
        closing = asyncio.Event()
        config = uvicorn.Config(
            make_app(backend, settings, closing),
            lifespan="off",
            http=JoinedProtocol,
            ws="none",
            proxy_headers=False,
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        self._uvicorn = _Uvicorn(config, backend, closing)

    async def run(self) -> None:
        """Serve until `stop`, SIGINT or SIGTERM; executions continue after the next start.

        Raises:
            StoreError: the store can no longer be written.
        """
        await self._uvicorn.serve([self._socket])
        if self._uvicorn.failure is not None:
            raise self._uvicorn.failure

    def stop(self) -> None:
        """Shut the server down; any thread may call this."""
        self._uvicorn.stop()


class _Uvicorn(uvicorn.Server):
    """Shuts down in order: new requests are refused, waiting ones answered, and the store is closed."""

    def __init__(self, config: uvicorn.Config, backend: Backend, closing: asyncio.Event) -> None:
        super().__init__(config)
        self._backend = backend
        self._closing = closing
        self._ending = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.failure: Exception | None = None

    def stop(self) -> None:
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        # Like uvicorn's own, but `stop` does not wait for the next tick.
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK):
                    await self._ending.wait()

    async def on_tick(self, counter: int) -> bool:
        failed = self._backend.service.conductor.failed
        if failed.done():
            self.failure = failed.result()
            return True
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Like uvicorn's own, which waits at least 0.1 seconds, or 0.2 if a client is connected.
        self._closing.set()
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        state, until = self.server_state, self._loop.time() + _LAST_ANSWERS
        for connection in list(state.connections):
            connection.shutdown()
        while (state.connections or state.tasks) and not self.force_exit and self._loop.time() < until:
            await asyncio.sleep(_SOON)
        for task in state.tasks:
            task.cancel()
        await self._backend.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Shut down on signals, without raising them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def bind(settings: ServerSettings) -> socket.socket:
    """Return a socket that listens on the address in these settings.

    Raises:
        ServerError: other machines can reach the address, or it is not available.
    """
    host, port = settings.host, settings.port
    if not (settings.allow_remote or is_loopback(host)):
        raise ServerError(
            f'"{host}" can be reached from other machines: anyone who reaches it can run the task handlers. '
            "to serve there all the same, add --allow-remote"
        )
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise ServerError(_not_bound(host, port, problem)) from None


def _not_bound(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} is in use. choose another with --port, or a free one with --port 0"
    if problem.errno == errno.EACCES:
        return f"port {port} needs the rights of an administrator. choose one from 1024 on with --port"
    return f'cannot listen on "{host}", port {port}: {(problem.strerror or str(problem)).lower()}'


def url_of(bound: socket.socket) -> str:
    """Return the address that clients use for a socket."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return the fastest event loop available on this system."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
