"""Several studies and what became of their best networks as one report, in the order of an assignment's questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..report import Document, Fact, Figure, Items, Paragraph, Section, Strong, Table
from .answer import Answer
from .assignment import Assignment
from .page import About, sections
from .wording import interval, share

PAIRS = 10
"""Pairs of characters most often confused that are told."""
EXTREMES = 5
"""Best and worst characters that are told."""


@dataclass(frozen=True)
class Chosen:
    """The best network of some studies, trained on everything and scored once on the test part.

    ``study``, ``setting``: where it comes from. ``validation``: its accuracy there. ``facts``: the evaluation as JSON has it;
    empty where the data bring no test part. ``figures``: PNGs by name. ``page``: the evaluation's own report, seen from here.
    """

    study: str
    setting: str
    validation: float
    facts: Mapping[str, Any]
    figures: Mapping[str, bytes]
    page: str


def joint(assignment: Assignment, parts: Sequence[tuple[str, Section]], about: About) -> Document:
    """The report of a whole assignment: a section a question, in order."""
    facts = (Fact("machine", about.machine), Fact("made", about.made))
    told = tuple(replace(section, heading=heading) for heading, section in parts)
    return Document(assignment.name, assignment.question, told, facts, f"inkread {about.version}, {assignment.name}, {about.made}")


def study_section(answer: Answer, about: About) -> Section:
    """A study as a part of a joint report: its question, then all that its own report has."""
    named = tuple(_prefixed(each, answer.plan.study.name) for each in sections(answer, about))
    return Section(answer.plan.study.name, (Paragraph(answer.plan.study.question, "lead"),), named)


def chosen_section(of: Chosen) -> Section:
    """The best network looked at closely: how good, how evenly, what it confuses and why, and one letter where one was asked for."""
    begun = Paragraph(
        f"The best of {of.study} by the held-back pictures is {of.setting} ({share(of.validation)} there). It was trained on "
        "everything, and scored once on the test part after all was chosen."
    )
    if not of.facts:
        return Section("", (begun, Paragraph("The data bring no test part: nothing more can be said of it.", "warn")))
    parts = [_result(of), _evenness(of.facts), _pairs(of)]
    parts += [_letter(of.facts["letter"])] if of.facts.get("letter") else []
    return Section("", (begun,), tuple(parts))


def _result(of: Chosen) -> Section:
    facts = of.facts
    low, high = facts["interval"]
    blocks: list[Any] = [
        Paragraph(
            (Strong(f"Accuracy {interval(facts['accuracy'], low, high)}"), f" on {facts['n']:,.0f} test pictures, never seen before.")
        )
    ]
    blocks += [
        _figure(of, name, caption) for name, caption in (("curves", "Loss and accuracy by epoch."), ("confusion", "What is told for what."))
    ]
    return Section("Result", tuple(each for each in blocks if each is not None))


def _evenness(facts: Mapping[str, Any]) -> Section:
    characters = sorted((each for each in facts["characters"] if each["count"]), key=lambda each: -each["accuracy"])
    rows = [
        (each["character"], interval(each["accuracy"], each["low"], each["high"]), _known(each["precision"]), f"{each['count']:,.0f}")
        for each in characters
    ]
    header = ("character", "recall, 95 %", "precision", "pictures")
    best = Table(header, tuple(rows[:EXTREMES]), caption="Read best.")
    worst = Table(header, tuple(rows[: -EXTREMES - 1 : -1]), caption="Read worst.")
    spread = facts["evenness"]
    told = f"Recall runs from {share(characters[-1]['accuracy'])} to {share(characters[0]['accuracy'])}"
    by_chance = spread["range_by_chance"]["mean"]
    told += f"; of characters that are all read alike chance alone would make a range of {100 * by_chance:.1f} points."
    return Section("How evenly it learnt", (Paragraph(told), best, worst))


def _pairs(of: Chosen) -> Section:
    told = of.facts["pairs"][:PAIRS]
    items = tuple((Strong(f"{each['first']} and {each['second']}: "), " ".join(each["explanation"])) for each in told)
    figure = _figure(of, "pairs", "Misread pictures of these pairs.")
    blocks = (Items(items, numbered=True), *((figure,) if figure else ())) if items else (Paragraph("No pair is confused."),)
    return Section("The pairs most often confused", blocks)


def _letter(facts: Mapping[str, Any]) -> Section:
    asked, accuracy = facts["asked"], facts["accuracy"]
    taken = ", ".join(f"{each['character']} ({each['count']:,.0f})" for each in facts["taken_for"][:EXTREMES]) or "nothing else"
    right = interval(accuracy["value"], accuracy["low"], accuracy["high"])
    told = f"It is read right in {right} of its {accuracy['count']:,.0f} pictures, and taken for {taken}."
    return Section(f"The letter {asked['character']}", (Paragraph(asked["says"]), Paragraph(told)))


def _known(value: float | None) -> str:
    return "-" if value is None else share(value)


def _figure(of: Chosen, name: str, caption: str) -> Figure | None:
    drawing = of.figures.get(name)
    return None if drawing is None else Figure(f"{of.study}-{name}", drawing, caption, caption)


def _prefixed(section: Section, prefix: str) -> Section:
    """The section with the names of its figures made its own."""
    blocks = tuple(replace(each, name=f"{prefix}-{each.name}") if isinstance(each, Figure) else each for each in section.blocks)
    return replace(section, blocks=blocks, sections=tuple(_prefixed(each, prefix) for each in section.sections))
