"""Event patterns: which events a rule matches, and why an event does not match."""

from asltool.triggers.patterns.leaves import Leaves, leaves_of
from asltool.triggers.patterns.pattern import Pattern, compile_pattern, pattern_of

__all__ = ["Leaves", "Pattern", "compile_pattern", "leaves_of", "pattern_of"]
