"""Draw labelled pictures of which some have a wrong label, to try things with: python examples/plant_errors.py FILE.npz

Drawn, not handwriting.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from inkread.datasets.drawn import drawn
from inkread.preparation import Preparation

CHARACTERS = "ABEHKNT7"
EACH, WRONG = 30, 6


def main(path: str) -> None:
    """Writes the pictures and their labels, six of them moved to another character."""
    glyphs = drawn(CHARACTERS, EACH, seed=2).prepared(Preparation())
    labels = [glyphs.alphabet[at] for at in glyphs.single_labels()]
    for at in np.random.default_rng(3).choice(len(labels), WRONG, replace=False):
        labels[at] = CHARACTERS[(CHARACTERS.index(labels[at]) + 3) % len(CHARACTERS)]
    np.savez(Path(path), x=np.asarray(glyphs.pictures), label=np.array(labels))
    print(f"{len(labels)} pictures in {path}, {WRONG} of them with a wrong label")


if __name__ == "__main__":
    main(*sys.argv[1:])
