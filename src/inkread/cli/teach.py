"""``inkread teach``: a few labelled pictures in, an adapted reader out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DataError, InkreadError, UsageError
from ..interrupt import ending_at_once
from .commands import DONE, SOMETHING_TO_TELL, count, plain
from .lines import written
from .output import say
from .search import LeftAlone, search, shown, unreadable

if TYPE_CHECKING:
    from ..picture import Prepared
    from ..preparation import Preparation
    from ..reading import Score, Source, Taught

SHOWN = 6
"""Mistakes and paths that are told to people; JSON has all."""


@dataclass
class Pictures:
    """The pictures of a folder, prepared, and the character of each; what was left aside on the way."""

    prepared: list[Prepared] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, InkreadError]] = field(default_factory=list)
    unlabelled: list[str] = field(default_factory=list)
    left: LeftAlone = field(default_factory=LeftAlone)


@click.command(
    epilog="Three pictures of each character are a good beginning. All characters that the reader knew are still answered, unless --only "
    "says otherwise; the taught ones gain and the others may lose a little, so teach every character that you want to read. Accuracy "
    "is measured on your own pictures, each read by a layer that was taught without it, and is therefore rather too low than too "
    "high. JSON: `output`, `bundle`, `characters`, `pictures`, `counts`, `new`, `before` and `after` (right, pictures, accuracy, low, "
    "high), `mistakes` (truth, answer, how often), `single`, `rivals` (new, known), `blank`, `unreadable` (path, error), "
    "`unlabelled` and `skipped` (how many other files there were)."
)
@click.argument("folder", metavar="DIR")
@click.option("-o", "--output", metavar="FILE", help="The bundle to write.  [default: DIR's name and .onnx, in the current folder]")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option("--truth", type=click.Choice(("folder", "name")), help="What tells the character: folders (A/1.png) or names (A_1.png).")
@click.option("--only", is_flag=True, help="Forget all other characters: the new reader answers with the taught ones only.")
@click.option("--bundle", metavar="FILE|NAME", help="The reader to teach.  [default: the embedded one]")
@click.option("--json", "as_json", is_flag=True, help="Everything about it as one JSON object.")
def teach(folder: str, output: str | None, force: bool, truth: str | None, only: bool, bundle: str | None, as_json: bool) -> int:
    """Teach the reader a hand or new characters from a few labelled pictures.

    DIR holds pictures in one folder per character (A/1.png, 0041/1.png), or with names that begin with it (A_1.png); a
    zip of such is as good. The answer is a new bundle for `inkread read --bundle FILE`; it takes seconds.

    Exit code: 0 done, 1 done but some pictures could not be read, 2 nothing was done.
    """
    # The matrices are small: with two threads they take as long on an idle machine and ten times as long on a busy one.
    # NumPy's OpenBLAS looks here when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with ending_at_once():
        from ..bundle import load, save
        from ..reading import teach as taught_by

    target = _target(folder, output, force)
    reader = load(bundle)
    pictures = _pictures(folder, truth, reader.manifest.preparation)
    taught = taught_by(reader, pictures.prepared, pictures.labels, only=only)
    save(target, taught.bundle)
    if as_json:
        say(written(facts(target, pictures, taught), indent=2))
    else:
        say("\n".join(told(target, pictures, taught)))
    for line in asides(pictures, taught):
        click.echo(line, err=True)
    return SOMETHING_TO_TELL if pictures.unreadable else DONE


def facts(target: Path, pictures: Pictures, taught: Taught) -> dict[str, object]:
    """What was done as plain values for JSON; shares are 0..1, ``low`` and ``high`` the 95 % interval."""
    return {
        "output": str(target),
        "bundle": taught.bundle.manifest.name,
        "characters": taught.bundle.manifest.answers.characters,
        "pictures": sum(taught.counts.values()),
        "counts": dict(taught.counts),
        "new": taught.new,
        "before": _score(taught.before),
        "after": _score(taught.after) if taught.after else None,
        "mistakes": [list(each) for each in taught.mistakes],
        "single": taught.single,
        "rivals": [list(each) for each in taught.rivals],
        "blank": [pictures.paths[at] for at in taught.blank],
        "unreadable": [{"path": path, "error": error.message} for path, error in pictures.unreadable],
        "unlabelled": pictures.unlabelled,
        "skipped": pictures.left.files,
    }


def told(target: Path, pictures: Pictures, taught: Taught) -> list[str]:
    """Before, after, and where the bundle is, as lines for people."""
    lines = [
        f"before  {_line(taught.before)}",
        f"after   {_line(taught.after) if taught.after else 'unknown: no character has two pictures'}",
    ]
    return [*lines, f"written {plain(str(target))}"]


def asides(pictures: Pictures, taught: Taught) -> list[str]:
    """What is worth knowing beside it, as lines for people."""
    lines = [unreadable(path, error) for path, error in pictures.unreadable]
    for what, paths in (("no label", pictures.unlabelled), ("blank", [pictures.paths[at] for at in taught.blank])):
        if paths:
            lines.append(f"skipped, {what}: {shown(paths, SHOWN)}")
    lines += pictures.left.lines()
    news = f", {len(taught.new)} of them new: {taught.new}" if taught.new else ""
    lines.append(f"taught {count(sum(taught.counts.values()), 'picture')} of {count(len(taught.counts), 'character')}{news}")
    if taught.single and taught.after:
        lines.append(f"not in the accuracy, since a second picture is missing: {taught.single}")
    for new, rival in taught.rivals:
        lines.append(f"{new} was taken for {rival}, which was not taught: teach {rival} too, so that they are told apart")
    if taught.mistakes:
        lines.append(
            "still wrong most often: "
            + ", ".join(f"{truth} read as {answer} ({often})" for truth, answer, often in taught.mistakes[:SHOWN])
        )
    return lines


def _line(score: Score) -> str:
    found = _score(score)
    return f"{found['accuracy']:.1%} right, {score.right:,} of {score.pictures:,} (95 % interval {found['low']:.1%} to {found['high']:.1%})"


def _score(score: Score) -> dict[str, float]:
    from ..evaluation import wilson

    low, high = wilson(score.right, score.pictures)
    return {"right": score.right, "pictures": score.pictures, "accuracy": score.accuracy, "low": low, "high": high}


def _target(folder: str, output: str | None, force: bool) -> Path:
    """Where to write; :class:`UsageError` where that cannot be, before any work is done."""
    given = Path(os.path.abspath(folder))
    target = Path(output or f"{(given.stem if given.suffix.lower() == '.zip' else given.name) or 'taught'}.onnx")
    if target.is_dir():
        raise UsageError(f"the output is a folder: {target}", f"--output {target / 'taught.onnx'}")
    if target.exists() and not force:
        raise UsageError(f"the output is there already: {target}", "--force writes over it, --output names another")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"the output's folder is not there: {target.parent}", "make it first, or name another with --output")
    if not os.access(target.absolute().parent, os.W_OK):
        raise UsageError(f"the output's folder cannot be written to: {target.absolute().parent}", "name another with --output")
    return target


def _pictures(folder: str, truth: str | None, preparation: Preparation) -> Pictures:
    """All labelled pictures of the folder; :class:`SourceNotFound` without pictures, :class:`DataError` without labels."""
    from .progress import Progress

    there, left = search([folder], recursive=True)
    sources = there.sources
    character = _truth([source.path for source in sources], folder, truth)
    found = Pictures(unreadable=list(there.troubles), left=left)
    with Progress(len(sources)) as progress:
        for source in sources:
            _add(found, source, character(source.path), preparation)
            progress.advance(1)
    if not (found.prepared or found.unreadable or found.unlabelled):
        raise left.nothing([folder])
    if not found.prepared:
        what = "picture could be read" if not found.unlabelled else "label is told by folders or names"
        raise DataError(f"no {what}: {folder}", "one folder per character, such as `A/1.png`, or names such as `A_1.png`")
    return found


def _add(found: Pictures, source: Source, label: str | None, preparation: Preparation) -> None:
    from ..picture import as_picture, prepare

    try:
        data = source.read()
        if data is None:
            found.left.add(source)
            return
        if label is None:
            found.unlabelled.append(source.path)
            return
        found.prepared.append(prepare(as_picture(data), preparation))
    except InkreadError as error:
        found.unreadable.append((source.path, error))
        return
    found.labels.append(label)
    found.paths.append(source.path)


def _truth(paths: list[str], folder: str, by: str | None) -> Callable[[str], str | None]:
    """What a path tells: by its folder inside ``folder`` or by its name; of the two, unless told, by what tells more."""
    from ..formats import character_of

    within = len(folder.rstrip("/")) + 1
    tells = Counter({way: sum(character_of(path[within:], way) is not None for path in paths) for way in ("folder", "name")})
    way = by or ("folder" if tells["folder"] >= tells["name"] else "name")
    return lambda path: character_of(path[within:], way)
