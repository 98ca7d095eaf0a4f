"""jsonata-delimiters-unbalanced: a text has only one of ``{%`` and ``%}`` at its ends.

Why: it is no JSONata then, and is taken as it stands. The two have to be the very first and last characters.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.rule import Finding, rule
from asltool.rules.scope import Scope
from asltool.syntax.wording import quoted

__all__ = ["jsonata_delimiters_unbalanced"]


@rule("jsonata-delimiters-unbalanced", severity="warning")
def jsonata_delimiters_unbalanced(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if text.kind == "plain" and text.field.state.query_language == "JSONata":
            stripped = text.value.strip()
            if stripped.startswith("{%") or stripped.endswith("%}"):
                message = f'{quoted(text.key)} is no JSONata, which begins with "{{%" and ends with "%}}"'
                yield Finding(text.pointer, message)
