"""``inkread data convert``: a source in another format."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once
from ..commands import DONE, count, plain
from ..options import AlphabetName
from ..output import say
from ..progress import Progress
from .judging import faced, orientation_option
from .writing import refuse, write_parts

if TYPE_CHECKING:
    from ...datasets import Opened


@click.command(
    epilog="Formats: idx (X-images-idx3-ubyte[.gz] and its labels), csv (as Kaggle's), npz (keys x, label), parquet (as Hugging Face's), "
    "each of one part; folder and zip (PNGs in folders named by code point), of any parts; mat (as EMNIST's), of train and test. Chosen "
    "by --format only: idx-folder (MNIST's or EMNIST's four files), contest (keys training_images ...). Pictures are written upright, "
    "but transposed into what NIST's own files are: idx, csv and parquet named emnist-SET-..., mat and contest. JSON: source, dest, "
    "format, parts (part, pictures, labels, stored, known_by), evidence, relabelled (changed, left_out, kept; null without a list)."
)
@click.argument("source")
@click.argument("dest", type=click.Path(path_type=Path))
@click.option("--format", "format", type=str.lower, metavar="NAME", help="What to write, as below.  [default: by DEST's suffix]")
@click.option("--part", metavar="NAME", help="Only this part of the source.")
@click.option("--alphabet", type=AlphabetName(), metavar="NAME|CHARACTERS", help="Only these characters, told as this alphabet does.")
@orientation_option
@click.option(
    "--relabel",
    "corrections",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Put the edited list of `inkread data suspects` into effect.",
)
@click.option("--force", is_flag=True, help="Replace DEST where it is a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="What was done as one JSON object.")
def convert(
    source: str,
    dest: Path,
    format: str | None,
    part: str | None,
    alphabet: str | None,
    orientation: str | None,
    corrections: Path | None,
    force: bool,
    as_json: bool,
) -> int:
    """Write SOURCE to DEST in another format, upright, with all of its parts.

    Nothing is half-written: DEST is there when all of it is. Exit code: 0 written, 2 not.
    """
    with ending_at_once():
        from ...alphabet import alphabet as characters
        from ...datasets import open_parts, relabel

    refuse(dest, (), format, force=force)
    with Progress(doing="opening") as progress:
        parts = open_parts(source, part, progress.reached)
    corrected, relabelled = relabel(parts, corrections) if corrections else (parts, None)
    chosen = [each.within(characters(alphabet)) for each in corrected] if alphabet else corrected
    refuse(dest, chosen, format, force=force)
    found = faced(chosen, orientation)
    opened = [each for each, _ in found]
    written = write_parts(dest, opened, format, force=force)
    evidence = [judgement.evidence if judgement else () for _, judgement in found]
    if as_json:
        from ..lines import written as as_text

        told_parts = [_facts(each) for each in opened]
        facts = {"source": source, "dest": str(dest), "format": written, "parts": told_parts, "evidence": evidence}
        say(as_text(facts | {"relabelled": asdict(relabelled) if relabelled else None}))
        return DONE
    if relabelled:
        told = f"{relabelled.changed:,} changed, {relabelled.left_out:,} left out, {relabelled.kept:,} kept"
        say(f"relabelled by {plain(str(corrections))}: {told}")
    for each, lines in zip(opened, evidence, strict=True):
        say(f"{plain(each.part or each.source)}: {count(len(each), 'picture')}, {each.orientation}")
        if lines:
            say("\n".join(f"    {line}" for line in lines))
    say(f"written as {written}: {plain(str(dest))}")
    return DONE


def _facts(opened: Opened) -> dict[str, object]:
    orientation = opened.orientation
    return {
        "part": opened.part,
        "pictures": len(opened),
        "labels": len(opened.kinds),
        "stored": orientation.stored,
        "known_by": orientation.known_by,
    }
