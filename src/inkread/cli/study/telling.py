"""What came out of a study: for the terminal, as JSON, and as a report in its folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..commands import DONE, SOMETHING_TO_TELL, count, plain
from ..lines import written
from ..output import say

if TYPE_CHECKING:
    from ...study import Answer, Plan, StudyFolder

SHOWN = 12
"""Settings told on the terminal, the best of them; the report has all."""


def tell(plan: Plan, folder: StudyFolder, *, as_json: bool) -> int:
    """Writes the report and tells what the rows say; the exit code."""
    from ...study import answer, write_report

    found = answer(plan, folder)
    write_report(found, folder)
    say(written(found.as_dict(), indent=2) if as_json else "\n".join(_lines(found)))
    click.echo(
        f"written {plain(os.path.join(folder.path, ''))}: report.html, report.md, rows.csv"
        + (", best.toml" if found.best() and not plan.study.transfers else ""),
        err=True,
    )
    return SOMETHING_TO_TELL if found.failed or not found.rows else DONE


def _lines(found: Answer) -> list[str]:
    from ...study import interval

    lines = [f"- {plain(each.sentence)}" for each in found.findings]
    there = sorted((each for each in found.comparison.results if each.seeds), key=lambda each: -each.mean)
    if there:
        wide = max(len(plain(each.setting)) for each in there[:SHOWN])
        told = [f"{plain(each.setting):{wide}}  {interval(each.mean, each.low, each.high)}" for each in there[:SHOWN]]
        lines += ["", *told, *([f"and {count(len(there) - SHOWN, 'setting')} more"] if len(there) > SHOWN else [])]
    if found.failed:
        lines += ["", f"{count(len(found.failed), 'training')} failed:"]
        lines += [f"{plain(row.setting)}, seed {row.seed}: {plain(row.error)}" for row in found.failed]
    return lines
