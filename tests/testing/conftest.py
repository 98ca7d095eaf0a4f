"""Loads what pytester's runs in this process must not be the first to import.

pytester forgets afterwards what its runs have imported, and a second copy of a module does not know the
values of the first.
"""

from __future__ import annotations

import asltool.expr.jsonata.job  # noqa: F401
