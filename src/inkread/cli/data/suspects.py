"""``inkread data suspects``: labels of a source that are likely to be wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import MissingExtra, UsageError
from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL, count, plain
from ..options import AlphabetName
from ..output import say

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...datasets import SuspectRow
    from ...evaluation import Audit, Suspect
    from .auditing import Material, Predicted

WITNESSES = 4
"""Confident pictures of either label beside a suspect on the sheet."""

SHOWN, PAIRS = 20, 12
"""Suspects and pairs that are listed in the terminal."""


@dataclass(frozen=True)
class Road:
    """Where predictions come from: a file, a reader, or networks trained on the other folds (neither of the two)."""

    predictions: Path | None
    bundle: str | None
    recipe: str
    folds: int
    seed: int


@click.command(
    epilog="The list and the sheet hold the same suspects under the same numbers: first those whose two labels differ in shape, then "
    "look-alikes (O and 0, c and C), both from the worst label on. Look at the sheet, edit the column `label` of the list (another label "
    "is taken, none leaves the picture out, the given one keeps it), and apply it by `inkread data convert SOURCE DEST --relabel LIST`. "
    "It comes with the suggestion in that column, but for look-alikes, which keep the given label. JSON: `source`, `by` (the "
    "road, and file, or bundle and trained_on_it, or recipe, folds, seed and runs), `alphabet`, `pictures`, `left_out`, "
    "`answered_as_labelled` (a share), `estimated` and `estimated_look_alikes` (labels that are wrong), `suspected`, `pairs` (given, "
    "suggested, suspects, estimated, look_alike), "
    "`suspects` (number, part, picture, name, given, suggested, quality, probability_given, probability_suggested, look_alike), `list`, "
    "`sheets`. Exit code: 0 no label is suspected, 1 some are, 2 nothing was done."
)
@click.argument("source")
@click.option("--part", metavar="NAME", help="Only this part of the source.  [default: all but a test part]")
@click.option("--alphabet", type=AlphabetName(), metavar="NAME|CHARACTERS", help="Only these characters.  [default: all in the labels]")
@click.option("--predictions", type=click.Path(path_type=Path), metavar="FILE", help="Probabilities of any program: npz, npy or CSV.")
@click.option("--bundle", metavar="FILE|NAME", help="Ask this reader; one that learnt from these labels finds little.")
@click.option("--recipe", metavar="NAME|FILE", default="audit", show_default=True, help="What is trained where neither is given.")
@click.option("--folds", type=click.IntRange(2, 100), default=5, show_default=True, help="Parts, each asked of a network without it.")
@click.option("--seed", type=int, default=0, show_default=True, help="Deals the pictures to the folds.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.csv", help="Write the list of suspects, to be edited and applied.")
@click.option("--sheet", type=click.Path(path_type=Path), metavar="FILE.png", help="Write the suspects' pictures, 25 a page.")
@click.option("--most", type=click.IntRange(min=1), default=200, show_default=True, help="Suspects on the list and the sheet.")
@click.option("--force", is_flag=True, help="Replace the list where it is there.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def suspects(
    source: str,
    part: str | None,
    alphabet: str | None,
    out: Path | None,
    sheet: Path | None,
    most: int,
    force: bool,
    as_json: bool,
    **road: object,
) -> int:
    """Say which labels of SOURCE are likely to be wrong.

    Confident learning (cleanlab) on predictions that were not learnt from these labels: small networks are trained, each
    on four fifths of the pictures and asked about the rest, unless predictions or a reader are given.
    """
    if out is not None and out.exists() and not force:
        raise UsageError(f"the file is there already: {out}", "it may hold your corrections; --force replaces it")
    if find_spec("cleanlab") is None:  # before hours of training
        raise MissingExtra("cleanlab", "train")
    with ending_at_once():
        from ...evaluation import audit
        from .auditing import labelled_parts, material_of

    chosen = Road(**road)  # type: ignore[arg-type]
    trains = chosen.predictions is None and chosen.bundle is None
    material = material_of(labelled_parts(source, part, training=trains, say=_note), alphabet)
    predicted = _predicted(material, chosen, source)
    found = _as_labelled(audit(material.targets, predicted.probabilities, material.alphabet), material)
    listed = found.suspects[:most]
    pages = _sheets(sheet, material, predicted, listed) if sheet and listed else []
    if out is not None:
        from ...datasets import write_suspects

        rows = _rows(material, listed)
        write_suspects(out, rows)
        if open_ones := sum(row.label == row.given and not row.look_alike for row in rows):
            told = "suggests labels of which the source has several"
            _note(f"note: the list {told}: {count(open_ones, 'line')} keep the given one until you choose")
    if as_json:
        from ..lines import written

        say(written(_facts(source, material, predicted, found, listed) | {"list": str(out) if out else None, "sheets": pages}))
    else:
        say("\n".join(map(plain, _lines(source, material, predicted, found, listed))))
        for page in [*([str(out)] if out else []), *pages]:
            click.echo(f"written: {plain(page)}", err=True)
    return SOMETHING_TO_TELL if found.suspects else DONE


def _note(line: str) -> None:
    click.echo(plain(line), err=True)


def _predicted(material: Material, road: Road, source: str) -> Predicted:
    from .auditing import given, out_of_fold, read_by

    if road.predictions is not None and road.bundle is not None:
        raise UsageError("predictions come from a file or from a reader: give one of --predictions and --bundle")
    if road.predictions is not None:
        return given(material, road.predictions)
    if road.bundle is not None:
        return read_by(material, road.bundle, source, _note)
    return out_of_fold(material, road.recipe, road.folds, road.seed, _note)


def _as_labelled(found: Audit, material: Material) -> Audit:
    """What was found with labels as the source tells them: `C` where the alphabet's answer stands for C and c, and the source has `C`."""
    kinds = {kind for part in material.parts for kind in part.kinds}
    suspects = tuple(replace(each, given=_label(material, each.index), suggested=_own(each.suggested, kinds)) for each in found.suspects)
    pairs = tuple(replace(each, given=_own(each.given, kinds), suggested=_own(each.suggested, kinds)) for each in found.pairs)
    return replace(found, suspects=suspects, pairs=pairs)


