"""Triggers from the members that AWS, CloudFormation and Terraform give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from asltool.convert.glue.workflow import (
    END_STATES,
    STARTS,
    GlueAction,
    GlueCondition,
    GlueNode,
    Said,
    Trigger,
)
from asltool.errors import DefinitionError, ExpressionError
from asltool.syntax.model import Pointer
from asltool.syntax.wording import expected, quoted
from asltool.triggers.schedules import read_schedule

__all__ = ["TriggerReader", "as_known", "is_open"]

_TYPES = (*STARTS, "CONDITIONAL")
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")


def is_open(value: Any) -> bool:
    """Return whether a value, or a part of it, is known only after deployment."""
    if isinstance(value, dict):
        return any(map(is_open, value.values()))
    return any(map(is_open, value)) if isinstance(value, list) else isinstance(value, str) and "${" in value


def as_known(name: str) -> str:
    """Return a name without the braces of placeholders."""
    return _PLACEHOLDER.sub(r"\1", name) or "unknown"


class TriggerReader:
    """Reads one trigger; what cannot be carried over is added to ``notes``."""

    def __init__(self, members: Mapping[str, Any], label: str, said: Said) -> None:
        self.members, self.label, self.said = members, label, said
        self.notes: list[str] = []

    def read(self, pattern: Any = None) -> list[Trigger]:
        """Return the trigger; none, with a note, if Glue would not take it."""
        try:
            return [self.trigger(pattern)]
        except DefinitionError as problem:
            self.notes.append(str(problem))
            return []

    def trigger(self, pattern: Any = None) -> Trigger:
        """Return the trigger. ``pattern`` is the event pattern of the rule that starts its workflow.

        Raises:
            DefinitionError: it is not a trigger that Glue would take.
        """
        name = as_known(self._text(self.members, "Name", (), self.label))
        kind = self._one_of(self.members.get("Type"), _TYPES, ("Type",), "a type of trigger")
        predicate = self._object(self.members.get("Predicate"), ("Predicate",))
        conditions = self._list(predicate, "Conditions", ("Predicate",)) if kind == "CONDITIONAL" else []
        actions = self._list(self.members, "Actions", ())
        is_active = self._is_active(name)
        schedule = self._schedule(name) if kind == "SCHEDULED" else ""
        if kind == "EVENT":
            self._event(name, pattern)
        return Trigger(
            name,
            self.label,
            kind,
            self.said,
            tuple(self._action(each, number) for number, each in enumerate(actions)),
            tuple(self._condition(each, number) for number, each in enumerate(conditions)),
            predicate.get("Logical") == "ANY",
            is_active,
            schedule,
            pattern if kind == "EVENT" else None,
        )

    def _note(self, pointer: Pointer, message: str) -> None:
        self.notes.append(self.said(pointer, message))

    def _refused(self, pointer: Pointer, message: str) -> DefinitionError:
        name = as_known(str(self.members.get("Name") or self.label))
        lost = "".join(f", with {quoted(each)}" for each in self._started())
        return DefinitionError(self.said(pointer, f"trigger {quoted(name)} is left out{lost}: {message}"))

    def _started(self) -> list[str]:
        """Return the names of what the trigger would start, as far as they can be read."""
        actions = self.members.get("Actions")
        found = [each for each in actions if isinstance(each, dict)] if isinstance(actions, list) else []
        names = [each.get(field) for each in found for field in ("JobName", "CrawlerName")]
        return [as_known(each) for each in names if isinstance(each, str)]

    def _action(self, action: Any, number: int) -> GlueAction:
        place: Pointer = ("Actions", number)
        node = self._node(self._object(action, place), place)
        if is_open(action.get("JobName") or action.get("CrawlerName")):
            self._note(place, f"the name of {node} is known only after deployment. fill it in")
        given = {
            name: action[name]
            for name in ("Arguments", "Timeout", "SecurityConfiguration", "NotificationProperty")
            if action.get(name) not in (None, {}, "")
        }
        if node.kind == "crawler" and given:
            self._note(place, f"{node} does not take {', '.join(map(quoted, given))}. left out")
            return GlueAction(node)
        for name, value in [*given.items()]:
            if name == "Arguments" and isinstance(value, dict):
                given[name] = {key: each for key, each in value.items() if not is_open(each)}
                lost = [key for key in value if key not in given[name]]
            else:
                lost = [name] if is_open(value) else []
                given = {key: each for key, each in given.items() if key not in lost}
            if lost:
                listed = ", ".join(map(quoted, lost))
                self._note(place, f"{listed} of {node} is known only after deployment. left out")
        if str(given.get("Timeout", "")).isdecimal():
            given["Timeout"] = int(given["Timeout"])
        return GlueAction(node, given)

    def _condition(self, condition: Any, number: int) -> GlueCondition:
        place: Pointer = ("Predicate", "Conditions", number)
        found = self._object(condition, place)
        node = self._node(found, place)
        state = found.get("State") if node.kind == "job" else found.get("CrawlState")
        what = f"a state of a {node.kind} that triggers wait for"
        return GlueCondition(node, self._one_of(state, END_STATES[node.kind], place, what), number)

    def _node(self, found: Mapping[str, Any], place: Pointer) -> GlueNode:
        kind: Literal["job", "crawler"]
        kind, field = ("job", "JobName") if found.get("JobName") else ("crawler", "CrawlerName")
        if not found.get(field):
            raise self._refused(place, 'expected "JobName" or "CrawlerName"')
        name = self._text(found, field, place)
        return GlueNode(kind, as_known(name))

    def _is_active(self, name: str) -> bool:
        kind, state = self.members.get("Type"), self.members.get("State")
        enabled = str(self.members.get("Enabled", True)).lower() != "false"
        if kind == "ON_DEMAND" or (enabled and state not in ("DEACTIVATED", "DEACTIVATING")):
            return True
        after = "its schedule is disabled" if kind == "SCHEDULED" else "here it is active"
        self._note((), f"trigger {quoted(name)} is not active in Glue. {after}")
        return False

    def _schedule(self, name: str) -> str:
        text = self.members.get("Schedule")
        try:
            if not isinstance(text, str) or is_open(text):
                missing = text is None
                raise ExpressionError(
                    '"Schedule" is missing' if missing else "it is known only after deployment", "", 0
                )
            read_schedule(text)
        except ExpressionError as problem:
            self._note(
                ("Schedule",), f"the schedule of trigger {quoted(name)} is left out: {problem.message}"
            )
            return ""
        return text

    def _event(self, name: str, pattern: Any) -> None:
        batch = self._object(self.members.get("EventBatchingCondition"), ("EventBatchingCondition",))
        if batch.get("BatchSize", 1) not in (1, "1"):
            message = f"trigger {quoted(name)} waits for {batch['BatchSize']} events"
            self._note(("EventBatchingCondition",), f"{message}. here every event starts an execution")
        if pattern is None:
            message = f"the event rule that starts trigger {quoted(name)} is not in the source"
            self._note((), f"{message}. write a rule that has the state machine as its target")

    # Values

    def _object(self, value: Any, place: Pointer) -> dict[str, Any]:
        if value is None or isinstance(value, dict):
            return value or {}
        raise self._refused(place, f"expected an object, not {quoted(value)}")

    def _list(self, members: Mapping[str, Any], name: str, place: Pointer) -> list[Any]:
        value = members.get(name)
        if value is None or isinstance(value, list):
            return value or []
        raise self._refused((*place, name), f"{quoted(name)} must be an array")

    def _text(self, members: Mapping[str, Any], name: str, place: Pointer, default: str = "") -> str:
        value = members.get(name, default)
        if isinstance(value, str) and value:
            return value
        raise self._refused((*place, name), f"{quoted(name)} must be a string that is not empty")

    def _one_of(self, value: Any, names: tuple[str, ...], place: Pointer, what: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise self._refused(place, f"{quoted(value)} is not {what}. {expected(str(value), names)}")
