"""``inkread vin``: 17 boxes in, one vehicle identification number out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from ..errors import InkreadError, SourceNotFound
from ..interrupt import ending_at_once
from .commands import DONE, SOMETHING_TO_TELL
from .lines import written
from .output import say
from .search import LeftAlone, search, shown, unreadable

if TYPE_CHECKING:
    from ..picture import Prepared
    from ..reading import Reader, VinReading

BOXES = 17


@dataclass(frozen=True)
class Boxes:
    """What was found to read: 17 pictures, None where one could not be read, and where each comes from.

    ``troubles``: path and error of each that could not be read. ``layout``: how the row was cut, ``folder`` for files.
    ``left``: what was found beside them.
    """

    pictures: tuple[Prepared | None, ...]
    paths: tuple[str, ...]
    troubles: tuple[tuple[str, InkreadError], ...] = ()
    layout: str = "folder"
    left: LeftAlone = field(default_factory=LeftAlone)


@click.command(
    epilog="What the boxes alone would have read otherwise is corrected by the check digit and marked: underlined on a terminal, by ^ on "
    "standard error, by `corrected` in JSON. A blank box is ? where the check digit does not settle it. With auto the check digit is "
    "applied where the number, read as a whole, begins with 1-5 or L: North America and China demand it, Europe does not. JSON: "
    "`path` (null where several were given), `vin`, `read_as`, `check_digit`, `probability`, `sure`, `runner_up`, "
    "`runner_up_probability`, `corrected` and `blank` (positions from 1), `layout`, `skipped` (how many other files there were), and "
    "`boxes`, each with position, path, character, probability, read_as, own_probability and corrected."
)
@click.argument("paths", metavar="DIR_OR_ROW_PICTURE", nargs=-1, required=True)
@click.option(
    "--check-digit",
    type=click.Choice(("auto", "yes", "no")),
    default="auto",
    show_default=True,
    help="Whether position 9 must be the check digit of 49 CFR 565.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything about the answer as one JSON object.")
@click.option("--bundle", metavar="FILE|NAME", help="The reader's file, or the name of an embedded one.  [default: the embedded one]")
def vin(paths: tuple[str, ...], check_digit: str, as_json: bool, bundle: str | None) -> int:
    """Read the 17 boxes of a vehicle identification number together.

    DIR_OR_ROW_PICTURE is a folder (or a zip) of 17 pictures, read in path order (2.png before 10.png), or one picture of
    the row: boxes side by side, a comb, or characters with spaces between them. The 17 pictures may also be given one by
    one, as the shell does with boxes/*: their order is still that of their paths.

    Exit code: 0 all read, 1 a box was blank or could not be read, 2 nothing was done.
    """
    with ending_at_once():
        from ..reading import Reader, read_boxes

        reader = Reader(bundle, alphabet="vin")
    boxes = _boxes(paths, reader)
    reading = read_boxes(boxes.pictures, reader, check_digit)
    if as_json:
        say(written(facts(paths, boxes, reading), indent=2))
    else:
        click.echo(
            "".join(click.style(each.character, underline=True) if each.corrected else each.character for each in reading.characters)
        )
    lines = [unreadable(where, error) for where, error in boxes.troubles]
    lines += [] if as_json else told(reading)
    for line in [*lines, *boxes.left.lines()]:
        click.echo(line, err=True)
    return SOMETHING_TO_TELL if reading.blank else DONE


def facts(paths: Sequence[str], boxes: Boxes, reading: VinReading) -> dict[str, object]:
    """The answer as plain values for JSON; positions count from 1."""
    return {
        "path": paths[0] if len(paths) == 1 else None,
        "vin": reading.text,
        "read_as": reading.read_as,
        "check_digit": reading.check_digit,
        "probability": round(reading.probability, 6),
        "sure": reading.sure,
        "runner_up": reading.runner_up,
        "runner_up_probability": round(reading.runner_up_probability, 6),
        "corrected": list(reading.corrected),
        "blank": list(reading.blank),
        "layout": boxes.layout,
        "skipped": boxes.left.files,
        "boxes": [
            {
                "position": position,
                "path": where,
                "character": each.character,
                "probability": round(each.probability, 6),
                "read_as": each.read_as,
                "own_probability": round(each.own_probability, 6),
                "corrected": each.corrected,
            }
            for position, (where, each) in enumerate(zip(boxes.paths, reading.characters, strict=True), 1)
        ],
    }


def told(reading: VinReading) -> list[str]:
    """The answer's story as lines for people: carets under what was corrected, each such box, how sure it all is."""
    lines = []
    if reading.corrected:
        lines.append("".join("^" if each.corrected else " " for each in reading.characters).rstrip())
    for position in sorted({*reading.corrected, *reading.blank}):
        box = reading.characters[position - 1]
        if position not in reading.blank:
            alone, together = f"{box.read_as} ({box.own_probability:.3f})", f"{box.character} ({box.probability:.3f})"
            lines.append(f"box {position}: alone it looks like {alone}, with the others it is {together}")
        elif box.corrected:
            lines.append(f"box {position} is blank: the check digit makes it {box.character} ({box.probability:.3f})")
        else:
            lines.append(f"box {position} is blank")
    sure = "sure" if reading.sure else f"not sure, next {reading.runner_up} ({reading.runner_up_probability:.3f})"
    return [*lines, f"check digit {reading.check_digit}; probability {reading.probability:.3f}, {sure}"]


def _boxes(paths: Sequence[str], reader: Reader) -> Boxes:
    """The boxes of a folder, a zip or a row's picture; :class:`SourceNotFound` where they are not 17."""
    from ..picture import decode
    from ..reading import cut_row

    found, left = search(paths)
    sources = found.sources
    if len(sources) == 1 and sources[0].archive is None and not os.path.isdir(paths[0]):
        row = cut_row(decode(sources[0].read() or b""), BOXES)
        return Boxes(tuple(map(reader.prepare, row.boxes)), (paths[0],) * BOXES, layout=row.layout)
    pictures: list[Prepared | None] = []
    read: list[str] = []
    troubles: list[tuple[str, InkreadError]] = []
    for source in sources:
        try:
            data = source.read()
            if data is None:
                left.add(source)
                continue
            pictures.append(reader.prepare(data))
        except InkreadError as error:
            pictures.append(None)
            troubles.append((source.path, error))
        read.append(source.path)
    if len(pictures) != BOXES:
        hints = ["one picture per box, named so that their order is that of the boxes", *left.hints()]
        raise SourceNotFound(f"a VIN is read from 17 pictures, found {len(pictures)}: {shown(paths)}", "; ".join(hints))
    return Boxes(tuple(pictures), tuple(read), tuple(troubles), left=left)
