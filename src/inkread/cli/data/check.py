"""``inkread data check``: what is wrong with a data set."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once
from ..commands import DONE, SOMETHING_TO_TELL, count, plain
from ..output import say
from ..progress import Progress

if TYPE_CHECKING:
    from ...datasets import Finding, Report


SELDOM = ("counts", "channels")
"""Checks that most sources give no occasion for: that they were left out is told in JSON only."""


@click.command(
    epilog="JSON: `parts`, each with source, format, stored, known_by, pictures, labels (counts by label); `findings`, each with code, "
    "spoils, part, says, hint, places; `unchecked`, each with part, code, why. Exit code: 0 nothing found that would spoil a training, "
    "1 something, 2 not checked."
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--part", metavar="NAME", help="Only this part of each source.  [default: all of them]")
@click.option("--bundle", metavar="FILE|NAME", help="The reader that judges orientation and labels.  [default: the embedded one]")
@click.option("--no-reader", is_flag=True, help="Do not judge orientation and labels by reading a sample.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def check(sources: tuple[str, ...], part: str | None, bundle: str | None, no_reader: bool, as_json: bool) -> int:
    """Say what is wrong with SOURCE, or with several that belong together.

    Looks at counts, balance, equal pictures inside and between parts, equal pictures with different labels, blank and
    unreadable pictures, colours, orientation and labels that do not fit.
    """
    with ending_at_once():
        from ...datasets import check as checked
        from ...datasets import encoded_of, open_parts, published_counts
        from .judging import judge

    with Progress(doing="opening") as progress:
        parts = [each for source in sources for each in open_parts(source, part, progress.reached)]
    with Progress(doing="looking") as progress:
        report = checked(parts, None if no_reader else judge(bundle), published_counts, encoded_of, progress.reached)
    if as_json:
        from ..lines import written

        say(written(_facts(report)))
    else:
        say("\n".join(_lines(report)))
    return SOMETHING_TO_TELL if report.spoilt else DONE


def _facts(report: Report) -> dict[str, object]:
    parts = [
        {
            "source": each.name,
            "format": each.opened.format,
            "stored": each.opened.orientation.stored,
            "known_by": each.opened.orientation.known_by,
            "pictures": len(each),
            "labels": each.counts,
        }
        for each in report.parts
    ]
    unchecked = [dict(zip(("part", "code", "why"), each, strict=True)) for each in report.unchecked]
    return {"parts": parts, "findings": [asdict(each) for each in report.findings], "unchecked": unchecked}


def _lines(report: Report) -> list[str]:
    from ...datasets import CHECKS

    lines = []
    for part in report.parts:
        numbers = sorted(set(part.counts.values()))
        each = "" if not numbers else f", {numbers[0]:,} each" if len(numbers) == 1 else f", {numbers[0]:,} to {numbers[-1]:,} each"
        lines.append(plain(f"{part.name}: {count(len(part), 'picture')}, {count(len(part.counts), 'label')}{each}"))
        lines.append(plain(f"    {part.opened.format}, {part.opened.orientation}"))
        for finding in report.findings:
            if finding.part == part.name:
                lines += _told(finding)
        missing = [f"{CHECKS[code]} ({why})" for where, code, why in report.unchecked if where == part.name and code not in SELDOM]
        lines += [plain(f"    not checked: {each}") for each in missing]
    spoiling = sum(each.spoils for each in report.findings)
    lines.append(f"{count(spoiling, 'finding')} that would spoil a training" if spoiling else "nothing found that would spoil a training")
    return lines


def _told(finding: Finding) -> list[str]:
    lines = [plain(f"    {'spoils' if finding.spoils else 'noted'}: {finding.says}")]
    return lines + ([plain(f"        hint: {finding.hint}")] if finding.hint else [])
