"""What the pytest plugin adds to a pytest run that does not use it.

``python -m tests.bench.plugin``
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15

WITHOUT = ("-p", "no:asltool")


def seconds(folder: str, *options: str) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, folder]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        # By turns, so that whatever else the machine does meets both.
        pairs = [(seconds(folder), seconds(folder, *WITHOUT)) for _ in range(RUNS + 1)][1:]
    with_it, without = (statistics.median(each) for each in zip(*pairs, strict=True))
    added = statistics.median(one - other for one, other in pairs) * 1e3
    print(
        f"a pytest run: {with_it * 1e3:.0f} ms with the plugin, {without * 1e3:.0f} ms without, "
        f"ratio {with_it / without:.3f}; it adds {added:.1f} ms"
    )


if __name__ == "__main__":
    main()
