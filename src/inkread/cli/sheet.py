"""The contact sheet of ``inkread read``: answers become cards, the run becomes its head."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from .commands import plain
from .lines import escaped, note

if TYPE_CHECKING:
    from ..reading import Answer
    from ..report import Card
    from .read import Run, Wanted
    from .truth import Verdict

THUMBNAIL = 72
"""Longest side in pixels of the pictures on the sheet."""


class Sheet:
    """A contact sheet that takes answers; opened first, so that a folder that cannot be written is told before the work."""

    def __init__(self, wanted: Wanted, path: Path) -> None:
        from ..report import ContactSheet

        self._sheet = ContactSheet(path)
        self._top = wanted.top
        self._above = f"{wanted.paths[0].rstrip('/')}/" if len(wanted.paths) == 1 else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._sheet.close()

    def add(self, answers: Sequence[Answer], verdicts: Sequence[Verdict | None]) -> None:
        """Add the cards of some answers."""
        self._sheet.add(self._card(answer, verdict) for answer, verdict in zip(answers, verdicts, strict=True))

    def write(self, run: Run, order: Sequence[int] | None) -> None:
        """Write the page; ``order``: indices of the answers as they shall stand, None as added."""
        from ..report import Fact

        tally, reader, truth = run.tally, run.reader, run.truth
        facts = [Fact("pictures", f"{tally.pictures:,}", large=True)]
        if truth and truth.scored:
            facts.append(Fact("right", f"{truth.right / truth.scored:.1%}", large=True))
        if reader.threshold:
            facts.append(Fact("unsure", f"{tally.unsure:,}", large=True))
        facts += [
            Fact(name, f"{value:,}", large=True) for name, value in (("blank", tally.blank), ("unreadable", tally.unreadable)) if value
        ]
        facts.append(Fact("answers", reader.alphabet.characters))
        facts += [Fact("reader", reader.bundle.manifest.name), Fact("engine", reader.engine)]
        if reader.threshold:
            facts.append(Fact("unsure below", f"{reader.threshold:.3g}"))
        if truth:
            facts.append(Fact(f"truth by {truth.by}", truth.told()))
        names = ", ".join(Path(path).name or path for path in run.wanted.paths[:3]) + ("…" if len(run.wanted.paths) > 3 else "")
        self._sheet.write(f"inkread · {escaped(names)}", facts, order)

    def _card(self, answer: Answer, verdict: Verdict | None) -> Card:
        from ..report import Card

        reading, path = answer.reading, escaped(answer.path.removeprefix(self._above))
        states = tuple(filter(None, ("wrong" if verdict and verdict.right is False else "", note(answer))))
        truth = verdict.truth if verdict else ""
        if reading is None:
            return Card(path, truth=truth, states=states, says=plain(answer.error.message) if answer.error else "")
        if reading.blank:
            return Card(path, answer.thumbnail, reading.prepared, truth=truth, states=states)
        shown = reading.ranking[1 : max(self._top, 3)]
        others = tuple((character, probability) for character, probability in shown if probability >= 0.01 or self._top > 1)
        return Card(path, answer.thumbnail, reading.prepared, reading.character, reading.probability, others, truth, states)
