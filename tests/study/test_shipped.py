"""The studies that come with inkread: each can be planned for every budget, runs to its end, and costs what it says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from inkread import networks, study
from inkread.alphabet import alphabet
from inkread.datasets.drawn import drawn
from inkread.preparation import Preparation
from inkread.recipes import Recipe, load, parse
from inkread.study import BUDGETS, Estimate, Here, Plan, Runner, Study
from inkread.study.estimate import transfer_seconds
from inkread.study.trial import perform

SHIPPED = {
    "alphadigits-transfer",
    "architectures",
    "augmentation",
    "balanced-ladder",
    "cnn-depth",
    "cnn-shape",
    "imagenet-transfer",
    "imbalance",
    "mlp-factors",
    "mnist-to-letters",
    "norm-by-batch",
    "techniques",
}
SETS = {"emnist/letters": 14_000, "emnist/byclass": 57_000, "mnist": 54_000, "alphadigits": 1_014}
"""What studies are meant for, and so many pictures to train on as the smallest copies of these sets have."""


@pytest.fixture(scope="module")
def handwriting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six drawn pictures of each of the 62 characters, of which every study takes those that it is about."""
    file = tmp_path_factory.mktemp("drawn") / "drawn.npz"
    glyphs = drawn(per_character=6, paper=False).prepared(Preparation())
    np.savez(file, training_images=np.asarray(glyphs.pictures), training_labels=glyphs.single_labels())
    return file


def begun(name: str, budget: str, out: Path, data: str = "", weights: str = "") -> tuple[Plan, study.StudyFolder]:
    named = dict.fromkeys(_sets(study.load(name)), data) if data else {}
    return study.begin(study.Asked(name, budget, 0, "", named, "", (), 1, "cpu", "", weights), out)


def made_weights(name: str, file: Path) -> str:
    """Random weights in a file, for a study that begins with those of others; empty for any other."""
    if not any(level.weights for factor in study.load(name).factors for level in factor.levels):
        return ""
    use = load("transfer").network
    torch.save(networks.build(use.name, 2, **use.settings).body.state_dict(), file)
    return str(file)


@cache
def planned(name: str, budget: str) -> Plan:
    told = study.load(name)
    if told.otherwise:
        told = replace(told, recipe=told.otherwise, otherwise="")
    return study.plan(told, told.budget(budget), study.Ground(_base(told, budget)))


def test_the_studies_are_those_that_the_docs_speak_of() -> None:
    assert set(study.names()) >= SHIPPED


@pytest.mark.parametrize("name", study.names())
def test_a_study_asks_tells_how_and_names_what_it_varies(name: str) -> None:
    told = study.load(name)
    assert told.name == name
    assert told.question.endswith("?")
    assert told.method.endswith(".")
    assert told.data in SETS or all(each.data in SETS for factor in told.factors[1:] for each in factor.levels)
    for factor in told.factors:
        assert factor.label
        assert " " in factor.label or factor.label.islower()
        chosen_by_hand = [each for each in factor.levels if not factor.key]
        assert all(each.reason for each in chosen_by_hand if each.name != "off")
    assert set(told.budgets) == set(BUDGETS)
    assert told.budgets["smoke"].minutes <= 0.5
    assert told.budgets["small"].minutes < 30
    assert told.budgets["small"].seeds >= 3


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("name", study.names())
def test_every_budget_can_be_planned(name: str, budget: str) -> None:
    plan = planned(name, budget)
    assert len(plan.settings) > 1
    assert plan.total() >= len(plan.settings) * plan.budget.seeds
    assert len({each.name for each in plan.settings}) == len(plan.settings)


@pytest.mark.parametrize("name", study.names())
def test_the_small_budget_is_half_an_hour_of_two_cores(name: str) -> None:
    plan = planned(name, "small")
    least = min(SETS[each] for each in _sets(plan.study) - {"alphadigits"})
    seconds = sum(_seconds(parse(each.recipe), min(each.pictures or least, least)) for each in plan.jobs({}).values() if not each.transfer)
    seconds += sum(transfer_seconds(each.transfer) for each in [*plan.jobs({}).values(), *plan.later({})] if each.transfer)
    assert seconds / 60 / 2 < 40


