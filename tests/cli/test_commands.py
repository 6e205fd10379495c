"""The group of commands: lazy, ordered, and every error one sentence with a way out."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from inspect import signature
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from command_line import Inkread
from inkread import __version__
from inkread.cli import COMMANDS, main, options
from inkread.cli.options import ReaderChoice
from inkread.reading import Reader, engines

CONTEXT = click.Context(main, info_name="inkread")


def test_help_prints_the_commands_in_the_order_of_the_table(inkread: Inkread) -> None:
    listed = [
        line.split()[0] for line in inkread("--help").stdout.split("Commands:")[1].splitlines() if line.startswith("  ") and line[2] != " "
    ]
    assert listed[: len(COMMANDS)] == list(COMMANDS)


def test_without_a_command_the_help_is_printed(inkread: Inkread) -> None:
    assert CliRunner().invoke(main, []).stdout == inkread("--help").stdout


def test_help_imports_no_room_and_nothing_heavy() -> None:
    code = (
        "import sys; from inkread.cli import main; main(['--help'], standalone_mode=False); "
        "print([name for name in sys.modules if name.split('.')[0] in ('numpy', 'cv2', 'PIL', 'rich', 'jinja2', 'onnxruntime')"
        " or name.startswith('inkread.') and name.count('.') == 1 and name not in ('inkread.cli', 'inkread.errors', 'inkread.interrupt')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_the_first_of_its_own_help(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.help is not None
    assert command.help.splitlines()[0] == COMMANDS[name]


def test_version_names_bundle_and_format(inkread: Inkread) -> None:
    lines = inkread("--version").stdout.splitlines()
    assert lines[0] == f"inkread {__version__}"
    assert lines[1].startswith("bundle ")
    assert lines[1].endswith(", format 1")


def test_an_unknown_command_is_met_with_its_neighbours(inkread: Inkread) -> None:
    result = inkread("raed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: no such command: `raed`\n\nhint: did you mean `read`?\n"


def test_a_path_given_as_a_command_is_understood(inkread: Inkread, folder: Path) -> None:
    assert inkread(folder).stderr == f"error: no such command: `{folder}`\n\nhint: inkread read {folder}\n"


def test_an_unknown_option_is_an_error_with_the_help_as_hint(inkread: Inkread, folder: Path) -> None:
    result = inkread("read", folder, "--fromat", "csv")
    assert result.exit_code == 2
    assert "--fromat" in result.stderr
    assert result.stderr.endswith("\n\nhint: inkread read --help\n")


def test_no_message_can_move_the_cursor(inkread: Inkread) -> None:
    assert inkread("read", "no\x1b]2Jsuch\nfile").stderr.startswith(r"error: no such file or folder: no\x1b]2Jsuch\nfile" + "\n")


def test_every_option_of_the_reader_can_be_given_on_the_command_line() -> None:
    assert set(signature(Reader).parameters) == {each.name for each in fields(ReaderChoice)}
    assert set(engines.ENGINES) | {"auto"} == set(options.ENGINES)


def test_the_shell_completes_commands_and_alphabets() -> None:
    shell = {"_INKREAD_COMPLETE": "bash_complete", "COMP_CWORD": "3", "COMP_WORDS": "inkread read --alphabet al"}
    out = CliRunner().invoke(main, [], prog_name="inkread", env=shell).stdout
    assert "plain,alnum36" in out


def test_the_shell_completes_paths() -> None:
    shell = {"_INKREAD_COMPLETE": "bash_complete", "COMP_CWORD": "2", "COMP_WORDS": "inkread read sam"}
    assert CliRunner().invoke(main, [], prog_name="inkread", env=shell).stdout == "file,sam\n"
