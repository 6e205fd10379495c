"""How long large sources take to open the first time, and afterwards out of the cache: idx.gz of ByClass's size, a zip of JPEGs.

The pictures are made: noise with an empty border, 814,255 of them as EMNIST ByClass has in both parts; 78,000 in a zip in
the letters lab's layout. Every opening is a
process of its own and its time is that of the call (`open_source`, `load`), so the interpreter's start is not counted;
`memory` is what the process took at most, of which the page cache's share (the mapped file) is told apart.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from figures import RESULTS, run, say, show, write

from formats import JPEGS, write_zip
from inkread.bundle import load

BYCLASS = 814_255
AT_MOST = 50.0
"""Milliseconds that an opening out of the cache may take."""

OPENINGS = {
    "open_source": "from inkread.datasets import open_source as opening; opening(sys.argv[1])",
    "load, labels as targets": "from inkread.datasets import load as opening; opening(sys.argv[1], preparation=None)",
}
_TIMED = """
import json, resource, sys
from time import perf_counter
{imports}
import numpy
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = perf_counter()
found = {call}
took = perf_counter() - began
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps([took * 1000, grown / 1024, isinstance(found.pictures, numpy.memmap)]))
"""


@dataclass(frozen=True)
class Row:
    """``median``, ``minimum``, ``maximum`` of the repeats in ms; ``memory``: MB that the process grew by; ``target`` in ms, at most."""

    figure: str
    pictures: int
    repeats: int
    median: float
    minimum: float
    maximum: float
    memory: float
    mapped: bool
    target: float | None
    load: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write and say which target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=BYCLASS)
    parser.add_argument("--jpegs", type=int, default=JPEGS)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(arguments)
    bundle = load()  # only its name goes into the file, as in all of them
    with tempfile.TemporaryDirectory() as folder:
        os.environ["INKREAD_CACHE"] = str(Path(folder) / "cache")
        images = _made(Path(folder), given.pictures)
        rows = [_row("first opening, idx.gz", images, given.pictures, "open_source")]
        rows += [_row(f"out of the cache, {name}", images, given.pictures, name, given.repeats) for name in OPENINGS]
        write_zip(Path(folder) / "images.zip", given.jpegs)
        jpegs = f"{folder}/images.zip:train"
        rows.append(_row("first opening, zip of JPEGs", jpegs, given.jpegs, "open_source"))
        rows.append(_row("out of the cache, zip of JPEGs, open_source", jpegs, given.jpegs, "open_source", given.repeats))
    show(rows, ("figure", "median", "minimum", "maximum", "memory", "mapped", "target"))
    write([(row, bundle) for row in rows], "opening", "made", given.out)
    for row in rows:
        if row.target is not None and row.median > row.target:
            say(f"missed: {row.figure}: {row.median:.0f} ms, at most {row.target:.0f}")


def _row(figure: str, source: Path | str, pictures: int, name: str, repeats: int = 0) -> Row:
    """``repeats``: how often it is opened out of the cache; 0 for once, the first time."""
    imports, _, call = OPENINGS[name].partition("; ")
    code = _TIMED.format(imports=imports, call=call)
    values = [
        json.loads(subprocess.run([sys.executable, "-c", code, str(source)], capture_output=True, check=True).stdout)
        for _ in range(repeats or 1)
    ]
    times = [round(each[0], 1) for each in values]
    memory = round(median(each[1] for each in values), 1)
    low, high, target, busy = min(times), max(times), AT_MOST if repeats else None, round(os.getloadavg()[0], 1)
    return Row(figure, pictures, repeats or 1, median(times), low, high, memory, all(each[2] for each in values), target, busy)


def _made(folder: Path, count: int) -> Path:
    """`emnist-byclass-train-images-idx3-ubyte.gz` and its labels."""
    rng = np.random.default_rng(0)
    block = np.zeros((4096, 28, 28), np.uint8)
    block[:, 5:23, 8:20] = rng.integers(0, 256, (4096, 18, 12), dtype=np.uint8)
    images = folder / "emnist-byclass-train-images-idx3-ubyte.gz"
    with gzip.open(images, "wb", compresslevel=1) as file:
        file.write(struct.pack(">BBBBIII", 0, 0, 8, 3, count, 28, 28))
        for start in range(0, count, len(block)):
            file.write(block[: min(len(block), count - start)].tobytes())
    with gzip.open(folder / "emnist-byclass-train-labels-idx1-ubyte.gz", "wb") as file:
        file.write(struct.pack(">BBBBI", 0, 0, 8, 1, count) + rng.integers(0, 62, count, dtype=np.uint8).tobytes())
    return images


if __name__ == "__main__":
    run(main)
