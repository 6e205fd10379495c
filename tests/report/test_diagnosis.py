"""The doctor's page: everything that was found stands on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.report import Covered, Examined, Remark, diagnosis_page, heat, stacked
from inkread.report.diagnosis import ALARM, BAR, CALM, COVER, WIDTH

SEEN = np.zeros((28, 28), np.uint8)
SEEN[4:24, 12:15] = 255
FALLS = np.zeros((28, 28))
FALLS[5, 13], FALLS[20, 13] = 2.0, -2.0
PLAIN = Examined(
    name="scans/1.png",
    character="I",
    probability=0.9,
    state="sure",
    ranking=(("I", 0.9), ("l", 0.1)),
    steps=(("given\n40 x 30 pixels", np.full((30, 40), 200, np.uint8)), ("finished", SEEN)),
    done="dark ink on light paper turned round",
    seen=SEEN,
    falls=FALLS,
)


def pixels_of(page: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((page == colour).all(axis=2).sum())


def test_the_map_is_red_where_ink_speaks_for_and_blue_where_against_the_answer() -> None:
    shown = heat(SEEN, FALLS).astype(int)
    red, blue = shown[5, 13], shown[20, 13]
    assert red[0] > red[2] + 100
    assert blue[2] > blue[0] + 100
    assert shown[12, 13].tolist() == [shown[12, 13, 0]] * 3
    assert (shown[0, 0] == 255).all()


def test_an_answer_that_nothing_shakes_stays_pale() -> None:
    calm, torn = heat(SEEN, FALLS / 1000), heat(SEEN, FALLS)
    assert abs(int(calm[5, 13, 0]) - int(calm[5, 13, 2])) < 0.5 * abs(int(torn[5, 13, 0]) - int(torn[5, 13, 2]))


def test_the_bar_of_the_answer_is_as_long_as_it_is_probable() -> None:
    longest, half = (pixels_of(diagnosis_page(replace(PLAIN, ranking=(("I", share),))), BAR) for share in (1.0, 0.5))
    assert half / longest == pytest.approx(0.5, abs=0.02)


def test_each_remark_has_its_bar_orange_only_where_suspicious() -> None:
    noted = diagnosis_page(replace(PLAIN, remarks=(Remark("a printed border was found", "look", suspicious=False),)))
    found = diagnosis_page(
        replace(PLAIN, remarks=(Remark("the answer is unsure: `I` 50 %", "look"), Remark("more", "look", suspicious=False)))
    )
    assert pixels_of(noted, ALARM) == 0 < pixels_of(noted, CALM)
    assert pixels_of(found, ALARM) > 100
    assert found.shape[0] > noted.shape[0] > diagnosis_page(PLAIN).shape[0]


def test_a_covering_patch_is_drawn_where_it_lay() -> None:
    page = diagnosis_page(replace(PLAIN, flips=(Covered(4, 12, 5, "l 60 %"),)))
    assert pixels_of(page, COVER) == (5 * 5) ** 2


def test_neighbours_come_with_their_source() -> None:
    page = diagnosis_page(replace(PLAIN, neighbours=[("I\n0.012", SEEN)] * 3, source="emnist"))
    assert page.shape[0] > diagnosis_page(PLAIN).shape[0] + 84


def test_a_blank_picture_has_a_page_without_reasons() -> None:
    blank = replace(PLAIN, character="", probability=0.0, state="blank", ranking=(), falls=None, remarks=(Remark("no ink was found"),))
    page = diagnosis_page(blank)
    assert page.dtype == np.uint8
    assert page.shape[1:] == (WIDTH, 3)
    assert page.shape[0] < diagnosis_page(PLAIN).shape[0] - 250


def test_pages_are_stacked_whole_and_in_order() -> None:
    one, other = diagnosis_page(PLAIN), diagnosis_page(replace(PLAIN, character="l"))
    long = stacked([one, other])
    assert np.array_equal(long[: len(one)], one)
    assert np.array_equal(long[-len(other) :], other)


def test_any_name_and_any_size_of_step_is_drawn() -> None:
    steps = [("given", np.zeros((1, 3000), np.uint8)), ("漢", np.zeros((9, 1), np.uint8))]
    strange = replace(PLAIN, name="caf\udce9\n" + "long/" * 80, steps=steps)
    assert diagnosis_page(strange).shape[1] == WIDTH
