"""The contact sheet: one file, nothing from elsewhere, nothing half written."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from inkread.errors import UsageError
from inkread.report import Card, ContactSheet, Fact
from inkread.report.contact import kind_of, percent

PICTURE = np.full((40, 30), 200, np.uint8)
SEEN = np.zeros((28, 28), np.uint8)
CARD = Card("a.png", PICTURE, SEEN, "O", 0.81, (("0", 0.15), ("o", 0.03)), "0", ("wrong", "unsure"))


def page(path: Path, *cards: Card, order: list[int] | None = None, title: str = "sheet") -> str:
    with ContactSheet(path) as sheet:
        sheet.add(cards)
        sheet.write(title, [Fact("pictures", str(len(cards)), large=True), Fact("reader", "tiny")], order)
    return path.read_text(encoding="utf-8")


def test_a_card_tells_picture_answer_probability_runners_up_and_truth(tmp_path: Path) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(tmp_path / "sheet.html", CARD)))
    assert "O capital 81.0 %" in text
    assert "or 0 15.0 %, o 3.0 %" in text
    assert "wrong unsure should be digit 0" in text
    assert page(tmp_path / "sheet.html", CARD).count("data:image/png;base64,") == 2


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    html = page(tmp_path / "sheet.html", CARD)
    assert not re.search(r"<script|<link|@import|url\(|https?:|src=\"(?!data:)", html)


def test_names_cannot_become_markup(tmp_path: Path) -> None:
    html = page(tmp_path / "sheet.html", Card('<img src=x onerror="a()">.png', says="<b>"), title="<i>")
    assert "<img src=x" not in html
    assert "&lt;b&gt;" in html
    assert "<title>&lt;i&gt;</title>" in html


def test_a_name_that_is_no_unicode_is_escaped(tmp_path: Path) -> None:
    assert r"caf\udce9.png" in page(tmp_path / "sheet.html", Card("caf\udce9.png"))


def test_the_page_says_that_it_holds_handwriting(tmp_path: Path) -> None:
    assert "people’s handwriting" in page(tmp_path / "sheet.html", CARD)


def test_filters_are_there_for_the_states_that_occur(tmp_path: Path) -> None:
    html = page(tmp_path / "sheet.html", CARD, Card("b.png", states=("unreadable",)), Card("c.png", PICTURE, SEEN, "1", 0.9))
    assert re.findall(r'<label for="show-\w+">([^<]+)</label>', html) == ["all 3", "wrong 1", "unsure 1", "unreadable 1"]


def test_cards_stand_in_the_order_asked_for(tmp_path: Path) -> None:
    html = page(tmp_path / "sheet.html", Card("a.png"), Card("b.png"), Card("c.png"), order=[2, 0, 1])
    assert re.findall(r'title="(.)\.png"', html) == ["c", "a", "b"]


def test_nothing_is_left_behind_and_an_older_page_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "sheet.html").write_text("older")
    with ContactSheet(tmp_path / "sheet.html") as sheet:
        sheet.add([CARD])
        assert (tmp_path / "sheet.html").read_text() == "older"
    page(tmp_path / "sheet.html", CARD)
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.html"]


def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        ContactSheet(tmp_path)
    with pytest.raises(UsageError, match=r"cannot be written \(no such file or directory\)"):
        ContactSheet(tmp_path / "none" / "sheet.html")


@pytest.mark.parametrize(("share", "told"), [(1.0, "100 %"), (0.9999, "> 99.9 %"), (0.5, "50.0 %"), (0.0001, "< 0.1 %")])
def test_a_probability_never_claims_more_than_it_knows(share: float, told: str) -> None:
    assert percent(share).replace("\u00a0", " ") == told


def test_look_alikes_are_told_apart_in_words() -> None:
    assert [kind_of(each) for each in "0Oo-"] == ["digit", "capital", "small", ""]
