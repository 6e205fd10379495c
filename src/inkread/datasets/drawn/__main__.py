"""``python -m inkread.datasets.drawn FOLDER`` writes the samples into a folder (those of the repository: ``samples``)."""

from __future__ import annotations

import sys
from pathlib import Path

from ...errors import InkreadError


def main(arguments: list[str]) -> int:
    """Exit code 0: written; 2: not, and why on standard error."""
    from .samples import write

    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        written = write(Path(arguments[0]))
    except (InkreadError, OSError) as error:
        hint = getattr(error, "hint", "")
        sys.stderr.write(f"error: {error}\n" + (f"\nhint: {hint}\n" if hint else ""))
        return 2
    sys.stderr.write(f"{len(written)} files, {sum(path.stat().st_size for path in written):,} bytes in {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
