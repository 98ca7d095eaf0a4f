"""Results of cases as a test report.

Source: https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from asltool.testing.case_runs import CaseResult

__all__ = ["junit"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[CaseResult]) -> str:
    """Return a report as JUnit XML."""
    failures = str(sum(bool(result.problems) for result in results))
    seconds = f"{sum(result.seconds for result in results):.3f}"
    counts = {"tests": str(len(results)), "failures": failures, "errors": "0", "time": seconds}
    root = Element("testsuites", {"name": "asltool", **counts})
    suite = SubElement(root, "testsuite", {"name": "asltool test", **counts})
    for result in results:
        place, seconds = _text(result.case.place), f"{result.seconds:.3f}"
        case = SubElement(suite, "testcase", name=_text(result.case.name), classname=place, time=seconds)
        if result.problems:
            failure = SubElement(case, "failure", message=_text(result.problems[0]))
            failure.text = _text(result.report)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
