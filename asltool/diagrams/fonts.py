"""Find characters that no font of this system has: Graphviz silently draws empty boxes for them.

Source: https://www.freedesktop.org/software/fontconfig/fontconfig-user.html
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

__all__ = ["without_font"]


def without_font(text: str) -> str:
    """Return the letters of a text that no font has, each once; none without fontconfig."""
    letters = sorted({each for each in text if ord(each) > 0x7F and each.isalpha()})
    known = _known() if letters else ()
    if not known:
        return ""
    return "".join(each for each in letters if not any(first <= ord(each) <= last for first, last in known))


@cache
def _known() -> tuple[tuple[int, int], ...]:
    """Return the ranges of characters that fonts have."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    done = subprocess.run([program, "--format", "%{charset} "], capture_output=True, text=True, check=False)
    ranges = {tuple(int(end, 16) for end in each.split("-")) for each in done.stdout.split()}
    return tuple(sorted((each[0], each[-1]) for each in ranges))
