"""A report as a value: the same words, tables and figures on a page and in Markdown, whatever signs they hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from inkread.report import Code, Document, Fact, Figure, Items, Link, Listing, Paragraph, Section, Strong, Table, Text
from inkread.report.document import anchor
from inkread.report.markdown import escaped, words

ODD = "a|b <i>x</i> *y* _z_ `t` $1$ [l](m) & co ~s~ \\"
SVG = '<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
PNG = b"\x89PNG\r\n\x1a\nnothing"


class Seen(HTMLParser):
    """What a page holds: its elements with their attributes, and the words that are read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def document(*blocks: object, title: str = "A study") -> Document:
    return Document(title, sections=(Section("Result", blocks),))  # type: ignore[arg-type]


def table(best: frozenset[int] = frozenset()) -> Table:
    return Table(("setting", "reason", "mean"), (("a|b", "<since>", "88.1 %"), (Code("x|y"), ODD, "−0.4")), "lwr", best=best)


def whole() -> Document:
    """Every block there is, and odd signs wherever there may be some."""
    blocks = (
        Paragraph(ODD, "warn"),
        Items((ODD, (Strong(ODD), Code(ODD), Link(ODD, "runs/a b/report.html")))),
        Listing(f"inkread study run {ODD}"),
        Table((ODD, "n"), ((ODD, "1"),), caption=ODD),
        Figure("effects", SVG, ODD, ODD, SVG),
        Figure("picture", PNG, ODD, ODD),
    )
    return Document(
        ODD, ODD, (Section(ODD, blocks, (Section(ODD, (Paragraph("below"),)),)), Section("Limits")), (Fact(ODD, ODD, True),), ODD
    )


def test_odd_signs_are_read_as_they_were_written_on_the_page() -> None:
    seen = Seen(whole().html())
    assert seen.words.count(ODD) == 21  # title 2, lead 1, fact 2, contents 2, headings 2, blocks 11, foot 1
    assert "i" not in {name for name, _ in seen.elements}
    assert {each["aria-label"] for each in seen.all("div") if each.get("role") == "img"} == {ODD}


def test_odd_signs_are_only_signs_in_markdown() -> None:
    told = escaped(ODD)
    assert told == r"a\|b \<i\>x\</i\> \*y\* \_z\_ \`t\` \$1\$ \[l\](m) \& co \~s\~ \\"
    assert told in whole().markdown()
    assert whole().markdown().count("<i>") == 2  # in code and in the listing, where signs mean nothing


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        ("# x", r"\# x"),
        ("- x", r"\- x"),
        ("3. x", r"3\. x"),
        ("-0.4", "-0.4"),
        ("3.5 %", "3.5 %"),
        ("#1", "#1"),
        ("---", r"\---"),
        ("a\n\nb", "a b"),
    ],
)
def test_no_word_starts_a_list_or_a_heading(plain: str, told: str) -> None:
    assert escaped(plain) == told


def test_code_keeps_its_ticks_and_a_cell_its_bars() -> None:
    assert words(Code("a")) == "`a`"
    assert words(Code("`a`")) == "`` `a` ``"
    assert words((Code("a|b"), " or ", Strong("c|d")), cell=True) == r"`a\|b` or **c\|d**"


def test_a_listing_with_a_fence_in_it_is_fenced_by_more() -> None:
    assert "````\n```toml\n````" in document(Listing("```toml")).markdown()


def test_columns_of_a_table_are_aligned_alike_in_both() -> None:
    made = document(table())
    head = [each["class"] for each in Seen(made.html()).all("th") if each.get("scope") == "col"]
    assert head == ["left", "left wrap", ""]
    lines = [line for line in made.markdown().splitlines() if line.startswith("|")]
    assert re.fullmatch(r"\| -+ \| -+ \| -+: \|", lines[1])
    assert len({len(line) for line in lines}) == 1
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 4 for line in lines)


def test_numbers_stand_at_the_right_unless_told_otherwise() -> None:
    assert Table(("a", "b", "c"), ()).columns == "lrr"


def test_rows_that_stand_out_are_marked_in_both() -> None:
    made = document(table(frozenset({1})))
    rows = Seen(made.html()).all("tr")
    assert [each.get("class") for each in rows] == [None, None, "ours"]
    assert [line.startswith("| **") for line in made.markdown().splitlines() if line.startswith("|")] == [False, False, False, True]