def _label(material: Material, at: int) -> str:
    number, index = material.place[at].tolist()
    part = material.parts[number]
    kind: str = part.kinds[int(part.codes[index])]
    return kind


def _own(told: str, kinds: set[str]) -> str:
    """The source's own label for an answer that stands for ``told``; ``told`` itself where the source has several, or none."""
    own = [kind for kind in kinds if set(kind) <= set(told)]
    return own[0] if len(own) == 1 else told


def _agreed(material: Material, predicted: Predicted) -> float:
    answers = predicted.probabilities.argmax(axis=1)
    return float(material.targets[range(len(answers)), answers].mean())


def _lines(source: str, material: Material, predicted: Predicted, found: Audit, listed: tuple[Suspect, ...]) -> list[str]:
    lines = [f"{source}: {count(len(material), 'labelled picture')}, {len(material.alphabet)} characters"]
    if material.left_out:
        lines.append(f"    not looked at: {count(material.left_out, 'picture')} without a label, or with one outside the alphabet")
    lines.append(f"    asked: {predicted.says}; {_agreed(material, predicted):.1%} answered as labelled")
    alike = sum(each.look_alike for each in found.suspects)
    lines.append(f"{count(len(found.suspects), 'label')} suspected, {alike:,} of them between look-alikes")
    estimated = (
        f"{found.estimated:,.0f} ({found.estimated / len(material):.1%}), {found.estimated_look_alikes:,.0f} of them between look-alikes"
    )
    lines.append(f"labels estimated to be wrong in all: {estimated}")
    if not listed:
        return lines
    pairs = [(each.given, each.suggested, f"{each.suspects:,}", "look-alikes" if each.look_alike else "") for each in found.pairs[:PAIRS]]
    lines += ["", *_table([("given", "suggested", "labels", ""), *pairs]), ""]
    rows = [
        (
            str(number),
            material.name(each.index) or _picture(material, each),
            each.given,
            each.suggested,
            f"{each.probability_given:.3f}",
            f"{each.probability_suggested:.3f}",
            "look-alikes" if each.look_alike else "",
        )
        for number, each in enumerate(listed[:SHOWN], 1)
    ]
    lines += _table([("number", "picture", "given", "suggested", "P(given)", "P(suggested)", ""), *rows])
    if len(found.suspects) > len(rows):
        lines.append(f"and {len(found.suspects) - len(rows):,} more")
    return lines


