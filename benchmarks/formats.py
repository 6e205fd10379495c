"""How fast files are opened for the first time, beside what people use for the same: every figure from made files, in one run.

Each way runs in a process of its own, in turn, so that what else runs on the machine meets them alike and memory is told
apart; a process that only imports the same libraries is measured beside it, and its time is subtracted. `ratio` is to the
first row of the same file. The pictures are drawn by chance with about as much ink as EMNIST has.
"""

from __future__ import annotations

import argparse
import gzip
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from children import cost
from figures import run, say, show

IDX, ROWS, JPEGS = 814_255, 112_800, 78_000
"""Pictures: EMNIST ByClass, EMNIST Balanced's train part as Kaggle's CSV, the letters lab's zip."""

INK = 0.2
"""Share of pixels that are not black; EMNIST has about as many."""

_ROW = ",".join(["%d"] * 785)


@dataclass(frozen=True)
class Way:
    """One way to open a file: ``words`` of a process that does it, with ``{path}`` for the file, and of one that only starts."""

    name: str
    words: Sequence[str]
    start: Sequence[str]


def way(name: str, imports: str, code: str) -> Way:
    """A way in Python."""
    return Way(name, [sys.executable, "-c", f"{imports}\n{code}"], [sys.executable, "-c", imports])


OURS = "from inkread.formats import read"
IDX_WAYS = (
    Way("gzip -dc", ["sh", "-c", "gzip -dc '{path}' > /dev/null"], ["sh", "-c", ":"]),
    way("inkread.formats.read, upright", OURS, "read('{path}')"),
    way("inkread.formats.read, as stored", OURS, "read('{path}', as_stored=True)"),
    way(
        "usual script (gzip, frombuffer), as stored",
        "import gzip, numpy as n",
        "n.frombuffer(gzip.open('{path}').read(), n.uint8, offset=16)",
    ),
    way("torchvision's reader, unpacked file, as stored", "from torchvision.datasets.mnist import read_image_file as r", "r('{plain}')"),
    way("inkread.formats.read, unpacked file, as stored", OURS, "read('{plain}', as_stored=True)"),
)
CSV_WAYS = (
    way("numpy.loadtxt", "import numpy as n", "n.loadtxt('{path}', delimiter=',')"),
    way("numpy.loadtxt of uint8", "import numpy as n", "n.loadtxt('{path}', delimiter=',', dtype=n.uint8)"),
    way("inkread.formats.read, upright", OURS, "read('{path}')"),
    way("pandas.read_csv of uint8", "import pandas as p", "p.read_csv('{path}', header=None, dtype='uint8').to_numpy()"),
    way("pandas.read_csv", "import pandas as p", "p.read_csv('{path}', header=None).to_numpy()"),
    way("polars.read_csv", "import polars as p", "p.read_csv('{path}', has_header=False).to_numpy()"),
)
FIRST = """
with tempfile.TemporaryDirectory() as cache, Progress() as bar:
    os.environ['INKREAD_CACHE'] = cache
    task = bar.add_task('opening')
    opened = open_source('{path}:train', progress=lambda done, of: bar.update(task, completed=done, total=of))
    assert len(opened) > 1000
"""
OPENING = """
import os, tempfile, cv2, inkread.picture.decode
from rich.progress import Progress
from inkread.datasets import open_source
"""
USUAL = """
with zipfile.ZipFile('{path}') as z:
    for each in z.namelist(): n.asarray(Image.open(io.BytesIO(z.read(each))).convert('L'))
"""
ZIP_WAYS = (
    way("usual script (zipfile, Pillow)", "import io, zipfile; from PIL import Image; import numpy as n", USUAL),
    way("inkread.datasets.open_source, first time, progress bar", OPENING, FIRST),
    way("inkread.formats.read alone", OURS, "read('{path}', 'train')"),
)


@dataclass(frozen=True)
class Row:
    """``seconds`` and ``memory`` (MB): the median of the repeats; ``ratio``: to the first way; ``rate``: pictures a second."""

    figure: str
    pictures: int
    seconds: float
    ratio: float
    rate: float
    memory: float
    repeats: int


