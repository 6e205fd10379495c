"""Draws digits by program and writes them as pictures in folders, a train and a test part: data to try a training on.

python examples/drawn_digits.py digits
"""

import sys
from pathlib import Path

from inkread.datasets.drawn import drawn
from inkread.picture import encode_png


def write(where: Path, part: str, each: int, seed: int) -> None:
    """``each`` pictures of every digit as ``where/part/DIGIT/NUMBER.png``."""
    glyphs = drawn("0123456789", each, seed)
    for at, (picture, label) in enumerate(zip(glyphs.pictures, glyphs.single_labels(), strict=True)):
        file = where / part / glyphs.alphabet[label] / f"{at:04d}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode_png(picture))


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "digits")
    write(folder, "train", 60, seed=1)
    write(folder, "test", 20, seed=2)
