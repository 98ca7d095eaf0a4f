"""The drawing of a run as text for an XCom: its page, compressed, in Base64."""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING

from asltool.diagrams import draw
from asltool.run import highlight

if TYPE_CHECKING:
    from asltool.machine import Machine
    from asltool.run import Run

__all__ = ["XCOM", "packed"]

XCOM = "drawing"
"""The key of the XCom."""

_LONGEST = 1_000_000


def packed(machine: Machine, run: Run) -> str | None:
    """Return the page that steps through a run; None if it is too large for an XCom.

    Raises:
        RenderError: the machine cannot be drawn.
    """
    page = draw(
        machine.model,
        "html",
        highlight(run, machine.model),
        definition=machine.definition,
        title=machine.name,
    )
    text = base64.b64encode(gzip.compress(page, mtime=0)).decode("ascii")
    return text if len(text) <= _LONGEST else None
