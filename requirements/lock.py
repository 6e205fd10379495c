"""Turns the report of `pip install --dry-run --ignore-installed --report -` on stdin into the lines of lock.txt."""

from __future__ import annotations

import json
import sys

HEAD = """\
# Exact versions of everything that inkread's extras pull in on Linux, for Python 3.11, 3.12 and 3.13 alike.
# Written by `make lock` on Python 3.11, the oldest: every version here exists for the newer ones too.
# Names and versions only; make, CI and the Dockerfile use it as constraints.
"""


def lines(report: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    """`name==version` of each distribution in pip's report but inkread itself, names normalised and in order."""
    found = {each["metadata"]["name"].lower().replace("_", "-"): each["metadata"]["version"] for each in report["install"]}
    return [f"{name}=={version.partition('+')[0]}" for name, version in sorted(found.items()) if name != "inkread"]


if __name__ == "__main__":
    sys.stdout.write(HEAD + "\n".join(lines(json.load(sys.stdin))) + "\n")
