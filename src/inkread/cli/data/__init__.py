"""``inkread data``: one file a command, each imported only when it is run."""

from __future__ import annotations

import click

from ..commands import Commands

DATA_COMMANDS: dict[str, str] = {
    "list": "List the data sets that are known by name, and which are here.",
    "fetch": "Fetch data sets by name.",
    "where": "Tell the folder of a fetched data set.",
    "remove": "Remove fetched data sets and what was made of them.",
    "show": "Look at the pictures of a source under their labels.",
    "check": "Say what is wrong with a source.",
    "suspects": "Say which labels of a source are likely to be wrong.",
    "overlap": "Tell which pictures of one source stand in another.",
    "convert": "Write a source in another format.",
}
"""Every command of the group, in the order in which they are needed, and the line that ``inkread data --help`` prints for it."""


@click.group("data", cls=Commands, table=DATA_COMMANDS, package=__package__, invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """Find, fetch, look at, check and convert data sets."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
