"""A definition from an API request, and findings that keep their pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asltool.syntax.diagnostics import Diagnostic, Finding, Severity
from asltool.syntax.document import Document, MachineType, syntax_diagnostics
from asltool.syntax.json_reader import read_json
from asltool.syntax.reader import json_of
from asltool.syntax.text import Text

__all__ = ["Placed", "RequestDocument", "request_document"]

_PATH = "definition"


@dataclass(frozen=True, slots=True)
class Placed(Diagnostic):
    """A diagnostic with its finding."""

    finding: Finding = field(kw_only=True)


class RequestDocument(Document):
    """A document that returns its diagnostics as `Placed`."""

    def diagnose(self, code: str, finding: Finding, severity: Severity = "error") -> Placed:
        span = self.locate(finding.pointer, finding.key, finding.within)
        return Placed(self.path, span, code, finding.message, severity, finding=finding)


def request_document(
    definition: str | Mapping[str, Any], machine_type: MachineType | None = None
) -> RequestDocument:
    """Read a definition, given as JSON text or an object."""
    text = definition if isinstance(definition, str) else json_of(definition)
    value, problems = read_json(text)
    found = syntax_diagnostics(problems, Text.whole(text), text, _PATH)
    return RequestDocument(_PATH, value, text, found, machine_type=machine_type)
