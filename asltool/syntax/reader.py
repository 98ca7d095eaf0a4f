"""Read text into documents, by the file's extension and its content."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from asltool.errors import DefinitionError
from asltool.syntax.document import Document, not_read, syntax_diagnostics
from asltool.syntax.json_reader import read_json
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.template import NestedTemplate, Reference, is_template, is_terraform
from asltool.syntax.text import Places, Text
from asltool.syntax.wording import listed

__all__ = ["NestedTemplate", "Reference", "document_of", "glue_workflows", "json_of", "read", "read_all"]

_TEMPLATES = (".tftpl", ".tmpl", ".tpl")
"""Endings of files that are filled in before they are read."""
_YAML = (".yaml", ".yml")


def read(text: str, path: str) -> Document:
    """Read the one definition of a file.

    The document's problems list everything that is wrong with the text, each with its position. If a key
    occurs twice, the document stays usable: the last one counts.

    Args:
        path: the file as the user named it; its extension gives the format.

    Raises:
        DefinitionError: a file that holds no definition, or several.
    """
    found = read_all(text, path)
    documents = [each for each in found if isinstance(each, Document)]
    if len(documents) == 1:
        return documents[0]
    if documents:
        names = listed([document.name for document in documents], "and")
        raise DefinitionError(f"{path} has {len(documents)} state machines: {names}. expected one")
    elsewhere = next(
        (f". its definition is in {each.file}" for each in found if isinstance(each, Reference)), ""
    )
    raise DefinitionError(f"{path} has no state machine{elsewhere}")


def json_of(definition: Mapping[str, Any]) -> str:
    """Return the JSON text of a definition that is given as an object.

    Raises:
        DefinitionError: it has a value that JSON does not have, or is nested too deeply.
    """
    try:
        return json.dumps(definition, indent=2)
    except RecursionError:
        raise DefinitionError("the definition is nested too deeply") from None
    except (TypeError, ValueError) as problem:
        raise DefinitionError(f"the definition is not JSON: {problem}") from None


def read_all(text: str, path: str) -> list[Document | Reference | NestedTemplate]:
    """Read every definition of a file.

    A JSON or YAML file is either one definition or a template, whose state machines are read.

    Args:
        path: the file as the user named it; its extension gives the format.
    """
    if is_terraform(path):
        return _read_terraform(text, path)
    return _contents(_yaml_document(text, path)) if _is_yaml(text, path) else _read_json(text, path)


def _is_yaml(text: str, path: str) -> bool:
    """Return whether a file is YAML by its name; the extension of a text template is ignored."""
    name = PurePath(path)
    if name.suffix in _TEMPLATES:
        name = name.with_suffix("")
        if name.suffix not in (*_YAML, ".json"):
            return not text.lstrip().startswith(("{", "$"))
    return name.suffix in _YAML


def _read_terraform(text: str, path: str) -> list[Document | Reference | NestedTemplate]:
    """Read the machines of one file as if it were the whole module."""
    from asltool.syntax.sources.project import Project
    from asltool.syntax.sources.terraform import Terraform, read_terraform

    terraform = Terraform(Project({path: text}, alone=True))
    return [*read_terraform(terraform, os.path.dirname(path), [path])]


def glue_workflows(text: str, path: str) -> list[str]:
    """Return the names of the AWS Glue workflows in a template."""
    from asltool.syntax.sources.machines import resources

    found = resources(document_of(text, path).value)
    return [name for _, name, one in found if one.get("Type") == "AWS::Glue::Workflow"]


def document_of(text: str, path: str) -> Document:
    """Read a file in JSON or YAML as one document, whatever it holds."""
    return _yaml_document(text, path) if _is_yaml(text, path) else _json_document(text, path)


def _json_document(text: str, path: str) -> Document:
    value, problems = read_json(text)
    return Document(path, value, text, syntax_diagnostics(problems, Text.whole(text), text, path))


def _read_json(text: str, path: str) -> list[Document | Reference | NestedTemplate]:
    document = _json_document(text, path)
    if document.value is ABSENT and ("${" in text or "%{" in text):
        return [_read_text_template(text, path)]
    return _contents(document)


def _read_text_template(text: str, path: str) -> Document:
    """Read a definition that is filled in before it is JSON."""
    from asltool.syntax.atlas import Lines
    from asltool.syntax.sources.embedded import embedded
    from asltool.syntax.sources.text_template import directive_at

    directive = directive_at(text)
    if directive is not None:
        reason = "the definition is not read: it has directives. check the Terraform file that fills it in"
        return not_read(path, text, Lines(text).span(*directive), reason)
    return embedded(Text.whole(text), text, path)


def _yaml_document(text: str, path: str) -> Document:
    from asltool.syntax.yaml_reader import read_yaml
    from asltool.syntax.yaml_strings import yaml_string

    tree, whole = read_yaml(text), Text.whole(text)
    source = Places(whole, lambda: tree.root, yaml_string)
    problems = syntax_diagnostics(tree.problems, whole, text, path)
    return Document(path, tree.value, text, problems, source=source, unknown=tree.unknown)


def _contents(document: Document) -> list[Document | Reference | NestedTemplate]:
    if not is_template(document.value):
        return [document]
    from asltool.syntax.sources.machines import machines

    return list(machines(document))
