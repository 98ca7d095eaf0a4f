"""Event patterns: which events a rule matches, and why an event is not one of them."""

from asltool.triggers.patterns.leaves import Leaves, leaves_of
from asltool.triggers.patterns.pattern import Pattern, compile_pattern, pattern_of

__all__ = ["Leaves", "Pattern", "compile_pattern", "leaves_of", "pattern_of"]
