"""The report of an evaluation: one file that says what was measured, escapes what it was given, and leaves out what is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from inkread.alphabet import BYCLASS
from inkread.evaluation import BASES, Beside, Evaluation, Model, Published
from inkread.report import About, evaluation_page
from inkread.report.evaluation import contents, result

Make = Callable[..., Evaluation]

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """What a page is made of; fails on tags that do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_tags_match_names_of_places_are_unique_and_links_lead_somewhere(whole: Evaluation) -> None:
    page = Page(evaluation_page(whole))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {each["href"] for each in page.all("a")} == {f"#{place}" for place, _ in contents(whole)} <= {f"#{each}" for each in ids}
    assert {each["aria-labelledby"] for each in page.all("section")} <= set(ids)


def test_headings_go_down_one_level_at_a_time(whole: Evaluation) -> None:
    levels = [int(tag[1]) for tag, _ in Page(evaluation_page(whole)).tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_is_loaded_from_elsewhere_and_there_is_no_script(whole: Evaluation) -> None:
    html = evaluation_page(whole)
    assert not re.search(r"<script|<link|<iframe|@import|url\(|https?:|src=\"(?!data:image/png;base64,)|\son\w+=", html)


def test_every_picture_and_chart_says_what_it_shows_and_every_head_of_a_table_what_it_heads(whole: Evaluation) -> None:
    page = Page(evaluation_page(whole))
    assert all(each.get("alt") for each in page.all("img"))
    assert all(each.get("aria-label") or each.get("aria-hidden") for each in page.all("svg"))
    assert all(each.get("scope") in ("col", "row") for each in page.all("th"))


@pytest.mark.parametrize("character", ["<", "&", '"', "'", "{", "%"])
def test_odd_characters_cannot_become_markup(evaluation: Make, character: str) -> None:
    odd = f"{character}<i>{{{{ 7 * 7 }}}}"
    found = evaluation(f"O0{character}", model=Model(odd, "bundle", trained_on=(f"/a/{odd}",)), name=odd)
    page = Page(evaluation_page(found, About(trained=(odd,), notes=(odd,))))
    assert not page.all("i") or all(each.get("class") for each in page.all("i"))
    assert page.text.count(odd) >= 6
    assert f"0 read as {character}: 5 of 20 (25.0%)" in page.text


def test_the_figures_stand_first_with_interval_and_judgement(evaluation: Make) -> None:
    page = Page(evaluation_page(evaluation(), About("21 November 2026", False, ("emnist", "photo"), ("One more thing.",), "0.9")))
    head = page.text[: page.text.index("How good it is")]
    assert "A reader, scored over 3 answers on 60 labelled pictures, 21 November 2026." in head
    assert "accuracy 75.00 % read right; 95 % interval 62.8 to 84.2 %" in head.replace("\u00a0", " ")
    assert "It reads 75 of 100 pictures right." in head
    assert "1,234 parameters" in head
    assert "Trained on emnist, photo Independence" in head
    assert "this is no test part" in head
    assert "One more thing." in page.text
    assert "Written by inkread 0.9, 21 November 2026." in page.text


def test_a_model_that_learnt_from_the_test_is_told_before_any_figure(evaluation: Make) -> None:
    html = evaluation_page(evaluation(model=Model("tiny", "bundle", trained_on=("/far/away/drawn.zip",))))
    assert "/far/away" not in html
    text = Page(html).text
    assert 0 < text.index("It learnt from these very pictures.") < text.index("accuracy")
    assert "It learnt from" not in evaluation_page(evaluation())


def test_what_is_not_known_is_left_out(evaluation: Make, whole: Evaluation) -> None:
    bare, full = evaluation(pictures=False, sure=False), whole
    assert [place for place, _ in contents(bare)] == ["result", "characters", "confusions", "pairs", "mistakes", "method"]
    assert {place for place, _ in contents(full)} - {"labels"} == {place for place, _ in contents(full)}
    page = Page(evaluation_page(bare))
    assert not page.all("img")
    assert "calibration" not in page.text
    assert "handwriting" not in page.text
    assert {"letter", "trust", "damage", "looks"} <= {each.get("id") for each in Page(evaluation_page(full)).all("section")}


def test_probabilities_without_pictures_have_their_curves(evaluation: Make) -> None:
    page = Page(evaluation_page(evaluation(pictures=False)))
    assert sum("Calibration" in (each.get("aria-label") or "") for each in page.all("svg")) == 1
    assert not page.all("img")


def test_a_perfect_model_has_a_page_too(evaluation: Make) -> None:
    found = evaluation(each=3)
    perfect = replace(found, pairs=(), mistakes=(), confusion=replace(found.confusion, counts=found.confusion.counts * 0))
    assert "There is no mistake to be shown." in evaluation_page(perfect)


def test_misread_pictures_stand_beside_the_nearest_training_picture(evaluation: Make) -> None:
    page = Page(evaluation_page(evaluation()))
    alts = [each["alt"] or "" for each in page.all("img")]
    assert sum(each.startswith("O read as Q") for each in alts) == len(re.findall(r"(?<!more )O → Q", page.text))
    assert any(each.startswith("nearest training picture, ") for each in alts)


def test_of_the_surest_mistakes_one_kind_does_not_fill_the_page(evaluation: Make) -> None:
    found = evaluation(pictures=False)
    mistakes = tuple(replace(found.mistakes[0], truth=truth, answer="Q") for truth in "O" * 23 + "<")
    text = Page(evaluation_page(replace(found, mistakes=mistakes, pairs=()))).text
    assert text.count("O → Q 8") == text.count("< → Q") * 3 == 3
    assert "Among the 24 surest there are 20 more O → Q ." in text


def test_characters_in_sentences_are_set_apart(evaluation: Make) -> None:
    html = evaluation_page(evaluation("O0o<"))
    assert 'most often <span class="glyph">O</span> and <span class="glyph">0</span>' in html
    assert '<span class="glyph">o</span> is read as <span class="glyph">&lt;</span>' in html
    assert "‘" not in html


def test_many_that_tie_are_counted_and_one_is_one(evaluation: Make) -> None:
    found = evaluation("ABCDEFGHI", 8)
    text = Page(evaluation_page(replace(found, test=replace(found.test, blank=1)))).text.replace("\u00a0", " ")
    assert "Best: 9 characters at 75.0 %" in text
    assert "; 1 has no ink" in text


def test_62_characters_with_every_kind_of_mistake_stay_below_two_megabytes(evaluation: Make) -> None:
    found = evaluation(BYCLASS.characters, 8)
    crowded = replace(found, confusion=replace(found.confusion, counts=found.confusion.counts + 1))
    assert len(evaluation_page(crowded)) < 2_000_000


def test_published_results_say_what_they_were_measured_on(evaluation: Make) -> None:
    others = (Beside(Published("ByClass", "net & co", 0.88, "quoted", "best <of> 9", 0.885), "other split"),)
    text = Page(evaluation_page(replace(evaluation(), published=others))).text.replace("\u00a0", " ")
    assert f"net & co 88 to 88.5 % ByClass other split {BASES['quoted']}; best <of> 9" in text
    assert result(Published("MNIST", "one", 0.9984)).replace("\u00a0", " ") == "99.84 %"


def test_the_letter_has_its_page(evaluation: Make) -> None:
    text = Page(evaluation_page(evaluation("KkO0", letter="Катаева"))).text.replace("\u00a0", " ")
    assert "The letter K" in text
    assert "Катаева begins with К, which is written K in Latin letters." in text
    assert re.search(r"recall [\d.]+ % of its 40 pictures are read as it, in either case", text)


def test_a_linear_network_is_looked_into(evaluation: Make) -> None:
    plain, looked = (evaluation_page(evaluation(), About(weights=png)) for png in (b"", b"PNG"))
    assert "What each class looks for" not in plain
    assert [each["src"] for each in Page(looked).all("img") if each.get("class") == "sheet"] == ["data:image/png;base64,UE5H"]
    assert 'id="looks"' in looked
