"""Line charts of plain characters."""

from __future__ import annotations

from math import inf, nan

import pytest

from inkread.report.dots import Line, chart, scale


def drawn(*lines: Line, width: int = 40, height: int = 8, share: bool = False) -> list[str]:
    return ["".join(text for text, _ in row) for row in chart(lines, width, height, share)]


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    rows = drawn(Line("up", (0, 1, 2), (0.0, 0.5, 1.0)))
    assert rows[0].rstrip().endswith("up")
    assert rows[0].index("⠉" if "⠉" in rows[0] else "⠊") > 20
    assert rows[7][6] != " "


@pytest.mark.parametrize("width", [12, 20, 33, 44, 80, 110])
def test_a_chart_is_never_wider_than_it_may_be(width: int) -> None:
    rows = drawn(Line("validation", range(9), [0.1 * each for each in range(9)]), width=width)
    assert max(map(len, rows)) <= width


def test_each_line_is_named_where_it_ends_and_has_a_row_of_its_own() -> None:
    rows = drawn(Line("a", (0, 1), (0.0, 1.0)), Line("b", (0, 1), (1.0, 1.0)), Line("c", (0, 1), (1.0, 0.0)))
    named = {row.rstrip()[-1]: at for at, row in enumerate(rows[:8]) if row.rstrip()[-1:] in "abc"}
    assert set(named) == {"a", "b", "c"}
    assert named["c"] == 7


def test_spans_know_their_line() -> None:
    rows = chart([Line("a", (0, 1), (0.0, 0.0)), Line("b", (0, 1), (1.0, 1.0))], 30, 4)
    assert {number for _, number in rows[0]} == {-1, 1}
    assert {number for _, number in rows[3]} == {-1, 0}


def test_a_single_point_and_a_marked_one_stand_out() -> None:
    assert sum(row.count("●") for row in drawn(Line("once", (3,), (0.5,)))) == 1
    assert sum(row.count("●") for row in drawn(Line("best", (0, 1, 2), (1.0, 0.2, 0.4), marked=1))) == 1


def test_what_is_no_number_is_left_out() -> None:
    rows = drawn(Line("a", (0, 1, 2, 3), (0.2, nan, inf, 0.4)))
    assert rows[-1].split() == ["0", "epoch", "3"]
    assert drawn(Line("a", (0,), (nan,))) == ["nothing to draw"]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0.0, 1.0, [0.0, 0.5, 1.0]), (0.12, 0.31, [0.2, 0.3]), (97.3, 99.1, [98.0, 99.0]), (0.97, 0.98, [0.97, 0.975, 0.98])],
)
def test_an_axis_has_round_numbers_and_two_of_them_at_least(low: float, high: float, ticks: list[float]) -> None:
    assert scale(low, high, 2)[2] == pytest.approx(ticks)


def test_an_axis_of_one_value_holds_it() -> None:
    low, high, ticks = scale(0.5, 0.5, 3)
    assert low < 0.5 < high
    assert len(ticks) >= 2


def test_shares_are_told_in_percent_with_the_places_that_tell_them_apart() -> None:
    rows = drawn(Line("a", (0, 1), (0.985, 0.993)), share=True)
    assert any("99.0 %" in row for row in rows)
