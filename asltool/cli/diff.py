"""``asltool diff``: compare a local definition with the deployed one."""

from __future__ import annotations

import sys

import click

from asltool.cli.aws_options import AwsOptions, aws_options
from asltool.cli.json_options import DEFINITION, load_machine
from asltool.cli.problems import refuse
from asltool.errors import AslToolError

__all__ = ["diff"]


@click.command(short_help="Compare a state machine here with the one that is deployed.")
@click.argument("definition", metavar="FILE", type=DEFINITION)
@click.argument("arn", metavar="STATE_MACHINE_ARN")
@aws_options
def diff(definition: str, arn: str, aws: AwsOptions) -> None:
    """Compare the state machine in FILE with the one deployed on AWS as STATE_MACHINE_ARN, which may also be
    the ARN of a version or an alias. - reads standard input.

    Each line of the output is a place where they differ, with the deployed value first. The order of fields
    and the format of the text do not matter. A placeholder in FILE, such as ${Table}, stands for any text.
    One request is sent, DescribeStateMachine, and nothing is changed.

    \b
    Examples:
      asltool diff order.asl.json arn:aws:states:eu-west-1:123456789012:stateMachine:orders
      asltool diff template.yaml#Orders ARN

    Exit status: 0 no differences, 1 differences, 2 they could not be compared.
    """
    from asltool.integrations.aws.executions import fetch_machine
    from asltool.integrations.deployed import deployed_differences

    try:
        machine = load_machine(definition)
        deployed = fetch_machine(aws.client(arn), arn)["definition"]
        found = list(deployed_differences(machine.definition, deployed))
    except (AslToolError, OSError) as problem:
        refuse("diff", problem)
    for line in found:
        click.echo(line)
    sys.exit(1 if found else 0)
