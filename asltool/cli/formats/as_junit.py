"""For test reports: a suite per file, with a case per finding.

Warnings and infos are cases that pass.

Source: https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from asltool.cli.checking import Checked
from asltool.syntax.diagnostics import Diagnostic, excerpt

__all__ = ["print_out"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def print_out(files: Sequence[Checked]) -> str:
    errors = [sum(each.severity == "error" for each in file.diagnostics) for file in files]
    tests = [max(1, len(file.diagnostics)) for file in files]
    root = Element("testsuites", name="asltool", tests=str(sum(tests)), failures=str(sum(errors)))
    for file, size, failures in zip(files, tests, errors, strict=True):
        name = _text(file.path)
        suite = SubElement(root, "testsuite", name=name, tests=str(size), failures=str(failures), errors="0")
        for diagnostic in file.diagnostics:
            _case(suite, diagnostic, file.text)
        if not file.diagnostics:
            SubElement(suite, "testcase", name="validate", classname=name)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, diagnostic: Diagnostic, text: str) -> None:
    path, span = _text(diagnostic.path), diagnostic.span
    case = SubElement(
        suite,
        "testcase",
        name=f"{diagnostic.code} at {span.line}:{span.column}",
        classname=path,
        file=path,
        line=str(span.line),
    )
    said = _text(f"{diagnostic}\n{excerpt(text, span)}")
    if diagnostic.severity == "error":
        SubElement(case, "failure", type=diagnostic.code, message=_text(diagnostic.message)).text = said
    else:
        SubElement(case, "system-out").text = said


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
