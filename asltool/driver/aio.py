"""The asyncio driver: runs any number of executions on one event loop, and commits before effects.

::

    driver = AioDriver(tasks, clock, log)
    driver.add(execution)
    await driver.committed()        # its start is durable

Each added execution has its own `Lane`. In each round, the lanes that can continue have a turn, one commit
makes their steps durable, and then their effects are carried out. Everything that arrives in between,
requests too, shares the next commit. A round ends after a few milliseconds, so that a large map run does not
delay others; lanes that do I/O, or whose expressions may be slow, run in threads.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import perf_counter

from asltool.driver.lane import Lane, ServerClock
from asltool.driver.live import Asked, Watch
from asltool.driver.log import Log
from asltool.driver.map_outside import Maps
from asltool.driver.marker import Marker
from asltool.driver.ports import AioTasks
from asltool.driver.reaching import Reached
from asltool.driver.runner import carry_out
from asltool.engine.execution import Execution

__all__ = ["AioDriver"]

_ROUND = 0.005
"""Seconds after which a round accepts no more lanes."""

_LONGEST = 600.0
"""Seconds after which a timer checks the clock again, since it may have been set."""


class AioDriver:
    """Runs executions until they end. Use it in one thread, that of the running event loop.

    ``on_broken`` is called with an execution that a bug has ended, and with the exception. ``on_failure`` is
    called with the exception if a commit of the log fails; the driver then stops.
    """

    def __init__(
        self,
        tasks: AioTasks,
        clock: ServerClock,
        log: Log,
        *,
        on_broken: Callable[[Execution, Exception], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._tasks = tasks
        self._clock = clock
        self._log = log
        self._on_broken, self._on_failure = on_broken, on_failure
        self._loop = asyncio.get_running_loop()
        self._threads = ThreadPoolExecutor(8, "asltool-turn")
        self._lanes: dict[int, Lane] = {}
        self._made = 0
        self._ready: deque[Lane | Marker] = deque()
        self._away: set[Lane] = set()
        self._asked, self._held = set[Lane](), list[Marker]()
        self._effects: list[tuple[Lane, list[Asked]]] = []
        self._stirred = self._scheduled = False
        self.failure: Exception | None = None
        tasks.listen(self._stir)

    # From outside.

    def add(
        self,
        execution: Execution,
        on_end: Callable[[Execution], None] | None = None,
        watch: Watch | None = None,
        *,
        maps: Maps | None = None,
        now: float | None = None,
        threaded: bool = False,
    ) -> Lane:
        """Add an execution that is new or was loaded.

        Args:
            maps: how its map runs are read and written.
            now: the start time by its own clock; by default, that of its first turn.
            threaded: whether its turns may be slow.
        """
        self._made += 1
        lane = Lane(self._made, execution, maps or Maps(), self._log.note, threaded=threaded)
        lane.shift = max(0.0, execution.now - self._clock.now()) if self._clock.skips else 0.0
        lane.fleet.add(execution, on_end, watch)
        lane.at = now
        self._lanes[lane.number] = lane
        self._make_ready(lane)
        return lane

    def abort(
        self, lane: Lane, error: str | None, cause: str | None, execution: Execution | None = None
    ) -> float:
        """End the execution of a lane, or one of its children, in its next turn; return when."""
        lane.at = max(lane.now(self._clock), lane.execution.now, lane.at or 0.0)
        lane.aborts.append((execution or lane.execution, error, cause))
        self._asked.add(lane)
        self._make_ready(lane)
        return lane.at

    async def committed(self) -> None:
        """Wait until all earlier requests and answers are durable.

        It waits for turns in threads only if these requests depend on them.

        Raises:
            StoreError: the commit failed.
        """
        if self.failure is not None:
            raise self.failure
        asked, self._asked = self._asked | self._take_answers(), set()
        marker = Marker(self._loop.create_future(), asked)
        self._ready.append(marker)
        self._schedule()
        await marker.done

    @property
    def is_settled(self) -> bool:
        """Whether nothing can happen before an answer or a timer."""
        return not (self._ready or self._away or self._effects or self._stirred)

    def is_at_rest(self, lane: Lane) -> bool:
        """Return whether all steps of a lane are durable, and none is in progress."""
        return lane not in self._away and all(each is not lane for each, _ in self._effects)

    def look_again(self) -> None:
        """Check every timer, since the clock has been set."""
        for lane in self._lanes.values():
            self._make_ready(lane)

    def close(self) -> None:
        """Stop everything. What was not committed is discarded."""
        self.failure = self.failure or RuntimeError("the driver is closed")
        for lane in self._lanes.values():
            lane.arm(None)
        self._threads.shutdown(cancel_futures=True)

    # Rounds.

    def _stir(self) -> None:
        if not self._stirred:
            self._stirred = True
            with suppress(RuntimeError):  # the loop has ended before a handler
                self._loop.call_soon_threadsafe(self._schedule)

    def _make_ready(self, lane: Lane) -> None:
        if not lane.is_ready:
            lane.is_ready = True
            if lane not in self._away:
                self._ready.append(lane)
                self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled and self.failure is None:
            self._scheduled = True
            self._loop.call_soon(self._round)

    def _round(self) -> None:
        """Give lanes their turns, commit, and carry out their effects."""
        self._scheduled = False
        if self.failure is not None:
            return
        self._take_answers()
        markers = self._turns()
        effects, self._effects = self._effects, []
        try:
            self._log.commit()
            for lane, _ in effects:
                lane.maps.flush()
        except Exception as problem:
            self._fail(problem, markers)
            return
        for lane, asked in effects:
            self._carry_out(lane, asked)
        for marker in markers:
            marker.end()
        for lane, _ in effects:
            if lane not in self._away:
                self._go_on(lane)
        if self._ready:
            self._schedule()

    def _turns(self) -> list[Marker]:
        """Give lanes their turns; return the markers that were reached."""
        until, markers = perf_counter() + _ROUND, list[Marker]()
        while self._ready and perf_counter() < until:
            next_one = self._ready.popleft()
            if isinstance(next_one, Marker):
                if next_one.is_reached(self._away):
                    markers.append(next_one)
                else:
                    self._held.append(next_one)
            else:
                self._turn(next_one)
        return markers

    def _turn(self, lane: Lane) -> None:
        """Give a lane a turn, in a thread if it may be slow."""
        lane.is_ready = False
        occasion = lane.occasion(self._clock)
        if lane.threaded:
            self._send(lane, partial(lane.turn_and_reach, occasion))
            return
        lane.turn(occasion)
        if lane.reaches_outside:
            self._send(lane, lane.reach)
        else:
            lane.reach()
            self._done(lane)

    def _send(self, lane: Lane, work: Callable[[], list[Reached]]) -> None:
        """Run a lane's work in a thread."""
        self._away.add(lane)
        done = self._loop.run_in_executor(self._threads, work)
        done.add_done_callback(partial(self._back, lane))

    def _back(self, lane: Lane, done: asyncio.Future[list[Reached]]) -> None:
        """Take back a lane from its thread."""
        if self.failure is not None:
            return
        problem = done.exception()
        if isinstance(problem, Exception):
            self._fail(problem, [])
            return
        self._away.discard(lane)
        lane.answers += done.result()
        if lane.is_ready:
            self._ready.append(lane)
        self._done(lane)
        self._schedule()

    def _done(self, lane: Lane) -> None:
        """Collect the effects of a lane's turn, and the callers that waited for it."""
        self._effects.append((lane, lane.take_effects()))
        for marker in [marker for marker in self._held if marker.has_come(lane)]:
            self._held.remove(marker)
            self._ready.append(marker)

    def _take_answers(self) -> set[Lane]:
        """Give lanes their answers, and return those that had one."""
        self._stirred, lanes = False, set[Lane]()
        for ticket, answer in self._tasks.wait(0):
            lane = self._lanes.get(Lane.number_of(ticket))
            if lane is not None:
                lane.answers.append((ticket, answer))
                self._make_ready(lane)
                lanes.add(lane)
        return lanes

    def _carry_out(self, lane: Lane, asked: list[Asked]) -> None:
        if answers := carry_out(self._tasks, asked, alone=False):
            lane.answers += answers
            self._make_ready(lane)

    def _go_on(self, lane: Lane) -> None:
        """Schedule a lane's next turn, or record its end."""
        if lane.answers:
            self._make_ready(lane)
        elif lane.over:
            lane.arm(None)
            self._lanes.pop(lane.number, None)
            for execution, problem in lane.fleet.broken:
                self._on_broken(execution, problem)
                self._schedule()
        elif lane.wake_at is not None:
            rest = lane.wake_at - lane.now(self._clock)
            if rest > 0 and self._clock.skips and not any(map(self._tasks.in_flight, lane.fleet.tickets)):
                lane.shift += rest
                rest = 0.0
            if rest > 0:
                lane.arm(self._loop.call_later(min(rest, _LONGEST), self._make_ready, lane))
            else:
                self._make_ready(lane)

    def _fail(self, problem: Exception, markers: list[Marker]) -> None:
        self.failure = problem
        waiting = [each for each in self._ready if isinstance(each, Marker)]
        for marker in [*markers, *waiting, *self._held]:
            marker.end(problem)
        self._on_failure(problem)
