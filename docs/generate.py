"""Writes all that is generated in the docs: the reference, the examples' outputs, the tables of figures, the pictures.

python docs/generate.py            everything
python docs/generate.py reference  only one of: reference, examples, tables, pictures
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from making import DOCS, drawings, examples, keys, pages, tables
from making.reference import reference


def write_reference() -> None:
    """The pages below `docs/reference/`."""
    for path, text in reference().items():
        _renew(DOCS / "reference" / path, text)


def write_examples() -> None:
    """What the examples of every page print."""
    for page in pages():
        _renew(page, examples.renewed(page.read_text(encoding="utf-8")))


def write_tables() -> None:
    """The tables of figures and of keys of every page."""
    for page in pages():
        _renew(page, keys.renewed(tables.renewed(page.read_text(encoding="utf-8"))))


PARTS: dict[str, Callable[[], None]] = {
    "reference": write_reference,
    "examples": write_examples,
    "tables": write_tables,
    "pictures": drawings.write,
}


def _renew(page: Path, text: str) -> None:
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")
        sys.stderr.write(f"written: {page.relative_to(DOCS.parent)}\n")


def main(arguments: list[str]) -> int:
    """Exit code 0: written; 2: no such part."""
    if not set(arguments) <= set(PARTS):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    for name in arguments or PARTS:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
