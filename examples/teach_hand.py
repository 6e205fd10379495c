"""Teach a reader one hand from labelled pictures: python examples/teach_hand.py FOLDER BUNDLE.onnx"""

from __future__ import annotations

import sys

from inkread import Reader
from inkread.bundle import save
from inkread.formats import labels_of
from inkread.reading import find, teach


def main(folder: str, file: str) -> int:
    """Writes the taught bundle; prints what was right before and after, each picture read without having taught."""
    paths = [source.path for source in find([folder], recursive=True).sources]
    told = labels_of(paths)
    if told is None:
        print(f"no characters told by folders or names: {folder}", file=sys.stderr)
        return 2
    taught = teach(None, paths, told[0])
    save(file, taught.bundle)
    print(f"before: {taught.before.right} of {taught.before.pictures}")
    if taught.after:
        print(f"after:  {taught.after.right} of {taught.after.pictures}")
    print(f"{paths[-1]} is read as {Reader(file).read(paths[-1]).character}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
