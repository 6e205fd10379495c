"""Studies of several questions: what they share is done once, and only what is asked is compared."""

from __future__ import annotations

import pytest

from inkread.errors import UsageError
from inkread.recipes import load
from inkread.study import Budget, Design, Ground, Question, Row, Varied, compared, findings, parse, plan

TEXT = """
name = "own"
question = "?"
recipe = "mlp"
data = "letters"
alphabet = "ABC"
design = "questions"

[[factors]]
key = "network.width"
values = [8, 16, 32]
base = 16

[[factors]]
key = "training.rate"
values = [0.01, 0.001]
base = 0.001

[[questions]]
vary = "width"
levels = ["8", "16"]

[[questions]]
vary = "rate"
at = { width = ["16", "32"] }
"""


def names(text: str, **budget: object) -> list[str]:
    return [each.name for each in plan(parse(text), Budget(**budget), Ground(load("mlp"))).settings]  # type: ignore[arg-type]


def test_what_two_questions_share_is_one_setting_and_each_is_called_by_what_the_base_has_not() -> None:
    assert names(TEXT) == ["base", "width = 8", "rate = 0.01", "width = 32, rate = 0.01", "width = 32"]


def test_a_question_keeps_to_the_levels_of_the_budget() -> None:
    assert names(TEXT, values={"width": ("8",)}) == ["base", "width = 8", "rate = 0.01"]
    assert names(TEXT, values={"rate": ()}) == ["base", "width = 8"]


def test_only_what_is_asked_is_compared() -> None:
    questions = (Question("width", ("8", "16")), Question("rate", at={"width": ("16", "32")}))
    factors = (Varied("width", "width", ("8", "16", "32")), Varied("rate", "rate", ("0.01", "0.001")))
    design = Design("own", "?", "questions", "accuracy", factors, {"width": "16", "rate": "0.001"}, 3, questions)
    value = {("16", "0.001"): 0.8, ("8", "0.001"): 0.7, ("16", "0.01"): 0.75, ("32", "0.01"): 0.6, ("32", "0.001"): 0.9}
    rows = [
        Row(
            f"{width} {rate}",
            {"width": width, "rate": rate},
            seed,
            accuracy=mean + seed / 1000 + (seed * at) % 3 / 900,
            macro_accuracy=mean,
        )
        for at, ((width, rate), mean) in enumerate(value.items())
        for seed in (1, 2, 3)
    ]
    found = compared(design, rows)
    assert [(each.factor, each.level, each.against, dict(each.where)) for each in found.effects] == [
        ("width", "8", "16", {"rate": "0.001"}),
        ("rate", "0.01", "0.001", {"width": "16"}),
        ("rate", "0.01", "0.001", {"width": "32"}),
    ]
    told = [each.sentence for each in findings(found) if each.kind == "effect"]
    assert [each.partition(":")[0] for each in told] == ["Width", "Rate", "Rate, with width 32"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT.replace('design = "questions"', ""), "questions belong to the design of this name: one-at-a-time"),
        (TEXT.replace('vary = "rate"', 'vary = "rates"'), "a question is about no factor of this study: rates"),
        (TEXT.replace('["16", "32"]', '["64"]'), "the factor width has no level of this name: 64"),
        (TEXT.replace('["16", "32"]', "[16]"), r"questions\[1\].at.width must be a row of names of levels: \[16\]"),
        (TEXT.replace("at = { width", "at = { rate"), "a question is asked at levels of other factors than it varies: rate"),
        (TEXT.replace("levels = ", "level = "), r"unknown key in questions\[0\]: level"),
        (TEXT + '[worth]\nof = "letters"\nagainst = "8"', "worth is of no factor of this study: letters"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse(text, "own.toml")
