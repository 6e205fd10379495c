"""``inkread study``: one file a command, each imported only when it is run."""

from __future__ import annotations

import click

from ..commands import Commands

STUDY_COMMANDS: dict[str, str] = {
    "list": "List the studies that come with inkread, and those in a folder.",
    "show": "Tell a study whole: its question, what it varies, and how long it takes.",
    "run": "Run a study: its trainings, their comparison and the report.",
    "resume": "Go on with a study that was broken off.",
    "report": "Write the report of a study from what has finished.",
}
"""Every command of the group, in the order in which they are needed, and the line that ``inkread study --help`` prints for it."""


@click.group("study", cls=Commands, table=STUDY_COMMANDS, package=__package__, invoke_without_command=True)
@click.pass_context
def study(context: click.Context) -> None:
    """Answer a question by many trainings, and report what they show."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