def pictures(count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise with the share of ink of EMNIST, uint8 (count,28,28), that packs about as well: one block drawn anew each 10,000."""
    made = rng.integers(1, 256, (count, 28, 28), np.uint8)
    made[:, :4] = made[:, -4:] = made[:, :, :5] = made[:, :, -5:] = 0
    made[rng.random(made.shape) > INK * 2.2] = 0
    return made


def write_idx(path: Path, count: int) -> None:
    """An idx3 file, gzipped, and the same unpacked beside it for readers that want that."""
    rng = np.random.default_rng(0)
    header = b"\0\0\x08\x03" + b"".join(side.to_bytes(4, "big") for side in (count, 28, 28))
    with gzip.open(path, "wb", 4) as packed, open(path.with_suffix(""), "wb") as plain:
        for each in (packed, plain):
            each.write(header)
        for start in range(0, count, 10_000):
            block = pictures(min(10_000, count - start), rng).tobytes()
            packed.write(block)
            plain.write(block)


def write_csv(path: Path, count: int) -> None:
    """Kaggle's layout: no header, the label first."""
    rng = np.random.default_rng(1)
    with open(path, "w", encoding="ascii") as file:
        for start in range(0, count, 2_000):
            block = pictures(min(2_000, count - start), rng).reshape(-1, 784)
            rows = np.column_stack([rng.integers(0, 47, len(block), np.uint8), block]).tolist()
            file.writelines(_ROW % tuple(row) + "\n" for row in rows)


def write_zip(path: Path, count: int) -> None:
    """The letters lab's layout: small grey JPEGs kept as RGB."""
    import cv2

    some = pictures(500, np.random.default_rng(2))
    encoded = [cv2.imencode(".jpg", cv2.cvtColor(cv2.blur(each, (3, 3)), cv2.COLOR_GRAY2BGR))[1].tobytes() for each in some]
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(count):
            archive.writestr(f"train/{chr(97 + at % 26)}_{at // 26:05d}.jpg", encoded[at % 500])


def measured(what: str, path: Path, count: int, ways: Sequence[Way], repeats: int) -> list[Row]:
    """The ways in turn, as often as told; one that fails (a library that is not there) is left out."""
    taken: dict[str, list[tuple[float, float]]] = {}
    for _ in range(repeats):
        for each in ways:
            words = [word.replace("{path}", str(path)).replace("{plain}", str(path.with_suffix(""))) for word in each.words]
            try:
                started, told = cost(each.start), cost(words)
            except SystemExit:
                say(f"left out: {each.name}")
                continue
            taken.setdefault(each.name, []).append((max(told.wall - started.wall, 1e-3), told.peak))
    seconds = {name: median(each[0] for each in values) for name, values in taken.items()}
    first = next(iter(seconds.values()))
    return [
        Row(
            f"{what}: {name}",
            count,
            round(seconds[name], 3),
            round(seconds[name] / first, 3),
            round(count / seconds[name]),
            round(median(each[1] for each in values)),
            len(values),
        )
        for name, values in taken.items()
    ]


KINDS: dict[str, tuple[str, int, Callable[[Path, int], None], Sequence[Way]]] = {
    "idx.gz": ("emnist-byclass-train-images-idx3-ubyte.gz", IDX, write_idx, IDX_WAYS),
    "csv": ("emnist-balanced-train.csv", ROWS, write_csv, CSV_WAYS),
    "zip of JPEGs": ("images.zip", JPEGS, write_zip, ZIP_WAYS),
}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the pictures: for trying, no figures")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=KINDS, help="one kind of file")
    given = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, (name, count, write, ways) in KINDS.items():
            if given.only not in (None, kind):
                continue
            count = count // 50 if given.quick else count
            path = Path(folder) / name
            say(f"making {count:,} pictures: {name}")
            write(path, count)
            say(f"{os.path.getsize(path):,} bytes, {count * 784:,} unpacked")
            rows += measured(kind, path, count, ways, given.repeats)
            for each in Path(folder).iterdir():
                each.unlink()
    show(rows, ["figure", "pictures", "seconds", "ratio", "rate", "memory", "repeats"])


if __name__ == "__main__":
    run(main)
