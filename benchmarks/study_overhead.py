"""What a study costs beside its trainings: the same trainings one after another by `training.run_in`, and by the runner of studies.

On drawn characters, in one process, alternating; the median of the ratios counts.
"""

from __future__ import annotations

import argparse
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from figures import RESULTS, run, say, show, write

from inkread.bundle import load
from inkread.recipes import parse
from inkread.study import Asked, Bench, Estimate, Here, Runner, begin
from inkread.training import Circumstances, given, limited, run_in

STUDY = """
name = "overhead"
question = "What does the runner of studies cost?"
recipe = "cnn"
data = "drawn"
alphabet = "letters"

[[factors]]
key = "network.filters"
values = [[16, 32], [32, 32]]
base = [32, 32]

[budgets.small]
pictures = 2000
held = 500
epochs = 4
seeds = 2
"""
AT_MOST = 3.0
"""Percent that the runner may cost."""


@dataclass(frozen=True)
class Row:
    """``percent``: how much longer the study took than its trainings alone, over ``trainings`` of ``seconds`` in all, the median
    of ``rounds``."""

    figure: str
    trainings: int
    seconds: float
    rounds: int
    percent: float
    target: float


def once(folder: Path) -> tuple[float, float, int]:
    """Seconds of the trainings alone and as a study, and how many they are."""
    file = folder / "overhead.toml"
    file.write_text(STUDY, encoding="utf-8")
    asked = Asked(str(file), "small", 0, "", {}, "", (), 1, "cpu", "")
    plan, there = begin(asked, folder)
    jobs = list(plan.jobs({}).values())
    began = time.perf_counter()
    for number, job in enumerate(jobs):
        recipe = parse(job.recipe)
        recipe, pools = given(recipe, job.data)
        run_in(folder / "alone" / str(number), recipe, limited(pools, recipe, job.pictures, job.held), Circumstances(threads=1))
    alone = time.perf_counter() - began
    began = time.perf_counter()
    Runner(plan, there, Here(), Bench(there.path, 1, "cpu"), str(there.path / "trials.log"), Estimate({}, 2000)).run()
    return alone, time.perf_counter() - began, len(jobs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often both are done")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    asked = parser.parse_args()
    found = []
    with TemporaryDirectory() as place:
        for number in range(asked.rounds + 1):
            folder = Path(place) / str(number)
            folder.mkdir()
            found.append(once(folder))
            shutil.rmtree(folder)
            say(f"round {number}: {found[-1][0]:.1f} s alone, {found[-1][1]:.1f} s as a study")
    del found[0]  # in which everything was met for the first time
    percent = median(100 * (study / alone - 1) for alone, study, _ in found)
    row = Row("runner of studies", found[0][2], round(median(alone for alone, _, _ in found), 1), asked.rounds, round(percent, 2), AT_MOST)
    show([row], ["figure", "trainings", "seconds", "rounds", "percent", "target"])
    say(f"written: {write([(row, load())], 'study-overhead', 'drawn', asked.results)}")


if __name__ == "__main__":
    run(main)
