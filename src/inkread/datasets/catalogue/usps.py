"""USPS, the digits of envelopes."""

from __future__ import annotations

from ...alphabet import DIGITS
from ..cards import Card, File

_FOLDER = "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/"

USPS = Card(
    name="usps",
    title="USPS digits from envelopes, 16x16",
    files=(
        File("usps.bz2", (_FOLDER + "usps.bz2",), "3771e9dd6ba685185f89867b6e249233dd74652389f263963b3b741e994b034f"),
        File("usps.t.bz2", (_FOLDER + "usps.t.bz2",), "a9c0164e797d60142a50604917f0baa604f326e9a689698763793fa5d12ffc4e"),
    ),
    classes=tuple(DIGITS),
    orientation="upright",
    pictures={"train": 7291, "test": 2007},
    counts={
        "train": (1194, 1005, 731, 658, 652, 556, 664, 645, 542, 644),
        "test": (359, 264, 198, 166, 200, 160, 170, 147, 166, 177),
    },
    opens={"train": "usps.bz2", "test": "usps.t.bz2"},
    licence="none stated: for evaluation and studies",
    citation='J. J. Hull, "A database for handwritten text recognition research", IEEE Trans. PAMI 16 (1994) 550-554',
    why="digits of other people with another scanner: whether a network reads more than the set that it learnt",
    page="https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps",
    facts={
        "files": "addresses: pytorch/vision, datasets/usps.py; sha256: pytorch/vision, prototype/datasets/_builtin/usps.py",
        "counts": "zip.info.txt of the same set beside Hastie, Tibshirani, Friedman, The Elements of Statistical Learning",
    },
)
