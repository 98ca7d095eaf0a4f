"""The ARNs of versions and aliases in a template, by the names that refer to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["qualified_arns"]


def qualified_arns(
    resources: Mapping[str, dict[str, Any]], text: Callable[[Any], str], known: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the names that refer to versions and aliases, with their ARNs.

    The logical name of a version stands for its number. ``text`` fills in a value; ``known`` has the ARNs of
    machines, and those that this yields once they are added.
    """
    for logical, one in resources.items():
        given, kind = _object(one.get("Properties")), one.get("Type")
        if kind == "AWS::StepFunctions::StateMachineVersion":
            yield logical, f"{text(given.get('StateMachineArn', ''))}:{logical}"
        elif kind == "AWS::Serverless::StateMachine" and "AutoPublishAlias" in given:
            arn, alias = known[logical], text(given["AutoPublishAlias"])
            yield from ((f"{logical}{end}", f"{arn}:{alias}") for end in (".Alias", f"Alias{alias}"))
            yield f"{logical}.Version", f"{arn}:{logical}"
    for logical, one in resources.items():
        given = _object(one.get("Properties"))
        if one.get("Type") == "AWS::StepFunctions::StateMachineAlias":
            routes = given.get("RoutingConfiguration") or [given.get("DeploymentPreference")]
            route = _object(routes[0]) if isinstance(routes, list) else {}
            version = text(route.get("StateMachineVersionArn", ""))
            yield logical, f"{version.rpartition(':')[0]}:{text(given.get('Name', logical))}"


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
