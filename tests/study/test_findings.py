"""Sentences compared as text: what they say of made studies whose truth is known, and of those in which nothing can be said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan

import numpy as np
import pytest

pytest.importorskip("scipy")

from inkread.study.comparison import compared
from inkread.study.design import Design, Varied
from inkread.study.findings import findings
from inkread.study.row import Row
from made_rows import ACTIVATION, DROPOUT, WIDTH, design, grid, one_at_a_time, row, trained

TRUE = {"64": 0.931, "256": 0.945, "512": 0.953, "1024": 0.9532}
CHANGE = {"0": 0.0, "0.2": 0.004, "0.5": -0.006, "relu": 0.0, "tanh": -0.008, "sigmoid": -0.03}
COST = {"64": (20_000, 20_000.0), "256": (90_000, 9000.0), "512": (200_000, 5000.0), "1024": (500_000, 2400.0)}
ALL = design("one-at-a-time", (WIDTH, DROPOUT, ACTIVATION), {"width": "256", "dropout": "0", "activation": "relu"})


def truth(levels: Mapping[str, str]) -> float:
    return TRUE[levels["width"]] + sum(CHANGE[level] for factor, level in levels.items() if factor != "width")


def cost(levels: Mapping[str, str]) -> dict[str, object]:
    return dict(zip(("parameters", "speed"), COST[levels["width"]], strict=True))


def said(of: Design, rows: Sequence[Row], *kinds: str) -> list[str]:
    """The sentences of these kinds, all but the limits where none is named."""
    found = findings(compared(of, rows))
    assert all(json.dumps(each.as_dict(), allow_nan=False) for each in found)
    return [each.sentence for each in found if (each.kind in kinds if kinds else each.kind != "limits")]


ROWS = trained(ALL, one_at_a_time(ALL), truth, more=cost)
NORM = Varied("norm", "normalisation", ("none", "batch", "group"))
BATCH = Varied("batch", "batch size", ("2", "32", "512"))
RULE = Varied("rule", "rule for the learning rate", ("fixed", "scaled"))


def test_a_study_that_can_tell() -> None:
    assert said(ALL, ROWS) == [
        "The best is width = 512 with 95.3 % (95.0 to 95.6), 0.74 ± 0.15 points ahead of the base setting.",
        "These seeds cannot tell it from 1 of the 7 others: width = 1024.",
        (
            "Over the levels that were tried, activation (2.99 ± 0.15 points from sigmoid to relu) matters most; then neurons per "
            "layer (2.09 ± 0.15 from 64 to 512) and dropout (0.90 ± 0.15 from 0.5 to 0.2)."
        ),
        (
            "Neurons per layer: accuracy rises from 93.19 % at 64 to 95.28 % at 512, by 2.09 ± 0.15 points, with every step; from "
            "there no difference that these seeds can show."
        ),
        "Dropout: accuracy is highest at 0.2 (94.89 %), 0.35 ± 0.15 points lower at 0 and 0.90 ± 0.15 at 0.5.",
        "Activation: against relu, tanh loses 0.76 ± 0.15 points and sigmoid loses 2.99 ± 0.15.",
        (
            "Width 1024 costs 2.5 times the parameters and 2.1 times the time for a picture of width 512, without a gain that "
            "these seeds can show (between 0.19 worse and 0.10 better)."
        ),
    ]


def test_the_limits_are_told() -> None:
    assert said(ALL, ROWS, "limits") == [
        (
            "± is half of a 95 % interval of one difference by itself; a difference is claimed only where it holds for all that "
            "were looked at together (Holm 1979), 12 between levels."
        ),
        (
            "Intervals say what other seeds would give on the same 4,000 held-back pictures, not what other pictures would; 3 "
            "seeds are few, and small differences need more."
        ),
        "The best was chosen by these very figures, so its own is a little flattered: a test that chose nothing tells its worth.",
    ]


def test_where_nothing_is_at_work_nothing_is_claimed() -> None:
    rows = trained(ALL, one_at_a_time(ALL), lambda levels: 0.95, more=cost)
    assert said(ALL, rows) == [
        (
            "No setting can be called the best: the highest mean is that of width = 64 with 95.09 % (94.96 to 95.23), and these "
            "seeds cannot tell it from any of the others."
        ),
        "Of neurons per layer, dropout and activation, none makes a difference that these seeds can show.",
        (
            "Neurons per layer: against width 256, no difference that these seeds can show: width 64 (between 0.09 worse and 0.20 "
            "better), width 512 (between 0.20 worse and 0.09 better) and width 1024 (between 0.27 worse and 0.02 better)."
        ),
        (
            "Dropout: against dropout 0, no difference that these seeds can show: dropout 0.2 (between 0.20 worse and 0.09 better) "
            "and dropout 0.5 (between 0.10 worse and 0.19 better)."
        ),
        (
            "Activation: against relu, no difference that these seeds can show: tanh (between 0.11 worse and 0.18 better) and "
            "sigmoid (between 0.13 worse and 0.16 better)."
        ),
    ]


def test_what_many_comparisons_do_not_bear_is_a_hint() -> None:
    rows = trained(ALL, one_at_a_time(ALL), truth, spread=0.006, more=cost)
    assert said(ALL, rows) == [
        (
            "The best is width = 512 with 95.2 % (93.2 to 97.1), which these seeds cannot tell from the base setting (between 0.4 "
            "worse and 1.3 better)."
        ),
        "These seeds cannot tell it from 5 of the 7 others: dropout = 0.2, width = 1024, the base setting, dropout = 0.5 and 1 more.",
        (
            "Over the levels that were tried, activation (2.9 ± 0.9 points from sigmoid to relu) and neurons per layer (1.5 ± 0.9 "
            "points from 64 to 512) matter most, and these seeds cannot tell which of them more; for dropout no difference that "
            "these seeds can show."
        ),
        (
            "Neurons per layer: against width 256, a hint, but no more among so many comparisons: width 64 (−1.1 ± 0.9); no "
            "difference that these seeds can show: width 512 (between 0.4 worse and 1.3 better) and width 1024 (between 0.8 worse "
            "and 0.9 better); width 64 and width 512 can be told apart, by 1.5 ± 0.9 points."
        ),
        (
            "Dropout: against dropout 0, no difference that these seeds can show: dropout 0.2 (between 0.8 worse and 1.0 better) "
            "and dropout 0.5 (between 1.2 worse and 0.6 better)."
        ),
        (
            "Activation: against relu, sigmoid loses 2.9 ± 0.9 points; no difference that these seeds can show: tanh (between 1.4 "
            "worse and 0.3 better)."
        ),
        "The base setting, which cannot be told from the best, has 90,000 parameters instead of 200,000 and trains 1.8 times as fast.",
        (
            "Width 1024 costs 5.6 times the parameters and 3.8 times the time for a picture of width 256, without a gain that "
            "these seeds can show (between 0.8 worse and 0.9 better)."
        ),
    ]


def test_one_seed_says_what_happened_and_claims_nothing() -> None:
    assert said(ALL, [each for each in ROWS if each.seed == 1]) == [
        (
            "Highest came out width = 512 with 95.2 % (94.5 to 95.8 by the chance of the pictures alone); from one training of "
            "each setting nobody can tell whether it is the best."
        ),
        (
            "Neurons per layer, one training each: against width 256, width 64 came out 1.3 points lower (between 0.2 and 2.3 "
            "worse), width 512 came out 0.7 points higher (between 0.3 worse and 1.6 better) and width 1024 came out 0.6 points "
            "higher (between 0.4 worse and 1.6 better)."
        ),
        (
            "Dropout, one training each: against dropout 0, dropout 0.2 came out 0.3 points higher (between 0.7 worse and 1.3 "
            "better) and dropout 0.5 came out 0.6 points lower (between 1.6 worse and 0.5 better)."
        ),
        (
            "Activation, one training each: against relu, tanh came out 0.7 points lower (between 1.7 worse and 0.4 better) and "
            "sigmoid came out 2.9 points lower (between 1.8 and 4.0 worse)."
        ),
    ]


def test_one_seed_says_that_seeds_are_lacking() -> None:
    assert said(ALL, [each for each in ROWS if each.seed == 1], "limits") == [
        (
            "One seed only: intervals say what others than the same 4,000 held-back pictures would give of these very trainings; "
            "what another seed would change was not measured, so no setting is called better. Three seeds or more are needed."
        ),
    ]


def test_two_seeds_are_few() -> None:
    assert said(ALL, [each for each in ROWS if each.seed < 3], "limits")[1:2] == [
        (
            "Intervals say what other seeds would give on the same 4,000 held-back pictures, not what other pictures would; 2 "
            "seeds are few, and small differences need more."
        ),
    ]


def test_an_effect_that_depends_on_another_factor_is_told_in_each_place() -> None:
    of = design("grid", (WIDTH, DROPOUT), {"width": "256", "dropout": "0"})
    worth = {"64": -0.008, "256": -0.004, "512": 0.0, "1024": 0.004}
    rows = trained(
        of, grid(of), lambda levels: TRUE[levels["width"]] + worth[levels["width"]] * (levels["dropout"] == "0.5"), spread=0.0007
    )
    assert said(of, rows) == [
        "The best is width = 1024, dropout = 0.5 with 95.7 % (95.5 to 96.0), 1.31 ± 0.09 points ahead of the base setting.",
        "It can be told apart from every other setting, from the next, width = 1024, dropout = 0.2, by 0.37 ± 0.09 points.",
        (
            "Over the levels that were tried, neurons per layer (2.62 ± 0.05 points from 64 to 1024) matters most; then dropout "
            "(0.22 ± 0.04 from 0.5 to 0.2)."
        ),
        (
            "Neurons per layer, averaged over dropout: accuracy rises from 92.86 % at 64 to 95.48 % at 1024, by 2.62 ± 0.05 "
            "points, with every step; 1024 is the largest that was tried, so a larger one may be better still."
        ),
        (
            "Dropout, averaged over neurons per layer: accuracy falls from 94.59 % at 0.2 to 94.37 % at 0.5, by 0.22 ± 0.04 "
            "points; up to 0.2 no difference that these seeds can show."
        ),
        (
            "The effect of dropout depends on neurons per layer: dropout 0.5 against dropout 0 loses 0.84 ± 0.09 points at width "
            "64, loses 0.28 ± 0.09 at width 256 and gains 0.43 ± 0.09 at width 1024; no difference that these seeds can show at "
            "width 512 (between 0.14 worse and 0.04 better)."
        ),
    ]


def test_an_effect_that_may_be_the_same_everywhere_is_not_said_to_depend() -> None:
    of = design("grid", (WIDTH, DROPOUT), {"width": "256", "dropout": "0"})
    rows = trained(of, grid(of), lambda levels: TRUE[levels["width"]] + CHANGE[levels["dropout"]], more=cost)
    assert said(of, rows, "interaction", "cost") == [
        (
            "That the effect of dropout depends on neurons per layer cannot be shown with these seeds: the clearest of 18 changes "
            "of it, 0.24 ± 0.18 points, may be chance."
        ),
        (
            "Width = 512, dropout = 0.2, which cannot be told from the best, has 200,000 parameters instead of 500,000 and trains "
            "2.1 times as fast."
        ),
        (
            "Width 1024 costs 2.5 times the parameters and 2.1 times the time for a picture of width 512, without a gain that "
            "these seeds can show (between 0.06 worse and 0.09 better)."
        ),
    ]


def test_of_three_factors_an_interaction_is_averaged_over_the_third() -> None:
    of = design("grid", (NORM, BATCH, RULE))
    rows = trained(of, grid(of), lambda levels: 0.94 - 0.15 * (levels["norm"] == "batch" and levels["batch"] == "2"))
    assert said(of, rows, "interaction", "factors") == [
        (
            "Over the levels that were tried, normalisation (5.05 ± 0.06 points from batch to group) and batch size (4.96 ± 0.06 "
            "points from 2 to 512) matter most, and these seeds cannot tell which of them more; for rule for the learning rate no "
            "difference that these seeds can show."
        ),
        (
            "The effect of normalisation depends on batch size, averaged over rule for the learning rate: the lead of group over "
            "batch goes from +15.05 at batch 2 to −0.04 at batch 512, a change of 15.08 ± 0.14 points."
        ),
        (
            "That the effect of rule for the learning rate depends on normalisation cannot be shown with these seeds: the clearest "
            "of 3 changes of it, 0.05 ± 0.12 points, may be chance."
        ),
        (
            "That the effect of rule for the learning rate depends on batch size cannot be shown with these seeds: the clearest of "
            "3 changes of it, 0.04 ± 0.12 points, may be chance."
        ),
    ]


def test_a_level_that_failed_stands_with_its_factor_and_its_error() -> None:
    rows = [replace(each, error="the loss became NaN in epoch 2.") if each.levels["dropout"] == "0.5" else each for each in ROWS]
    assert said(ALL, rows, "effect", "failed")[1:2] + said(ALL, rows, "failed") == [
        "Dropout: against dropout 0, dropout 0.2 gains 0.35 ± 0.16 points; dropout 0.5 failed.",
        "Dropout = 0.5 failed: the loss became NaN in epoch 2.",
    ]


def test_one_failed_seed_is_told_with_its_setting() -> None:
    rows = [replace(each, accuracy=nan) if each.levels["width"] == "512" and each.seed == 2 else each for each in ROWS]
    assert said(ALL, rows, "best", "failed") == [
        (
            "The best is width = 512 with 95.3 % (93.8 to 96.8), 0.74 ± 0.17 points ahead of the base setting; 1 of its 3 seeds "
            "failed, though."
        ),
        "These seeds cannot tell it from 1 of the 7 others: width = 1024.",
        "Width = 512 with seed 2 failed: it gave no number.",
    ]


def test_a_level_that_learnt_nothing_is_no_effect() -> None:
    rows = [replace(each, accuracy=0.0385, macro_accuracy=0.0385) if each.levels["activation"] == "sigmoid" else each for each in ROWS]
    assert said(ALL, rows, "effect", "silent")[2:] == [
        "Activation: against relu, tanh loses 0.76 ± 0.15 points; sigmoid learnt nothing.",
        "Activation = sigmoid learnt nothing at all: 3.9 %, and guessing among 26 classes gives 3.8 %.",
    ]


def test_a_seed_that_learnt_nothing_is_counted() -> None:
    rows = [replace(each, accuracy=0.04) if each.levels["activation"] == "sigmoid" and each.seed == 2 else each for each in ROWS]
    assert said(ALL, rows, "effect", "silent")[2:] == [
        "Activation: against relu, tanh loses 0.76 ± 0.15 points; sigmoid learnt nothing with 1 of 3 seeds.",
        "Activation = sigmoid learnt nothing with 1 of 3 seeds: 4.0 %, and guessing among 26 classes gives 3.8 %.",
    ]


def test_all_failed() -> None:
    assert said(ALL, [replace(each, error="the disk is full") for each in ROWS], "limits", "failed") == [
        "No training has finished, so there is nothing to compare.",
        "The base setting, width = 64, width = 512, width = 1024 and 4 more failed: the disk is full.",
    ]


def test_nothing_has_been_done_yet() -> None:
    assert said(ALL, [], "limits", "failed") == [
        "No training has finished, so there is nothing to compare.",
    ]


def test_all_learnt_nothing() -> None:
    rows = [replace(each, accuracy=0.04, macro_accuracy=1 / 26) for each in ROWS if each.setting in ("base", "width = 64")]
    assert said(ALL, rows) == [
        "No setting learnt anything with every seed; highest came out width = 64 with 4.0 % (4.0 to 4.0).",
        "The base setting learnt nothing at all: 4.0 %, and guessing among 26 classes gives 3.8 %.",
        "Width = 64 learnt nothing at all: 4.0 %, and guessing among 26 classes gives 3.8 %.",
    ]


def test_only_one_setting() -> None:
    assert said(ALL, ROWS[:3]) + said(ALL, ROWS[:3], "limits") == [
        "Only one setting finished: the base setting with 94.5 % (94.2 to 94.8).",
        (
            "Intervals say what other seeds would give on the same 4,000 held-back pictures, not what other pictures would; 3 "
            "seeds are few, and small differences need more."
        ),
    ]


def test_two_settings() -> None:
    rows = [each for each in ROWS if each.setting in ("base", "activation = tanh")]
    assert said(ALL, rows) == [
        "The best is the base setting with 94.5 % (94.2 to 94.8).",
        "It can be told apart from the only other one, activation = tanh, by 0.76 ± 0.19 points.",
        "Activation: against relu, tanh loses 0.76 ± 0.19 points.",
    ]


def test_seeds_that_change_nothing_are_told() -> None:
    rows = [replace(each, accuracy=0.9 + each.seed / 1000) for each in ROWS if "dropout" in each.setting or each.setting == "base"]
    assert said(ALL, rows) + said(ALL, rows, "limits") == [
        (
            "No setting can be called the best: the highest mean is that of the base setting with 90.2 % (90.0 to 90.4), and these "
            "seeds cannot tell it from any of the others."
        ),
        "Dropout: against dropout 0, nothing to measure chance by: dropout 0.2 (the same) and dropout 0.5 (the same).",
        "These seeds change nothing, or settings have none in common: there is nothing to measure chance by.",
        (
            "Intervals say what other seeds would give on the same 4,000 held-back pictures, not what other pictures would; 3 "
            "seeds are few, and small differences need more."
        ),
        "The best was chosen by these very figures, so its own is a little flattered: a test that chose nothing tells its worth.",
    ]


def test_a_setting_that_varies_far_more_is_named() -> None:
    rows = [replace(each, accuracy=each.accuracy - 0.03 * (each.seed - 1)) if each.levels["dropout"] == "0.5" else each for each in ROWS]
    assert said(ALL, rows, "spread") == [
        (
            "Dropout = 0.5 varies far more from seed to seed than the others (a standard deviation of 2.98 points against 0.09), "
            "so its own seeds alone are what it is judged by, and they say little."
        ),
    ]


def test_steps() -> None:
    of = design("steps", (Varied("step", "step", ("plain", "dropout 0.2", "second convolution", "dense layers")),))
    reached = {"plain": 0.84, "dropout 0.2": 0.85, "second convolution": 0.8505, "dense layers": 0.876}
    rows = trained(of, [{"step": each} for each in reached], lambda levels: reached[levels["step"]])
    assert said(of, rows) == [
        "The best is dense layers with 87.5 % (87.2 to 87.8), 3.48 ± 0.19 points ahead of the base setting.",
        "It can be told apart from every other setting, from the next, dropout 0.2, by 2.42 ± 0.19 points.",
        "Dropout 0.2, after plain: gains 1.05 ± 0.19 points.",
        "Second convolution, after dropout 0.2: no difference that these seeds can show (between 0.25 worse and 0.13 better).",
        "Dense layers, after second convolution: gains 2.49 ± 0.19 points.",
        "All steps together, from plain (84.04 %) to dense layers (87.52 %): gains 3.48 ± 0.19 points.",
    ]


def test_what_is_added_and_left_out() -> None:
    worth = {"norm": 0.006, "augment": 0.01, "dropout": 0.004}
    labels = {"norm": "batch normalisation", "augment": "augmentation", "dropout": "dropout"}
    of = design("add-and-leave-out", [Varied(each, labels[each], ("off", "on")) for each in worth])
    off, on = (dict.fromkeys(worth, level) for level in ("off", "on"))
    settings = [off, *(off | {each: "on"} for each in off), on, *(on | {each: "off"} for each in on)]
    rows = trained(of, settings, lambda levels: 0.93 + min(sum(worth[each] for each in worth if levels[each] == "on"), 0.0125))
    assert said(of, rows, "effect") == [
        (
            "Batch normalisation: added to nothing, it gains 0.65 ± 0.15 points; added to all the others, no difference that these "
            "seeds can show (between 0.24 worse and 0.05 better)."
        ),
        (
            "Augmentation: added to nothing, it gains 0.94 ± 0.15 points; added to all the others, a hint, but no more among so "
            "many comparisons (+0.16 ± 0.15)."
        ),
        (
            "Dropout: added to nothing, it gains 0.28 ± 0.15 points; added to all the others, no difference that these seeds can "
            "show (between 0.21 worse and 0.08 better)."
        ),
        "All of them together gain 1.20 ± 0.15 points over none.",
    ]


def test_cross_validation() -> None:
    of = design("one-at-a-time", (Varied("body", "way of reuse", ("scratch", "as it is", "new head", "fine-tuned")),))
    reached = {"scratch": 0.86, "as it is": 0.925, "new head": 0.93, "fine-tuned": 0.96}
    rng = np.random.default_rng(0)
    hard = rng.normal(size=(5, 10)) * 0.015
    folds = {level: at + hard + rng.normal(size=(5, 10)) * 0.01 for level, at in reached.items()}
    rows = [
        row(of, {"body": level}, at, float(each.mean()), folds=tuple(each)) for level, told in folds.items() for at, each in enumerate(told)
    ]
    assert said(of, rows) + said(of, rows, "limits")[1:2] == [
        "The best is body = fine-tuned with 96.1 % (94.8 to 97.4), 9.9 ± 1.4 points ahead of the base setting.",
        "It can be told apart from every other setting, from the next, body = new head, by 3.0 ± 1.2 points.",
        "Way of reuse: against scratch, fine-tuned gains 9.9 ± 1.4 points, new head gains 6.8 ± 1.0 and as it is gains 6.5 ± 1.0.",
        (
            "Intervals are over the folds of 5 repetitions of a cross-validation, corrected for the pictures that trainings share "
            "(Nadeau and Bengio 2003)."
        ),
    ]


def test_a_search_finds_a_setting() -> None:
    of = design("search", (Varied("rate", "learning rate"),), {})
    rows = [
        row(of, {"rate": str(rate)}, seed, 0.95 - rate / 10 + 0.001 * ((seed * 7 + int(rate * 100)) % 5), pruned=rate == 0.3)
        for rate in (0.01, 0.1, 0.2, 0.3)
        for seed in (1, 2, 3)
    ]
    assert said(of, rows) + said(of, rows, "limits")[2:3] == [
        "The best is rate = 0.01 with 95.1 % (94.7 to 95.4).",
        "It can be told apart from every other setting, from the next, rate = 0.1, by 0.8 ± 0.4 points.",
        "3 trials were broken off, since others were far ahead.",
        "A search goes where others did well: it finds a setting, and does not say what each factor is worth.",
    ]


def test_a_factor_with_a_peak() -> None:
    reached = dict(zip(("0.0001", "0.001", "0.01", "0.1"), (0.92, 0.952, 0.951, 0.93), strict=True))
    of = design("one-at-a-time", (Varied("rate", "learning rate", tuple(reached)),))
    rows = trained(of, one_at_a_time(of), lambda levels: reached[levels["rate"]])
    assert said(of, rows, "effect") == [
        "Learning rate: accuracy is highest at 0.001 (95.29 %), 3.25 ± 0.19 points lower at 0.0001 and 2.38 ± 0.19 at 0.1.",
    ]


def test_a_factor_that_loses_from_some_level_on() -> None:
    reached = dict(zip(("0.0001", "0.001", "0.01", "0.1"), (0.95, 0.9501, 0.94, 0.92), strict=True))
    of = design("one-at-a-time", (Varied("rate", "learning rate", tuple(reached)),))
    rows = trained(of, one_at_a_time(of), lambda levels: reached[levels["rate"]])
    assert said(of, rows, "effect") == [
        (
            "Learning rate: accuracy falls from 95.10 % at 0.001 to 91.92 % at 0.1, by 3.19 ± 0.19 points, with every step; up to "
            "0.001 no difference that these seeds can show."
        ),
    ]


def test_a_factor_that_gains_to_the_end() -> None:
    reached = dict(zip(("0.0001", "0.001", "0.01", "0.1"), (0.92, 0.9215, 0.9305, 0.94), strict=True))
    of = design("one-at-a-time", (Varied("rate", "learning rate", tuple(reached)),))
    rows = trained(of, one_at_a_time(of), lambda levels: reached[levels["rate"]])
    assert said(of, rows, "effect") == [
        (
            "Learning rate: accuracy rises from 92.04 % at 0.0001 to 93.92 % at 0.1, by 1.88 ± 0.19 points, with every step; 0.1 "
            "is the largest that was tried, so a larger one may be better still."
        ),
    ]


def test_a_factor_that_loses_from_the_start() -> None:
    reached = dict(zip(("0.0001", "0.001", "0.01", "0.1"), (0.95, 0.94, 0.93, 0.92), strict=True))
    of = design("one-at-a-time", (Varied("rate", "learning rate", tuple(reached)),))
    rows = trained(of, one_at_a_time(of), lambda levels: reached[levels["rate"]])
    assert said(of, rows, "effect") == [
        (
            "Learning rate: accuracy falls from 95.04 % at 0.0001 to 91.92 % at 0.1, by 3.12 ± 0.19 points, with every step; "
            "0.0001 is the smallest that was tried, so a smaller one may be better still."
        ),
    ]


def test_a_factor_that_goes_up_and_down() -> None:
    reached = dict(zip(("0.0001", "0.001", "0.01", "0.1"), (0.93, 0.95, 0.92, 0.95), strict=True))
    of = design("one-at-a-time", (Varied("rate", "learning rate", tuple(reached)),))
    rows = trained(of, one_at_a_time(of), lambda levels: reached[levels["rate"]])
    assert said(of, rows, "effect") == [
        (
            "Learning rate: against rate 0.0001, rate 0.001 gains 2.05 ± 0.19 points, rate 0.1 gains 1.88 ± 0.19 and rate 0.01 "
            "loses 1.06 ± 0.19."
        ),
    ]
