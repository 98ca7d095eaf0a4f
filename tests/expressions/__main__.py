"""``python -m tests.expressions LANGUAGE CASES.json [--observed OUT.jsonl]``

Runs a file of recorded answers, prints how many of each section agree, and writes what was observed, one JSON
object a case.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.expressions import jsonata, jsonpath

LANGUAGES = {"jsonata": jsonata.main, "jsonpath": jsonpath.main}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.expressions", description=__doc__)
    parser.add_argument("language", choices=sorted(LANGUAGES))
    parser.add_argument("cases", type=Path)
    parser.add_argument("--observed", type=Path, metavar="OUT.jsonl")
    arguments = parser.parse_args()
    LANGUAGES[arguments.language](arguments.cases, arguments.observed)


main()
