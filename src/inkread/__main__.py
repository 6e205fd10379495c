"""``python -m inkread``: the same as the command ``inkread``."""

from __future__ import annotations

from .cli import main

if __name__ == "__main__":
    main(prog_name="inkread")
