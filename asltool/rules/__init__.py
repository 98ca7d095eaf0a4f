"""The semantic checks, one file each, and the whole validation of a document."""

from __future__ import annotations

from collections.abc import Iterable

from asltool.rules.analysis.scope import Scope, outermost
from asltool.rules.analysis.whole import machines_of
from asltool.rules.assign_reserved_name import assign_reserved_name
from asltool.rules.assign_shadows_outer_scope import assign_shadows_outer_scope
from asltool.rules.choice_no_default import choice_no_default
from asltool.rules.choice_rule_shadowed import choice_rule_shadowed
from asltool.rules.choice_variable_not_guarded import choice_variable_not_guarded
from asltool.rules.default_not_found import default_not_found
from asltool.rules.deprecated_field import deprecated_field
from asltool.rules.distributed_only_field import distributed_only_field
from asltool.rules.duplicate_state_name import duplicate_state_name
from asltool.rules.error_name_reserved import error_name_reserved
from asltool.rules.error_name_unknown import error_name_unknown
from asltool.rules.express_unsupported_activity import express_unsupported_activity
from asltool.rules.express_unsupported_distributed_map import express_unsupported_distributed_map
from asltool.rules.express_unsupported_integration import express_unsupported_integration
from asltool.rules.heartbeat_not_below_timeout import heartbeat_not_below_timeout
from asltool.rules.intrinsic_argument_type import intrinsic_argument_type
from asltool.rules.intrinsic_arity import intrinsic_arity
from asltool.rules.intrinsic_format_arity import intrinsic_format_arity
from asltool.rules.intrinsic_not_allowed_here import intrinsic_not_allowed_here
from asltool.rules.intrinsic_not_string import intrinsic_not_string
from asltool.rules.intrinsic_syntax_error import intrinsic_syntax_error
from asltool.rules.intrinsic_too_deep import intrinsic_too_deep
from asltool.rules.intrinsic_unknown import intrinsic_unknown
from asltool.rules.json_path_doubtful import json_path_doubtful
from asltool.rules.json_path_in_jsonata_state import json_path_in_jsonata_state
from asltool.rules.json_path_invalid import json_path_invalid
from asltool.rules.json_path_or_intrinsic_invalid import json_path_or_intrinsic_invalid
from asltool.rules.json_path_unsupported import json_path_unsupported
from asltool.rules.jsonata_delimiters_unbalanced import jsonata_delimiters_unbalanced
from asltool.rules.jsonata_function_unknown import jsonata_function_unknown
from asltool.rules.jsonata_function_unsupported import jsonata_function_unsupported
from asltool.rules.jsonata_in_jsonpath_state import jsonata_in_jsonpath_state
from asltool.rules.jsonata_root_reference import jsonata_root_reference
from asltool.rules.jsonata_string_required import jsonata_string_required
from asltool.rules.jsonata_syntax_error import jsonata_syntax_error
from asltool.rules.label_duplicate import label_duplicate
from asltool.rules.max_delay_below_interval import max_delay_below_interval
from asltool.rules.next_crosses_scope import next_crosses_scope
from asltool.rules.next_not_found import next_not_found
from asltool.rules.no_dollar import no_dollar
from asltool.rules.no_path import no_path
from asltool.rules.no_terminal_state import no_terminal_state
from asltool.rules.pass_result_is_static import pass_result_is_static
from asltool.rules.path_cannot_exist import path_cannot_exist
from asltool.rules.payload_template_duplicate_field import payload_template_duplicate_field
from asltool.rules.payload_template_not_string import payload_template_not_string
from asltool.rules.query_language_downgrade import query_language_downgrade
from asltool.rules.reference_path_invalid import reference_path_invalid
from asltool.rules.result_path_context_object import result_path_context_object
from asltool.rules.result_path_variable import result_path_variable
from asltool.rules.result_writer_config_incomplete import result_writer_config_incomplete
from asltool.rules.retrier_unreachable import retrier_unreachable
from asltool.rules.rule import Finding, Rule
from asltool.rules.service_integration_unknown import service_integration_unknown
from asltool.rules.start_at_not_found import start_at_not_found
from asltool.rules.states_all_position import states_all_position
from asltool.rules.states_field_not_available import states_field_not_available
from asltool.rules.states_field_unknown import states_field_unknown
from asltool.rules.states_without_dollar import states_without_dollar
from asltool.rules.task_required_parameter_missing import task_required_parameter_missing
from asltool.rules.task_token_missing import task_token_missing
from asltool.rules.task_without_timeout import task_without_timeout
from asltool.rules.terminal_unreachable import terminal_unreachable
from asltool.rules.unreachable_cycle import unreachable_cycle
from asltool.rules.unreachable_state import unreachable_state
from asltool.rules.value_cannot_exist import value_cannot_exist
from asltool.rules.variable_maybe_undefined import variable_maybe_undefined
from asltool.rules.variable_name_invalid import variable_name_invalid
from asltool.rules.variable_out_of_scope import variable_out_of_scope
from asltool.rules.variable_undefined import variable_undefined
from asltool.rules.variable_unused import variable_unused
from asltool.syntax.build import build
from asltool.syntax.diagnostics import Diagnostic
from asltool.syntax.document import Document
from asltool.syntax.model import ABSENT
from asltool.syntax.structure import check_structure

