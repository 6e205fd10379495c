"""Read the 17 boxes of a vehicle identification number together: python examples/read_vin.py FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

from inkread import Reader
from inkread.picture import PICTURE_SUFFIXES
from inkread.reading import read_boxes


def main(folder: str) -> None:
    """Prints the number, how probable it is, and which boxes were corrected (from 1)."""
    reader = Reader(alphabet="vin")
    paths = sorted(each for each in Path(folder).iterdir() if each.suffix.lower() in PICTURE_SUFFIXES)
    reading = read_boxes([reader.prepare(each) for each in paths], reader)
    alone = "".join(reader.read(each).character for each in paths)
    print(f"together: {reading.text} ({reading.probability:.3f}, check digit {reading.check_digit})")
    print(f"alone:    {alone}")
    print(f"corrected boxes: {', '.join(map(str, reading.corrected)) or 'none'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
