"""A whole assignment: its studies one after another, the best networks looked at closely, one joint report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...errors import UsageError
from ..commands import DONE, SOMETHING_TO_TELL, plain
from ..evaluate import Wanted, reported
from ..lines import written
from ..output import say
from ..tested import OWN, meant, scored
from .work import done

if TYPE_CHECKING:
    from ...report import Section
    from ...study import Answer, Asked, Assignment, Chosen, Part, Study, Where
    from ...training import Run

FINAL = "final"
"""The folder, beside those of the studies, of the runs that are trained on everything, and of their reports."""
TASTE = {"smoke": (520, 260, 1)}
"""Of budgets under which even the last training is short: pictures to train on, to validate on, epochs."""
FIGURES = ("confusion", "pairs")


@dataclass
class Doing:
    """An assignment being done. ``out``: its own folder. ``place``: makes who computes, anew for each study."""

    assignment: Assignment
    asked: Asked
    out: Path
    place: Callable[[], Where]
    letter: str
    answers: dict[str, Answer] = field(default_factory=dict)

    def run(self, *, as_json: bool) -> int:
        """Does the parts in order and writes the joint report; the exit code."""
        from ...study import about, joint, write_document

        self._announce()
        parts: list[tuple[str, Section]] = []
        told: list[dict[str, Any]] = []
        for part in self.assignment.parts:
            click.echo(f"{plain(part.heading)}:", err=True)
            section, facts = self._studied(part) if part.study else self._looked_at(part)
            parts.append((part.heading, section))
            told.append({"heading": part.heading, **facts})
        about_it = about(self.asked, self.out)
        write_document(joint(self.assignment, parts, about_it), self.out)
        failed = any(answer.failed for answer in self.answers.values())
        if as_json:
            say(written({"assignment": self.assignment.name, "folder": str(self.out), "parts": told}, indent=2))
        else:
            say("\n".join(_lines(told)))
        click.echo(f"written {plain(os.path.join(self.out, ''))}: report.html, report.md", err=True)
        return SOMETHING_TO_TELL if failed else DONE

    def _announce(self) -> None:
        """How long it takes by the budgets of its studies; each study tells its own time once it can be measured."""
        from ...study import duration, load

        minutes = sum(load(part.study).budget(self.asked.budget).minutes for part in self.assignment.parts if part.study)
        number = sum(bool(part.study) for part in self.assignment.parts)
        click.echo(
            f"{self.assignment.name}: {number} studies, about {duration(60 * minutes)} on two cores, and the last trainings", err=True
        )

    def _studied(self, part: Part) -> tuple[Section, dict[str, Any]]:
        from ...study import about, answer, begin, load, study_section, write_report

        asked = replace(self.asked, study=part.study, recipe=part.recipe, data="", named=self._named(load(part.study)))
        plan, folder = begin(asked, self.out, part.name)
        done(plan, folder, self.place())
        found = self.answers[part.name] = answer(plan, folder)
        write_report(found, folder)
        facts = {"study": part.name, "best": found.comparison.best, "findings": [each.sentence for each in found.findings]}
        return study_section(found, about(asked, folder.path)), facts

    def _named(self, study: Study) -> dict[str, str]:
        """The user's sources by the names that this study calls them: the one without a name is that of the whole assignment."""
        given = {**({self.assignment.data: self.asked.data} if self.asked.data else {}), **self.asked.named}
        known = {study.data, *(level.data for each in study.factors for level in each.levels)}
        return {name: source for name, source in given.items() if name in known}

    def _looked_at(self, part: Part) -> tuple[Section, dict[str, Any]]:
        """The best network of some studies, trained on everything and scored once."""
        from ...study import chosen_section

        found = self._chosen(part)
        facts = {"study": found.study, "setting": found.setting, "validation": found.validation, "page": found.page}
        facts["test"] = {key: found.facts[key] for key in ("accuracy", "interval", "n")} if found.facts else None
        return chosen_section(found), facts

    def _chosen(self, part: Part) -> Chosen:
        from ...runs import curves
        from ...study import Chosen

        name, best = self._best(part.best_of)
        run = self._trained(name)
        place = self.out / FINAL / f"{name}-report"
        facts = self._evaluated(run, place)
        figures = {each: file.read_bytes() for each in FIGURES if (file := place / f"{each}.png").is_file()}
        page = os.path.relpath(place / "report.html", self.out)
        return Chosen(name, best.setting, best.mean, facts, {**figures, "curves": curves(run.folder).png}, page)

    def _best(self, studies: tuple[str, ...]) -> tuple[str, Any]:
        """The study whose best setting is the best of all, and that setting."""
        found = []
        for name in studies:
            comparison = self.answers[name].comparison
            if comparison.best:
                found.append((name, comparison.result(comparison.best)))
        if not found:
            raise UsageError(
                f"nothing has finished in: {', '.join(studies)}", "see what failed in their reports, then give the same command"
            )
        return max(found, key=lambda both: float(both[1].mean))

    def _trained(self, study: str) -> Run:
        """The run of a study's best recipe on everything: there already, gone on with, or new."""
        from ...recipes import load
        from ...training import Circumstances, given, limited, run_in

        data = self.asked.data or self.asked.named.get(self.assignment.data, self.assignment.data)
        recipe, pools = given(load(self.out / study / "best.toml"), data)
        if self.asked.budget in TASTE:
            pictures, held, epochs = TASTE[self.asked.budget]
            recipe = recipe.changed({"training.epochs": epochs})
            pools = limited(pools, recipe, pictures, held)
        return run_in(self.out / FINAL / study, recipe, pools, Circumstances(device=self.asked.device, progress=True))

    def _evaluated(self, run: Run, place: Path) -> dict[str, Any]:
        """The evaluation on the test part as JSON has it; as it was where it was made before, for a test is read once. Empty where
        the data bring none."""
        try:
            source = "+".join(map(str, meant(run, OWN)))
        except UsageError:
            return {}
        scored(run, OWN, f"study {self.assignment.name}: test accuracy by epoch, after all was chosen")
        file = place / "report.json"
        known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        if not known or (known["letter"] or {"asked": {"given": ""}})["asked"]["given"] != self.letter:
            wanted = Wanted(str(run.folder), source, letter=self.letter, alphabet=self.assignment.alphabet or None, report=place)
            known = reported(wanted).as_dict()
        return known


def _lines(told: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for part in told:
        lines += ["", part["heading"]] if lines else [part["heading"]]
        if "findings" in part:
            lines += [f"- {plain(each)}" for each in part["findings"]]
            continue
        came = f"{part['test']['accuracy']:.2%} of {part['test']['n']:,} test pictures" if part["test"] else "the data bring no test part"
        lines.append(f"- the best of {part['study']}, {plain(part['setting'])}, trained on everything: {came}")
    return lines
