"""The judgement of a small test: what chance makes is not told as a finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from inkread.evaluation import Chance, Evaluation
from inkread.report import evaluation_page
from inkread.report.judgement import judgement

Make = Callable[..., Evaluation]


def shown(found: Evaluation) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", evaluation_page(found))).replace("\u00a0", " ")


def told(found: Evaluation) -> str:
    return " ".join(judgement(found)).replace("\u00a0", " ")


def test_probabilities_are_doubted_only_for_more_than_chance_makes(evaluation: Make) -> None:
    found = evaluation("ABC", 20)
    assert found.calibration is not None
    after = replace(found.calibration.after, error=0.052)
    within, beyond = (replace(found.calibration, after=after, by_chance=Chance(0.053, high)) for high in (0.073, 0.05))
    said = "Nothing speaks against its probabilities: they are 5.2 points off on average, no more than chance makes of 60 pictures (5.3)."
    assert said in told(replace(found, calibration=within))
    assert "Its probabilities should not be taken at their word: they are 5.2 points off" in told(replace(found, calibration=beyond))


def test_characters_are_read_unevenly_only_where_chance_does_not_make_it_so(evaluation: Make) -> None:
    found = evaluation("ABC", 20)
    shares = zip(sorted(found.characters, key=lambda each: each.character), (0.8, 0.9, 0.95), strict=True)
    found = replace(found, characters=tuple(replace(each, accuracy=share) for each, share in shares))
    even = replace(
        found.evenness, spread=0.06, range=0.15, lowest=0.8, highest=0.95, best="C", worst="A", range_by_chance=Chance(0.12, 0.2)
    )
    within, beyond = (replace(even, spread_by_chance=Chance(0.05, high)) for high in (0.07, 0.055))
    said = "Its characters, from 80.0 % (‘A’) to 95.0 % (‘C’), differ no more than chance makes of about 20 pictures each"
    assert said in told(replace(found, evenness=within))
    assert "It reads them unevenly, from 80.0 % (‘A’) to 95.0 % (‘C’)" in told(replace(found, evenness=beyond))


def test_a_threshold_that_so_few_pictures_cannot_show_is_told_as_such(evaluation: Make) -> None:
    found = evaluation("ABC", 20)
    assert found.selective is not None
    one = replace(found.selective.thresholds[1], coverage=0.47, kept=94, wrong=0, too_few=True)
    few = replace(found, selective=replace(found.selective, thresholds=(one,)))
    assert "At 1 % error it answers 47 % of the pictures by itself" in told(few)
    assert "these 94 are too few to show so small an error." in told(few)


def test_the_page_says_what_chance_makes_and_what_a_test_cannot_show(evaluation: Make) -> None:
    text = shown(evaluation("ABC", 20))
    assert "Were all read equally well, chance alone would make a range of" in text
    assert "Probabilities as good as their word would be" in text
    found = evaluation("ABC", 20)
    assert found.selective is not None
    one = replace(
        found.selective.thresholds[1], probability=0.9, coverage=0.47, risk=0.0, kept=94, wrong=0, low=0.0, high=0.0393, too_few=True
    )
    text = shown(replace(found, selective=replace(found.selective, thresholds=(one,))))
    assert "0 of 94 wrong, 95 % interval 0.00 to 3.93 %: too few to show it" in text


def test_the_page_explains_no_pair_by_one_mistake_and_tells_pictures_without_ink(evaluation: Make) -> None:
    found = evaluation("ABC", 20)
    few = replace(
        found.pairs[0],
        count=1.0,
        directions=(replace(found.pairs[0].directions[0], count=1.0), replace(found.pairs[0].directions[1], count=0.0)),
    )
    picture = found.mistakes[0].picture
    assert picture is not None
    empty = replace(found.mistakes[0], picture=picture * 0)
    text = shown(replace(found, pairs=(few,), mistakes=(empty,)))
    assert "Pairs of one or two mistakes" in text
    assert "Mean pictures are" in text
    assert "closest of" not in text
    assert "no ink" in text


def test_a_letter_whose_other_case_is_not_in_the_test_is_told_alone_too(evaluation: Make) -> None:
    found = evaluation("Zz", 20, letter="Z").letter
    whole = evaluation("Zz", 20, letter="Z")
    assert found is not None
    text = shown(replace(whole, letter=replace(found, cases=found.cases[:1])))
    assert "100 % of its 40 pictures are read as it, in either case (10 in the other case)" in text
    assert "Its cases, told apart" in text
    assert "What it is taken for" in text
