"""Trains a reader for the boxes on EMNIST, or on your own pictures: data in, a file out that ``inference.py`` reads with.

    python3 docker/app/train.py --input gzip.zip --bundle reader.onnx
    python3 docker/app/train.py --input emnist-balanced-train.csv --recipe balanced-4 --bundle reader.onnx
    python3 docker/app/inference.py --bundle reader.onnx --input /mnt/test_data/

This is ``inkread train`` and then ``inkread export`` with the network that was named for this task: one convolution of 64
kernels and a dense layer of 256. It needs PyTorch (``pip install 'inkread[train]'``), which the image of the container has not.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from inference import Options

from inkread.cli import main as inkread
from inkread.cli.commands import NOT_DONE, SOMETHING_TO_TELL
from inkread.errors import InkreadError
from inkread.formats import parts_of
from inkread.recipes import load

BYCLASS = "byclass"
"""The set of EMNIST's zip that a recipe without an alphabet of its own is trained on."""


def commands(arguments: Sequence[str] | None = None) -> list[list[str]]:
    """The arguments of ``inkread`` that train, and those that export; leaves with exit code 2 where ``arguments`` are wrong."""
    parser = Options(description="Train a reader of single handwritten characters, for inference.py --bundle FILE.")
    parser.add_argument("--input", required=True, metavar="SOURCE", help="EMNIST's gzip.zip, a CSV of its pictures, or your own pictures")
    parser.add_argument("--bundle", required=True, type=Path, metavar="FILE.onnx", help="the reader's file, written at the end")
    parser.add_argument("--recipe", default="conv64", help="how to train: a name of `inkread recipes`, or a file (default: %(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the recipe; may be repeated")
    parser.add_argument("--runs", type=Path, default=Path("runs"), metavar="DIR", help="the folder of runs (default: %(default)s)")
    parser.add_argument("--resume", action="store_true", help="go on with a killed training; a finished one is only exported")
    options = parser.parse_args(arguments)
    if options.bundle.suffix != ".onnx" or options.bundle.exists() or not options.bundle.parent.is_dir():
        parser.error(f"--bundle must be a new file FILE.onnx in a folder that is there: {options.bundle}")
    run: Path = options.runs / options.bundle.stem
    changes = [f"--set={each}" for each in options.set]
    resume = ["--resume"] if options.resume else []
    data = meant(options.input, options.recipe)
    return [
        ["train", *data, f"--out={run.parent}", f"--name={run.name}", *changes, *resume, "--", options.recipe],
        ["export", "--", str(run), str(options.bundle)],
    ]


def meant(source: str, recipe: str) -> list[str]:
    """What ``inkread train`` is told of the source: of EMNIST's sets the training part of the one that the recipe is for."""
    with suppress(InkreadError):  # `inkread train` tells it
        wanted = load(recipe).alphabet or BYCLASS
        if f"{wanted}/train" in parts_of(source):
            return [f"--data={source}:{wanted}/train", f"--alphabet={wanted}"]
    return [f"--data={source}"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Train, then export; the exit code is the higher of both, and what could not be trained is not exported."""
    code = 0
    for step in commands(arguments):
        try:
            inkread(step, prog_name="inkread")
        except SystemExit as end:
            code = max(code, end.code if isinstance(end.code, int) else NOT_DONE)
        if code > SOMETHING_TO_TELL:
            break
    sys.exit(code)


if __name__ == "__main__":
    main()
