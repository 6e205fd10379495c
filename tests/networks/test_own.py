"""A module of the user's own: found in the current folder, fed as it wants to be, refused with a sentence where it cannot serve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inkread.errors import UsageError
from inkread.networks import build, settings_of

torch = pytest.importorskip("torch")

CODE = '''
import torch
from torch import nn

class Maps(nn.Module):
    """Takes (N,1,28,28), gives plain logits out of a dense layer."""
    def __init__(self, num_classes: int, width: int = 4, rate: float = 0.5, kernels: tuple[int, ...] = (3,)):
        super().__init__()
        self.rate, self.kernels = rate, kernels
        self.body = nn.Sequential(nn.Conv2d(1, width, 3, 2), nn.ReLU(), nn.Flatten())
        self.head = nn.Linear(width * 169, num_classes)
    def forward(self, x):
        return self.head(self.body(x))

class Rows(nn.Module):
    """Takes (N,28,28): a recurrent network that reads rows."""
    def __init__(self, classes=10):
        super().__init__()
        self.read = nn.GRU(28, 6, batch_first=True)
        self.head = nn.Linear(6, classes)
    def forward(self, x):
        return self.head(self.read(x)[0][:, -1])

class Pixels(nn.Sequential):
    """Takes (N,784) and knows nothing of classes."""
    def __init__(self):
        super().__init__(nn.Linear(784, 5), nn.ReLU(), nn.Linear(5, 10))

class Colours(nn.Sequential):
    def __init__(self, classes):
        super().__init__(nn.Conv2d(3, 2, 28), nn.Flatten(), nn.Linear(2, classes))

class Pair(nn.Module):
    """Gives logits and features itself, out of no dense layer."""
    def __init__(self, classes):
        super().__init__()
        self.maps = nn.Conv2d(1, classes, 28)
    def forward(self, x):
        logits = self.maps(x).flatten(1)
        return logits, logits.tanh()

class Open(Maps):
    def __init__(self, classes, **further):
        super().__init__(classes, **further)

class Softmax(Maps):
    def forward(self, x):
        return super().forward(x).softmax(1)

class Classes(Maps):
    def forward(self, x):
        return super().forward(x).argmax(1)

class Scaled(Maps):
    """Its logits are not what its dense layer gives."""
    def forward(self, x):
        return super().forward(x) * 2.0

class Detached(Maps):
    def forward(self, x):
        return super().forward(x).detach()

class Weightless(nn.Module):
    def forward(self, x):
        return x.flatten(1)[:, :10]

class Needy(Maps):
    def __init__(self, classes, size):
        super().__init__(classes)

class Broken(nn.Module):
    def __init__(self, classes):
        raise RuntimeError("no luck today")

class NoNetwork:
    pass
'''


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "my_nets.py").write_text(CODE)
    (tmp_path / "my_broken.py").write_text("def")
    (tmp_path / "my_needs.py").write_text("import a_library_that_is_not_there")
    monkeypatch.chdir(tmp_path)
    for name in ("my_nets", "my_broken", "my_needs"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "view", "features"),
    [
        ("Maps", "(N,1,28,28)", 676),
        ("Rows", "(N,28,28)", 6),
        ("Pixels", "(N,784)", 5),
        ("Colours", "(N,3,28,28)", 2),
        ("Pair", "(N,1,28,28)", 10),
        ("Scaled", "(N,1,28,28)", 10),
    ],
)
def test_it_is_fed_as_it_wants_to_be(name: str, view: str, features: int) -> None:
    before = list(sys.path)
    network = build(f"my_nets:{name}", 10)
    assert sys.path == before
    assert network.training
    assert network.view == view
    logits, given = network(torch.zeros(4, 28, 28, dtype=torch.uint8))
    assert logits.shape == (4, 10)
    assert given.shape == (4, features)


def test_its_features_are_the_input_of_its_last_dense_layer() -> None:
    network = build("my_nets:Maps", 10)
    logits, features = network(torch.rand(4, 28, 28))
    assert torch.equal(network.module.head(features), logits)


def test_its_settings_are_checked_by_its_annotations() -> None:
    assert list(settings_of("my_nets:Maps")) == ["width", "rate", "kernels"]
    module = build("my_nets:Maps", 10, width=6, rate=1, kernels=[5, 3]).module
    assert (module.body[0].out_channels, module.rate, module.kernels) == (6, 1.0, (5, 3))
    with pytest.raises(UsageError, match="the network my_nets:Maps cannot have width: 'wide'"):
        build("my_nets:Maps", 10, width="wide")
    with pytest.raises(UsageError, match="the network my_nets:Maps has no setting: widht"):
        build("my_nets:Maps", 10, widht=4)


def test_a_constructor_that_takes_everything_is_given_everything() -> None:
    assert build("my_nets:Open", 10, width=6).module.body[0].out_channels == 6
    with pytest.raises(UsageError, match=r"the network my_nets:Open cannot be made: TypeError: .*colour"):
        build("my_nets:Open", 10, colour="red")


def test_it_travels_as_onnx() -> None:
    pytest.importorskip("onnx")
    import numpy as np

    from inkread.training import export

    seen = np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    assert export(build("my_nets:Maps", 10), seen).parity <= 1e-4


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("my_nets:Softmax", r"the network my_nets:Softmax gives probabilities, not logits: \(5, 10\)"),
        ("my_nets:Classes", r"the network my_nets:Classes does not give logits \(N, classes\) for pictures: \(N,1,28,28\): gives \(5,\)"),
        ("my_nets:Detached", "the logits of the network my_nets:Detached do not depend on its weights"),
        ("my_nets:Weightless", "the network my_nets:Weightless has no weights to train"),
        ("my_nets:Needy", "the network my_nets:Needy needs a value for: size"),
        ("my_nets:Broken", "the network my_nets:Broken cannot be made: RuntimeError: no luck today"),
        ("my_nets:NoNetwork", "no torch.nn.Module in the module my_nets: NoNetwork"),
        ("my_nets:Map", "no class of this name in the module my_nets: Map"),
        ("my_net:Maps", "no module of this name: my_net"),
        ("my_broken:Maps", "the module my_broken cannot be imported: SyntaxError"),
        ("my_needs:Maps", "the module my_needs needs another that is not installed: a_library_that_is_not_there"),
        ("my_nets.py:Maps", "no module of this name: my_nets.py"),
        ("./my_nets:Maps", "a class of your own is named module:Class: ./my_nets:Maps"),
        ("my_nets:", "a class of your own is named module:Class: my_nets:"),
    ],
)
def test_what_cannot_serve_is_refused_with_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        build(name, 10)


def test_another_number_of_classes_is_told() -> None:
    with pytest.raises(UsageError, match=r"the network my_nets:Pixels does not give logits of 26 classes: \(5, 10\)"):
        build("my_nets:Pixels", 26)
