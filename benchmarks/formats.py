"""How fast files are opened for the first time, beside what people use for the same: every figure from made files, in one run.

Each way runs in a process of its own, in turn, so that what else runs on the machine meets them alike and memory is told
apart; a process that only imports the same libraries is measured beside it, and its time is subtracted. `ratio` is to the
first row of the same file. The pictures are drawn by chance with about as much ink as EMNIST has. What is opened out of the
cache is measured by `opening.py`.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np
from children import cost
from figures import RESULTS, run, say, show, write

from inkread.bundle import load

IDX, ROWS, JPEGS = 814_255, 112_800, 78_000
"""Pictures: EMNIST ByClass, EMNIST Balanced's train part as Kaggle's CSV, the letters lab's zip."""

INK = 0.2
"""Share of pixels that are not black; EMNIST has about as many."""

_ROW = ",".join(["%d"] * 785)


@dataclass(frozen=True)
class Way:
    """One way to open a file: ``words`` of a process that does it, with ``{path}`` for the file, and of one that only starts.

    ``needs``: the library that it is about, "" for one that is here anyway. ``ratio``: of its time to the first way's, at
    most; ``rate``: pictures a second, at least; None where nothing is asked for.
    """

    name: str
    words: Sequence[str]
    start: Sequence[str]
    needs: str = ""
    ratio: float | None = None
    rate: float | None = None


def way(name: str, imports: str, code: str, needs: str = "", ratio: float | None = None, rate: float | None = None) -> Way:
    """A way in Python."""
    return Way(name, [sys.executable, "-c", f"{imports}\n{code}"], [sys.executable, "-c", imports], needs, ratio, rate)


OURS = "from inkread.formats import read"
THEIRS = "import os; from torchvision.datasets import EMNIST; from torchvision.datasets.utils import extract_archive as x"
UNPACKED_BY_THEM = """
os.makedirs('{folder}/again/EMNIST/raw', exist_ok=True)
for each in ('images-idx3', 'labels-idx1'):
    x('{folder}/emnist-byclass-train-' + each + '-ubyte.gz', '{folder}/again/EMNIST/raw')
EMNIST('{folder}/again', 'byclass')
"""
IDX_WAYS = (
    Way("gzip -dc", ["sh", "-c", "gzip -dc '{path}' > /dev/null"], ["sh", "-c", ":"]),
    way("inkread.formats.read, upright", OURS, "read('{path}')", ratio=1.3),
    way("inkread.formats.read, as stored", OURS, "read('{path}', as_stored=True)", ratio=1.3),
    way(
        "usual script (gzip, frombuffer), as stored",
        "import gzip, numpy as n",
        "n.frombuffer(gzip.open('{path}').read(), n.uint8, offset=16)",
    ),
    way("torchvision.datasets.EMNIST, unpacking as its download does, as stored", THEIRS, UNPACKED_BY_THEM, "torchvision"),
    way("torchvision.datasets.EMNIST, unpacked files, as stored", THEIRS, "EMNIST('{folder}', 'byclass')", "torchvision"),
    way("inkread.formats.read, unpacked files, as stored", OURS, "read('{plain}', as_stored=True)"),
)
CSV_WAYS = (
    way("numpy.loadtxt", "import numpy as n", "n.loadtxt('{path}', delimiter=',')"),
    way("numpy.loadtxt of uint8", "import numpy as n", "n.loadtxt('{path}', delimiter=',', dtype=n.uint8)"),
    way("inkread.formats.read, upright", OURS, "read('{path}')", ratio=0.2),
    way("pandas.read_csv of uint8", "import pandas as p", "p.read_csv('{path}', header=None, dtype='uint8').to_numpy()", "pandas"),
    way("pandas.read_csv", "import pandas as p", "p.read_csv('{path}', header=None).to_numpy()", "pandas"),
    way("polars.read_csv", "import polars as p", "p.read_csv('{path}', has_header=False).to_numpy()", "polars"),
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
    way("inkread.datasets.open_source, first time, progress bar", OPENING, FIRST, rate=10_000),
    way("inkread.formats.read alone", OURS, "read('{path}', 'train')"),
)


@dataclass(frozen=True)
class Row:
    """``seconds`` and ``memory`` (MB): the median of the repeats; ``ratio``: to the first way; ``rate``: pictures a second.

    ``note``: why there are none.
    """

    figure: str
    pictures: int
    repeats: int
    seconds: float | None
    ratio: float | None
    target_ratio: float | None
    rate: float | None
    target_rate: float | None
    memory: float | None
    load: float
    note: str = ""


