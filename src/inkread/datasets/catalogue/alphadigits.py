"""Binary AlphaDigits."""

from __future__ import annotations

from ...alphabet import CAPITALS, DIGITS
from ..cards import Card, File

ALPHADIGITS = Card(
    name="alphadigits",
    title="Binary AlphaDigits",
    files=(
        File(
            "binaryalphadigs.mat",
            ("https://cs.nyu.edu/~roweis/data/binaryalphadigs.mat",),
            "3ee9392e64e4e3bb7b35502b69bf2555a0b4197c1b31048c4189b84bc0bc6ea7",
            532304,
        ),
    ),
    classes=tuple(DIGITS + CAPITALS),
    orientation="upright",
    pictures={"": 1404},
    counts={"": (39,) * 36},
    opens={"": "binaryalphadigs.mat"},
    licence="none stated: for evaluation and studies",
    citation="Binary Alphadigits, S. Roweis' collection, New York University",
    why="a small set in another rendering: what a network learnt elsewhere is worth there (transfer)",
    page="https://cs.nyu.edu/~roweis/data.html",
    facts={
        "files": "tensorflow/datasets, url_checksums/binary_alpha_digits.txt; size and sha256 are also those of a copy that was opened",
        "counts": "39 of each class: tensorflow/datasets, image_classification/binary_alpha_digits.py, and counted in that copy",
    },
)