@pytest.mark.parametrize("given", [{"rows": (("a",),)}, {"align": "l"}, {"align": "lx"}])
def test_a_table_of_unequal_rows_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a table of 2 columns"):
        Table(**({"header": ("a", "b"), "rows": ()} | given))  # type: ignore[arg-type]


def test_anchors_are_unique_and_those_of_the_contents() -> None:
    twice = (Section("Limits", (), (Section("Limits"), Section("Limits-1"))), Section("Limits"), Section("???"))
    made = Document("Limits", sections=twice)
    seen = Seen(made.html())
    places = [each["id"] for each in seen.all("section")]
    assert places == ["limits-1", "limits-2", "limits-1-1", "limits-3", "section"]
    assert [f"#{each}" for each in places] == [each["href"] for each in seen.all("a")]
    assert re.findall(r"\(#(.+)\)", made.markdown()) == places


def test_an_anchor_that_a_heading_spells_out_is_not_given_twice() -> None:
    made = Document("Limits", sections=(Section("Limits-1"), Section("Limits")))
    assert [each.anchor for each in made.placed()] == ["limits-1", "limits-2"]


def test_anchors_are_those_of_github() -> None:
    assert [anchor(each) for each in ("Why 5 × 10 folds?", "a_b-c", "Ä b")] == ["why-5--10-folds", "a_b-c", "ä-b"]


def test_every_name_on_a_page_is_there_once() -> None:
    names = [each["id"] for _, each in Seen(whole().html()).elements if "id" in each]
    assert len(names) == len(set(names))


def test_headings_below_headings_are_smaller() -> None:
    made = document()
    deep = Document("t", sections=(Section("a", (), (Section("b", (), (Section("c"),)),)),))
    assert [name for name, _ in Seen(deep.html()).elements if re.fullmatch("h[1-6]", name)] == ["h1", "h2", "h3", "h4"]
    assert re.findall("^#+ ", deep.markdown(), re.MULTILINE) == ["# ", "## ", "### ", "#### "]
    assert "<nav" not in made.html()


def test_figures_are_inside_the_page_and_files_of_the_markdown() -> None:
    made = whole()
    assert made.html().count("<svg") == 2
    assert "data:image/png;base64," in made.html()
    assert made.files() == {"effects.svg": SVG.encode(), "picture.png": PNG}
    for folder in ("figures", "figures/"):
        assert re.findall(r"\]\((figures/[^)]+)\)", made.markdown(folder)) == ["figures/effects.svg", "figures/picture.png"]


def test_two_figures_of_one_name_are_refused() -> None:
    figure = Figure("a", SVG, "", "")
    with pytest.raises(ValueError, match=r"a\.svg"):
        document(figure, figure).files()


def test_a_figure_is_drawn_for_a_desktop_and_for_a_phone() -> None:
    figure = Figure.drawn("a", lambda width: f"{width > 6}", "caption", "says")
    assert (figure.drawing, figure.narrow) == ("True", "False")


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = whole().html()
    seen = Seen(page)
    assert not seen.all("script") + seen.all("link") + seen.all("iframe")
    assert not re.findall(r"(?:src|href)=\"(?!data:image/png;base64,|#|runs/)[^\"]*", page)
    assert "@import" not in page
    assert "url(" not in page
    assert re.findall(r"https?://[^\"\s]+", page) == ["http://www.w3.org/2000/svg"] * 2


def test_a_wide_table_tells_a_phone_that_it_scrolls() -> None:
    wide = Table(tuple("abcde"), (tuple("12345"),))
    assert 'class="hint"' in document(wide).html()
    assert 'class="hint"' not in document(table()).html()
    (box,) = (each for each in Seen(document(wide).html()).all("div") if each.get("role") == "region")
    assert (box["class"], box["tabindex"], box["aria-label"]) == ("scroll wide", "0", "table")


def test_two_lists_in_a_row_stay_two() -> None:
    made = document(Items(("a",), numbered=True), Items(("b",), numbered=True)).markdown()
    assert "1. a\n\n<!-- -->\n\n1. b" in made


def test_an_empty_document_is_a_page_all_the_same() -> None:
    made = Document("only a title")
    assert made.markdown() == "# only a title\n"
    assert Seen(made.html()).all("h1")
    assert made.files() == {}


@pytest.mark.parametrize("text", ["plain", Code("plain"), ("pl", Strong("ain"))])
def test_a_text_is_read_the_same_with_and_without_marks(text: Text) -> None:
    assert "plain" in Seen(document(Paragraph(text)).html()).words
