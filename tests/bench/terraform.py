"""``asltool validate`` on a folder of 50 Terraform files: a root module, 24 modules it calls, variables.

``python -m tests.bench.terraform`` writes the folder, and prints the processor time of the command as a
whole and of its work alone. More than half a second of work is a failure.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from asltool.rules import validate
from asltool.syntax.sources.files import open_all
from asltool.syntax.sources.named import find
from tests.bench.validate import user_time

MODULES = 24
RUNS = 5
LIMIT = 0.5  # seconds for 50 files

ROOT = """\
module "m{number}" {{
  source  = "./modules/m{number}"
  name    = "orders-{number}"
  retries = local.retries
}}
"""

LOCALS = """\
locals {
  retries = [{ ErrorEquals = ["States.Timeout"], MaxAttempts = 2, IntervalSeconds = 1 }]
}
"""

MACHINE = """\
resource "aws_sfn_state_machine" "machine" {
  name     = var.name
  role_arn = aws_iam_role.role.arn
  definition = jsonencode({
    StartAt = "Step 0"
    States = merge(
      { for i in range(20) : "Step ${i}" => {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = aws_lambda_function.worker[i].arn, "Payload.$" = "$" }
        Retry      = var.retries
        Next       = i < 19 ? "Step ${i + 1}" : "Done"
      } },
      { Done = { Type = "Succeed" } },
    )
  })
}

resource "aws_iam_role" "role" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""

VARIABLES = 'variable "name" {}\n\nvariable "retries" {\n  type    = any\n  default = []\n}\n'


def write(folder: Path) -> int:
    """Write the files, and return how many."""
    (folder / "main.tf").write_text("".join(ROOT.format(number=number) for number in range(MODULES)))
    (folder / "locals.tf").write_text(LOCALS)
    for number in range(MODULES):
        module = folder / "modules" / f"m{number}"
        module.mkdir(parents=True)
        (module / "main.tf").write_text(MACHINE)
        (module / "variables.tf").write_text(VARIABLES)
    return 2 + 2 * MODULES


def work(folder: Path) -> float:
    """Return how long reading and checking take, in seconds."""
    begin = time.process_time()
    documents = [document for file in open_all(find([str(folder)])) for document in file.documents]
    found = [diagnostic for document in documents for diagnostic in validate(document)]
    assert (len(documents), found) == (MODULES, []), (len(documents), found[:1])
    return time.process_time() - begin


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = write(folder)
        process = user_time([sys.executable, "-m", "asltool", "validate", name])
        empty = user_time([sys.executable, "-m", "asltool", "rules", "no-path"])
        seconds = statistics.median(work(folder) for _ in range(RUNS))
    print(f"{count} Terraform files, {MODULES} machines: {seconds:.2f} s of work")
    print(f"as a process: {process:.2f} s of user time (asltool rules: {empty:.2f} s)")
    if seconds > LIMIT:
        raise SystemExit(f"{seconds:.2f} s; at most {LIMIT} are allowed")


if __name__ == "__main__":
    main()
