"""What names or folders say that the pictures show, and how the answers do against it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .commands import plain

if TYPE_CHECKING:
    from ..alphabet import Alphabet
    from ..reading import Answer

TRUTHS = ("name", "folder")


def trained_on(paths: Iterable[str], data: Iterable[str]) -> tuple[str, ...]:
    """Those of the paths whose very bytes trained a reader, files or whole folders: a score on them measures nothing.

    A path counts too where one of the files that it is read from did, such as a zip that lies in a folder.
    ``data``: SHA-256 of what trained it, several joined by `+` (a bundle's ``manifest.data`` has them by source).
    """
    known = {digest for of_source in data for digest in of_source.split("+")}
    return tuple(path for path in paths if known and os.path.exists(path) and known & set(_digests(Path(path))))


def _digests(path: Path) -> Iterator[str]:
    """Those under which the path may stand on record: its own, and its files'."""
    from ..datasets import file_digest, path_digest
    from ..formats import files_of

    if path.is_file() or any(path.iterdir()):
        yield path_digest(path)
    yield from map(file_digest, filter(Path.is_file, files_of(path)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """``truth``: the character that the path tells, empty where it tells none. ``right``: whether the answer is that
    character in the alphabet in use; None where it cannot be said (no truth, outside the alphabet, unreadable).
    """

    truth: str
    right: bool | None


@dataclass
class Truth:
    """Judges answers by what their path tells (``by`` "name" or "folder") and keeps count.

    Right means: the answer stands for the truth in ``alphabet``, its case policy included. A blank answer is wrong.
    ``unknown``: paths that tell nothing; ``outside``: truths that the alphabet leaves out; both are not scored.
    ``trained_on``: files that the reader was trained on; the score says so.
    """

    by: str
    alphabet: Alphabet
    trained_on: tuple[str, ...] = ()
    right: int = 0
    scored: int = 0
    right_sure: int = 0
    scored_sure: int = 0
    unknown: int = 0
    outside: int = 0
    left_out: set[str] = field(default_factory=set)

    def judge(self, answer: Answer) -> Verdict:
        """The verdict on one answer, counted."""
        from ..formats import character_of

        path = answer.path if "/" in answer.path else f"{os.getcwd()}/{answer.path}"
        truth = character_of(path, self.by) or ""
        if not truth:
            self.unknown += 1
            return Verdict("", None)
        index = self.alphabet.find(truth)
        if index is None:
            self.outside += 1
            self.left_out.add(truth)
            return Verdict(truth, None)
        if answer.reading is None:
            return Verdict(truth, None)
        right = answer.reading.character == self.alphabet[index]
        self.scored += 1
        self.right += right
        if answer.reading.sure:
            self.scored_sure += 1
            self.right_sure += right
        return Verdict(truth, right)

    def facts(self) -> dict[str, object]:
        """The score as plain values for JSON; shares are 0..1, ``low`` and ``high`` the 95 % interval."""
        facts: dict[str, object] = {"by": self.by, "scored": self.scored, "right": self.right}
        if self.scored:
            low, high = self._interval()
            facts |= {"accuracy": self.right / self.scored, "low": low, "high": high}
        if 0 < self.scored_sure < self.scored:
            facts |= {"sure": self.scored_sure, "accuracy_sure": self.right_sure / self.scored_sure}
        return facts | {"unknown": self.unknown, "outside_alphabet": self.outside, "trained_on": list(self.trained_on)}

    def told(self) -> str:
        """The score as one line for people."""
        if not self.scored:
            return f"truth by {self.by}: no picture could be scored{self._rest()}"
        low, high = self._interval()
        line = f"right: {self.right:,} of {self.scored:,}, {self.right / self.scored:.2%} (95 % interval {low:.2%} to {high:.2%})"
        if 0 < self.scored_sure < self.scored:
            line += f"; of the {self.scored_sure:,} sure ones {self.right_sure / self.scored_sure:.2%}"
        line += self._rest()
        if self.trained_on:
            files = ", ".join(map(plain, self.trained_on))
            line += f"\nnote: the reader was trained on {files}; how it reads a stranger's hand is in its card"
        return line

    def _interval(self) -> tuple[float, float]:
        from ..evaluation import wilson

        return wilson(self.right, self.scored)

    def _rest(self) -> str:
        parts = []
        if self.outside:
            shown = "".join(sorted(self.left_out)[:20])
            parts.append(f"{self.outside:,} outside the alphabet ({shown}{'…' if len(self.left_out) > 20 else ''})")
        if self.unknown:
            parts.append(f"{self.unknown:,} whose {self.by} tells no character")
        return "; not scored: " + ", ".join(parts) if parts else ""
