"""What rows say together: means, effects, interactions, and what did not learn or did not finish."""

from __future__ import annotations

import json
from dataclasses import replace
from math import isnan

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import stats

from inkread.evaluation import newcombe, over_seeds, wilson
from inkread.evaluation.accuracy import Accuracy
from inkread.study.comparison import compared
from inkread.study.design import Varied
from made_rows import DROPOUT, WIDTH, design, grid, one_at_a_time, row, trained

TRUE = {"64": 0.931, "256": 0.945, "512": 0.953, "1024": 0.9532, "0": 0.0, "0.2": 0.004, "0.5": -0.006}
ONE = design("one-at-a-time", (WIDTH, DROPOUT), {"width": "256", "dropout": "0"})
ROWS = trained(ONE, one_at_a_time(ONE), lambda levels: TRUE[levels["width"]] + TRUE[levels["dropout"]])


def test_a_setting_has_its_mean_its_interval_over_seeds_and_what_it_costs() -> None:
    found = compared(ONE, ROWS)
    base = found.result("base")
    values = [each.accuracy for each in ROWS[:3]]
    expected = over_seeds(values)
    assert (base.seeds, base.values) == ((1, 2, 3), tuple(values))
    assert (base.mean, base.low, base.high, base.deviation) == pytest.approx(
        (expected.mean, expected.low, expected.high, expected.deviation)
    )
    assert (base.parameters, base.seconds, base.speed, base.failed, base.silent) == (10_000, 20.0, 5000.0, (), 0)
    assert (found.over, found.seeds, found.count, found.base, found.freedom) == ("seeds", 3, 4000, "base", 10)
    assert found.deviation == pytest.approx(0.001, rel=0.4)


def test_one_at_a_time_holds_every_two_levels_against_each_other() -> None:
    found = compared(ONE, ROWS)
    of_width = {(each.level, each.against): each.contrast for each in found.effects if each.factor == "width"}
    assert len(of_width) == 6
    # the base is what the others are held against
    assert {against for level, against in of_width if level == "64"} == {"256"}
    mean = {each.setting: each.mean for each in found.results}
    assert of_width["512", "256"].difference == pytest.approx(mean["width = 512"] - mean["base"])
    assert of_width["1024", "512"].difference == pytest.approx(mean["width = 1024"] - mean["width = 512"])
    assert all(each.kind == "direct" and each.learnt for each in found.effects)


def test_the_measure_of_the_last_epochs_is_compared_where_it_is_asked_for() -> None:
    found = compared(replace(ONE, measure="last"), ROWS)
    assert found.result("base").mean == pytest.approx(compared(ONE, ROWS).result("base").mean - 0.001)


def test_of_equally_good_settings_the_smaller_is_the_best() -> None:
    of = design("one-at-a-time", (WIDTH,))
    sizes = {"64": 1000, "256": 5000, "512": 700, "1024": 9000}
    rows = [row(of, {"width": each}, seed, 0.9 + seed / 1000, parameters=sizes[each]) for each in sizes for seed in (1, 2)]
    assert compared(of, rows).best == "width = 512"


def test_a_grid_has_the_effect_in_each_place_and_averaged_over_them() -> None:
    of = design("grid", (WIDTH, DROPOUT))
    found = compared(of, trained(of, grid(of), lambda levels: TRUE[levels["width"]] + TRUE[levels["dropout"]]))
    mine = [each for each in found.effects if each.factor == "dropout" and (each.level, each.against) == ("0.5", "0")]
    direct = [each for each in mine if each.kind == "direct"]
    (averaged,) = [each for each in mine if each.kind == "averaged"]
    assert [each.where for each in direct] == [{"width": each} for each in WIDTH.levels]
    assert averaged.places == 4
    assert averaged.contrast.difference == pytest.approx(np.mean([each.contrast.difference for each in direct]))
    assert averaged.contrast.half == pytest.approx(direct[0].contrast.half / 2)
    (interaction,) = found.interactions
    assert (interaction.first, interaction.second, interaction.looked) == ("width", "dropout", 18)
    assert not interaction.contrast.told_apart


def test_an_effect_that_changes_with_another_factor_is_an_interaction() -> None:
    of = design("grid", (Varied("width", "width", ("64", "1024")), Varied("dropout", "dropout", ("0", "0.5"))))
    better = {("64", "0.5"): -0.008, ("1024", "0.5"): 0.004}
    found = compared(of, trained(of, grid(of), lambda levels: 0.95 + better.get((levels["width"], levels["dropout"]), 0.0)))
    (interaction,) = found.interactions
    assert interaction.contrast.told_apart
    (a, b), (c, d) = interaction.cells
    assert interaction.contrast.difference == pytest.approx((d - c) - (b - a))
    assert (interaction.levels, interaction.at) == (("1024", "64"), ("0.5", "0"))


def test_a_hole_in_a_grid_is_left_out_of_what_needs_it() -> None:
    of = design("grid", (WIDTH, DROPOUT))
    rows = trained(of, grid(of), lambda levels: TRUE[levels["width"]])
    rows = [replace(each, error="no memory is left") if each.levels == {"width": "1024", "dropout": "0.5"} else each for each in rows]
    found = compared(of, rows)
    places = {each.against + each.level: each.places for each in found.effects if each.factor == "dropout" and each.kind == "averaged"}
    assert places == {"00.2": 4, "00.5": 3, "0.20.5": 3}
    assert found.interactions[0].looked == 12
    assert isnan(found.interactions[0].cells[3][2])
    assert [each.error for each in found.result("width = 1024, dropout = 0.5").failed] == ["no memory is left"] * 3


