"""What is suspicious about a picture and its answer: one sentence each, with a way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..alphabet import LOOK_ALIKES
from ..picture import Survey
from .reading import Reading

UNSURE = 0.8
"""Probability below which an answer is unsure, where the reader has no threshold of its own."""

FAINT, SMALL, LARGE_LOSS, WIDE = 40.0, 12.0, 0.25, 1.9
"""Grey levels of contrast, pixels of the character and share of removed ink that are worth a word; width over height of
one character at most. Of 400 pictures of photo-62 and 400 of cards-15, fewer than 2 % each lie beyond (sizes: 6 %)."""

EVEN = (0.32, 0.68)
"""Dark share of a picture between which ink and paper cannot be told by area; none of those 800 lies there."""

NOTED = (
    ("border removed", "border", "a printed border was found and removed", "where there is none, long strokes were taken for it"),
    ("ruled lines", "rules", "ruled lines were found and removed", "level strokes of the character may have gone with them"),
    ("upright lines", "rules", "upright lines were found and removed", "upright strokes of the character may have gone with them"),
    ("light evened out", "light", "the light is uneven and was evened out", "light the paper evenly: a shadow can look like a stroke"),
)
"""The words of a note of the preparation, and what is told because of it: code, sentence, hint."""


@dataclass(frozen=True)
class Finding:
    """One thing worth telling.

    ``code``: a stable name: ``blank``, ``turned``, ``strange``, ``several``, ``outside``, ``look_alikes``, ``unsure`` (these are
    always suspicious); ``polarity``, ``faint``, ``small``, ``edge``, ``removed``, ``border``, ``rules``, ``light`` (only
    where the answer is not sure: else they are told and no more). ``says``: a sentence. ``hint``: the way out.
    """

    code: str
    says: str
    hint: str
    suspicious: bool = True


def percent(share: float) -> str:
    """A share 0..1 in whole percent; never 100 % or 0 % for what is not certain."""
    return "> 99 %" if 0.995 <= share < 1 else "< 1 %" if 0 < share < 0.005 else f"{100 * share:.0f} %"


def suspicions(reading: Reading, survey: Survey, sure: bool, beyond: tuple[str, float] | None = None) -> tuple[Finding, ...]:
    """What the reading and the survey of one picture give to think of; the suspicious ones first.

    ``sure``: whether the answer is. ``beyond``: the most probable answer outside the alphabet in use and its probability.
    """
    if reading.blank:
        return (_blank(reading, survey),)
    found = [*_of_answer(reading, sure, beyond), *_several(survey)]
    suspicious = not sure or bool(found)
    found += [Finding(*each, suspicious) for each in (*_of_survey(reading, survey), *_of_notes(reading))]
    return tuple(sorted(found, key=lambda finding: not finding.suspicious))


def _blank(reading: Reading, survey: Survey) -> Finding:
    if any("border" in note for note in reading.notes):
        return Finding(
            "blank", "nothing is written inside the printed box", "the field was left empty, or its ink is as faint as the paper"
        )
    says = f"no ink was found: light and dark parts of the picture differ by {survey.contrast:.0f} of 255 grey levels"
    return Finding("blank", says, "write darker or scan with more contrast; a blank picture is told as blank, never guessed")


def _of_answer(reading: Reading, sure: bool, beyond: tuple[str, float] | None) -> Iterator[Finding]:
    (first, probability), *others = reading.ranking
    if reading.outside > 0.5 and beyond:
        says = f"{percent(reading.outside)} of the probability lies outside the alphabet: on `{beyond[0]}` {percent(beyond[1])}"
        yield Finding("outside", says, "let more characters be answered: --alphabet")
    if sure:
        return
    alike = next((group for group in LOOK_ALIKES if first in group), first)
    twins = [(character, share) for character, share in others if character in alike and share >= 0.02]
    if twins and probability + sum(share for _, share in twins) >= max(UNSURE, probability + 0.1):
        names = ", ".join(f"`{character}` {percent(share)}" for character, share in twins)
        says = f"the shape alone cannot tell `{first}` {percent(probability)} from {names}"
        hint = "say what is possible with --alphabet"
        if all(character.swapcase() == first for character, _ in twins):
            hint = f"join both cases with --case fold, or {hint}"
        yield Finding("look_alikes", says, hint)
        return
    runner_up = f", then `{others[0][0]}` {percent(others[0][1])}" if others else ""
    says = f"the answer is unsure: `{first}` {percent(probability)}{runner_up}"
    yield Finding("unsure", says, "look at the steps for what went wrong; fewer possible answers help: --alphabet")


def _several(survey: Survey) -> Iterator[Finding]:
    hint = "cut it so that each picture holds one character"
    if survey.abreast > 1:
        yield Finding("several", f"more than one character: {survey.abreast} pieces of a character's size stand side by side", hint)
    elif survey.proportion > WIDE:
        says = f"perhaps more than one character: the ink is {survey.proportion:.1f} times as wide as it is high"
        yield Finding("several", says, hint)


def _of_survey(reading: Reading, survey: Survey) -> Iterator[tuple[str, str, str]]:
    if EVEN[0] < survey.dark < EVEN[1]:
        taken = "dark" if "inverted" in reading.notes else "light"
        says = (
            f"ink and paper are hard to tell apart: {percent(survey.dark)} of the picture is dark, and the {taken} part was taken for ink"
        )
        yield "polarity", says, "leave more paper around the character, and light it evenly"
    if survey.contrast < FAINT:
        says = f"the contrast is low: ink and paper differ by {survey.contrast:.0f} of 255 grey levels"
        yield "faint", says, "write darker, or scan with more contrast"
    if survey.size < SMALL:
        says = f"the character is small: {survey.size:.0f} pixels long in the picture as given"
        yield "small", says, "scan or photograph it larger: 20 pixels and more tell the details"
    if len(survey.edges) > 2:
        yield "edge", "the ink touches the edge nearly all around: there is no paper left to judge by", "cut the picture with a margin"
    elif survey.edges:
        says = f"the ink runs into the {' and the '.join(survey.edges)} edge: part of the character may be missing"
        yield "edge", says, "cut the picture with a margin around the character"
    if survey.removed > LARGE_LOSS:
        says = f"{percent(survey.removed)} of the ink was taken for lines, specks or neighbours and left out"
        yield "removed", says, "look whether a part of the character went with it"


def _of_notes(reading: Reading) -> Iterator[tuple[str, str, str]]:
    for words, code, says, hint in NOTED:
        note = next((note for note in reading.notes if words in note), None)
        if note is not None:
            yield code, f"{says} {note[note.index('(') :]}" if "(" in note else says, hint
