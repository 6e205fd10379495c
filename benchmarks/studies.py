"""Runs shipped studies on real handwriting and keeps their reports in docs/studies: text and charts, no picture of the data.

python benchmarks/studies.py NAME... [--budget small] [OPTION OF `inkread study run`...]

What was trained stays in ../studies-kept, beside the repository as ../shared/data is: the same command goes on with it, or writes
the pages anew. All paths are seen from the root of the repository, so that no page names a folder of one machine.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from figures import ROOT

from inkread.study import load

PAGES = ROOT / "docs" / "studies"
KEPT = "../studies-kept"
DATA = "../shared/data"
BYCLASS = ("emnist/emnist-byclass-train.npz", "emnist/emnist-extra.npz")
REAL = {
    "emnist/letters": BYCLASS,
    "emnist/byclass": BYCLASS,
    "mnist": ("mnist",),
    "alphadigits": ("pools/alphadigits/binaryalphadigs.mat",),
}
"""What a study calls its data -> the files that stand for it here, joined. A study opens only their training parts."""

LIST = re.compile(r"(<!-- studies -->\n).*?(<!-- end of studies -->)", re.DOTALL)
"""In `docs/studies/README.md`: the table of the pages that are there."""


def command(name: str, budget: str, more: Sequence[str] = ()) -> list[str]:
    """The command of a study, with a path for every source that it names."""
    study = load(name)
    named = {study.data, *(level.data for each in study.factors for level in each.levels)} & REAL.keys()
    words = ["inkread", "study", "run", name, "--budget", budget, "--out", KEPT]
    for each in sorted(named):
        words += ["--data", f"{each}={'+'.join(f'{DATA}/{file}' for file in REAL[each])}"]
    return [*words, *more]


def keep(folder: Path, page: Path) -> None:
    """Copies the report of a study and its charts; what is no drawing in lines stays behind, for it might show the data."""
    text = (folder / "report.md").read_text(encoding="utf-8")
    shutil.rmtree(page, ignore_errors=True)
    (page / "figures").mkdir(parents=True)
    for chart in sorted((folder / "figures").glob("*.svg")):
        shutil.copy(chart, page / "figures" / chart.name)
    text = re.sub(r"^!\[[^\]]*\]\(figures/[^)]+(?<!\.svg)\)\n+", "", text, flags=re.MULTILINE)
    (page / "README.md").write_text(text, encoding="utf-8")


def listed(pages: Path) -> str:
    """A row for each page: its question, when and where it was made, by which command."""
    rows = ["| study | question | made | machine | command |", "| --- | --- | --- | --- | --- |"]
    for page in sorted(pages.glob("*/README.md")):
        text = page.read_text(encoding="utf-8")
        told = {name: _first(rf"^- {name}: (.+)$", text) for name in ("made", "machine")}
        typed = _first(r"^(inkread study run .+)$", text)
        question = _first(r"\A# .+\n\n(.+)$", text)
        rows.append(f"| [{page.parent.name}]({page.parent.name}/README.md) | {question} | {told['made']} | {told['machine']} | `{typed}` |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else "None yet.\n"


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where a study had failed trainings, 2 where one could not be run; the pages of the others are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", help="of a shipped study")
    parser.add_argument("--budget", choices=("smoke", "small", "full"), default="small")
    given, more = parser.parse_known_args(arguments)
    worst = 0
    for name in given.names:
        words = command(name, given.budget, more)
        print(" ".join(words), flush=True)
        code = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode
        if code < 2:
            keep(ROOT / KEPT / f"{name}-{given.budget}", PAGES / name)
        worst = max(worst, code)
    contents = PAGES / "README.md"
    text = contents.read_text(encoding="utf-8")
    contents.write_text(LIST.sub(lambda match: match[1] + listed(PAGES) + match[2], text), encoding="utf-8")
    return worst


if __name__ == "__main__":
    sys.exit(main())
