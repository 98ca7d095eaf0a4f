"""The codes of findings about text and structure, which no rule reports, each with a description."""

from __future__ import annotations

__all__ = ["CODES", "UNIGNORED", "WARNINGS"]

CODES = {
    "file-unreadable": "a file that does not exist or cannot be read, or a folder without state machines",
    "yaml-syntax-error": "the text is not YAML, or YAML that JSON cannot hold",
    "yaml-unclear-scalar": (
        "an unquoted `no`, `012` or `1:30`, which some YAML versions do not read as a string (a warning)"
    ),
    "definition-file-missing": "a template refers to a definition file that does not exist (a warning)",
    "definition-file-outside": "a template refers to a definition outside the named folders (a warning)",
    "definition-not-read": "a definition that exists, or may exist, but cannot be read (a warning)",
    "substitution-unknown": "a placeholder without a value in the template (a warning)",
    "substitution-unused": "a substitution without a placeholder in the definition (a warning)",
    "suppression-unused": "an `asltool: ignore[...]` that ignores nothing (a warning)",
    "json-syntax-error": "the text is not JSON; nothing else is checked",
    "definition-empty": "the text is empty",
    "duplicate-key": "an object has a duplicate key; the last one counts",
    "unknown-field": "a field that does not exist here",
    "field-wrong-query-language": "a field of JSONPath in a JSONata state, or the other way round",
    "wrong-type": "a value of the wrong type",
    "null-not-allowed": "a field that is `null`, where a value is needed",
    "empty-not-allowed": "an empty array where one entry is needed",
    "value-out-of-range": "a number that is too small or too large",
    "mutually-exclusive-fields": "two fields that exclude each other",
    "timestamp-invalid": "a string or a `Timestamp` that is not a timestamp",
    "definition-too-long": "a definition of more than 1,048,576 characters",
    "definition-not-object": "the definition is not an object",
    "start-at-missing": "a machine without `StartAt`",
    "states-missing": "a machine without `States`",
    "states-empty": "a machine whose `States` is empty",
    "version-unsupported": "a `Version` other than `1.0`",
    "query-language-invalid": "a `QueryLanguage` other than `JSONPath` and `JSONata`",
    "state-name-invalid": "a state name that is empty or longer than 80 characters",
    "state-not-object": "a state that is not an object",
    "state-type-missing": "a state without `Type`",
    "state-type-unknown": "a `Type` that does not exist",
    "next-or-end-missing": "a state without `Next` and `End`, or a Catcher without `Next`",
    "next-and-end": "a state with both `Next` and `End`",
    "next-or-end-forbidden": "`Next` or `End` in a Choice, Succeed or Fail state",
    "resource-missing": "a Task without `Resource`",
    "resource-not-arn": "a `Resource` that is not an ARN",
    "credentials-invalid": "`Credentials` that are not an object, or whose `RoleArn` is not a string",
    "credentials-missing-role-arn": "`Credentials` without `RoleArn`",
    "error-equals-missing": "a Retrier or Catcher without `ErrorEquals`",
    "jitter-strategy-invalid": "a `JitterStrategy` other than `FULL` and `NONE`",
    "wait-duration-count": (
        "a Wait state with none or several of `Seconds`, `SecondsPath`, `Timestamp`, `TimestampPath`"
    ),
    "choices-missing": "a Choice state without `Choices`",
    "choices-empty": "a Choice state whose `Choices` is empty",
    "choice-rule-next-missing": "a Choice rule without `Next`",
    "choice-rule-nested-next": "a `Next` in a rule inside `And`, `Or` or `Not`",
    "choice-rule-condition-missing": "a Choice rule in JSONata without `Condition`",
    "choice-rule-variable-missing": "a comparison without `Variable`",
    "choice-rule-no-operator": "a Choice rule that compares nothing",
    "choice-rule-multiple-operators": "a Choice rule with several comparisons",
    "choice-operand-type": "a comparison with a value of the wrong type",
    "branches-missing": "a Parallel state without `Branches`",
    "branches-empty": "a Parallel state whose `Branches` is empty",
    "item-processor-missing": "a Map state without `ItemProcessor`",
    "iterator-and-item-processor": "a Map state with both `ItemProcessor` and its older form `Iterator`",
    "parameters-and-item-selector": "a Map state with both `ItemSelector` and its older form `Parameters`",
    "processor-config-invalid": (
        "a `ProcessorConfig` that does not exist, or `DISTRIBUTED` without `ExecutionType`"
    ),
    "label-invalid": (
        "a `Label` that is empty, longer than 40 characters or has characters that are not allowed"
    ),
    "item-reader-invalid": (
        "an `ItemReader` without `Resource`, or with options that do not exist or need another one"
    ),
    "item-batcher-empty": "an `ItemBatcher` without a limit",
    "result-writer-invalid": (
        "a `ResultWriter` that is empty, lacks the bucket, or has options that do not exist"
    ),
}
"""In the order of the manual."""

WARNINGS = frozenset(
    (
        "definition-file-missing",
        "definition-file-outside",
        "definition-not-read",
        "substitution-unknown",
        "substitution-unused",
        "suppression-unused",
        "yaml-unclear-scalar",
    )
)
"""The codes for problems that the service accepts."""

UNIGNORED = frozenset(
    (
        "definition-empty",
        "file-unreadable",
        "json-syntax-error",
        "suppression-unused",
        "yaml-syntax-error",
    )
)
"""The codes that no comment can ignore."""
