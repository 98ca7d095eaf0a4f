"""jsonata-delimiters-unbalanced: a JSONata string does not begin with ``{%`` or does not end with ``%}``.

Why: such a string is not evaluated. The delimiters must be its very first and last characters. In YAML, a
string after ``|`` or ``>`` ends with a line feed; after ``|-`` or ``>-`` it does not.

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

from asltool.rules.analysis.fields import ExpressionText
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import loose_ends, quoted

__all__ = ["jsonata_delimiters_unbalanced"]


@rule("jsonata-delimiters-unbalanced", severity="warning")
def jsonata_delimiters_unbalanced(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if text.kind == "plain" and text.field.state.query_language == "JSONata" and not _is_refused(text):
            stripped = text.value.strip()
            if stripped.startswith("{%") or stripped.endswith("%}"):
                message = f'{quoted(text.key)} is not JSONata, which begins with "{{%" and ends with "%}}"'
                yield Finding(text.pointer, f"{message}{loose_ends(text.value)}")


def _is_refused(text: ExpressionText) -> bool:
    """Return whether the field accepts only JSONata strings, in which case the structure check reports it."""
    return text.pointer == text.field.pointer and "anyOf" in text.field.schema
