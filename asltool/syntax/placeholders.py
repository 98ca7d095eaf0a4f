"""Placeholders: parts of a definition that are filled in when it is deployed."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["has_placeholder"]

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


def has_placeholder(value: Any) -> bool:
    """Return whether CloudFormation's DefinitionSubstitutions fill in a part of this value: ``${Name}``.

    What with is not known, so such a string may stand anywhere.
    """
    return isinstance(value, str) and "${" in value and _PLACEHOLDER.search(value) is not None
