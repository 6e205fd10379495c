"""The charts of an evaluation: where things lie, what they say, and that odd characters stay words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, Alphabet
from inkread.errors import MissingExtra
from inkread.evaluation import Chance, CharacterScore, Evaluation, confusion
from inkread.report import evaluation_figures
from inkread.report.charts import Label, Plane, bar, bar_start, calibration_chart, damage_chart, labels, risk_chart
from inkread.report.heatmap import heat_map, legend
from inkread.report.judgement import judgement, share_of

Make = Callable[..., Evaluation]
PLANE = Plane((0, 1), (0, 0.02), 46, 28, 378, 250)


def test_a_plane_puts_low_values_left_and_below() -> None:
    plane = Plane((0, 2), (0, 1), 10, 20, 100, 50)
    assert (plane.across(0), plane.across(2), plane.down(0), plane.down(1)) == (10, 110, 70, 20)


def test_all_charts_are_well_formed_and_say_what_they_show(whole: Evaluation) -> None:
    found = whole
    assert found.calibration is not None
    assert found.selective is not None
    assert found.robustness is not None
    charts = [heat_map(found.confusion), calibration_chart(found.calibration), risk_chart(found.selective)]
    charts.append(damage_chart(found.robustness.whole, found.robustness.damages[0]))
    for chart in charts:
        assert ElementTree.fromstring(chart).get("aria-label")
    assert "at 80 60% prepared again, 45% as it is; undamaged 75%" in charts[-1]


def test_a_bar_ends_at_the_accuracy_and_its_line_spans_the_interval() -> None:
    drawn = bar(CharacterScore("A", 20, 15, 0.75, 0.5, 1.0, 20, 0.75, 0.75), 0.5)
    assert 'width="50" height="10" class="fill"' in drawn
    assert "M0 6H100" in drawn


def test_bars_begin_at_nothing_unless_all_are_far_above() -> None:
    def scores(low: float) -> list[CharacterScore]:
        return [CharacterScore("A", 9, 9, 1.0, low, 1.0, 9, 1.0, 1.0)]

    assert [bar_start(scores(low)) for low in (0.3, 0.6, 0.93, 0.97)] == [0.0, 0.5, 0.9, 0.95]


def test_the_heat_map_has_a_cell_for_every_count_and_colours_only_mistakes() -> None:
    found = confusion([0, 1, 1, -1], [0, 0, 1, 2], Alphabet('a<"'))
    drawn = ElementTree.fromstring(heat_map(found))
    cells = {each[0].text: each.get("class") for each in drawn.iter("rect")}
    assert cells == {
        "a read as a: 1 of 2 (50.0%)": "right",
        "a read as <: 1 of 2 (50.0%)": "h7",
        "< read as <: 1 of 1 (100.0%)": "right",
        '" no answer: 1 of 1 (100.0%)': "h7",
    }
    assert len(legend()) == 7


def test_the_heat_map_of_62_characters_names_every_row_and_column_on_both_sides() -> None:
    truth = np.arange(62)
    drawn = heat_map(confusion(truth, truth, BYCLASS))
    assert len(re.findall(r'class="name(?: few)?">g</text>', drawn)) == 4


def test_the_judgement_names_what_the_numbers_say(evaluation: Make) -> None:
    told = " ".join(judgement(evaluation("O0o", 40))).replace("\u00a0", " ")
    assert told.startswith("It reads 75 of 100 pictures right. 100 % of its mistakes are between characters of one shape")
    assert "the most frequent one, ‘A’ and ‘B’, makes 5 % of them." in " ".join(judgement(evaluation("ABDEFGHKLMNPQRTUXY346", 8))).replace(
        "\u00a0", " "
    )
    silent = evaluation("ABC", 40, sure=False)
    unanswered = replace(silent, confusion=confusion([-1, 0, 1], [0, 0, 1], Alphabet("ABC")))
    assert "It has no answer to 1 picture, and that counts as a mistake." in judgement(unanswered)
    assert "It most often confuses" in " ".join(judgement(evaluation("ABC", 40)))


def test_look_alikes_are_named_only_where_they_occur(evaluation: Make) -> None:
    two, one = (" ".join(judgement(evaluation(characters, 40))) for characters in ("O0Il", "Kk"))
    assert "between characters of one shape, most often ‘O’ and ‘0’, then ‘I’ and ‘l’." in two
    assert "between characters of one shape, most often ‘K’ and ‘k’; where" in one
    assert "Ss" not in two + one


def test_of_many_characters_read_equally_well_the_number_is_told(evaluation: Make) -> None:
    uneven = replace(evaluation("ABC", 40))
    best, *others = uneven.characters
    tied = replace(uneven, characters=(replace(best, accuracy=0.5, low=0.4, high=0.6), *(replace(each, accuracy=1.0) for each in others)))
    tied = replace(
        tied, evenness=replace(tied.evenness, lowest=0.5, highest=1.0, range=0.5, spread=0.24, spread_by_chance=Chance(0.01, 0.02))
    )
    told = " ".join(judgement(tied)).replace("\u00a0", " ")
    assert f"from 50.0 % (‘{best.character}’) to 100 % (2 characters): 1 of 3 characters lies more than" in told


def crowded(found: Evaluation, *points: tuple[float, float, float]) -> list[Label]:
    """The labels of three thresholds for an error, each with what it keeps and its risk."""
    assert found.selective is not None
    there = zip(found.selective.thresholds, points, strict=True)
    thresholds = [replace(each, error=error, probability=0.9, coverage=kept, risk=risk) for each, (error, kept, risk) in there]
    return labels(replace(found.selective, thresholds=tuple(thresholds)), PLANE)


@pytest.mark.parametrize(
    "points",
    [
        ((0.005, 0.02, 0.004), (0.01, 0.05, 0.005), (0.02, 0.08, 0.006)),
        ((0.005, 0.6, 0.005), (0.01, 0.63, 0.0055), (0.02, 0.66, 0.006)),
        ((0.005, 0.9, 0.019), (0.01, 0.93, 0.0195), (0.02, 0.97, 0.02)),
    ],
)
def test_labels_of_thresholds_lie_on_no_other_no_point_and_not_on_the_axis(
    evaluation: Make, points: tuple[tuple[float, float, float], ...]
) -> None:
    placed = crowded(evaluation(), *points)
    assert len(placed) == 3
    for at, each in enumerate(placed):
        assert each.right - 7.5 * len(each.says) > PLANE.left
        assert each.base > 12
        for other in placed[:at]:
            assert not each.meets(other.right - 7.5 * len(other.says), other.base - 12, other.right, other.base)
        assert not any(each.meets(other.x - 5, other.y - 5, other.x + 5, other.y + 5) for other in placed)


def test_thresholds_at_one_point_have_one_label(evaluation: Make) -> None:
    (label,) = crowded(evaluation(), (0.005, 0.47, 0.0), (0.01, 0.47, 0.0), (0.02, 0.475, 0.0))
    assert label.says == "0.5, 1, 2\u00a0%"


def test_a_phone_shows_the_whole_map_with_as_many_names_as_it_can() -> None:
    many, few = (heat_map(confusion(range(n), range(n), Alphabet(BYCLASS.characters[:n]))) for n in (62, 10))
    assert "min-width" not in many + few
    assert (many.count('class="name few"'), many.count('class="name"')) == (124, 124)
    assert 'class="name"' not in few


@pytest.mark.parametrize(
    ("share", "digits", "told"),
    [(1.0, 1, "100 %"), (0.99999, 2, "> 99.99 %"), (0.00001, 1, "< 0.1 %"), (0.0, 1, "0.0 %"), (0.856, 0, "86 %")],
)
def test_rounding_makes_nothing_certain(share: float, digits: int, told: str) -> None:
    assert share_of(share, digits).replace("\u00a0", " ") == told


def test_the_charts_for_handing_in_are_pngs_of_what_there_is(evaluation: Make) -> None:
    pytest.importorskip("matplotlib")
    drawn = evaluation_figures(evaluation("$_^", 12))
    assert list(drawn) == ["confusion.png", "characters.png", "calibration.png", "risk.png", "pairs.png"]
    assert all(each.startswith(b"\x89PNG") for each in drawn.values())
    assert list(evaluation_figures(evaluation("AB", 3, pictures=False, sure=False))) == ["confusion.png", "characters.png"]


def test_without_matplotlib_the_extra_is_named(evaluation: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtra, match="report"):
        evaluation_figures(evaluation("AB", 3))


def test_figures_are_told_with_their_interval(whole: Evaluation) -> None:
    assert "16: 45.0% (25.8% to 65.8%)" in damage_chart(whole.robustness.whole, whole.robustness.damages[0])  # type: ignore[union-attr]
