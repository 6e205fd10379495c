"""One picture at the doctor's: its diagnosis as a page, as lines of text and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .commands import plain
from .lines import escaped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..reading import Diagnosis, Finding, Occlusion
    from ..report import Covered, Examined

STEPS = {
    "given": "given",
    "ink": "ink",
    "inside": "inside the border",
    "character": "character",
    "cut": "cut",
    "stroke": "stroke",
    "finished": "finished",
}
EXPLAINED = {
    "ink": "light on dark",
    "inside": "box cut away",
    "character": "lines, specks gone",
    "cut": "to the ink's edges",
    "stroke": "one pen width",
    "finished": "the network's view",
}
NOTES = {
    "inverted": "dark ink on light paper turned round",
    "ink is light": "light ink on dark taken as it is",
    "ready as it is": "EMNIST-ready, taken as it is",
    "looked at closely": "the small ink looked at again closely",
}
"""The preparation's own words for its steps and notes, and ours for people."""

TOP, BAR, FLIPS = 5, 30, 3


@dataclass(frozen=True, eq=False)
class Glyph:
    """A labelled glyph and its distance; ``index`` and ``name`` in its source."""

    label: str
    distance: float
    index: int
    name: str | None
    picture: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Patient:
    """A picture that was diagnosed, and the glyphs of ``source`` nearest to it."""

    path: str
    diagnosis: Diagnosis
    glyphs: tuple[Glyph, ...] = ()
    source: str = ""


def title_of(patient: Patient) -> str:
    """The path and the answer on one line."""
    from ..report import percent

    diagnosis, reading = patient.diagnosis, patient.diagnosis.reading
    if reading.blank:
        return f"{plain(patient.path)}: blank"
    unsure = "" if diagnosis.sure else ", unsure"
    return f"{plain(patient.path)}: {reading.character} ({percent(reading.probability)}{unsure})"


def lines_of(patient: Patient) -> list[str]:
    """What is told below the title: answers as bars, what was done, why, what is nearest, what is suspicious."""
    lines = [*_bars(patient), f"done: {done(patient)}"]
    lines += [f"why: {sentence}" for sentence in why(patient)]
    if patient.glyphs:
        lines.append("nearest: " + ", ".join(f"{glyph.label or '?'} {glyph.distance:.3f}" for glyph in patient.glyphs))
    for finding in patient.diagnosis.findings:
        lines += [f"{'suspicious' if finding.suspicious else 'noted'}: {finding.says}", f"    hint: {finding.hint}"]
    return lines


def page_of(patient: Patient) -> Examined:
    """What stands on the page."""
    from ..report import Examined, Remark

    diagnosis, reading, covered = patient.diagnosis, patient.diagnosis.reading, patient.diagnosis.occlusion
    return Examined(
        name=escaped(patient.path),
        character=reading.character,
        probability=reading.probability,
        state="blank" if reading.blank else "sure" if diagnosis.sure else "unsure",
        ranking=reading.ranking,
        steps=steps(patient),
        done=done(patient),
        seen=reading.prepared,
        falls=covered.falls if covered else None,
        why=why(patient, pictures=True),
        flips=_flips(covered) if covered else (),
        remarks=[Remark(each.says, each.hint, each.suspicious) for each in diagnosis.findings],
        neighbours=[(f"{glyph.label or '?'}\n{glyph.distance:.3f}", glyph.picture) for glyph in patient.glyphs],
        source=escaped(patient.source),
    )


def _flips(covered: Occlusion) -> list[Covered]:
    from ..report import Covered, percent

    shown = covered.flips[:FLIPS]
    return [Covered(each.row, each.column, covered.patch, f"{each.character} {percent(each.probability)}") for each in shown]


def facts_of(patient: Patient, page: Path | None) -> dict[str, object]:
    """Everything as plain values for JSON; the keys stand in the command's help."""
    diagnosis, covered = patient.diagnosis, patient.diagnosis.occlusion
    facts: dict[str, object] = {"path": patient.path, "error": None, "page": str(page) if page else None}
    facts |= diagnosis.reading.as_dict(top=10) | {"sure": diagnosis.sure}
    facts["steps"] = [{"name": step.name, "width": step.picture.shape[1], "height": step.picture.shape[0]} for step in diagnosis.steps]
    facts["findings"] = [finding_facts(each) for each in diagnosis.findings]
    facts["occlusion"] = covered and {
        "patch": covered.patch,
        "falls": covered.falls.round(4).tolist(),
        "least": covered.least,
        "flips": [{"place": each.place, "character": each.character, "probability": each.probability} for each in covered.flips],
    }
    facts["nearest"] = [
        {"label": each.label, "distance": round(each.distance, 6), "index": each.index, "name": each.name} for each in patient.glyphs
    ]
    return facts


def finding_facts(finding: Finding) -> dict[str, object]:
    """One finding as plain values for JSON."""
    return {"code": finding.code, "says": finding.says, "hint": finding.hint, "suspicious": finding.suspicious}


def steps(patient: Patient) -> list[tuple[str, NDArray[np.uint8]]]:
    """The steps with their captions: the name, and on a second line what it means."""
    found = []
    for step in patient.diagnosis.steps:
        height, width = step.picture.shape[:2]
        below = f"{width} x {height} pixels" if step.name == "given" else EXPLAINED.get(step.name, "")
        found.append((f"{STEPS.get(step.name, step.name)}\n{below}", step.picture))
    return found


def done(patient: Patient) -> str:
    """What was done to the picture, in words."""
    notes = [NOTES.get(note, note) for note in patient.diagnosis.reading.notes]
    return "; ".join(plain(note) for note in dict.fromkeys(notes))


def why(patient: Patient, pictures: bool = False) -> list[str]:
    """What becomes of the answer where a part of the ink is covered, in a sentence; ``pictures``: they follow it."""
    from ..report import percent

    covered, character = patient.diagnosis.occlusion, patient.diagnosis.reading.character
    if covered is None:
        return []
    patch = f"a patch of {covered.patch}x{covered.patch} pixels"
    if not covered.flips:
        return [f"wherever {patch} covers the ink it stays `{character}`: {percent(covered.least)} at least"]
    if pictures:
        return [f"where {patch} covers the ink, it would be read as:"]
    flips = [f"`{each.character}` ({each.place}, {percent(each.probability)})" for each in covered.flips[:FLIPS]]
    return [f"where {patch} covers the ink, it would be read as {', '.join(flips)}"]


def _bars(patient: Patient) -> list[str]:
    from ..report import percent

    ranking = patient.diagnosis.reading.ranking[:TOP]
    return [f"  {character} {'█' * max(1, round(BAR * share)):<{BAR}} {percent(share):>8}" for character, share in ranking]
