"""A diagnosis: what the preparation says and what the doctor understands belong together."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.errors import PictureError
from inkread.picture import encode_png
from inkread.reading import Diagnosis, Reader, diagnose
from tiny_bundle import make_tiny_bundle

READER = Reader(make_tiny_bundle())


def paper(height: int = 100, width: int = 100) -> NDArray[np.uint8]:
    picture = np.full((height, width), 235, np.uint8)
    picture[25:75, 40:46] = picture[25:31, 40:66] = 40
    return picture


def codes(diagnosis: Diagnosis) -> set[str]:
    return {finding.code for finding in diagnosis.findings}


def boxed() -> NDArray[np.uint8]:
    picture = paper()
    picture[6:10, 6:94] = picture[90:94, 6:94] = picture[6:94, 6:10] = picture[6:94, 90:94] = 30
    return picture


def ruled() -> NDArray[np.uint8]:
    picture = paper()
    picture[[52, 53]] = 120
    return picture


def shaded() -> NDArray[np.uint8]:
    light = np.linspace(1.0, 0.35, 100)[None, :]
    return np.asarray(paper() * light, np.uint8)


@pytest.mark.parametrize(("picture", "code"), [(boxed(), "border"), (ruled(), "rules"), (shaded(), "light")])
def test_the_words_of_the_preparation_are_understood(picture: NDArray[np.uint8], code: str) -> None:
    assert code in codes(diagnose(picture, READER))
    assert code not in codes(diagnose(paper(), READER))


def test_the_steps_begin_with_the_picture_and_end_with_what_was_read() -> None:
    diagnosis = diagnose(encode_png(boxed()), READER)
    names = [step.name for step in diagnosis.steps]
    assert names[0] == "given"
    assert names[-1] == "finished"
    assert "inside" in names
    assert np.array_equal(diagnosis.steps[0].picture, boxed())
    assert np.array_equal(diagnosis.steps[-1].picture, diagnosis.reading.prepared)


def test_the_reading_is_the_readers_own() -> None:
    diagnosis = diagnose(paper(), READER)
    assert diagnosis.reading == READER.read(paper())
    assert diagnosis.occlusion is not None
    assert diagnosis.occlusion.falls.shape == (28, 28)


def test_a_blank_picture_has_no_reasons() -> None:
    diagnosis = diagnose(np.full((50, 40), 200, np.uint8), READER)
    assert (codes(diagnosis), diagnosis.suspicious, diagnosis.sure, diagnosis.occlusion) == ({"blank"}, True, False, None)


def test_sure_is_what_the_readers_threshold_says() -> None:
    probability = READER.read(paper()).probability
    strict, mild = (Reader(READER.bundle, reject_below=probability + by) for by in (0.001, -0.001))
    assert (diagnose(paper(), strict).sure, diagnose(paper(), mild).sure) == (False, True)


def test_an_alphabet_without_the_likely_answer_is_told_with_it() -> None:
    likely = READER.read(paper()).character
    others = "".join(each for each in READER.alphabet if each != likely and each.swapcase() != likely)
    reader = Reader(READER.bundle, alphabet=others)
    if reader.read(paper()).outside > 0.5:
        (finding,) = [each for each in diagnose(paper(), reader).findings if each.code == "outside"]
        assert f"`{likely}`" in finding.says
    else:
        pytest.fail("the tiny network spreads its answer too thin for this test")


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PictureError):
        diagnose(b"no picture", READER)
