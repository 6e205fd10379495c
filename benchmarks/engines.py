"""inkread beside others on your own labelled pictures: the usual script in PyTorch, and Tesseract (SPEC E15).

All of them get the same PNGs (your pictures, decoded to grey) and answer for the same alphabet; each runs as a whole
process, its start included. No answer counts as an answer that is wrong. An engine that is not here is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from children import Cost, cost, inkread
from figures import RESULTS, run, say, show, write
from numpy.typing import NDArray
from tesseract import dark_on_light, tesseract

from inkread.alphabet import Alphabet, alphabet
from inkread.bundle import load as load_bundle
from inkread.datasets import load
from inkread.errors import SourceNotFound
from inkread.evaluation import accuracy
from inkread.picture import encode_png

SCRIPT = Path(__file__).with_name("usual_script.py")


@dataclass(frozen=True)
class Row:
    """``no_answer``: pictures that got none, ``several``: more than one character (the first counts); both of ``pictures``."""

    figure: str
    alphabet: str
    pictures: int
    accuracy: float
    low: float
    high: float
    no_answer: int
    several: int
    seconds: float
    pictures_per_second: float
    memory: float
    note: str


@dataclass(frozen=True)
class Task:
    """``folder``: the PNGs, in their names' order; ``helped``: the same made ready for Tesseract; ``truth``: class of each."""

    folder: Path
    helped: Path
    truth: NDArray[np.int64]
    answers: Alphabet
    given: argparse.Namespace


def pictures_of(given: argparse.Namespace, folder: Path) -> Task:
    """The labelled pictures of the path, written as PNGs; those outside the alphabet are left out."""
    answers = alphabet(given.alphabet).with_case(given.case)
    glyphs = load(given.path, alphabet=answers, preparation=None, unknown="leave out")
    glyphs = glyphs.take(glyphs.single_labels() >= 0)
    if not len(glyphs):
        raise SourceNotFound(f"no picture here tells its character: {given.path}", "folders (A/1.png) or file names (A_1.png) can tell it")
    glyphs = glyphs.take(np.sort(np.random.default_rng(0).permutation(len(glyphs))[: given.most]))
    task = Task(folder / "given", folder / "helped", glyphs.single_labels(), answers, given)
    task.folder.mkdir()
    task.helped.mkdir()
    for at in range(len(glyphs)):
        picture = np.asarray(glyphs.pictures[at])
        (task.folder / f"{at:06d}.png").write_bytes(encode_png(picture))
        (task.helped / f"{at:06d}.png").write_bytes(encode_png(dark_on_light(picture)))
    return task


Answers = tuple[Sequence[str], Cost]


def by_inkread(task: Task, output: Path) -> Answers:
    """`inkread read` of the folder."""
    given = task.given
    chosen = [f"--alphabet={given.alphabet}", f"--case={given.case}", *([f"--bundle={given.bundle}"] if given.bundle else [])]
    found = cost([*inkread(), "read", "--quiet", "--format=jsonl", *chosen, str(task.folder)], output)
    return [json.loads(line)["character"] for line in output.read_text(encoding="utf-8").splitlines()], found


def by_script(task: Task, output: Path) -> Answers:
    """The usual script."""
    found = cost([sys.executable, str(SCRIPT), str(task.folder), str(task.given.run), task.answers.characters], output)
    return [line.partition("\t")[2] for line in output.read_text(encoding="utf-8").splitlines()], found


def engines(given: argparse.Namespace) -> Iterator[tuple[str, str, Callable[[Task, Path], Answers]]]:
    """Name, note and doing of each engine that is here."""
    yield "inkread", "", by_inkread
    if not find_spec("torch"):
        say("left out: the usual script, PyTorch is not installed")
    elif given.run is None:
        say("left out: the usual script, it needs the network of a run (--run FOLDER)")
    else:
        yield "usual script (PyTorch)", "one at a time; the network of the run", by_script
    if not shutil.which("tesseract"):
        say("left out: Tesseract, there is no such program (Debian: apt-get install tesseract-ocr)")
        return
    for helped, what in ((False, "pictures as they are"), (True, "black on white, 100 pixels, with a margin")):
        for allowed, named in ((False, ""), (True, ", whitelist")):
            yield f"tesseract --psm 10{named}{', helped' if helped else ''}", what, partial(by_tesseract, helped=helped, whitelist=allowed)


def by_tesseract(task: Task, output: Path, *, helped: bool, whitelist: bool) -> Answers:
    """Tesseract; the whitelist holds every character of handwriting that the alphabet has an answer for."""
    allowed = "".join(task.answers.stands_for) if whitelist else ""
    return tesseract(sorted((task.helped if helped else task.folder).iterdir()), output, allowed)


def row(name: str, note: str, task: Task, answers: Answers) -> Row:
    """The row of an engine: an answer is right where the alphabet takes it for the truth's class."""
    told, found = answers
    if len(told) != len(task.truth):
        raise SystemExit(f"{name} gave {len(told)} answers to {len(task.truth)} pictures")
    classes = [task.answers.find(each[0]) if each else None for each in told]
    right = accuracy(np.array([-1 if each is None else each for each in classes]), task.truth)
    share, low, high = (round(100 * each, 2) for each in (right.value, right.low, right.high))
    several = sum(len(each) > 1 for each in told)
    silent, count, wall = sum(not each for each in told), len(told), found.wall
    speed = round(count / wall, 1)
    return Row(name, str(task.answers), count, share, low, high, silent, several, round(wall, 2), speed, round(found.peak), note)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", metavar="PATH", help="your pictures: a folder or a zip whose names or folders tell the characters")
    parser.add_argument("--alphabet", default="alnum36", help="possible answers, for every engine (default: %(default)s)")
    parser.add_argument("--case", default="keep", help="keep, fold or upper (default: %(default)s)")
    parser.add_argument("--most", type=int, default=500, metavar="N", help="at most N pictures, chosen by chance (default: %(default)s)")
    parser.add_argument("--bundle", help="the reader (default: the embedded one)")
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="a finished run, whose network the usual script takes")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="inkread-engines-") as folder:
        task = pictures_of(given, Path(folder))
        for name, note, doing in engines(given):
            rows.append(row(name, note, task, doing(task, Path(folder, "answers"))))
            say(f"{name}: {rows[-1].accuracy:.2f} %")
    show(rows, ("figure", "pictures", "accuracy", "low", "high", "no_answer", "several", "seconds", "pictures_per_second", "memory"))
    bundle = load_bundle(given.bundle)
    print(write([(each, bundle) for each in rows], "engines", Path(given.path).stem, given.results))


if __name__ == "__main__":
    run(main)
