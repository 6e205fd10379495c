"""Reads every picture in a folder and writes one line for each: ``NNN, path``.

NNN is the ASCII code of the character in decimal, three digits; 000 where the picture is blank or cannot be read (the
latter is told on standard error, and the exit code is 1). This is ``inkread read --format ascii --quiet`` under the name
and with the default alphabet that the contest of boxes asks for: digits and capitals, lower case told as its capital.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from inkread.cli import main as inkread
from inkread.cli.commands import NOT_DONE, plain


class Options(argparse.ArgumentParser):
    """The options of this script; what cannot be meant is told as ``inkread`` tells it."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2, one sentence and where the help is."""
        self.exit(NOT_DONE, f"error: {plain(message)}\n\nhint: python3 {plain(sys.argv[0])} --help\n")


def command(arguments: Sequence[str] | None = None) -> list[str]:
    """The arguments of ``inkread`` that do what these ``arguments`` ask for; leaves with exit code 2 where they are wrong."""
    parser = Options(description="Read pictures of single handwritten characters: one line `NNN, path` each.")
    parser.add_argument("--input", required=True, metavar="DIR", help="the folder of pictures")
    parser.add_argument(
        "--alphabet", default="alnum36", help="possible answers: a name or the characters themselves (default: %(default)s)"
    )
    parser.add_argument(
        "--case", default="keep", choices=("keep", "fold", "upper"), help="what becomes of upper and lower case (default: %(default)s)"
    )
    parser.add_argument("--bundle", metavar="FILE", help="the reader's file (default: the embedded one)")
    options = parser.parse_args(arguments)
    choice = {"alphabet": options.alphabet, "case": options.case, "bundle": options.bundle}
    chosen = [f"--{name}={value}" for name, value in choice.items() if value is not None]
    return ["read", "--format=ascii", "--quiet", *chosen, "--", options.input]


if __name__ == "__main__":
    inkread(command(), prog_name="inkread")
