"""Intrinsic functions: ``States.Format('Hello {}', $.name)`` and its seventeen siblings.

A new function is one decorated Python function in one of the modules below, and its case rows.
"""

from __future__ import annotations

from asltool.expr.intrinsics import arrays, encoding, json_data, maths, strings
from asltool.expr.intrinsics.compiler import compile_intrinsic, find_problems
from asltool.expr.intrinsics.problems import Problem
from asltool.expr.intrinsics.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "MODULES", "Problem", "compile_intrinsic", "find_problems"]

MODULES = (arrays, encoding, json_data, maths, strings)
"""Where the functions are; importing these modules registers them."""
