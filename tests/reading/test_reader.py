"""The reader: the arithmetic in its order, every kind of picture, blank ones, thresholds, threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, repeat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import inkread
from inkread.alphabet import BYCLASS, NAMED
from inkread.bundle import Head, RiskData
from inkread.errors import AlphabetError, PictureError, UsageError
from inkread.picture import Prepared, encode_png
from inkread.reading import Reader, Session
from inkread.reading.reading import Ranking
from tiny_bundle import make_tiny_bundle, with_manifest

BUNDLE = make_tiny_bundle(temperature=3.0)
INK = np.random.default_rng(5).integers(0, 256, (60, 28, 28), dtype=np.uint8)
BLANK = np.zeros((28, 28), np.uint8)


def _stroke() -> np.ndarray:
    """A picture of an inclined stroke, dark on white."""
    picture = np.full((60, 40), 255, np.uint8)
    for row in range(8, 52):
        picture[row, 10 + row // 4 : 15 + row // 4] = 0
    return picture


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def _logits(pictures: np.ndarray = INK) -> np.ndarray:
    return Session(BUNDLE).run(pictures)[0].astype(np.float64)


def test_flat_probabilities_are_the_softmax_of_the_tempered_logits() -> None:
    np.testing.assert_allclose(Reader(BUNDLE).probabilities(INK), _softmax(_logits() / 3.0), atol=1e-12)


def test_the_prior_comes_after_the_temperature() -> None:
    counts = np.array([10 * (at + 1) + 0.5 for at in range(62)])
    expected = _softmax(_logits() / 3.0 + np.log(counts / counts.sum()))
    np.testing.assert_allclose(Reader(BUNDLE, prior="training").probabilities(INK), expected, atol=1e-12)


def test_restriction_is_that_of_the_alphabet_and_comes_last() -> None:
    digits = Reader(BUNDLE, alphabet="digits")
    everything = _softmax(_logits() / 3.0)[:, :10]
    np.testing.assert_allclose(digits.probabilities(INK), everything / everything.sum(axis=1, keepdims=True), atol=1e-12)
    outside = [each.outside for each in digits.readings([Prepared(picture) for picture in INK])]
    np.testing.assert_allclose(outside, 1 - everything.sum(axis=1), atol=1e-12)


def test_twins_of_case_are_summed_before_the_best_is_taken() -> None:
    folded = Reader(BUNDLE, case="fold")
    assert len(folded.alphabet) == 47
    both = _softmax(_logits() / 3.0)[:, [BYCLASS.index("C"), BYCLASS.index("c")]].sum(axis=1)
    np.testing.assert_allclose(folded.probabilities(INK)[:, folded.alphabet.index("C")], both, atol=1e-12)


def test_lower_case_counts_by_the_bundles_case_weight_where_it_is_left_out() -> None:
    upper = Reader(BUNDLE, alphabet="upper").probabilities(INK)
    p = _softmax(_logits() / 3.0)
    mass = p[:, 10:36] + 0.1 * p[:, 36:]
    np.testing.assert_allclose(upper, mass / mass.sum(axis=1, keepdims=True), atol=1e-12)


def test_what_the_bundle_tells_is_the_default_alphabet() -> None:
    assert Reader(BUNDLE).alphabet == BYCLASS
    assert Reader(make_tiny_bundle("xyz")).alphabet.characters == "xyz"
    with pytest.raises(AlphabetError, match="this reader does not know: 0123456789"):
        Reader(make_tiny_bundle("xyz"), alphabet="digits")


def test_a_taught_head_answers_from_the_features() -> None:
    rng = np.random.default_rng(1)
    head = Head("xß", rng.normal(size=(16, 2)), np.array([0.5, -0.5]), 2.0)
    reader = Reader(with_manifest(BUNDLE, head=head))
    features = Session(BUNDLE).run(INK)[1]
    assert reader.alphabet.characters == "xß"
    np.testing.assert_allclose(reader.probabilities(INK), _softmax((features @ head.weights + head.bias) / 2.0), atol=1e-6)


def test_a_threshold_of_a_taught_head_comes_from_its_own_left_out_pictures() -> None:
    head = Head("xy", np.zeros((16, 2)), np.zeros(2))
    with pytest.raises(UsageError, match="no left-out pictures"):
        Reader(with_manifest(BUNDLE, head=head), max_error=0.1)
    risk = RiskData(np.repeat([[9.0, 0.0], [0.0, 9.0]], 50, axis=0), np.repeat([0, 1], 50))
    assert Reader(with_manifest(BUNDLE, head=replace(head, risk=risk)), max_error=0.1).coverage == pytest.approx(1.0)


def test_every_kind_of_picture_is_read_alike(tmp_path: Path) -> None:
    picture = _stroke()
    reader, path = Reader(BUNDLE), tmp_path / "ü 1.png"
    path.write_bytes(encode_png(picture))
    kinds = [
        picture,
        path,
        str(path),
        path.read_bytes(),
        Image.fromarray(picture),
        Image.fromarray(picture).convert("RGB"),
        picture / 255.0,
    ]
    readings = list(reader.read_many(kinds))
    assert len({each.character for each in readings}) == 1
    assert len({each.probability for each in readings}) == 1
    assert readings[0].prepared.shape == (28, 28)
    assert readings[0].notes


def test_a_reading_holds_together() -> None:
    reading = Reader(BUNDLE, alphabet="alnum36").read(_stroke())
    assert str(reading) == reading.character == reading.ranking[0][0]
    assert reading.probability == reading.ranking[0][1]
    assert sorted(character for character, _ in reading.ranking) == sorted(NAMED["alnum36"].characters)
    assert [p for _, p in reading.ranking] == sorted((p for _, p in reading.ranking), reverse=True)
    assert sum(p for _, p in reading.ranking) == pytest.approx(1.0)
    assert reading.sure
    assert not reading.blank


def test_a_reading_becomes_json() -> None:
    told = json.loads(json.dumps(Reader(BUNDLE).read(_stroke()).as_dict(top=2), allow_nan=False))
    assert list(told) == ["character", "probability", "sure", "outside", "blank", "ranking", "notes", "placement"]
    assert [list(each) for each in told["ranking"]] == [["character", "probability"]] * 2
    assert told["placement"].keys() == {"height", "baseline"}
    assert json.loads(json.dumps(Reader(BUNDLE).read(BLANK).as_dict(), allow_nan=False))["placement"] == {"height": None, "baseline": None}


def test_a_blank_picture_is_told_as_blank_not_guessed() -> None:
    reader = Reader(BUNDLE)
    stroke, blank, again = reader.read_many([_stroke(), np.full((40, 40), 255, np.uint8), _stroke()])
    assert (blank.character, blank.probability, blank.ranking, blank.sure, blank.outside, blank.blank) == ("", 0.0, (), False, 0.0, True)
    assert stroke == again
    assert reader.read(BLANK).blank


def test_many_pictures_are_taken_as_they_are_needed() -> None:
    readings = Reader(BUNDLE).read_many(repeat(_stroke()))
    assert len(list(islice(readings, 40))) == 40
    assert list(Reader(BUNDLE).read_many([])) == []


def test_one_picture_is_not_many() -> None:
    with pytest.raises(UsageError, match="takes several pictures"):
        next(Reader(BUNDLE).read_many("a.png"))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PictureError):
        Reader(BUNDLE).read(b"text, no picture")


def test_rejecting_below_a_probability() -> None:
    sure = Reader(BUNDLE).read(_stroke()).probability
    assert Reader(BUNDLE, reject_below=sure).read(_stroke()).sure
    assert not Reader(BUNDLE, reject_below=min(1.0, sure + 1e-6)).read(_stroke()).sure
    assert Reader(BUNDLE).threshold == 0
    assert Reader(BUNDLE).coverage == 1.0


def test_a_wanted_error_gives_the_threshold_and_what_it_costs() -> None:
    unlimited, limited = Reader(BUNDLE), Reader(BUNDLE, max_error=0.02)
    assert unlimited.error > 0.02 >= limited.error
    assert 0 < limited.threshold < 1
    assert 0 < limited.coverage < 1
    assert Reader(BUNDLE, max_error=0.02, alphabet="upper").threshold != limited.threshold
    assert Reader(BUNDLE, max_error=0.02, prior="training").threshold != limited.threshold


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"reject_below": 0.5, "max_error": 0.01}, "exclude each other"),
        ({"reject_below": 1.5}, r"must be in 0\.\.1: 1.5"),
        ({"reject_below": float("nan")}, r"must be in 0\.\.1: nan"),
        ({"max_error": 0.0001}, "not reachable"),
        ({"threads": 0}, "at least 1: 0"),
        ({"engine": "tensorrt"}, "unknown engine: tensorrt"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Reader(BUNDLE, **options)  # type: ignore[arg-type]


def test_threads_that_share_a_reader_get_the_same_answers() -> None:
    reader = Reader(BUNDLE, case="fold")
    prepared = [Prepared(picture) for picture in INK]
    expected = [each.ranking for each in reader.readings(prepared)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: reader.readings([prepared[at % 60]])[0].ranking, range(300)))
    for at, ranking in enumerate(found):
        assert ranking[0][0] == expected[at % 60][0][0]
        assert ranking[0][1] == pytest.approx(expected[at % 60][0][1], abs=1e-6)


def test_a_reader_for_long_work_gives_the_same_answers() -> None:
    reader = Reader(BUNDLE)
    assert reader.expecting(3, callers=2) is reader
    long = reader.expecting(1_000_000, callers=2)
    assert long is not reader
    assert long.alphabet == reader.alphabet
    np.testing.assert_allclose(long.probabilities(INK), reader.probabilities(INK), atol=1e-5)
    assert reader.engine == "onnxruntime"


def test_reading_without_a_reader_leaves_nothing_that_a_second_call_can_feel(tiny_bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    path.write_bytes(tiny_bundle.read_bytes())
    assert len(inkread.read(_stroke(), bundle=path).ranking) == 62
    assert len(inkread.read(_stroke(), bundle=path, alphabet="digits").ranking) == 10
    path.write_bytes(make_tiny_bundle("xyz").model)
    assert len(inkread.read(_stroke(), bundle=path).ranking) == 3


def test_a_ranking_is_a_row_of_pairs_with_the_likeliest_first() -> None:
    ranking = Ranking("abc", np.array([0.2, 0.5, 0.3]))
    assert ranking == (("b", 0.5), ("c", 0.3), ("a", 0.2))
    assert ranking[0] == ("b", 0.5)
    assert ranking[1:2] == (("c", 0.3),)
    assert ranking[1:1] == ()
    assert len(ranking) == 3
    assert hash(ranking) == hash(Ranking("abc", np.array([0.2, 0.5, 0.3])))
    assert ranking != Ranking("abc", np.array([0.3, 0.5, 0.2]))
