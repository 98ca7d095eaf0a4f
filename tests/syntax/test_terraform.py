"""Modules of Terraform: which machines they hold, and that findings point into the files they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from asltool.rules import validate
from asltool.syntax.diagnostics import excerpt
from asltool.syntax.document import Document
from asltool.syntax.sources.project import Project
from asltool.syntax.sources.terraform import Terraform, read_terraform
from asltool.syntax.sources.terraform_resources import terraform_resources
from tests.syntax.cases import CASES

pytest.importorskip("tree_sitter_hcl")

MODULES = CASES / "syntax" / "terraform"


def said(folder: str) -> Iterator[str]:
    """Yield a line for each machine of a module, and what is wrong with it, with the lines of its files."""
    project = Project()
    for found in read_terraform(Terraform(project), folder):
        kind = found.machine_type or "type unknown"
        if not isinstance(found, Document):
            said_at = f"said at {found.path}:{found.span.line}"
            yield f"== {found.name}, {found.address}: {kind}, in {found.file}, {said_at}"
            continue
        states = len(found.value["States"]) if isinstance(found.value, dict) else "no"
        yield f"== {found.name}, {found.address}: {kind}, {states} states in {found.path}"
        for each in sorted(validate(found), key=lambda each: (each.path, each.span)):
            yield str(each)
            source = project.open(each.path)
            assert source is not None
            yield excerpt(source.text, each.span)


@pytest.mark.parametrize("path", sorted(MODULES.glob("*/")), ids=lambda path: str(path.name))
def test_module(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path)
    assert "\n".join(said("")) + "\n" == (path / "out.txt").read_text("utf-8")


def test_places_are_those_from_where_a_module_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MODULES.parent)
    assert [each.path for each in read_terraform(Terraform(Project()), "terraform/composed")] == [
        "terraform/composed/main.tf"
    ]


def test_only_what_one_file_holds_or_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(MODULES / "templates")
    assert len(read_terraform(Terraform(Project()), "", ["main.tf"])) == 4
    assert read_terraform(Terraform(Project()), "", ["old.json.tpl"]) == []


RESOURCES = """\
resource "aws_sfn_activity" "approve" {
  name = "approve"
}

resource "aws_cloudwatch_event_rule" "daily" {
  schedule_expression = "rate(${var.days} days)"
}

resource "aws_cloudwatch_event_target" "start" {
  count = 2
  rule  = aws_cloudwatch_event_rule.daily.name
  arn   = aws_sfn_state_machine.orders.arn
}

variable "days" {
  default = 2
}
"""


def test_resources_that_start_machines_or_work_for_them() -> None:
    project = Project({"main.tf": RESOURCES}, alone=True)
    types = {line.split('"')[1] for line in RESOURCES.splitlines() if line.startswith("resource")}
    found = {each.address: each.document.value for each in terraform_resources(project, "", types)}
    target = {
        "count": 2,
        "rule": "${aws_cloudwatch_event_rule.daily.name}",
        "arn": "${aws_sfn_state_machine.orders.arn}",
    }
    assert found == {
        "aws_sfn_activity.approve": {"name": "approve"},
        "aws_cloudwatch_event_rule.daily": {"schedule_expression": "rate(2 days)"},
        "aws_cloudwatch_event_target.start[0]": target,
        "aws_cloudwatch_event_target.start[1]": target,
    }


TRIGGERS = """\
locals {
  jobs = { extract = "raw", load = "clean" }
}

resource "aws_glue_job" "each" {
  for_each = local.jobs
  name     = "${each.key}-job"
}

resource "aws_glue_job" "two" {
  count = 2
  name  = "job-${count.index}"
}

resource "aws_glue_trigger" "after" {
  workflow_name = module.flow.name
  predicate {
    logical = "ANY"
    dynamic "conditions" {
      for_each = [aws_glue_job.two[1].name, aws_glue_job.each["load"].id]
      iterator = job
      content {
        job_name = job.value
        state    = "SUCCEEDED"
      }
    }
  }
  dynamic "actions" {
    for_each = local.jobs
    content { job_name = aws_glue_job.each[actions.key].name }
  }
  tags = { own = aws_glue_trigger.after.arn }
}

module "flow" {
  source = "./flow"
}
"""

FLOW = """\
resource "aws_glue_workflow" "this" {
}

output "name" {
  value = aws_glue_workflow.this.name
}
"""


def test_blocks_inside_and_references_to_other_resources(tmp_path: Path) -> None:
    (tmp_path / "flow").mkdir()
    (tmp_path / "flow" / "flow.tf").write_text(FLOW)
    (tmp_path / "main.tf").write_text(TRIGGERS)

    def computed(address: str, kind: str, attributes: Mapping[str, Any]) -> dict[str, str]:
        return {"name": attributes.get("name", address), "id": attributes.get("name", address)}

    [found] = terraform_resources(Project(), str(tmp_path), ["aws_glue_trigger"], computed)
    assert found.document.value == {
        "workflow_name": "module.flow.aws_glue_workflow.this",
        "predicate": [
            {
                "logical": "ANY",
                "conditions": [
                    {"job_name": "job-1", "state": "SUCCEEDED"},
                    {"job_name": "load-job", "state": "SUCCEEDED"},
                ],
            }
        ],
        "actions": [{"job_name": "extract-job"}, {"job_name": "load-job"}],
        "tags": {"own": "${aws_glue_trigger.after.arn}"},
    }
    assert found.document.locate(("predicate",)).line == 17
    assert found.document.locate(("predicate", 0, "logical")).line == 18


def locals_of(count: int, made: str) -> str:
    """Return locals each of which is made from the one before."""
    lines = [
        f"  x{number} = {made.replace('PREVIOUS', f'local.x{number - 1}')}\n" for number in range(1, count)
    ]
    return f'locals {{\n  x0 = "abcdefgh"\n{"".join(lines)}}}\n'


@pytest.mark.parametrize(
    "made",
    [
        "[PREVIOUS, PREVIOUS]",
        "{ a = PREVIOUS, b = PREVIOUS }",
        '"${PREVIOUS}${PREVIOUS}"',
        'join("", [PREVIOUS, PREVIOUS])',
        'format("%s%s", PREVIOUS, PREVIOUS)',
        "[for a in range(200) : [for b in range(200) : [for c in range(200) : PREVIOUS]]]",
    ],
)
def test_what_grows_without_end_is_cut_off(made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asltool.syntax.sources.terraform.MOST_EXPRESSIONS", 3_000)
    machine = 'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({ States = local.x19 })\n}\n'
    project = Project({"main.tf": f"{locals_of(20, made)}{machine}"}, alone=True)
    [found] = read_terraform(Terraform(project), "")
    assert isinstance(found, Document)
    assert len(found.places.text.characters) < 2_000_000
