"""``asltool pull``: an execution that ran on AWS, as a case file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from asltool.cli.aws_options import AwsOptions, aws_options
from asltool.cli.byproducts import check_writable_folder, folder_option
from asltool.cli.problems import refuse
from asltool.errors import AslToolError, OptionError
from asltool.expr.encodings import ESCAPED
from asltool.syntax.wording import quoted

__all__ = ["pull"]


@click.command(short_help="Download an execution that ran on AWS, as a test.")
@click.argument("arn", metavar="EXECUTION_ARN")
@folder_option("Write the files to this folder.  [default: a folder with the execution's name]")
@click.option(
    "--redact",
    "redacted",
    metavar="JSONPATH",
    multiple=True,
    help="Replace the values that this path selects, in every payload: '$.customer.email', "
    "'$..token'. Can be repeated.",
)
@aws_options
def pull(arn: str, folder: Path | None, redacted: Sequence[str], aws: AwsOptions) -> None:
    """Download the STANDARD execution EXECUTION_ARN from AWS: its definition, its input, its history with the
    outcome of every task, and the histories of child executions of Distributed Maps.

    They become a case file that asltool test runs here, without AWS. Only these requests are sent:
    DescribeExecution, DescribeStateMachineForExecution, GetExecutionHistory and, for Distributed Maps,
    DescribeMapRun and ListExecutions. Existing files are never changed.

    \b
    Examples:
      asltool pull arn:aws:states:eu-west-1:123456789012:execution:orders:monday -o tests/monday
      asltool pull ARN --redact '$.customer' --redact '$..email'
      asltool test tests/monday
      asltool replay orders.asl.json --history tests/monday/monday.history.json

    Exit status: 0 the case passes, 1 it was written but does not pass, 2 the execution could not be pulled.
    """
    from asltool.integrations.aws.executions import fetch_execution
    from asltool.testing.pulled import pull_execution
    from asltool.testing.redaction import Redaction, redaction_paths

    try:
        paths = redaction_paths(redacted)
        check_writable_folder("-o", folder)
        fetched = fetch_execution(aws.client(arn), arn)
        redaction = Redaction(paths, [fetched.events, *fetched.children.values()]) if paths else None
        pulled = pull_execution(
            fetched.name, fetched.machine, fetched.definition, fetched.events, fetched.children, redaction
        )
        target = Path(pulled.case_file.removesuffix(".asltest.yaml")) if folder is None else folder
        for path in _write(target, pulled.files):
            click.echo(path)
    except (AslToolError, OSError) as problem:
        refuse("pull", problem)
    for line in (*fetched.left_out, *([pulled.problem] if pulled.problem else [])):
        click.echo(line, err=True)
    sys.exit(1 if pulled.problem else 0)


def _write(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write files that do not exist yet; return the paths of all.

    Raises:
        OptionError: a file exists with other content.
    """
    paths = [folder / name for name in files]
    for name in files:
        if os.path.normpath(name) != os.path.join(*name.split("/")) or set(name) & {"\0", "\\"}:
            raise OptionError(f"{quoted(name)} cannot be the name of a file: the service returned a bad name")
    contents = [text.encode("utf-8", ESCAPED) for text in files.values()]
    for path, content in zip(paths, contents, strict=True):
        if path.exists() and path.read_bytes() != content:
            raise OptionError(f"{path} exists with other content. choose another folder")
    for path, content in zip(paths, contents, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return paths
