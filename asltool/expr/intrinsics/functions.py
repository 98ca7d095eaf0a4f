"""All intrinsic functions: importing their modules registers them."""

from __future__ import annotations

from asltool.expr.intrinsics import arrays, encoding, json_data, maths, strings
from asltool.expr.intrinsics.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "MODULES"]

MODULES = (arrays, encoding, json_data, maths, strings)
"""Where the functions are."""
