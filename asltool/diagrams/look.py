"""The colours: one for each type of state, as in the AWS console, and one for each status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from asltool.diagrams.graph import Edge, Node, NodeKind
from asltool.diagrams.highlight import DrawnStatus

__all__ = [
    "CLUSTER_FILL",
    "FONT",
    "GREY",
    "INK",
    "Paint",
    "accent",
    "edge_ink",
    "edge_line",
    "paint",
]

FONT: Final = "Helvetica,Arial,sans-serif"
"""Families that are on every system, or have a stand-in of the same widths there."""

CLUSTER_FILL: Final = "#fbfcfd"

INK: Final = "#16191f"
GREY: Final = "#5f6b7a"
_FAINT: Final = "#95a1b0"
_PASSED: Final = "#9fc795"


class Paint(NamedTuple):
    """The colours of a node: its fill, its outline, its name, and the small text above it."""

    fill: str
    line: str
    text: str = INK
    note: str = GREY


_KINDS: Final[Mapping[NodeKind, Paint]] = {
    "Task": Paint("#ffffff", "#ed7100"),
    "Parallel": Paint("#ffffff", "#007d8a"),
    "Map": Paint("#ffffff", "#c925d1"),
    "Pass": Paint("#ffffff", "#7d8998"),
    "Wait": Paint("#ffffff", "#0972d3"),
    "Choice": Paint("#ffffff", "#8c4fff"),
    "Succeed": Paint("#eef8ec", "#1d8102"),
    "Fail": Paint("#fdf0ee", "#d13212"),
    "Start": Paint("#e9edf1", "#7d8998"),
    "End": Paint("#e9edf1", "#7d8998"),
    "Entry": Paint("#7d8998", "#7d8998"),
    "Exit": Paint("#7d8998", "#7d8998"),
    "Joint": Paint("#7d8998", "#7d8998"),
    "Ghost": Paint("#ffffff", "#d13212", "#d13212", "#7a3a2e"),
}

_STATUSES: Final[Mapping[DrawnStatus, Paint]] = {
    "succeeded": Paint("#d9f2d3", "#1d8102", note="#3c5a35"),
    "failed": Paint("#fcdcd6", "#d13212", note="#7a3a2e"),
    "caught": Paint("#ffe3bd", "#e07700", note="#7a5320"),
    "unfinished": Paint("#d5e8fb", "#0972d3", note="#2f5478"),
    "unreached": Paint("#fafbfc", "#d0d7de", _FAINT, _FAINT),
    "added": Paint("#d9f2d3", "#1d8102", note="#3c5a35"),
    "removed": Paint("#fcdcd6", "#d13212", note="#7a3a2e"),
    "changed": Paint("#ffe3bd", "#e07700", note="#7a5320"),
    "same": Paint("#ffffff", "#7d8998"),
    "covered": Paint("#d9f2d3", "#1d8102", note="#3c5a35"),
    "partial": Paint("#ffe3bd", "#e07700", note="#7a5320"),
    "uncovered": Paint("#fcdcd6", "#d13212", note="#7a3a2e"),
    "wrong": Paint("#fcdcd6", "#d13212", note="#7a3a2e"),
    "warned": Paint("#ffe3bd", "#e07700", note="#7a5320"),
}


def paint(node: Node) -> Paint:
    """Return the colours of a state or a mark: those of its status or else of its kind."""
    return _KINDS[node.kind] if node.status is None else _STATUSES[node.status]


def accent(node: Node) -> str:
    """Return the colour of a node's kind; it is faint if the node was not reached."""
    return paint(node).line if node.status == "unreached" else _KINDS[node.kind].line


def edge_line(edge: Edge) -> str:
    """Return the colour of an edge: that of its status, that of a run, or else that of its kind."""
    if edge.status is not None and edge.status != "same":
        return _STATUSES[edge.status].line
    if edge.taken is None:
        return _KINDS["Fail"].line if edge.caught and edge.status is None else GREY
    if edge.taken == 0:
        return _STATUSES["unreached"].line
    if edge.status == "same":
        return _PASSED
    return _STATUSES["caught" if edge.caught else "succeeded"].line


def edge_ink(edge: Edge) -> str:
    """Return the text colour of an edge."""
    if edge.taken == 0:
        return _FAINT
    return edge_line(edge) if edge.caught and edge.status != "same" else GREY
