"""The judgement of a small test: what chance makes is not told as a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from inkread.evaluation import Chance, Evaluation
from inkread.report.judgement import judgement

Make = Callable[..., Evaluation]


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
    even = replace(
        found.evenness, spread=0.06, range=0.15, lowest=0.8, highest=0.95, best="C", worst="A", range_by_chance=Chance(0.12, 0.2)
    )
    within, beyond = (replace(even, spread_by_chance=Chance(0.05, high)) for high in (0.07, 0.055))
    said = "Its characters, from 80.0 % (A) to 95.0 % (C), differ no more than chance makes of about 20 pictures each"
    assert said in told(replace(found, evenness=within))
    assert "It reads them unevenly, from 80.0 % (A) to 95.0 % (C)" in told(replace(found, evenness=beyond))


def test_a_threshold_that_so_few_pictures_cannot_show_is_told_as_such(evaluation: Make) -> None:
    found = evaluation("ABC", 20)
    assert found.selective is not None
    one = replace(found.selective.thresholds[1], coverage=0.47, kept=94, wrong=0, too_few=True)
    few = replace(found, selective=replace(found.selective, thresholds=(one,)))
    assert "At 1 % error it answers 47 % of the pictures by itself" in told(few)
    assert "that its errors are so few 94 pictures cannot show." in told(few)
