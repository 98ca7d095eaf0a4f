"""Workflows of Glue as values, and what Glue itself runs of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from asltool.convert.glue.firing import Firing, Unit
from asltool.convert.glue.workflow import GlueAction, GlueCondition, GlueNode, Trigger

__all__ = ["Ends", "on_glue", "trigger"]

Ends: TypeAlias = Mapping[GlueNode, str]
"""How each job and crawler ends."""


def node(name: str) -> GlueNode:
    return GlueNode("crawler" if name.startswith("c") else "job", name)


def trigger(
    name: str, actions: list[str], *conditions: tuple[str, str], kind: str = "", any_: bool = False
) -> Trigger:
    """Return a trigger; names that begin with c are crawlers."""
    return Trigger(
        name,
        "",
        "CONDITIONAL" if conditions else "ON_DEMAND",
        lambda pointer, message: message,
        tuple(GlueAction(node(each)) for each in actions),
        tuple(GlueCondition(node(each), state, number) for number, (each, state) in enumerate(conditions)),
        any_,
    )


def on_glue(firing: Firing, ends: Ends, start: str) -> dict[str, str]:
    """Return the units that run, with their ends: a trigger fires once, as soon as its conditions hold."""
    ran: dict[Unit, str] = {}
    while True:
        fired = [unit for unit in firing.units if unit not in ran and _fires(firing, unit, ran, start)]
        if not fired:
            return {unit.key: end for unit, end in ran.items()}
        ran |= {unit: ends[unit.action.node] for unit in fired}


def _fires(firing: Firing, unit: Unit, ran: Mapping[Unit, str], start: str) -> bool:
    if unit.trigger.starts:
        return unit.trigger.name == start
    met = [
        any(ran.get(each) == watch.state for each in watch.units) for watch in firing.watches[unit.trigger]
    ]
    return bool((any if unit.trigger.is_any else all)(met))