def pictures(count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise with the share of ink of EMNIST, uint8 (count,28,28), that packs about as well: one block drawn anew each 10,000."""
    made = rng.integers(1, 256, (count, 28, 28), np.uint8)
    made[:, :4] = made[:, -4:] = made[:, :, :5] = made[:, :, -5:] = 0
    made[rng.random(made.shape) > INK * 2.2] = 0
    return made


def unpacked(path: Path) -> Path:
    """Where the unpacked file of ``path`` lies."""
    return path.parent / "EMNIST" / "raw" / path.stem


def write_idx(path: Path, count: int) -> None:
    """idx files of pictures and labels, gzipped, and the same unpacked where torchvision looks for them."""
    rng = np.random.default_rng(0)
    header = b"\0\0\x08\x03" + b"".join(side.to_bytes(4, "big") for side in (count, 28, 28))
    labels = b"\0\0\x08\x01" + count.to_bytes(4, "big") + rng.integers(0, 62, count, np.uint8).tobytes()
    place = unpacked(path)
    place.parent.mkdir(parents=True)
    beside = path.name.replace("images-idx3", "labels-idx1")
    path.with_name(beside).write_bytes(gzip.compress(labels, 4))
    place.with_name(beside).with_suffix("").write_bytes(labels)
    with gzip.open(path, "wb", 4) as packed, open(place, "wb") as plain:
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
    """The ways in turn, as often as told; of one whose library is not there a row says so."""
    here = [each for each in ways if not each.needs or find_spec(each.needs)]
    for each in ways:
        if each not in here:
            say(f"not measured: {each.name}: {each.needs} is not installed")
    taken: dict[str, list[tuple[float, float]]] = {each.name: [] for each in here}
    for _ in range(repeats):
        for each in here:
            started, told = cost(each.start), cost(_filled(each.words, path))
            taken[each.name].append((max(told.wall - started.wall, 1e-3), told.peak))
    seconds = {name: median(value[0] for value in values) for name, values in taken.items()}
    first, busy = seconds[ways[0].name], round(os.getloadavg()[0], 1)
    rows = []
    for each in ways:
        name, asked = f"{what}: {each.name}", (each.ratio, each.rate)
        if each not in here:
            rows.append(Row(name, count, 0, None, None, asked[0], None, asked[1], None, busy, f"{each.needs} is not installed"))
            continue
        took, memory = seconds[each.name], round(median(value[1] for value in taken[each.name]))
        ratio, rate = round(took / first, 3), round(count / took)
        rows.append(Row(name, count, repeats, round(took, 3), ratio, asked[0], rate, asked[1], memory, busy))
    return rows


def _filled(words: Sequence[str], path: Path) -> list[str]:
    places = {"{path}": path, "{plain}": unpacked(path), "{folder}": path.parent}
    found = list(words)
    for name, place in places.items():
        found = [word.replace(name, str(place)) for word in found]
    return found


KINDS: dict[str, tuple[str, int, Callable[[Path, int], None], Sequence[Way]]] = {
    "idx.gz": ("emnist-byclass-train-images-idx3-ubyte.gz", IDX, write_idx, IDX_WAYS),
    "csv": ("emnist-balanced-train.csv", ROWS, write_csv, CSV_WAYS),
    "zip of JPEGs": ("images.zip", JPEGS, write_zip, ZIP_WAYS),
}


def main() -> None:
    """Measures, prints, writes and says which target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the pictures: for trying, no figures")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=KINDS, help="one kind of file")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    given = parser.parse_args()
    bundle = load()  # only its name goes into the file, as in all of them
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, (name, count, make, ways) in KINDS.items():
            if given.only not in (None, kind):
                continue
            count = count // 50 if given.quick else count
            path = Path(folder) / name
            say(f"making {count:,} pictures: {name}")
            make(path, count)
            say(f"{os.path.getsize(path):,} bytes, {count * 784:,} unpacked")
            rows += measured(kind, path, count, ways, given.repeats)
            for each in Path(folder).iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
    show(rows, ["figure", "pictures", "seconds", "ratio", "target_ratio", "rate", "target_rate", "memory", "note"])
    if not given.quick and given.only is None:
        write([(row, bundle) for row in rows], "formats", "made", given.results)
    for row in rows:
        if row.ratio is not None and row.target_ratio is not None and row.ratio > row.target_ratio:
            say(f"missed: {row.figure}: {row.ratio} of the first way's time, at most {row.target_ratio}")
        if row.rate is not None and row.target_rate is not None and row.rate < row.target_rate:
            say(f"missed: {row.figure}: {row.rate:,.0f} pictures a second, at least {row.target_rate:,.0f}")


if __name__ == "__main__":
    run(main)
