"""A study as a document that one can hand in: the question, the method, what was found, the numbers, the limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..report import Code, Document, Fact, Items, Listing, Paragraph, Section, Table, Text
from .answer import Answer
from .brought import brought
from .charts import figures
from .comparison import Comparison, Result
from .factors import Factor, Level, called
from .findings import findings
from .folder import STUDY
from .row import Row
from .wording import duration, interval, share, signed

DESIGN_SAYS = {
    "one-at-a-time": "Each factor is varied alone; all others stay as the base has them. What two factors do together is not asked.",
    "questions": "Several questions are asked of one set of trials; each varies one factor, all others being what the question says or the "
    "base.",
    "grid": "Every level of each factor is combined with every level of the others.",
    "add-and-leave-out": "Each technique is added alone to a network with none of them, and left out alone of a network with all of them.",
    "steps": "Each step is put on top of those before it.",
    "search": "Settings were drawn and tried one after another, the next ones where those before were good; the best were then trained "
    "with every seed.",
}
LIMITS = "limits"
"""The kind of the findings that say what cannot be said."""
TOLD = ("recipe", "data", "alphabet", "weights", "pictures", "rate_rule")
"""What else a level may say that a reader wants to know."""
MEASURES = {"accuracy": "accuracy", "last": "accuracy of the last epochs", "macro_accuracy": "macro accuracy"}
MEASURE_SAYS = {
    "accuracy": "the accuracy on the held-back pictures by the weights of the kept epoch",
    "macro_accuracy": "the mean over the classes of the accuracy on the held-back pictures of each, by the weights of the kept epoch",
    "last": "the median, over the last fifth of the epochs, of the accuracy on the held-back pictures",
}


@dataclass(frozen=True)
class About:
    """Where and how it was done: ``made``, when; ``command``; ``machine``; ``version`` of the program."""

    made: str
    command: str
    machine: str
    version: str


def document(answer: Answer, about: About) -> Document:
    """The whole report of one study."""
    best = answer.comparison.result(answer.comparison.best) if answer.comparison.best else None
    facts = [Fact("trainings", f"{answer.finished} of {answer.plan.total()}", large=True)]
    if best:
        facts = [
            Fact("best", best.setting, large=True),
            Fact(f"its {MEASURES[answer.plan.study.compare]}", share(best.mean), large=True),
            *facts,
        ]
    seconds = sum(row.seconds for row in (*answer.rows, *answer.pilots) if row.seconds == row.seconds)
    facts += [Fact("time in training", duration(seconds)), Fact("machine", about.machine), Fact("made", about.made)]
    foot = f"inkread {about.version}, study {answer.plan.study.name}, {about.made}"
    return Document(answer.plan.study.name, answer.plan.study.question, sections(answer, about), tuple(facts), foot)


def sections(answer: Answer, about: About) -> tuple[Section, ...]:
    """The sections of a study, for a report of its own or a joint one."""
    beside = (_beside(answer.also),) if answer.also else ()
    parts = [Section("What was found", tuple(_found(answer)), beside), Section("How it was done", tuple(_method(answer)))]
    parts += [Section("Charts", drawn)] if (drawn := tuple(figures(answer))) else []
    parts.append(Section("All settings", (_settings(answer),)))
    if answer.plan.searches:
        parts.append(Section("Everything that was tried", (_tried(answer),)))
    if answer.failed:
        parts.append(Section("What failed", (_failures(answer),)))
    parts += [Section("Limits", (Items(tuple(_limits(answer))),)), Section("To do it again", tuple(_again(answer, about)))]
    return tuple(parts)


def _found(answer: Answer) -> Iterator[Paragraph | Items]:
    if not answer.findings:
        yield Paragraph("Nothing has finished yet.", "warn")
    else:
        yield Items(tuple(each.sentence for each in answer.findings if each.kind != LIMITS))


def _beside(also: Comparison) -> Section:
    """What was found by another measure."""
    rows = tuple(
        (each.setting, interval(each.mean, each.low, each.high)) for each in sorted(also.results, key=lambda each: -each.mean) if each.seeds
    )
    table = Table(("setting", f"{MEASURES[also.design.measure]}, 95 %"), rows)
    return Section(f"By {MEASURES[also.design.measure]}", (Items(tuple(each.sentence for each in findings(also))), table))


def _method(answer: Answer) -> Iterator[Paragraph | Table | Items]:
    study, plan = answer.plan.study, answer.plan
    yield Paragraph(" ".join(filter(None, (DESIGN_SAYS[study.design], study.method))))
    yield Paragraph(_trained(answer))
    yield Paragraph(_judged(answer))
    reasons = [level for factor in plan.factors if not factor.key for level in factor.levels]
    rows = tuple((factor.label, _levels(factor), factor.base or "-") for factor in plan.factors)
    if study.design != "steps":
        yield Table(("factor", "levels", "base"), rows, "wwl", "What was varied.")
    if plan.study.bodies:
        yield _bodies(answer)
    if reasons:
        told = tuple((level.name, level.reason, _sets(level)) for level in reasons)
        yield Table(("level", "why", "sets"), told, "lww", "Levels that change more than one value, or for which there is a reason.")


def _bodies(answer: Answer) -> Table:
    """What is reused: trained for this study, or brought."""
    trained = {row.setting.removeprefix("body "): row for row in answer.pilots}
    rows: list[tuple[Text, ...]] = []
    for each in answer.plan.study.bodies:
        brought, row = answer.plan.ground.bodies.get(each.name), trained.get(each.name)
        if brought or row is not None:
            where = f"the run {brought}" if brought else answer.plan.bodies[each.name].data
            figures = (f"{row.pictures:,}", f"{row.epochs}", share(row.accuracy)) if row is not None and not brought else ("-", "-", "-")
            rows.append((each.name, each.recipe, where, each.alphabet, *figures))
    header = ("body", "recipe", "trained on", "alphabet", "pictures", "epochs", "accuracy there")
    return Table(
        header, tuple(rows), "llllrrr", "The networks that are reused, each trained once; accuracy on held-back pictures of its own data."
    )


def _crossed(answer: Answer) -> str:
    """How a cross-validation judged."""
    plan, rows = answer.plan, [row for row in answer.rows if row.finished]
    told = f"Data: {plan.ground.data or plan.study.data}. "
    if rows:
        folds, seeds = max(len(row.folds) for row in rows), len({row.seed for row in rows})
        told += f"In each of {seeds} repetition{'s' if seeds > 1 else ''} its {max(row.count for row in rows):,} pictures were dealt into "
        told += f"{folds} folds with all classes in each (stratified); each fold was read by what was trained on the others. The folds are "
        told += "the same for all."
    return told


def _trained(answer: Answer) -> str:
    if answer.plan.study.transfers:
        return _crossed(answer)
    plan, rows = answer.plan, [row for row in answer.rows if row.finished]
    seeds = len({row.seed for row in rows}) or len(plan.seeds)
    data = plan.ground.data or plan.study.data or "the data of each level"
    sizes = sorted({row.pictures for row in rows})
    epochs = sorted({row.epochs for row in rows})
    told = f"Data: {data}. "
    if sizes:
        drawn = "which draws" if seeds == 1 else "which draw"
        told += f"Each network was trained on {_span(sizes)} pictures for {_span(epochs)} epoch{'' if epochs == [1] else 's'}, "
        told += f"with {'one seed' if seeds == 1 else f'{seeds} seeds'}, {drawn} the first weights, the order, the augmentation and, where "
        told += "there are more than these, the pictures. "
        held = _span(sorted({row.count for row in rows}))
        own = any(level.data for factor in plan.factors for level in factor.levels)
        told += f"It was judged on {held} held-back pictures{' of its own data' if own else ', the same for all'}, on which nothing was "
        told += "trained." if plan.study.compare == "last" else "trained; the epoch that is kept may have been chosen by them."
    return told


def _judged(answer: Answer) -> str:
    study = answer.plan.study
    told = f"What is compared is {'the accuracy of each fold' if study.transfers else MEASURE_SAYS[study.compare]}"
    told += f", and apart from it {MEASURE_SAYS[study.also]}. " if study.also else ". "
    over = answer.comparison.over
    if over == "seeds":
        told += (
            "Settings are compared seed by seed (a randomised block design, whose blocks are the seeds); the chance variation is "
            "estimated from all settings together where theirs is alike, from the two compared where it is not. Intervals are 95 %, "
            "of each difference by itself; whether a difference is told apart from chance is decided for all that are compared at once "
            "(Holm 1979)."
        )
    elif over == "folds":
        told += (
            "Settings are compared fold by fold on identical folds, with the variance corrected for folds that share their training "
            "pictures (Nadeau and Bengio 2003); for all comparisons at once (Holm 1979)."
        )
    elif over == "pictures":
        told += "There is one seed only: intervals tell what other pictures would give; what another seed would give was not measured."
    return told


def _settings(answer: Answer) -> Table:
    comparison = answer.comparison
    base = comparison.result(comparison.base) if comparison.base else None
    ordered = sorted(comparison.results, key=lambda each: (not each.seeds, -each.mean if each.seeds else 0.0))
    rows: list[tuple[Text, ...]] = []
    for each in ordered:
        mean = interval(each.mean, each.low, each.high) if each.seeds else "failed"
        ahead = signed(each.mean - base.mean) if base and base.seeds and each.seeds and each is not base else ""
        rows.append((each.setting, mean, ahead, _seeds(each), f"{each.parameters:,}", f"{each.multiply_adds:,}", *_pace(each)))
    header = (
        "setting",
        f"{MEASURES[comparison.design.measure]}, 95 %",
        "to base, points",
        "seeds",
        "parameters",
        "multiply-adds",
        "pictures/s",
        "time",
    )
    best = frozenset(at for at, each in enumerate(ordered) if each.setting == comparison.best)
    return Table(header, tuple(rows), caption="The best first. Pictures a second and time are those of one training.", best=best)


def _tried(answer: Answer) -> Table:
    first = [row for row in answer.rows if row.seed == answer.plan.seeds[0] and not row.error]
    told = sorted(first, key=lambda row: (row.pruned, -row.accuracy))
    rows = tuple((row.setting, share(row.accuracy), f"{row.epochs}" + (", broken off" if row.pruned else "")) for row in told)
    return Table(("setting", "accuracy", "epochs"), rows, caption="One training each, the best first; those broken off were behind others.")


def _seeds(of: Result) -> str:
    lost = len(of.failed) + of.pruned
    return f"{len(of.seeds)}" + (f" of {len(of.seeds) + lost}" if lost else "")


def _pace(of: Result) -> tuple[str, str]:
    speed = "-" if of.speed != of.speed else f"{of.speed:,.0f}"
    return speed, "-" if of.seconds != of.seconds else duration(of.seconds)


def _failures(answer: Answer) -> Table:
    rows = tuple((row.setting, str(row.seed), row.error) for row in answer.failed)
    return Table(("setting", "seed", "why"), rows, "lrw")


def _limits(answer: Answer) -> Iterator[str]:
    study = answer.plan.study
    if not study.transfers:
        yield "All figures are of held-back training pictures, never of a test part: they are for comparing."
    yield from (each.sentence for each in answer.findings if each.kind == LIMITS)
    if answer.plan.budget.pictures and not study.transfers:
        yield "Few pictures and epochs were spent: what wins here may lose where there are more of both."
    if study.limits:
        yield study.limits


def _again(answer: Answer, about: About) -> Iterator[Paragraph | Listing]:
    yield Listing(about.command)
    if sums := [f"{what} ({digest})" for what, digest in brought(answer.plan)]:
        yield Paragraph(f"What was brought, with its SHA-256: {', '.join(sums)}.")
    yield Paragraph(
        ("The study itself stands in ", Code(STUDY), ", every training in ", Code("runs/"), ", a row each in ", Code("rows.csv"), ".")
    )
    best = answer.best()
    if best is not None and not answer.plan.study.transfers:
        yield Paragraph(
            (
                "The recipe of the best setting is ",
                Code("best.toml"),
                ": it trains with ",
                Code("inkread train best.toml --data SOURCE" + (" --weights FILE" if _began_with_weights(answer, best) else "")),
                ".",
            )
        )


def _began_with_weights(answer: Answer, row: Row) -> bool:
    return any(level.name == row.levels.get(each.name) and level.weights for each in answer.plan.factors for level in each.levels)


def _levels(factor: Factor) -> str:
    if factor.range is not None:
        return f"{factor.range.low:g} to {factor.range.high:g}"
    return ", ".join(each.name for each in factor.levels)


def _sets(level: Level) -> str:
    """What a level changes, in words."""
    told = [f"{key} = {called(value)}" for key, value in level.set.items()]
    told += [f"{key}, the best of {', '.join(map(called, values))}" for key, values in level.tune.items()]
    told += [f"{name.replace('_', ' ')} {value}" for name in TOLD if (value := getattr(level, name))]
    return ", ".join(told) or "nothing"


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]:,}" if len(numbers) == 1 else f"{numbers[0]:,} to {numbers[-1]:,}"
