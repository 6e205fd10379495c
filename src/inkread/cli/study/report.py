"""``inkread study report``."""

from __future__ import annotations

from pathlib import Path

import click

from ...interrupt import ending_at_once
from ..extras import needing
from .shared import JSON, OUT, folder_of


@click.command(
    epilog="JSON: study, name, question, planned and finished trainings; `comparison`; `also`, that by the study's other measure, or null; "
    "`findings`, each with kind, sentence, factor, level and contrasts; `rows`, each with setting, levels (factor, as rate, -> "
    "level), seed, accuracy, last, loss, macro_accuracy, count of held-back pictures, folds, parameters, multiply_adds, pictures, "
    "epochs, best_epoch, seconds, speed (pictures/s), train and validation (accuracy by epoch), run, error, pruned. A comparison "
    "has `design` (name, question, kind, measure, factors with name, label and levels, base, classes, questions with vary, levels "
    "and at), over (seeds, folds or pictures), seeds, count, base, best, deviation of one training with its freedom; `results` "
    "(setting, levels, seeds, values, mean, low, high, deviation, failed, pruned, silent, pooled, parameters, multiply_adds, "
    "pictures, seconds, speed), `effects` (factor, level, against, where, kind, places, learnt, contrast), `interactions` (first, "
    "second, cells, levels, at, looked, contrast) and `ahead` (setting, and the contrast of the best to it). A contrast has "
    "difference, low, high, p, corrected (Holm), over, pairs, freedom, pooled and told_apart."
)
@click.argument("study", metavar="NAME|FOLDER")
@OUT
@JSON
def report(study: str, out: Path, as_json: bool) -> int:
    """Write the report of a study from what has finished, and tell what it says.

    Exit code: 0 done, 1 done but some trials failed or none has finished, 2 not done.
    """
    with ending_at_once(), needing("study"):
        from ... import study as room
        from .telling import tell

    return tell(*room.go_on(folder_of(study, out)), as_json=as_json)
