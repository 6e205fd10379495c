"""`Canvas`: pictures and words on a page, whatever they are."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.picture import Canvas, shortened, text_width, wrapped


def test_wrapped_lines_fit_and_keep_every_word() -> None:
    text = "the ink runs into the left edge: part of the character may be missing"
    lines = wrapped(text, 15, 180)
    assert " ".join(lines) == text
    assert len(lines) > 2
    assert max(text_width(line, 15) for line in lines) <= 180


def test_a_share_is_not_parted_from_its_percent_sign() -> None:
    assert all("98.4\u00a0%" in line or "98.4" not in line for line in wrapped("probability 98.4\u00a0% of it", 15, 90))


def test_a_word_that_is_too_long_is_shortened() -> None:
    (line,) = wrapped("a" * 300, 15, 100)
    assert "…" in line
    assert text_width(line, 15) <= 100


def test_shortened_text_keeps_start_and_end() -> None:
    short = shortened("scans/2024/november/box 17/upper_Q_0031.png", 14, 150)
    assert short.startswith("scans")
    assert short.endswith("0031.png")


@pytest.mark.parametrize("text", ["A", "Ж", "漢", "\udcff", "a\nb\x1b[2J"])
def test_any_text_is_drawn(text: str) -> None:
    page = Canvas(60, 40)
    page.write(text, 5, 30, 20)
    assert (page.pixels < 128).any()


def test_what_lies_outside_is_cut_off() -> None:
    page = Canvas(20, 10, (0, 0, 0))
    page.paste(np.full((30, 30), 7, np.uint8), 15, 8)
    page.fill(-5, -5, 10, 10, (9, 9, 9))
    assert page.pixels.shape == (10, 20, 3)
    assert (page.pixels[8:, 15:] == 7).all()
    assert (page.pixels[:5, :5] == 9).all()
    assert page.pixels[5, 5, 0] == 0
