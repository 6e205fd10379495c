"""Published sets made for tests: cards like those of the catalogue over files of a few bytes."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkread.datasets import CARDS, Card, File, folder_of
from made_files import idx, many

OTHER_MEMBERS = ("byclass", "bymerge", "digits")


def digits_set(name: str = "mnist") -> tuple[Card, dict[str, bytes]]:
    """MNIST with 3 train and 2 test pictures: its card, and the files as a server has them."""
    files: dict[str, bytes] = {}
    for start, count in (("train", 3), ("t10k", 2)):
        files[f"/{name}/{start}-images-idx3-ubyte.gz"] = gzip.compress(idx(many(count)), mtime=0)
        files[f"/{name}/{start}-labels-idx1-ubyte.gz"] = gzip.compress(idx(np.arange(count, dtype=np.uint8)), mtime=0)
    return _card_of(CARDS["mnist"], files), files


def letters_zip(filler: int = 200_000) -> tuple[Card, bytes]:
    """EMNIST Letters with a few pictures, and a zip in EMNIST's layout that holds it among larger sets of noise."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (40, 28, 28), dtype=np.uint8)
    files: dict[str, bytes] = {}
    for part, count in (("train", 40), ("test", 20)):
        stored = noise[:count].copy()
        stored[:, :4] = 0
        labels = np.arange(count, dtype=np.uint8) % 26 + 1
        files[f"/gzip/emnist-letters-{part}-images-idx3-ubyte.gz"] = gzip.compress(idx(stored), mtime=0)
        files[f"/gzip/emnist-letters-{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx(labels), mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in OTHER_MEMBERS[:2]:
            archive.writestr(f"gzip/emnist-{other}-train-images-idx3-ubyte.gz", rng.bytes(filler))
        for path, data in files.items():
            archive.writestr(path[1:], data)
            archive.writestr(path[1:].replace("letters", OTHER_MEMBERS[2]), rng.bytes(filler // 4))
    return _card_of(CARDS["emnist/letters"], files), out.getvalue()


def _card_of(card: Card, files: dict[str, bytes]) -> Card:
    """The card with the sizes and checksums of these files."""
    data = {path.rpartition("/")[2]: each for path, each in files.items()}

    def known(file: File) -> File:
        return replace(file, size=len(data[file.name]), sha256=hashlib.sha256(data[file.name]).hexdigest())

    return replace(card, files=tuple(known(each) for each in card.files))


def put_here(card: Card, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put this card into the catalogue and its files where fetching would; gives their folder."""
    monkeypatch.setitem(CARDS, card.name, card)
    folder = folder_of(card)
    folder.mkdir(parents=True)
    for path, data in files.items():
        (folder / path.rpartition("/")[2]).write_bytes(data)
    return folder
