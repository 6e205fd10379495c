"""How fast `inkread read` is and what it takes, as whole processes: start, decoding and preparing included.

The pictures are drawn into a temporary folder. Every command is repeated, the engines in turn, so that what else runs on
the machine meets them alike; `load` says how busy it was (processes waiting to run, on the average of the last minute).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from children import Cost, cost, inkread
from drawings import photos, plain_pngs, small_pngs
from figures import RESULTS, run, say, show, write
from parts import PER_SECOND, parts

from inkread.bundle import load

PLAIN = "small PNGs, plain scans (28-60 px)"
SMALL = "small PNGs on papers and in boxes of all kinds (28-60 px)"
LARGE = "photo-like JPEGs (100-1,000 px)"
FEW = 3
LOWEST_RATES = {"auto": 4000.0, "onnxruntime": 2500.0}
"""Pictures a second that are asked for, by engine, of small ones."""


@dataclass(frozen=True)
class Row:
    """``median``, ``minimum`` and ``maximum`` of the repeats, in ``unit``; ``target``: at most, for rates at least."""

    figure: str
    engine: str
    pictures: int | None
    repeats: int
    median: float
    minimum: float
    maximum: float
    unit: str
    target: float | None
    load: float


@dataclass(frozen=True)
class Measure:
    """What a row is made of: ``values``, one a repeat. ``detail``: it explains another row and stands in the file `parts`."""

    figure: str
    values: Sequence[float]
    unit: str
    engine: str = ""
    pictures: int | None = None
    target: float | None = None
    detail: bool = False

    def row(self) -> Row:
        """The row of the file, to four digits."""
        middle, least, most = (float(f"{each:.4g}") for each in (median(self.values), min(self.values), max(self.values)))
        load = round(os.getloadavg()[0], 1)
        return Row(self.figure, self.engine, self.pictures, len(self.values), middle, least, most, self.unit, self.target, load)


def few(paths: Sequence[Path], reading: Sequence[str], repeats: int) -> Iterator[Measure]:
    """Wall time and memory of three pictures."""
    words = [*inkread(), "read", *reading, *map(str, paths[:FEW])]
    cost(words)  # a first time, so that the disk does not count
    costs = [cost(words) for _ in range(repeats)]
    name = f"`inkread read` of {FEW} pictures"
    yield Measure(f"{name}, wall", [each.wall for each in costs], "s", "auto", FEW, 0.6)
    yield Measure(f"{name}, memory", [each.peak for each in costs], "MB", "auto", FEW, 200)


def many(what: str, paths: Sequence[Path], reading: Sequence[str], engines: Sequence[str], given: argparse.Namespace) -> Iterator[Measure]:
    """Pictures a second and memory of a folder, for each engine; the engines take turns."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    for _ in range(given.repeats):
        for engine in engines:
            costs[engine].append(cost([*inkread(), "read", "--quiet", "--engine", engine, *reading, str(paths[0].parent)]))
    name = f"{len(paths):,} {what}"
    for engine, found in costs.items():
        target = None if what == LARGE else LOWEST_RATES.get(engine)
        told, count = f"{name}, {engine}", len(paths)
        behind = what == LARGE and engine != engines[0]
        yield Measure(told, [count / each.wall for each in found], "pictures/s", engine, count, target, behind)
        yield Measure(f"{told}, memory", [each.peak for each in found], "MB", engine, count, detail=what != PLAIN or engine != engines[0])
        yield Measure(f"{told}, processor time", [count / each.processor for each in found], PER_SECOND, engine, count, detail=True)
        yield Measure(f"{told}, cores busy", [each.processor / each.wall for each in found], "cores", engine, count, detail=True)
    if {"openvino", "onnxruntime"} <= set(costs):
        ratios = [slow.wall / fast.wall for slow, fast in zip(costs["onnxruntime"], costs["openvino"], strict=True)]
        yield Measure(f"{name}, openvino against onnxruntime", ratios, "times", "", len(paths), detail=True)


def starts(repeats: int) -> Iterator[Measure]:
    """Help, import, and a Python that does nothing for comparison."""
    commands = {
        "`inkread --help`": ([*inkread(), "--help"], 100),
        "python -c 'import inkread'": ([sys.executable, "-c", "import inkread"], None),
        "python -c 'pass'": ([sys.executable, "-c", "pass"], None),
    }
    costs: dict[str, list[Cost]] = defaultdict(list)
    for _ in range(3 * repeats):
        for name, (words, _target) in commands.items():
            costs[name].append(cost(words))
    for name, (_words, target) in commands.items():
        yield Measure(name, [1000 * each.wall for each in costs[name]], "ms", target=target, detail="pass" in name)


def installed(venv: Path) -> Measure:
    """What an environment takes on the disk, links not followed."""
    files = (Path(folder, name).lstat() for folder, _, names in os.walk(venv) for name in names)
    return Measure("environment on the disk", [sum(each.st_blocks * 512 for each in files) / 1e6], "MB")


def measure(given: argparse.Namespace) -> Iterator[Measure]:
    """Everything, in the order of the file."""
    reading = ["--format", "csv", *(["--bundle", given.bundle] if given.bundle else [])]
    bundle = load(given.bundle)
    with tempfile.TemporaryDirectory(prefix="inkread-speed-") as folder:
        works = ((PLAIN, plain_pngs, given.pictures), (SMALL, small_pngs, given.pictures), (LARGE, photos, given.photos))
        for name, make, count in works:
            place = Path(folder, make.__name__)
            place.mkdir()
            paths = make(place, count)
            if make is plain_pngs:
                yield from few(paths, reading, given.repeats)
            yield from many(name, paths, reading, given.engines, given)
            for part in parts(paths, bundle, given.repeats):
                yield Measure(f"{name}: {part.name}", part.rates, part.unit, part.engine, part.pictures, detail=True)
    yield from starts(given.repeats)
    if given.venv:
        yield installed(given.venv)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", help="the reader (default: the embedded one)")
    parser.add_argument("--pictures", type=int, default=10_000, help="how many small PNGs (default: %(default)s)")
    parser.add_argument("--photos", type=int, default=500, help="how many photo-like JPEGs (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="how often each command is run (default: %(default)s)")
    parser.add_argument("--engines", nargs="+", default=["auto", "onnxruntime", "openvino"], help="default: %(default)s")
    parser.add_argument("--venv", type=Path, help="an environment whose size to measure: one with the base install only")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    given = parser.parse_args()
    bundle = load(given.bundle)
    files: dict[str, list[Row]] = {"speed": [], "parts": []}
    for each in measure(given):
        files["parts" if each.detail else "speed"].append(row := each.row())
        say(f"{each.figure}: {row.median:g} {each.unit}")
    for name, rows in files.items():
        show(rows, ("figure", "median", "minimum", "maximum", "unit", "target", "load"))
        print(write([(each, bundle) for each in rows], name, bundle.manifest.name, given.results))


if __name__ == "__main__":
    run(main)
