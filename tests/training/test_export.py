"""The exported graph answers as PyTorch does, for any number of pictures, with every batch norm folded away."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper

from inkread.errors import RunError
from inkread.networks import build
from inkread.training import export
from inkread.training.export import answers, fold, parity
from inkread.training.quantize import quantize


def network(**settings: object) -> torch.nn.Module:
    """A network whose batch norms have seen something, so that folding them is not folding nothing."""
    torch.manual_seed(1)
    made = build("residual", 5, stem=4, widths=[6], depths=[1], **settings).train()
    for _ in range(20):
        made(torch.rand(32, 28, 28) ** 3)
    return made.eval()


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 28, 28)).astype(np.uint8)


def truth_of(shown: np.ndarray) -> np.ndarray:
    """Some class for each picture."""
    return np.eye(5, dtype=bool)[np.arange(len(shown)) % 5]


@pytest.mark.parametrize("features", [0, 7])
def test_a_fresh_export_answers_as_pytorch_does(features: int) -> None:
    import onnxruntime

    trained = network(features=features)
    exported = export(trained, pictures(40))
    assert exported.parity < 1e-5
    graph = onnx.load_from_string(exported.model).graph
    assert {each.op_type for each in graph.node}.isdisjoint({"BatchNormalization", "Dropout"})
    session = onnxruntime.InferenceSession(exported.model)
    for count in (1, 3, 65):
        logits, outcome = session.run(["logits", "features"], {"pictures": pictures(count)})
        assert logits.shape == (count, 5)
        assert outcome.shape == (count, trained.classify.in_features)
        expected = trained(torch.from_numpy(pictures(count)))[0].detach().numpy()
        assert np.abs(logits - expected).max() < 1e-4


def test_exporting_leaves_the_network_as_it_was() -> None:
    trained = network()
    before = {name: value.clone() for name, value in trained.state_dict().items()}
    export(trained, pictures(4))
    assert all(torch.equal(value, before[name]) for name, value in trained.state_dict().items())


def test_folding_keeps_the_answers() -> None:
    trained = network(features=6)
    batch = torch.from_numpy(pictures(9))
    before = trained(batch)[0]
    folded = fold(trained)
    assert not any(isinstance(each, torch.nn.BatchNorm2d | torch.nn.BatchNorm1d) for each in folded.modules())
    assert torch.allclose(folded(batch)[0], before, atol=1e-4)


def test_an_export_that_answers_differently_fails() -> None:
    trained = network()
    model = export(trained, pictures(4)).model
    with torch.no_grad():
        trained.classify.bias += 0.01
    assert parity(trained, model, pictures(4)) == pytest.approx(0.01, rel=0.1)
    with pytest.raises(RunError, match="answers differently"):
        export(trained, pictures(4), tolerance=-1.0)


def test_whole_numbers_answer_nearly_as_the_network_does_and_take_a_third_of_the_room() -> None:
    trained = network(features=300)
    shown = pictures(64)
    exported = export(trained, shown)
    smaller = quantize(exported.model, shown, truth_of(shown))
    assert len(smaller.model) < 0.34 * len(exported.model)
    assert smaller.pictures == 32
    assert smaller.agreement > 0.95
    assert 0 < smaller.largest < 0.2
    logits, features = answers(smaller.model, shown)
    assert logits.dtype == features.dtype == np.float32
    assert features.shape == answers(exported.model, shown)[1].shape


def test_weights_in_whole_numbers_stay_within_seven_bits() -> None:
    graph = onnx.load_from_string(quantize(export(network(), pictures(8)).model, pictures(8), truth_of(pictures(8))).model).graph
    eight = [numpy_helper.to_array(each) for each in graph.initializer if each.data_type == onnx.TensorProto.INT8]
    weights = [each for each in eight if each.ndim > 1]
    assert len(weights) > 3
    assert max(int(np.abs(each.astype(int)).max()) for each in weights) in (63, 64)
