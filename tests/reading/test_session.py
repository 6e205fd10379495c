"""Engines: they agree, they can be shared between threads, and a graph that is not format 1's is refused."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inkread.bundle import Head
from inkread.errors import BundleError, MissingExtra, PictureError, UsageError
from inkread.reading import Session, engines, session
from tiny_bundle import make_tiny_bundle, random_model, tiny_model

PICTURES = np.random.default_rng(3).integers(0, 256, (150, 28, 28), dtype=np.uint8)
ENGINES = [
    "onnxruntime",
    pytest.param("openvino", marks=pytest.mark.skipif(not engines.has_openvino(), reason="the extra `fast` is not installed")),
]


def _by_hand(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The tiny network of random weights for `abc`, in NumPy."""
    rng = np.random.default_rng(0)
    first, second = (each.astype(np.float32) for each in (rng.normal(size=(784, 16)) / 1000, rng.normal(size=(16, 3))))
    features = np.maximum(pictures.reshape(-1, 784).astype(np.float32) @ first, 0)
    return features @ second, features


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [0, 1, 150])
def test_every_engine_computes_what_the_graph_says(engine: str, count: int) -> None:
    logits, features = Session(make_tiny_bundle("abc"), engine).run(PICTURES[:count])
    expected_logits, expected_features = _by_hand(PICTURES[:count])
    assert logits.dtype == features.dtype == np.float32
    assert logits.shape == (count, 3)
    np.testing.assert_allclose(logits, expected_logits, atol=1e-4)
    np.testing.assert_allclose(features, expected_features, atol=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_threads_that_share_a_session_get_their_own_answers(engine: str) -> None:
    shared = Session(make_tiny_bundle("abc"), engine, callers=4)
    expected = _by_hand(PICTURES)[0]

    def ask(at: int) -> bool:
        part = slice(at % 100, at % 100 + 1 + at % 50)
        return bool(np.allclose(shared.run(PICTURES[part])[0], expected[part], atol=1e-4))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(200)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("model", "says"),
    [
        (random_model(4), "tells 4 classes, the bundle names 3 characters"),
        (tiny_model(np.ones((784, 2)), np.ones((2, 3)), pictures="images"), "must take `pictures` of uint8.*`images`"),
        (tiny_model(np.ones((784, 2)), np.ones((2, 3)), kind=1), "must take `pictures` of uint8.*it takes `pictures`"),
        (tiny_model(np.ones((784, 2)), np.ones((2, 3)), logits="scores"), "must give `logits` and `features`.*`scores`"),
        (tiny_model(np.ones((700, 2)), np.ones((2, 3))), "cannot run the network|does not take pictures of 28x28"),
        (tiny_model(np.ones((784, 2)), np.ones((2, 3))).replace(b"MatMul", b"MatMud"), "cannot run the network"),
    ],
)
def test_a_graph_that_is_not_format_1_is_refused(engine: str, model: bytes, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        Session(make_tiny_bundle("abc", model=model), engine)


def test_a_head_for_other_features_is_refused() -> None:
    with pytest.raises(BundleError, match="wants 5 features, the network gives 16"):
        Session(make_tiny_bundle("abc", head=Head("xy", np.zeros((5, 2)), np.zeros(2))))


def test_answers_that_are_no_numbers_are_refused() -> None:
    broken = make_tiny_bundle("abc", model=tiny_model(np.ones((784, 2)), np.full((2, 3), np.nan)))
    with pytest.raises(BundleError, match="no number"):
        Session(broken).run(PICTURES[:1])


@pytest.mark.parametrize("pictures", [PICTURES[0], PICTURES.astype(float), PICTURES[:, :20]])
def test_only_prepared_pictures_are_taken(pictures: np.ndarray) -> None:
    with pytest.raises(PictureError, match=r"not prepared pictures, uint8 \(N, 28, 28\)"):
        Session(make_tiny_bundle("abc")).run(pictures)


def test_auto_takes_openvino_only_for_long_work_and_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "has_openvino", lambda: True)
    assert session.engine_for("auto", 3) == "onnxruntime"
    assert session.engine_for("auto", session.LONG_WORK) == "openvino"
    assert session.engine_for("onnxruntime", session.LONG_WORK) == "onnxruntime"
    monkeypatch.setattr(session, "has_openvino", lambda: False)
    assert session.engine_for("auto", session.LONG_WORK) == "onnxruntime"


def test_an_unknown_engine_is_met_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="unknown engine: openvin") as caught:
        Session(make_tiny_bundle("abc"), "openvin")
    assert caught.value.hint == "did you mean `openvino`?"


def test_a_missing_engine_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtra, match="OpenVINO is not installed") as caught:
        Session(make_tiny_bundle("abc"), "openvino")
    assert caught.value.hint == "pip install 'inkread[fast]'"


@pytest.mark.skipif(not engines.has_openvino(), reason="the extra `fast` is not installed")
def test_openvino_is_imported_without_its_telemetry() -> None:
    script = (
        "import sys; from inkread.reading import engines; engines._openvino(); print([m for m in sys.modules if 'openvino_telemetry' in m])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
