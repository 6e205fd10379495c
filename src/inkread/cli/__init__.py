"""The command line: one file a command, each imported only when it is run."""

from __future__ import annotations

import os

try:
    from ..interrupt import ending_at_once

    with ending_at_once():
        import click

        from .commands import Commands
except KeyboardInterrupt:  # in the few milliseconds before it ends at once
    raise SystemExit(130) from None

COMMANDS = {
    "data": "Find, fetch, look at, check and convert data sets.",
    "recipes": "List the recipes that networks are trained by, or tell one of them whole.",
    "train": "Train a network by a recipe on labelled pictures.",
    "runs": "List runs, or say what differs between them and what it changed.",
    "curves": "Draw loss and accuracy of runs by epoch.",
    "study": "Answer a question by many trainings, and report what they show.",
    "evaluate": "Say how good a model is on labelled pictures, and why it errs.",
    "compare": "Say which of several models is better on the same pictures.",
    "export": "Write the network of a run as the one file that reading needs.",
    "read": "Read pictures of handwritten characters.",
    "vin": "Read the 17 boxes of a vehicle identification number together.",
    "teach": "Teach the reader a hand or new characters from a few labelled pictures.",
    "doctor": "Show what was done to pictures and why they are read so.",
}
"""Every command in the order of the road (ARCHITECTURE.md), and the line that ``inkread --help`` prints for it."""


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from .version import version_lines

        click.echo("\n".join(version_lines()))
        context.exit()


@click.group(
    "inkread",
    cls=Commands,
    table=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Shell completion: put  eval "$(_INKREAD_COMPLETE=bash_source inkread)"  into ~/.bashrc (also zsh_source, fish_source)',
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version, the bundle and its format.",
)
@click.pass_context
def main(context: click.Context) -> None:
    """Read single handwritten characters: one picture in, one answer out."""
    # NumPy's matrices are small here, and the threads that it starts for large ones cost 0.1 s of processor time a process
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


__all__ = ["COMMANDS", "main"]