__all__ = ["RULES", "Finding", "Rule", "Scope", "refused", "validate"]

RULES: tuple[Rule, ...] = (
    start_at_not_found,
    next_not_found,
    default_not_found,
    next_crosses_scope,
    unreachable_state,
    unreachable_cycle,
    no_terminal_state,
    terminal_unreachable,
    query_language_downgrade,
    choice_no_default,
    choice_rule_shadowed,
    choice_variable_not_guarded,
    states_all_position,
    retrier_unreachable,
    error_name_unknown,
    error_name_reserved,
    max_delay_below_interval,
    heartbeat_not_below_timeout,
    service_integration_unknown,
    task_required_parameter_missing,
    task_token_missing,
    task_without_timeout,
    express_unsupported_activity,
    express_unsupported_integration,
    express_unsupported_distributed_map,
    distributed_only_field,
    result_writer_config_incomplete,
    deprecated_field,
    duplicate_state_name,
    label_duplicate,
    json_path_invalid,
    json_path_doubtful,
    json_path_unsupported,
    reference_path_invalid,
    result_path_context_object,
    result_path_variable,
    json_path_or_intrinsic_invalid,
    payload_template_not_string,
    payload_template_duplicate_field,
    intrinsic_syntax_error,
    intrinsic_unknown,
    intrinsic_arity,
    intrinsic_format_arity,
    intrinsic_argument_type,
    intrinsic_too_deep,
    intrinsic_not_allowed_here,
    intrinsic_not_string,
    no_dollar,
    no_path,
    pass_result_is_static,
    jsonata_string_required,
    jsonata_syntax_error,
    jsonata_function_unknown,
    jsonata_function_unsupported,
    jsonata_root_reference,
    states_without_dollar,
    states_field_unknown,
    states_field_not_available,
    jsonata_delimiters_unbalanced,
    jsonata_in_jsonpath_state,
    json_path_in_jsonata_state,
    variable_name_invalid,
    assign_reserved_name,
    assign_shadows_outer_scope,
    variable_undefined,
    variable_out_of_scope,
    variable_maybe_undefined,
    variable_unused,
    path_cannot_exist,
    value_cannot_exist,
)
"""Every rule, in the order of the manual."""


def validate(document: Document) -> list[Diagnostic]:
    """Return everything that is wrong with a document, in the order of its text, each finding once.

    Text that is no JSON gets no further than its syntax; all else is checked for structure and by every rule.
    """
    found = list(document.problems)
    if document.value is not ABSENT:
        found += check_structure(document)
        found += _check_rules(document)
    return sorted(dict.fromkeys(found), key=lambda diagnostic: diagnostic.span)


def refused(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the errors for which a machine cannot run. A definition that is too long to be created can.

    The others, such as a path that cannot be there, are about runs that will fail; the service starts them.
    """
    return [each for each in diagnostics if each.severity == "error" and each.code != "definition-too-long"]


def _check_rules(document: Document) -> list[Diagnostic]:
    machine = build(document)
    return [
        document.diagnose(rule.name, finding, rule.severity)
        for scope in (machines_of(outermost(document, machine)) if machine else ())
        for rule in RULES
        if not (rule.once and scope.around)
        for finding in rule.check(scope)
    ]
