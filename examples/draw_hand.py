"""Draw labelled pictures of one synthetic hand to try things with: python examples/draw_hand.py FOLDER [CHARACTERS]

One folder a character, named by its code point, since `A` and `a` are one name on some systems. Drawn, not handwriting.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from inkread.datasets.drawn import Hand, draw
from inkread.picture import encode_png

EACH = 4


def main(folder: str, characters: str = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ") -> None:
    """Writes four pictures of each character, all by the same hand."""
    rng = np.random.default_rng(5)
    hand = Hand.random(rng)
    for character in characters:
        place = Path(folder, f"{ord(character):04X}")
        place.mkdir(parents=True, exist_ok=True)
        for number in range(EACH):
            (place / f"{number}.png").write_bytes(encode_png(255 - draw(character, rng, hand)))
    print(f"{EACH * len(characters)} pictures in {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
