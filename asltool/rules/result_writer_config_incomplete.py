"""result-writer-config-incomplete: a ``WriterConfig`` has only one of its two fields.

Why: the documentation requires both: ``Transformation`` selects what is written, and ``OutputType`` the
format.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"},
            "WriterConfig": {"OutputType": "JSONL"}}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"},
            "WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"}}}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["result_writer_config_incomplete"]


@rule("result-writer-config-incomplete", severity="warning")
def result_writer_config_incomplete(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        if field.name == "WriterConfig" and isinstance(field.value, dict):
            missing = [name for name in ("OutputType", "Transformation") if name not in field.value]
            if len(missing) == 1:
                message = f'"WriterConfig" also needs {quoted(missing[0])}'
                yield Finding(field.pointer, message, key=True)
