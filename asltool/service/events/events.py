"""Routes events to the targets of the rules that match them."""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from asltool.errors import RequestError, StoreError, TaskFailed
from asltool.expr.values import loads
from asltool.service.checks import check_request
from asltool.service.events.dead_letters import DeadLetters
from asltool.service.events.delivery import Deliveries
from asltool.service.events.documents import BUS, DEFAULT, RULE
from asltool.service.events.letters import Letter, letter_name
from asltool.service.starting import started
from asltool.syntax.arn import parse_arn
from asltool.triggers.buses import Delivery, EventRule, deliver, event_of, rule_of, target_of

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["Events", "RecentEvent", "rule_in"]

_log = logging.getLogger("asltool.events")

_MOST_KINDS = 1_000
"""Kinds of events for which it is remembered which rules can match them."""


_RECENT = 100
"""How many events are remembered."""


class RecentEvent(NamedTuple):
    """An event that was put on ``bus``, an ARN, and when, in seconds since the epoch."""

    event: dict[str, Any]
    bus: str
    received: float


class Events:
    """Rules are compiled when an event is first put on their bus, and again when they have changed.

    ``recent`` has the last events, the newest at the end; a new process has none.

    Executions that an event starts are part of the event's commit.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._rules: dict[str, list[EventRule]] = {}
        self._about: dict[tuple[str, str, str], list[EventRule]] = {}
        self.recent: deque[RecentEvent] = deque(maxlen=_RECENT)
        self._dead = DeadLetters(service.store.folder)
        self._deliveries = Deliveries(service, self._dead)
        self.recover, self.close = self._deliveries.recover, self._deliveries.close

    def changed(self, bus: str) -> None:
        """Record that the rules of a bus, an ARN, have changed."""
        self._rules.pop(bus, None)
        self._about.clear()

    def rules(self, bus: str) -> list[EventRule]:
        """Return the rules of a bus."""
        found = self._rules.get(bus)
        if found is None:
            rows = self._service.store.listed(RULE, bus)
            found = self._rules[bus] = [rule_in(row.body) for row in rows]
        return found

    def about(self, bus: str, source: str, detail_type: str) -> list[EventRule]:
        """Return the rules of a bus that can match events of this kind, so that others need not be tried."""
        kind = bus, source, detail_type
        found = self._about.get(kind)
        if found is None:
            if len(self._about) >= _MOST_KINDS:
                self._about.clear()
            known = {"source": source, "detail-type": detail_type}
            found = [each for each in self.rules(bus) if each.pattern and each.pattern.may_match(known)]
            self._about[kind] = found
        return found

    def put(self, event: dict[str, Any], bus: str, passed: frozenset[str] = frozenset()) -> None:
        """Put an event on a bus, an ARN; ``passed`` are the buses that it has already been on.

        Failures of a target raise nothing, except for `StoreError`.
        """
        self.recent.append(RecentEvent(event, bus, self._service.clock()))
        rules = self.about(bus, event["source"], event["detail-type"])
        for each in deliver(event, rules, self._now()) if rules else ():
            self.send(self._letter(each, event["id"]), passed | {bus})

    def _now(self) -> str:
        return datetime.fromtimestamp(self._service.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _letter(self, delivery: Delivery, event_id: str) -> Letter:
        rule, target = delivery.rule, delivery.target
        name = letter_name(event_id, rule.arn, target.id)
        return Letter(name, rule.arn, target.value, delivery.input, self._service.clock())

    def send(self, letter: Letter, passed: frozenset[str] = frozenset()) -> None:
        """Deliver a letter: start a machine, put it on a bus, or queue it for delivery elsewhere."""
        arn = letter.target["Arn"]
        parts = parse_arn(arn)
        try:
            if parts is not None and parts.service == "states":
                self._start(letter)
            elif parts is not None and parts.service == "events" and parts.resource.startswith("event-bus/"):
                self._pass_on(letter, arn, passed)
            else:
                self._deliveries.send(letter)
        except RequestError as refused:
            self._dead.add(letter, TaskFailed(refused.code, str(refused)), self._service.clock())
        except StoreError:
            raise
        except Exception as problem:  # a bug, or a machine that cannot be run: its neighbours continue
            _log.exception("%s could not be sent", letter.name)
            why = TaskFailed(type(problem).__name__, str(problem))
            self._dead.add(letter, why, self._service.clock())

    def _start(self, letter: Letter) -> None:
        """Start an execution, unless this letter has already started one."""
        request = {"stateMachineArn": letter.target["Arn"], "name": letter.name, "input": letter.input}
        try:
            started(self._service, check_request("StartExecution", request))
        except RequestError as refused:
            if refused.code != "ExecutionAlreadyExists":
                raise

    def _pass_on(self, letter: Letter, bus: str, passed: frozenset[str]) -> None:
        """Put an event on another bus, unless it has been on it."""
        if bus in passed:
            raise RequestError("EventLoop", f"the event has been on {bus} before")
        if not bus.endswith(f"/{DEFAULT}") and self._service.store.get(BUS, bus) is None:
            name = bus.partition("/")[2]
            raise RequestError("ResourceNotFoundException", f"Event bus {name} does not exist.")
        self.put(self._event_for(letter, bus), bus, passed)

    def _event_for(self, letter: Letter, bus: str) -> dict[str, Any]:
        """Return the event of a letter; for Scheduler, its target gives the fields around the detail."""
        around = letter.target.get("EventBridgeParameters")
        if around is not None:
            place = parse_arn(bus)
            assert place is not None
            now = datetime.fromtimestamp(letter.sent, UTC)
            entry, event_id = {**around, "Detail": letter.input}, self._service.new_id()
            return event_of(entry, event_id=event_id, now=now, account=place.account, region=place.region)
        try:
            event: Any = loads(letter.input)
        except ValueError:
            event = None
        names = ("id", "time", "source", "detail-type")
        if not isinstance(event, dict) or not all(isinstance(event.get(name), str) for name in names):
            raise RequestError("InvalidArgument", "what the target gets is not an event")
        return event


def rule_in(body: dict[str, Any]) -> EventRule:
    """Return the rule of a document."""
    return rule_of(body, body["Arn"], tuple(map(target_of, body["Targets"].values())))
