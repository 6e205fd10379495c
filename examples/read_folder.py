"""Read every picture in a folder, as `inkread read` does: python examples/read_folder.py FOLDER

One bad file does not stop the rest; answers come in path order while others are still being read.
"""

from __future__ import annotations

import sys

from inkread import InkreadError, Reader
from inkread.reading import find, read_files


def main(folder: str) -> int:
    """Prints path and answer; 1 where a picture could not be read, 2 where nothing could be done."""
    try:
        sources = find([folder]).sources
        reader = Reader(alphabet="alnum36", reject_below=0.8).expecting(len(sources))
    except InkreadError as error:
        print(f"{error} {error.hint}", file=sys.stderr)
        return 2
    failed = 0
    for answer in read_files(sources, reader, threads=2):
        if answer.reading is None:
            failed = 1
            print(f"{answer.path}: {answer.error}", file=sys.stderr)
        else:
            doubt = "" if answer.reading.sure or answer.reading.blank else "?"
            print(f"{answer.path}: {answer.reading.character or 'blank'}{doubt}")
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
