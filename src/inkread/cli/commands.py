"""The group of commands: imports each when it is run, and turns every error into its sentence and its exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from ..errors import InkreadError, UsageError, nearest, reason
from ..interrupt import INTERRUPTED, ending_at_once

DONE, SOMETHING_TO_TELL, NOT_DONE = 0, 1, 2


class Commands(click.Group):
    """A group whose commands are named in ``table`` (name -> its line in the help) and live in modules of that name.

    ``package``: the package of those modules, the command line's own for the commands at the top.

    A command returns its exit code, or nothing for 0. Whatever a user can cause ends as ``error: ...`` and ``hint: ...``
    on stderr with exit code 2; Ctrl-C as 130; a reader of stdout that has gone away is no fault.
    """

    def __init__(self, *arguments: Any, table: Mapping[str, str], package: str | None = __package__, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.table = table
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, its module imported now."""
        if cmd_name not in self.table:
            return None
        with ending_at_once():
            command = getattr(import_module(f".{cmd_name}", self.package), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, but an unknown command is met with its nearest neighbours."""
        name = args[0]
        if name not in self.table and not name.startswith("-") and not ctx.resilient_parsing:
            hint = f"inkread read {name}" if os.path.exists(name) else nearest(name, tuple(self.table))
            raise UsageError(f"no such command: `{name}`", hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table: no command is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and see to it that everything written has left before the exit code is told."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_stdout()
            return DONE
        return code

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **settings: Any) -> Any:  # type: ignore[override]
        """Run as a program: always ends in ``SystemExit`` unless ``standalone_mode=False`` is given."""
        if not settings.pop("standalone_mode", True):
            return super().main(args, prog_name, standalone_mode=False, **settings)
        return self._exit(args, prog_name, **settings)

    def _exit(self, args: Sequence[str] | None, prog_name: str | None, **settings: Any) -> NoReturn:
        try:
            if sys.stdout is None:
                raise UsageError("standard output is closed")
            code = super().main(args, prog_name, standalone_mode=False, **settings)
        except InkreadError as error:
            code = _refuse(error.message, error.hint)
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else "inkread"
            code = _refuse(error.format_message(), f"{where} --help")
        except click.ClickException as error:
            code = _refuse(error.format_message())
        except OSError as error:
            code = _refuse(told(error))
            _forget_stdout()
        except MemoryError:
            code = _refuse("not enough memory")
        sys.exit(code if isinstance(code, int) else DONE)


def told(error: OSError) -> str:
    """An error of the operating system as one sentence with the path after a colon."""
    return f"{reason(error)}: {plain(os.fsdecode(error.filename))}" if isinstance(error.filename, str | bytes) else reason(error)


def plain(text: str) -> str:
    """``text`` for the eyes: control characters and bytes that are no UTF-8 are escaped, so that a name cannot move the cursor."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def count(number: int, what: str) -> str:
    """``3 pictures``, ``1 picture``, ``12,000 pictures``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _refuse(message: str, hint: str = "") -> int:
    click.echo(f"error: {plain(message)}" + (f"\n\nhint: {plain(hint)}" if hint else ""), err=True)
    return NOT_DONE


def _forget_stdout() -> None:
    """Let what is still buffered go nowhere, or the interpreter complains about the closed pipe on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return
