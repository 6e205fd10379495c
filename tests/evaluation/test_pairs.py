"""Confused pairs: counted in both directions, measured on their pictures, explained by what was measured and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.evaluation import Answered, Labelled, Shapes, confused_pairs, view
from inkread.evaluation.examples import Gallery
from inkread.evaluation.explain import sentences
from inkread.evaluation.pairs import ConfusedPair, kind_of, told_apart
from made_answers import bars, labelled, said, sure


def pairs(answers: str, labels: str, characters: str = "ABC", **facts: object) -> tuple[ConfusedPair, ...]:
    return of(sure(answers, characters), labelled(labels, characters, **facts))


def of(answered: Answered, test: Labelled, gallery: Gallery | None = None) -> tuple[ConfusedPair, ...]:
    seen = view(answered, test)
    return confused_pairs(told_apart(seen), test, gallery)


def test_both_directions_count_together_and_apart() -> None:
    first, second = pairs("BBBAAC", "AAABBB")
    assert (first.first, first.second, first.count, first.of_mistakes) == ("A", "B", 5.0, pytest.approx(5 / 6))
    assert [(way.truth, way.answer, way.count, way.pictures) for way in first.directions] == [("A", "B", 3.0, 3.0), ("B", "A", 2.0, 3.0)]
    assert first.directions[0].of_truth == 1.0
    assert (second.first, second.second, second.count) == ("B", "C", 1.0)


def test_a_perfect_model_confuses_nothing() -> None:
    assert pairs("ABC", "ABC") == ()


def test_what_two_characters_are_to_each_other() -> None:
    told = {kind_of(*pair) for pair in ("Cc", "cC")}
    assert told == {"twins of case"}
    assert [kind_of(*pair) for pair in ("Aa", "O0", "4A", "EF", "47")] == [
        "cases of one letter",
        "look-alikes",
        "letter and digit",
        "letters",
        "digits",
    ]


def test_what_came_second_instead_of_the_right_answer_is_told() -> None:
    (pair,) = of(said([[0.2, 0.5, 0.3]] * 3 + [[0.4, 0.5, 0.1]]), labelled("AAAA"))
    assert (pair.runner_up, pair.between, pair.probability) == (0.25, "C", 0.5)


def test_mistakes_of_one_source_and_of_few_writers_are_named() -> None:
    labels, answers = "A" * 40, "B" * 10 + "A" * 30
    sources = np.array(["forms"] * 12 + ["photos"] * 28)
    writers = np.array(["ann"] * 6 + ["bob"] * 4 + [f"w{at}" for at in range(30)])
    (pair,) = pairs(answers, labels, sources=sources, writers=writers)
    assert [(each.name, each.mistakes, each.pictures) for each in pair.sources] == [("forms", 10, 12), ("photos", 0, 28)]
    assert (pair.half, pair.hands) == (1, 32)
    said_so = " ".join(pair.explanation)
    assert "1 writer of 32 made half of them." in said_so


def test_a_source_with_more_than_its_share_is_named() -> None:
    sources = np.array(["forms"] * 12 + ["photos"] * 28)
    (pair,) = pairs("B" * 9 + "A" * 30 + "B", "A" * 40, sources=sources)
    assert "90 % of them are from forms, with 30 % of the pictures." in pair.explanation


def test_the_share_of_a_source_is_of_the_pictures_of_all_sources() -> None:
    sources = np.array(["a"] * 100 + ["b"] * 150 + ["c"] * 9000)
    (pair,) = pairs("B" * 20 + "A" * 80 + "B" + "A" * 9149, "A" * 9250, sources=sources)
    assert "95 % of them are from a, with 1.1 % of the pictures." in pair.explanation


def test_a_source_of_all_mistakes_is_named_beside_one_without_any() -> None:
    sources = np.array(["forms"] * 100 + ["photos"] * 9900)
    (pair,) = pairs("B" * 20 + "A" * 9980, "A" * 10000, sources=sources)
    assert "100 % of them are from forms, with 1.0 % of the pictures." in pair.explanation


def test_misread_pictures_of_no_known_source_accuse_none() -> None:
    sources = np.array([""] * 10 + ["forms"] * 20 + ["photos"] * 20)
    (pair,) = pairs("B" * 10 + "A" * 40, "A" * 50, sources=sources)
    assert [(each.name, each.mistakes) for each in pair.sources] == [("forms", 0), ("photos", 0)]
    assert not any("are from" in each for each in pair.explanation)


def test_all_sources_are_told_and_counted() -> None:
    sources = np.repeat([f"s{at}" for at in range(8)], 20)
    (pair,) = pairs(("B" * 3 + "A" * 17) * 8, "A" * 160, sources=sources)
    assert len(pair.sources) == 8
    assert not any("are from" in each for each in pair.explanation)
    (pair,) = pairs("B" * 6 + "A" * 14 + ("B" + "A" * 19) * 7, "A" * 160, sources=sources)
    assert "46 % of them are from s0, with 12 % of the pictures." in pair.explanation


def known_up_to(labels: list[str], characters: str) -> Labelled:
    return Labelled(np.array([[each in label for each in characters] for label in labels]), Alphabet(characters))


def test_mistakes_on_pictures_known_up_to_several_characters_make_no_pair() -> None:
    test = known_up_to(["Kk"] * 40 + ["K"] * 10 + ["X"] * 20, "KkX")
    answers = "X" * 20 + "K" * 20 + "X" * 3 + "K" * 7 + "X" * 20
    (pair,) = of(sure(answers, "KkX"), test)
    assert (pair.first, pair.second, pair.count, pair.of_mistakes) == ("K", "X", 3.0, 1.0)
    assert [(way.truth, way.count, way.pictures, way.of_truth) for way in pair.directions] == [("K", 3.0, 10.0, 0.3), ("X", 0.0, 20.0, 0.0)]


def test_cases_that_no_label_tells_apart_are_one_letter_to_the_pairs() -> None:
    test = known_up_to(["Kk"] * 40 + ["X"] * 20, "KkX")
    (pair,) = of(sure("X" * 20 + "K" * 10 + "k" * 10 + "k" * 2 + "X" * 18, "KkX"), test)
    assert (pair.first, pair.second, pair.count) == ("K", "X", 22.0)
    assert [(way.truth, way.count, way.pictures) for way in pair.directions] == [("K", 20.0, 40.0), ("X", 2.0, 20.0)]


def test_no_answer_stays_none_where_cases_are_joined() -> None:
    assert of(said([[1 / 3] * 3] * 4, "KkX"), known_up_to(["Kk"] * 2 + ["X"] * 2, "KkX")) == ()


def test_pictures_that_differ_are_far_apart_and_equal_ones_are_not() -> None:
    labels = "A" * 30 + "B" * 30 + "C" * 30
    pictures = bars(labels)
    truth = np.repeat([0, 1, 2], 30)
    found = Shapes(pictures, truth, 3).looks(0, 1)
    assert found.crossing == 0.0
    assert 0 < found.nearest_own < found.nearest_other / 2
    assert found.differ in ("left", "right", "upper left", "lower left", "upper right", "lower right")
    assert found.pairs == 3
    mixed = Shapes(bars("A" * 90), truth, 3).looks(0, 1)
    assert mixed.separation < 0.3 < found.separation
    assert 0.25 < mixed.crossing < 0.75


def test_the_mean_picture_is_the_mean() -> None:
    pictures = np.zeros((10, 28, 28), np.uint8)
    pictures[:5, 3, 4], pictures[:2, 5, 5] = 200, 100
    found = Shapes(pictures, np.repeat([0, 1], 5), 2).looks(0, 1)
    assert (found.first[3, 4], found.first[5, 5], found.second.max()) == (200, 40, 0)


def test_classes_of_few_pictures_are_not_measured() -> None:
    (pair,) = pairs("BBBB", "AABB"[:2] + "BB", pictures=bars("AABB"))
    assert pair.looks is None
    assert pair.reason == "too few to explain"


def test_the_nearest_training_picture_is_shown_and_never_the_same_one() -> None:
    test = labelled("A" * 6 + "B" * 6, pictures=bars("A" * 6 + "B" * 6))
    training = labelled("AB" * 20, pictures=bars("AB" * 20, seed=1))
    (pair,) = of(sure("B" * 6 + "B" * 6), test, Gallery(training))
    assert {each.nearest.label for each in pair.examples if each.nearest} == {"A"}
    joined = Gallery(training).with_nearest(pair.examples, Alphabet("ab", ("aA", "bB")))
    assert {each.nearest.label for each in joined if each.nearest} == {"a"}
    (itself,) = of(sure("B" * 12), test, Gallery(test))
    assert all(each.nearest is not None and each.nearest.index != each.index for each in itself.examples)


def test_sentences_follow_the_numbers() -> None:
    labels = "A" * 40 + "B" * 40
    (pair,) = pairs("B" * 20 + "A" * 20 + "A" * 4 + "B" * 36, labels, pictures=bars(labels))
    assert pair.looks is not None
    text = " ".join(sentences(pair))
    assert "24 mistakes, 100 % of all mistakes: 20 times ‘A’ is read as ‘B’, 5.0 times as often as the other way (4)." in text
    assert "The two are about as frequent here" in text
    assert "the shapes differ, and a better reader could tell" in text
    mixed = replace(pair, looks=replace(pair.looks, crossing=0.44))
    assert "44 % of their pictures have their nearest neighbour in the other character (50 % would be chance)" in " ".join(sentences(mixed))
    far = replace(pair, looks=replace(pair.looks, rank=900, pairs=1000))
    assert "not alike" in " ".join(sentences(far))
    common = replace(pair, directions=(replace(pair.directions[0], pictures=200.0), pair.directions[1]))
    assert "There are 5.0 times as many ‘A’ as ‘B’ in this test: by share, 50 % of all ‘A’ are read as ‘B’" in " ".join(sentences(common))
    none = replace(pair, directions=(pair.directions[0], replace(pair.directions[1], count=0.0, pictures=0.0)))
    assert "There is no ‘B’ in this test." in " ".join(sentences(none))
    rare = replace(pair, directions=(pair.directions[0], replace(pair.directions[1], pictures=200.0)))
    assert "There are 5.0 times as many ‘B’ as ‘A’ in this test" in " ".join(sentences(rare))


def test_digits_in_sentences_cannot_be_taken_for_counts() -> None:
    told = [pairs("1" * often + "5" * 9, "5" * 9 + "5" * often, "15")[0].explanation[0] for often in (1, 2, 4)]
    assert [each.partition(",")[0] for each in told] == [f"{often} ‘5’ is read as ‘1’" for often in ("Once", "Twice", "4 times")]


def test_without_pictures_nothing_is_said_of_shapes() -> None:
    (pair,) = pairs("BBAA", "AABB")
    assert "mean picture" not in " ".join(pair.explanation)
    assert pair.examples[0].picture is None


def test_pictures_without_ink_are_in_no_pair() -> None:
    labels = "A" * 10 + "B" * 10
    pictures = bars(labels)
    pictures[:4] = 0
    (pair,) = pairs("B" * 7 + "A" * 3 + "B" * 10, labels, pictures=pictures)
    assert (pair.count, pair.of_mistakes, pair.directions[0].pictures) == (3.0, 1.0, 6.0)
    assert not any(each.blank for each in pair.examples)
    pictures[:7] = 0
    assert pairs("B" * 7 + "A" * 3 + "B" * 10, labels, pictures=pictures) == ()
    assert pairs("B" * 10 + "A" * 10, labels, pictures=np.zeros((20, 28, 28), np.uint8)) == ()


def test_two_mistakes_are_counted_and_not_explained() -> None:
    labels = "A" * 40 + "B" * 40
    (pair,) = pairs("BB" + "A" * 38 + "B" * 40, labels, pictures=bars(labels))
    assert pair.looks is not None
    assert (pair.reason, pair.explained) == ("too few to explain", False)
    assert pair.explanation == ("Twice ‘A’ is read as ‘B’, never the other way: 100 % of all mistakes.",)


def test_a_reason_is_always_given() -> None:
    labels = "A" * 4 + "B" * 40
    (unseen,) = pairs("B" * 4 + "B" * 40, labels)
    (rare,) = pairs("B" * 4 + "B" * 40, labels, pictures=bars(labels))
    assert (unseen.reason, rare.reason) == ("no pictures to tell", "too few pictures to tell")
    (twins,) = pairs("c", "C", "Cc")
    assert twins.reason == "one shape in two sizes"


def test_no_neighbour_in_the_other_character_is_told_in_words() -> None:
    labels = "A" * 40 + "B" * 40
    (pair,) = pairs("B" * 20 + "A" * 20 + "B" * 40, labels, pictures=bars(labels))
    assert pair.looks is not None
    told = " ".join(sentences(replace(pair, looks=replace(pair.looks, crossing=0.0))))
    assert "None of their pictures has its nearest neighbour in the other character" in told
    assert "0.0 %" not in told