def test_steps_are_held_against_the_step_before() -> None:
    of = design("steps", (Varied("step", "step", ("plain", "dropout", "deeper")),))
    found = compared(of, trained(of, [{"step": each} for each in of.factors[0].levels], lambda levels: 0.9))
    assert [(each.kind, each.level, each.against) for each in found.effects] == [
        ("step", "dropout", "plain"),
        ("step", "deeper", "dropout"),
        ("whole", "deeper", "plain"),
    ]


def test_what_is_added_is_also_left_out_of_all() -> None:
    of = design("add-and-leave-out", [Varied(each, each, ("off", "on")) for each in ("norm", "moved", "dropout")])
    off, on = ({each.name: level for each in of.factors} for level in ("off", "on"))
    settings = [off, *(off | {each: "on"} for each in off), on, *(on | {each: "off"} for each in on)]
    worth = {"norm": 0.004, "moved": 0.01, "dropout": 0.002}
    found = compared(
        of, trained(of, settings, lambda levels: 0.9 + sum(worth[each] for each in worth if levels[each] == "on"), spread=1e-4)
    )
    told = {(each.factor, each.kind): each.contrast.difference for each in found.effects}
    assert told["moved", "added"] == pytest.approx(0.01, abs=5e-4)
    assert told["moved", "left-out"] == pytest.approx(0.01, abs=5e-4)
    assert told["", "whole"] == pytest.approx(0.016, abs=5e-4)
    assert len(told) == 7


def test_a_search_has_a_best_but_no_effects() -> None:
    of = design("search", (Varied("rate", "learning rate"),), {})
    rows = [
        row(of, {"rate": str(rate)}, seed, 0.95 - rate + seed / 1000, pruned=rate == 0.3) for rate in (0.01, 0.1, 0.3) for seed in (1, 2)
    ]
    found = compared(of, rows)
    assert (found.best, found.base, found.effects) == ("rate = 0.01", "", ())
    assert (found.result("rate = 0.3").pruned, found.result("rate = 0.3").failed) == (2, ())


def test_answering_the_most_frequent_class_is_no_learning() -> None:
    of = design("one-at-a-time", (DROPOUT,))
    rows = trained(of, one_at_a_time(of), lambda levels: 0.9)
    rows = [replace(each, accuracy=0.2, macro_accuracy=1 / 26) if each.levels["dropout"] == "0.5" else each for each in rows]
    found = compared(of, rows)
    assert found.result("dropout = 0.5").silent == 3
    assert not found.result("dropout = 0.5").pooled
    assert {each.level for each in found.effects if not each.learnt} == {"0.5"}
    assert found.freedom == 2


def test_one_seed_has_the_interval_of_the_pictures_and_no_p() -> None:
    found = compared(ONE, [each for each in ROWS if each.seed == 1])
    base, other = found.result("base"), found.result("width = 64")
    assert (base.low, base.high) == pytest.approx(wilson(4000 * base.mean, 4000))
    (effect,) = [each for each in found.effects if each.level == "64" and each.against == "256"]
    expected = newcombe(*(Accuracy(0, 4000, each.mean, each.low, each.high) for each in (other, base)))
    assert (effect.contrast.low, effect.contrast.high) == pytest.approx(expected)
    assert not any(each.contrast.told_apart for each in (*found.effects, *found.ahead))


def test_cross_validation_is_judged_by_its_folds() -> None:
    of = design("one-at-a-time", (Varied("body", "body", ("scratch", "reuse")),))
    rng = np.random.default_rng(0)
    folds = {level: np.clip(at + 0.02 * rng.normal(size=(5, 10)), 0, 1) for level, at in (("scratch", 0.86), ("reuse", 0.9))}
    rows = [
        row(of, {"body": level}, at, float(each.mean()), folds=tuple(each)) for level, told in folds.items() for at, each in enumerate(told)
    ]
    found = compared(of, rows)
    change = (folds["reuse"] - folds["scratch"]).ravel()
    half = stats.t.ppf(0.975, 49) * (change.var(ddof=1) * (1 / 50 + 1 / 9)) ** 0.5
    contrast = found.effects[0].contrast
    assert (found.over, contrast.pairs) == ("folds", 50)
    assert (contrast.difference, contrast.half) == pytest.approx((change.mean(), half))
    assert found.result("base").mean == pytest.approx(folds["scratch"].mean())


def test_json_has_no_nan_in_it() -> None:
    rows = [replace(each, accuracy=float("nan")) if each.seed > 1 or each.levels["dropout"] == "0.5" else each for each in ROWS]
    told = json.loads(json.dumps(compared(ONE, rows).as_dict(), allow_nan=False))
    assert told["results"][0]["deviation"] is None
    assert told["results"][0]["failed"][0] == {"seed": 2, "error": "it gave no number"}
    assert told["effects"][0]["contrast"]["told_apart"] is False


def test_no_rows_and_no_finished_rows_have_no_best() -> None:
    assert compared(ONE, []).best == ""
    failed = compared(ONE, [replace(each, error="the disk is full") for each in ROWS])
    assert (failed.best, failed.over, failed.effects, failed.ahead) == ("", "", (), ())
    assert len(failed.results) == 6
