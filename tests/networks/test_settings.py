"""Settings out of TOML: what passes, what is refused, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from inkread.errors import UsageError
from inkread.networks import build, settings_of

torch = pytest.importorskip("torch")


def refusal(name: str, **settings: Any) -> str:
    with pytest.raises(UsageError) as caught:
        build(name, 10, **settings)
    return f"{caught.value} | {caught.value.hint}"


def test_what_toml_gives_passes() -> None:
    network = build("mlp", 3, width=[8, 6], dropout=0, activation=["relu", "none"])
    assert [each.out_features for each in network.modules() if isinstance(each, torch.nn.Linear)] == [8, 6, 3]


def test_one_value_holds_for_all_layers() -> None:
    network = build("mlp", 3, layers=3, width=8)
    assert [each.out_features for each in network.modules() if isinstance(each, torch.nn.Linear)] == [8, 8, 8, 3]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"kernel": 0}, "the network cnn cannot have kernel: 0 | `kernel` is a whole number from 1 to 28, or a row of them"),
        ({"kernel": [3, "a"]}, "the network cnn cannot have kernel: [3, 'a'] | `kernel` is a whole number from 1 to 28, or a row of them"),
        ({"kernel": 3.0}, "the network cnn cannot have kernel: 3.0 | `kernel` is a whole number from 1 to 28, or a row of them"),
        ({"layers": True}, "the network cnn cannot have layers: True | `layers` is a whole number from 0 to 16384"),
        ({"dropout": 1}, "the network cnn cannot have dropout: 1 | `dropout` is a number from 0 to below 1"),
        ({"dropout": float("nan")}, "the network cnn cannot have dropout: nan | `dropout` is a number from 0 to below 1"),
        ({"padding": "sam"}, "the network cnn cannot have padding: 'sam' | `padding` is one of same, valid"),
        ({"poolin": "max"}, "the network cnn has no setting: poolin | did you mean `pooling` or `pool_size` or `pool_after`?"),
        ({"kernel": [3]}, "kernel has 1 values for 2 layers: [3] | give one value for all, or one for each layer"),
        (
            {"norm": "group", "groups": 7},
            "convolution 1 cannot be normalised in 7 groups: 32 channels | `groups` divides them without rest",
        ),
        ({"pool_after": [3]}, "there is no convolution to pool after: 3 | there are 2, counted from 1"),
        (
            {"filters": [8] * 4, "padding": "valid"},
            (
                "the map shrinks to nothing at convolution 4: 1x1 is less than its 3x3 | "
                'take a smaller kernel or stride, fewer pools or padding = "same"'
            ),
        ),
    ],
)
def test_a_setting_that_cannot_be_is_named_with_its_value_and_what_it_may_be(settings: dict[str, Any], sentence: str) -> None:
    assert refusal("cnn", **settings) == sentence


def test_settings_are_told_with_their_defaults() -> None:
    known = settings_of("mlp")
    assert list(known)[:3] == ["layers", "width", "activation"]
    annotation, default = known["width"]
    assert default == 512
    assert annotation is not None
    assert known["norm"].allowed == "one of none, batch, group, layer"


@pytest.mark.parametrize("classes", [0, -1, 2.0, True])
def test_classes_are_a_number_of_at_least_one(classes: Any) -> None:
    with pytest.raises(UsageError, match=f"a network needs a number of classes, 1 or more: {classes}"):
        build("linear", classes)
