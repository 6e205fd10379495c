"""What was done to a picture, what is suspicious about it, and why it is read so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..picture import Occlusion, Step, Survey, as_picture, occlusion, prepare, survey
from .orientation import VIEWS, better_view, common_view, familiarity, least_familiar, views
from .reader import Reader
from .reading import Reading
from .suspicions import UNSURE, Finding, percent, suspicions


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Everything that there is to say about one picture.

    ``reading``: the answer. ``sure``: whether it reaches the reader's threshold, or :data:`UNSURE` where that has none.
    ``steps``: the pictures of its preparation. ``survey``: what was measured on it.
    ``findings``: what is worth telling, suspicious things first. ``occlusion``: what becomes of the answer where a part is
    covered; ``None`` for a blank picture and where not asked for. ``familiar``: float64 (8,), how much each of the eight views looks like a
    character (see :func:`inkread.reading.orientation.familiarity`), or ``None``.
    """

    reading: Reading
    sure: bool
    steps: tuple[Step, ...]
    survey: Survey
    findings: tuple[Finding, ...]
    occlusion: Occlusion | None = None
    familiar: NDArray[np.float64] | None = field(default=None, repr=False)

    @property
    def suspicious(self) -> bool:
        """Whether anything is suspicious."""
        return any(finding.suspicious for finding in self.findings)


def diagnose(picture: object, reader: Reader, *, occluded: bool = True) -> Diagnosis:
    """The diagnosis of one picture: a path, bytes of a file, a Pillow image or an array; :class:`PictureError`.

    ``occluded``: with the occlusion map, which takes some hundred times as long as the reading.
    """
    prepared = prepare(as_picture(picture), reader.preparation, explain=True)
    reading = reader.readings([prepared])[0]
    measured = survey(prepared)
    sure = reading.probability >= (reader.threshold or UNSURE)
    findings = suspicions(reading, measured, sure, _beyond(reading, reader))
    if reading.blank:
        return Diagnosis(reading, False, prepared.steps, measured, findings)
    familiar = familiarity(prepared.picture[None], reader)
    if familiar is not None:
        findings = (*_unlike(prepared.picture, familiar[0], findings, reader), *findings)
    covered = occlusion(prepared.picture, reading.character, reader.alphabet.characters, reader.probabilities) if occluded else None
    return Diagnosis(reading, sure, prepared.steps, measured, findings, covered, None if familiar is None else familiar[0])


def turned_together(diagnoses: Sequence[Diagnosis]) -> Finding | None:
    """Whether several pictures together look more like characters in another orientation."""
    familiar = [each.familiar for each in diagnoses if each.familiar is not None]
    view = common_view(np.array(familiar)) if familiar else 0
    if not view:
        return None
    says = f"{VIEWS[view].says}, these {len(familiar)} pictures together look more like characters"
    return Finding("turned", says, "EMNIST's own files are stored transposed; turn the pictures before reading")


def _unlike(seen: NDArray[np.uint8], familiar: NDArray[np.float64], findings: tuple[Finding, ...], reader: Reader) -> tuple[Finding, ...]:
    """What is suspicious about the whole look of a picture: it would be a character if it were turned, or it is like none."""
    view = better_view(familiar)
    if view and not any(finding.code == "outside" for finding in findings):
        probabilities = reader.probabilities(views(seen[None])[:, view])[0]
        best = int(probabilities.argmax())
        says = f"{VIEWS[view].says} it looks more like a character: `{reader.alphabet[best]}` {percent(float(probabilities[best]))}"
        return (Finding("turned", says, "turn the picture before reading, if that is how it was written"),)
    if familiar[0] < least_familiar(reader):
        says = "it looks less like a character than 99 of 100 pictures that this reader was measured with"
        return (Finding("strange", says, "look at the steps: was something else left in, or a part of the character lost?"),)
    return ()


def _beyond(reading: Reading, reader: Reader) -> tuple[str, float] | None:
    """The most probable answer beyond the alphabet in use and its probability, where much lies there."""
    if reading.outside < 0.5:
        return None
    probabilities = reader.unrestricted(reading.prepared[None])[0]
    answers = reader.bundle.manifest.answers
    beyond = [at for at, answer in enumerate(answers) if reader.alphabet.find(answer) is None]
    best = max(beyond, key=lambda at: float(probabilities[at]), default=None)
    return None if best is None else (answers[best], float(probabilities[best]))