@pytest.mark.parametrize("name", study.names())
def test_a_smoke_runs_to_its_end(name: str, handwriting: Path, tmp_path: Path) -> None:
    plan, folder = begun(name, "smoke", tmp_path, str(handwriting), made_weights(name, tmp_path / "weights.pt"))
    rows = Runner(plan, folder, Here(), study.Bench(folder.path, 1, "cpu"), str(folder.path / "trials.log"), Estimate({}, 1)).run()
    assert [row.error for row in rows if row.error] == []
    assert len(rows) == plan.total()
    assert all(0 <= row.accuracy <= 1 and row.multiply_adds for row in rows)
    assert all(row.pictures for row in rows if row.levels.get("method") != "as is")


def test_batch_norm_with_one_picture_is_a_row_that_says_why(handwriting: Path, tmp_path: Path) -> None:
    told = replace(study.load("norm-by-batch"), recipe="cnn", otherwise="")
    budget = study.Budget(pictures=50, epochs=1, values={"norm": (), "batch": ("1",), "rate": ()})
    plan = study.plan(told, budget, study.Ground(_base(told, "full"), str(handwriting)))
    alone = next(each for each in plan.settings if each.names == {"batch": "1"})
    row = perform(plan.job(alone, 1), study.Bench(tmp_path, 1, "cpu"))
    assert row.error == "batch norm has nothing to compare in batches of one picture"


def test_a_study_that_builds_on_another_starts_from_its_best_and_else_from_the_recipe_that_it_names(tmp_path: Path) -> None:
    plan, folder = begun("norm-by-batch", "smoke", tmp_path)
    assert folder.asked().recipe == "cnn"
    assert plan.ground.recipe == study.base_recipe("cnn", tmp_path, "smoke")
    best = tmp_path / "cnn-depth-smoke" / "best.toml"
    best.parent.mkdir()
    best.write_text('name = "deep"\nnetwork = { name = "cnn", layers = 3, filters = 16 }\n', encoding="utf-8")
    plan, _ = study.begin(replace(folder.asked(), recipe=""), tmp_path, name="anew")
    assert plan.ground.recipe is not None
    assert plan.ground.recipe.name == "deep"


@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_lab_goes_on_whatever_depth_was_best(layers: int, budget: str) -> None:
    best = parse(f'name = "best"\nnetwork = {{ name = "cnn", layers = {layers}, filters = 32 }}\n')
    for part in study.load_assignment("letters-lab").parts:
        if part.recipe == "best:cnn-depth":
            told = study.load(part.study)
            assert study.plan(told, told.budget(budget), study.Ground(best)).settings


def test_values_stand_one_over_the_other_recipe_study_user_budget_level() -> None:
    told = study.load("techniques")
    plan = study.plan(told, told.budget("smoke"), study.Ground(_base(told, "smoke"), changes=("rate=0.05",)))
    nothing, *_, everything = (parse(plan.job(each, 1).recipe) for each in plan.settings if each.name in ("nothing", "all"))
    assert nothing.training.schedule == everything.training.schedule == "constant"
    assert nothing.network.settings["filters"] == (8, 16)
    assert nothing.training.batch == everything.training.batch == 32
    assert (nothing.training.rate, everything.training.rate) == (0.05, 0.05)
    assert (nothing.training.patience, everything.training.patience) == (0, 4)


def _base(of: Study, budget: str) -> Recipe | None:
    return study.base_recipe(of.recipe, Path(), budget) if of.recipe else None


def _sets(of: Study) -> set[str]:
    return {each.data for each in (of, *(level for factor in of.factors for level in factor.levels), *of.bodies) if each.data}


def _seconds(recipe: Recipe, pictures: int) -> float:
    """About what a training takes of one core: measured on networks of 0.4 to 320 million multiply-adds, within a factor of
    two; it overrates those whose first step is two pixels."""
    millions = _multiply_adds(recipe) / 1e6
    steps = pictures / recipe.training.batch
    return 1.5 + recipe.training.epochs * (0.4 + pictures * 3e-4 * millions**0.6 + steps * 2e-3)


def _multiply_adds(recipe: Recipe) -> int:
    return _size(recipe.network.name, tuple(sorted(recipe.network.settings.items())), len(alphabet(recipe.alphabet)))


@cache
def _size(name: str, settings: tuple[tuple[str, object], ...], classes: int) -> int:
    return networks.size(networks.build(name, classes, **dict(settings))).multiply_adds