def _picture(material: Material, suspect: Suspect) -> str:
    number, index = material.place[suspect.index].tolist()
    return f"{material.parts[number].part}/{index}" if len(material.parts) > 1 else str(index)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _rows(material: Material, listed: tuple[Suspect, ...]) -> list[SuspectRow]:
    from ...datasets import SuspectRow, told_digest

    kinds = {kind for part in material.parts for kind in part.kinds}
    rows = []
    for number, each in enumerate(listed, 1):
        part, picture = material.place[each.index].tolist()
        rows.append(
            SuspectRow(
                number=number,
                part=material.parts[part].part,
                picture=picture,
                name=material.name(each.index),
                given=each.given,
                suggested=each.suggested,
                look_alike="yes" if each.look_alike else "",
                quality=each.quality,
                digest=told_digest(material.digest(each.index)),
                label=each.given if each.look_alike or each.suggested not in kinds else each.suggested,
                source=material.parts[part].source,
            )
        )
    return rows


def _facts(source: str, material: Material, predicted: Predicted, found: Audit, listed: tuple[Suspect, ...]) -> dict[str, object]:
    def place(number: int, each: Suspect) -> dict[str, object]:
        part, picture = material.place[each.index].tolist()
        told = {key: value for key, value in asdict(each).items() if key != "index"}
        return {"number": number, "part": material.parts[part].part, "picture": picture, "name": material.name(each.index)} | told

    return {
        "source": source,
        "by": predicted.how,
        "alphabet": material.alphabet.characters,
        "pictures": len(material),
        "left_out": material.left_out,
        "answered_as_labelled": round(_agreed(material, predicted), 6),
        "estimated": round(found.estimated, 1),
        "estimated_look_alikes": round(found.estimated_look_alikes, 1),
        "suspected": len(found.suspects),
        "pairs": [asdict(each) for each in found.pairs],
        "suspects": [place(number, each) for number, each in enumerate(listed, 1)],
    }


def _sheets(sheet: Path, material: Material, predicted: Predicted, listed: tuple[Suspect, ...]) -> list[str]:
    """Write the pages; their paths: the one that is asked for, or numbered ones beside it."""
    from ...evaluation import witnesses
    from ...picture import encode_png
    from ...report import Doubted, suspect_pages

    pictures: NDArray[np.uint8] = material.prepared()
    beside = witnesses(pictures, material.targets, predicted.probabilities, [each.index for each in listed], WITNESSES)
    doubted = [
        Doubted(
            number,
            each.given,
            each.suggested,
            each.probability_suggested,
            each.look_alike,
            pictures[each.index],
            [pictures[at] for at in found.given],
            [pictures[at] for at in found.suggested],
        )
        for number, (each, found) in enumerate(zip(listed, beside, strict=True), 1)
    ]
    drawn = list(
        suspect_pages(doubted, WITNESSES, "suspected labels · each beside sure pictures of the given label, then of the suggested one")
    )
    paths = [sheet] if len(drawn) == 1 else [sheet.with_name(f"{sheet.stem}-{at}{sheet.suffix}") for at in range(1, len(drawn) + 1)]
    sheet.parent.mkdir(parents=True, exist_ok=True)
    for path, page in zip(paths, drawn, strict=True):
        path.write_bytes(encode_png(page))
    return [str(each) for each in paths]
