"""The charts of studies: that they draw what they are given, also where that is little, much, odd or missing."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from math import inf, isnan, nan
from xml.etree import ElementTree

import numpy as np
import pytest

from inkread.errors import MissingExtra
from inkread.report import (
    WU_AND_HE,
    Against,
    Candidate,
    Effect,
    Interaction,
    Learnt,
    Measured,
    Panel,
    Rung,
    Series,
    Worth,
    batch_chart,
    effects_chart,
    examples_chart,
    forest_chart,
    front,
    interaction_chart,
    ladder_chart,
    learning_chart,
    tradeoff_chart,
)
from inkread.report.measured import limits
from inkread.report.tradeoffs import counted, place
from inkread.report.vector import NARROW, WIDE

pytest.importorskip("matplotlib")

ODD = "_a<b> & $x$ \\frac"
LONG = "normalisation = batch, width = 1024, dropout = 0.25, optimiser = adamw, " * 3
FAILED = Measured(nan, each=(nan, nan))


def measured(mean: float) -> Measured:
    return Measured(mean, mean - 0.01, mean + 0.01, (mean - 0.005, mean + 0.005))


def effect(*means: float, factor: str = "width", base: str = "1", at: tuple[float, ...] = ()) -> Effect:
    points = tuple(FAILED if isnan(mean) else measured(mean) for mean in means)
    return Effect(factor, tuple(map(str, range(len(means)))), (Series("all", points),), base, at)


def said(svg: str) -> list[str]:
    """Every line of words in a drawing, in order."""
    text = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(each.itertext()).replace("\u200b", "").replace("\u00a0", " ") for each in text]


def marks(svg: str, series: int) -> list[tuple[float, float]]:
    """Where the marks of a series lie, x and y (downwards)."""
    found = re.findall(rf'<use href="[^"]+" x="([\d.]+)" y="([\d.]+)" style="fill: var\(--series-{series},[^"]*"', svg)
    return [(float(x), float(y)) for x, y in found if float(x)]  # a band lies at 0


CHARTS: dict[str, Callable[[float], str]] = {
    "effects": partial(effects_chart, [effect(0.8, 0.9), effect(0.8, 0.85, factor=ODD)]),
    "interaction": partial(interaction_chart, Interaction(ODD, "b", ("1", ODD), ("1", "2"), np.array([[0.8, 0.9], [nan, 0.7]]))),
    "forest": partial(forest_chart, [Against(ODD, 0.01, 0.0, 0.02, True), Against("b", nan)]),
    "learning": partial(learning_chart, [Learnt(ODD, (0.5, 0.9), (0.4, 0.8)), Learnt("b", (0.5,), (0.4,))]),
    "batch": partial(batch_chart, [Panel(ODD, (Series("GroupNorm", (measured(0.1),), (2,)),)), WU_AND_HE]),
    "examples": partial(examples_chart, [Series(ODD, (measured(0.5), measured(0.9)), (1, 35))], as_is=measured(0.8)),
    "tradeoff": partial(tradeoff_chart, [Candidate(ODD, 1e6, measured(0.9), "ours"), Candidate("b", 1e5, measured(0.8), ODD)]),
    "ladder": partial(ladder_chart, [Rung(ODD, measured(0.8), 0.82), Rung("b", measured(0.9))]),
}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_an_svg_of_the_asked_width_that_takes_the_colours_of_its_page(name: str, width: float) -> None:
    svg = CHARTS[name](width)
    drawn = ElementTree.fromstring(svg)
    assert float(drawn.get("width", "").removesuffix("pt")) <= 72 * width + 0.1
    assert not re.search(r"#(?:26549a|1d1f24|fdfefd)(?!\))", svg)
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "<style" not in svg
    assert not re.search(r"href=\"(?!#)", svg)
    assert any("a<b>" in each and "$x$" in each for each in said(svg))


def test_a_chart_is_the_same_each_time_and_its_names_are_its_own() -> None:
    first, second = CHARTS["effects"](WIDE), CHARTS["ladder"](WIDE)
    assert first == CHARTS["effects"](WIDE)
    names = [set(re.findall(r' id="([^"]+)"', each)) for each in (first, second)]
    assert names[0]
    assert not names[0] & names[1]
    assert names[0] == set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", first))


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match="the charts of a study"):
        CHARTS["forest"](WIDE)


def test_the_axis_spans_all_values_but_those_that_learnt_nothing() -> None:
    low, high = limits([measured(0.86), measured(0.88), measured(0.04), FAILED])
    assert 0.8 < low < 0.85
    assert 0.89 < high < 0.95
    assert limits([measured(0.86), measured(0.04)], far=100)[0] < 0.04
    assert limits([FAILED]) == limits([]) == (0.0, 1.0)


def test_the_axis_makes_no_effect_of_next_to_nothing() -> None:
    low, high = limits([Measured(0.9), Measured(0.9001)])
    assert high - low >= 0.0099


def test_measured_values_tell_what_failed_and_turn_into_errors() -> None:
    assert (FAILED.failed, measured(0.9).failed, Measured(0.9, each=(0.9, nan)).failed, Measured(nan).failed) == (2, 0, 1, 1)
    error = Measured(0.9, 0.88, 0.93).complement
    assert (error.mean, error.low, error.high) == pytest.approx((0.1, 0.07, 0.12))
    assert error.arms == pytest.approx((0.03, 0.02))
    assert Measured(0.9).arms == (0.0, 0.0)


def test_factors_stand_by_what_they_matter_on_one_axis() -> None:
    svg = effects_chart([effect(0.85, 0.86, factor="little"), effect(0.8, 0.9, factor="much"), effect(0.84, 0.87, factor="some")])
    assert [each for each in said(svg) if each in ("little", "much", "some")] == ["much", "some", "little"]
    lowest, highest = max(y for _, y in marks(svg, 1)), min(y for _, y in marks(svg, 1))
    assert lowest > highest
    assert said(svg).count("accuracy") == 1


def test_levels_lie_evenly_or_by_their_logarithm() -> None:
    assert effect(0.8, 0.9, 0.9).places == [0, 1, 2]
    assert effect(0.8, 0.9, 0.9, at=(1, 10, 1000)).places == pytest.approx([0, 2 / 3, 2])
    assert effect(0.8, at=(64,)).places == [0]
    assert effect(0.8, 0.9, at=(5, 5)).places == [0, 0]


def test_a_level_that_failed_and_one_far_below_are_told_at_the_edge() -> None:
    words = said(effects_chart([effect(0.88, 0.89, nan, 0.04)]))
    assert "failed" in " ".join(words)
    assert any("4 %" in each for each in words)
    assert "0 %" not in words


def test_a_second_factor_has_lines_with_a_key() -> None:
    two = Effect("dropout", ("0", "0.5"), tuple(Series(f"width {at}", (measured(0.8), measured(0.8 + at / 1000))) for at in (64, 100)), "0")
    words = said(effects_chart([two]))
    assert {"width 64", "width 100", "dropout"} <= set(words)
    assert "all" not in said(effects_chart([effect(0.8, 0.9)]))


def test_cells_hold_their_means_and_what_is_missing_is_hatched() -> None:
    svg = interaction_chart(Interaction("a", "b", ("1", "2"), ("x", "y"), np.array([[0.812, 0.9], [nan, nan]]), frozenset({(1, 1)})))
    assert {"81.2", "90.0", "×"} <= set(said(svg))
    assert said(svg).count("×") == 1
    assert len(re.findall(r"fill: url\(#", svg)) == 2


def test_differences_stand_from_the_best_to_the_worst_and_failures_last() -> None:
    rows = [Against("bad", -0.02, -0.03, -0.01, True), Against("failed one", nan), Against("good", 0.011, 0, 0.02)]
    words = said(forest_chart(rows))
    assert [each for each in words if each in ("good", "bad", "failed one")] == ["good", "bad", "failed one"]
    assert [each for each in words if re.match("[+−]\\d\\.\\d|failed$", each)] == ["+1.1", "−2.0", "failed"]


def test_only_what_is_told_apart_is_filled() -> None:
    svg = forest_chart([Against("a", 0.01, 0, 0.02, True), Against("b", 0.01, 0, 0.02, False)])
    fills = re.findall(r'<use href="[^"]+" x="[\d.]+" y="[\d.]+" style="fill: var\(--([\w-]+),[^"]*stroke: var\(--series-1', svg)
    assert sorted(fills) == ["paper", "series-1"]


def test_of_many_learning_curves_eight_are_named() -> None:
    words = said(learning_chart([Learnt(f"setting {at}", (0.5, 0.8), (0.5, 0.7 + at / 1000)) for at in range(30)]))
    assert [each for each in words if each.startswith("setting")] == [f"setting {at}" for at in range(8)]
    assert "22 others" in words


def test_seeds_of_a_setting_have_one_name() -> None:
    words = said(learning_chart([Learnt(name, (0.5, 0.8), (0.5, 0.7)) for name in ("a", "b", "a")]))
    assert (words.count("a"), words.count("b")) == (1, 1)


def test_batches_fall_from_left_to_right_and_names_keep_their_colours_over_panels() -> None:
    ours = Panel("ours", tuple(Series(name, (measured(0.1), measured(0.2)), (2, 512)) for name in ("GroupNorm", "BatchNorm")))
    svg = batch_chart([ours, WU_AND_HE])
    words = said(svg)
    assert [each for each in words if re.fullmatch(r"\d+", each)] == ["2", "512", "2", "4", "8", "16", "32"]
    assert (words.count("GroupNorm"), words.count("BatchNorm")) == (1, 1)
    small, large = marks(svg, 1)[:2]
    assert small[0] > large[0]
    assert small[1] > large[1]
    assert len(marks(svg, 1)) == len(marks(svg, 2)) == 2 + 5 + 1  # the last one in the key


def test_what_wu_and_he_published_stands_as_published() -> None:
    batch, group = WU_AND_HE.series
    assert (batch.name, group.name) == ("BatchNorm", "GroupNorm")
    assert batch.points[-1].mean - group.points[-1].mean == pytest.approx(0.106)
    assert batch.at == group.at == (32, 16, 8, 4, 2)


def test_reuse_is_told_where_the_lines_meet() -> None:
    chart = partial(examples_chart, [Series("scratch", (measured(0.5), FAILED, measured(0.9)), (1, 5, 35))], as_is=measured(0.8))
    assert {"1", "5", "35", "as is", "scratch"} <= set(said(chart()))
    assert "worth 20 labels" in said(chart(worth=Worth(20, 0.8, "worth 20 labels")))


def test_the_front_holds_what_no_other_beats_in_both() -> None:
    these = [
        Candidate(name, cost, Measured(reached)) for name, cost, reached in (("a", 1, 0.8), ("b", 2, 0.7), ("c", 2, 0.9), ("d", 3, 0.9))
    ]
    assert [each.name for each in front([*these, Candidate("e", 9, FAILED)])] == ["a", "c"]
    assert [each.name for each in front(these, more_is_better=True)] == ["d"]


def test_names_lie_on_no_other_name_and_on_no_point() -> None:
    taken = [(48.0, 48.0, 52.0, 52.0), (56.0, 40.0, 90.0, 60.0)]
    left, bottom, right, top = place((50, 50), (30, 9), taken, (0, 0, 100, 100))
    assert all(right <= box[0] or box[2] <= left or top <= box[1] or box[3] <= bottom for box in taken)
    assert 0 <= left < right <= 100


def test_a_network_far_below_all_others_is_named_with_its_accuracy() -> None:
    these = [Candidate(f"n{at}", 10.0**at, measured(0.88 + at / 1000)) for at in range(4, 8)]
    words = said(tradeoff_chart([*these, Candidate("linear", 3e4, measured(0.52))]))
    assert "linear, 52 %" in words
    assert {"n4", "n5", "n6", "n7", "100 k", "1 M"} <= set(words)


@pytest.mark.parametrize(("number", "told"), [(950, "950"), (20_000, "20 k"), (3_140_000, "3.14 M"), (2e9, "2 G"), (0.5, "0.5")])
def test_large_numbers_are_told_as_they_are_said(number: float, told: str) -> None:
    assert counted(number).replace("\u00a0", " ") == told


def test_a_ladder_tells_what_each_step_reaches_and_adds() -> None:
    words = said(
        ladder_chart([Rung("first", measured(0.8), 0.82), Rung("failing", FAILED), Rung("last", measured(0.79))], published="Cohen")
    )
    assert {"80.0 %", "failed", "79.0 %  −1.0", "here", "Cohen"} <= set(words)


@pytest.mark.parametrize(
    "draw",
    [
        partial(effects_chart, [effect(0.9, base="0")]),
        partial(effects_chart, [effect(nan, nan)]),
        partial(effects_chart, [Effect(LONG, (LONG, LONG + "b"), (Series(LONG, (Measured(0.8), Measured(0.9))),))]),
        partial(effects_chart, [effect(*np.linspace(0.8, 0.9, 30))]),
        partial(interaction_chart, Interaction(LONG, LONG, (LONG,), (LONG, "b"), np.full((1, 2), nan))),
        partial(interaction_chart, Interaction("a", "b", tuple("abcdefgh"), tuple(map(str, range(16))), np.full((8, 16), 0.5))),
        partial(forest_chart, []),
        partial(forest_chart, [Against(LONG, nan)]),
        partial(forest_chart, [Against(f"{LONG}{at}", at / 100, -inf, inf) for at in range(30)]),
        partial(learning_chart, []),
        partial(learning_chart, [Learnt(LONG, (nan, nan), ())]),
        partial(batch_chart, [Panel("a", (Series("b", (FAILED,), (2,)),))]),
        partial(examples_chart, [Series("a", (FAILED,), (1,))], as_is=FAILED),
        partial(tradeoff_chart, [Candidate(LONG, 0, measured(0.9)), Candidate("b", nan, FAILED)]),
        partial(tradeoff_chart, [Candidate(f"same {at}", 1e6, measured(0.9)) for at in range(30)]),
        partial(ladder_chart, [Rung(LONG, FAILED)]),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_little_much_and_nothing_at_all_is_drawn_without_a_warning(draw: Callable[[float], str]) -> None:
    assert ElementTree.fromstring(draw(NARROW)).get("viewBox")
