"""A template as one document, whatever it declares."""

from __future__ import annotations

from asltool.errors import TasksError
from asltool.expr.encodings import bytes_of
from asltool.syntax.decoding import decode
from asltool.syntax.document import Document, report
from asltool.syntax.model import ABSENT
from asltool.syntax.reader import document_of
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.serverless import serverless_template

__all__ = ["template_document"]


def template_document(path: str) -> Document:
    """Read a JSON or YAML file; in ``serverless.yml`` variables are followed.

    Raises:
        TasksError: the file has a syntax error.
    """
    text = decode(bytes_of(path), path)
    document = document_of(text, path)
    if "${file(" in text or "${self:" in text:
        followed = serverless_template(Project({path: text}), path)
        document = document if followed is None else followed[0]
    if document.value is ABSENT:
        raise TasksError(report(document, document.problems[:1]))
    return document
