"""The functions that run on a Dask worker."""

from __future__ import annotations

import pickle
import sys
from threading import Lock

from distributed import get_worker

from asltool._version import __version__
from asltool.driver.children import Room
from asltool.errors import AslToolError, WorkerError

__all__ = ["here", "run_chunk", "run_task", "versions"]

_rooms: dict[bytes, Room] = {}
"""The rooms of this worker, by their pickled surroundings."""

_MOST_ROOMS = 8
_lock = Lock()


def versions() -> dict[str, str]:
    """Return the versions that must be the same on all machines."""
    return {"asltool": __version__, "Python": "{}.{}".format(*sys.version_info)}


def here(problem: object) -> WorkerError:
    """Return an error that names this worker and its problem."""
    return WorkerError(f"Dask worker {get_worker().address}: {problem}")


def run_chunk(wanted: dict[str, str], surroundings: bytes, chunk: bytes) -> bytes:
    """Run a pickled `Chunk`; return its pickled `ChunkEnd`.

    Raises:
        WorkerError: this worker has other versions, or cannot create its task handlers; it is named.
    """
    room = _room(wanted, surroundings)
    return pickle.dumps(room.run(pickle.loads(chunk)), pickle.HIGHEST_PROTOCOL)


def run_task(wanted: dict[str, str], surroundings: bytes, call: bytes) -> bytes:
    """Do a pickled `CallTask`; return its pickled outcomes. Raises as `run_chunk`."""
    return pickle.dumps(_room(wanted, surroundings).run_task(pickle.loads(call)), pickle.HIGHEST_PROTOCOL)


def _room(wanted: dict[str, str], surroundings: bytes) -> Room:
    for name, version in wanted.items():
        if versions()[name] != version:
            raise here(f"it has {name} {versions()[name]}, and this run {version}. install the same version")
    with _lock:
        if surroundings not in _rooms:
            while len(_rooms) >= _MOST_ROOMS:
                del _rooms[next(iter(_rooms))]
            _rooms[surroundings] = _made(surroundings)
        return _rooms[surroundings]


def _made(surroundings: bytes) -> Room:
    try:
        _, given = pickle.loads(surroundings)
        return Room(given)
    except (AslToolError, ImportError) as problem:
        raise here(f"its task handlers cannot be created: {problem}") from problem
