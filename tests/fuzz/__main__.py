"""``python -m tests.fuzz``: see `tests.fuzz`."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from types import FrameType

from tests.fuzz.targets import KINDS
from tests.fuzz.trial import trial


class Slow(BaseException):
    """A mutant took too long."""


def _too_long(number: int, frame: FrameType | None) -> None:
    raise Slow


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20_000, help="how many mutants, over all kinds")
    parser.add_argument("--only", choices=sorted(KINDS), help="one kind alone")
    parser.add_argument("--number", type=int, help="this mutant alone; needs --only")
    parser.add_argument("--first", type=int, default=0, help="the number to begin with")
    parser.add_argument("--seconds", type=int, default=30, help="how long one may take; 0: for ever")
    parser.add_argument("--show", action="store_true", help="print the mutants that fail")
    options = parser.parse_args()
    kinds = [options.only] if options.only else list(KINDS)
    numbers = (
        range(options.first, options.first + options.count // len(kinds))
        if options.number is None
        else [options.number]
    )
    signal.signal(signal.SIGALRM, _too_long)
    found: dict[str, int] = {}
    began = time.monotonic()
    for number in numbers:
        for kind in kinds:
            signal.alarm(options.seconds)
            tried = trial(kind, options.seed, number, wide=True)
            signal.alarm(0)
            if tried.problem is None:
                continue
            found[tried.where] = found.get(tried.where, 0) + 1
            if found[tried.where] == 1:
                print(f"--only {kind} --number {number} ({tried.name})\n{tried.problem}", flush=True)
            if options.show:
                print(tried.text)
    for where, many in sorted(found.items(), key=lambda each: -each[1]):
        print(f"{many:6} {where}")
    many = len(numbers) * len(kinds)
    print(f"{many} mutants, {sum(found.values())} failures, {time.monotonic() - began:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
