"""Networks by name: shapes, inputs of both kinds, and errors that offer the nearest name."""

from __future__ import annotations

import pytest

from inkread.errors import UsageError
from inkread.networks import build

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(
    "settings", [{}, {"stem": 8, "stem_kernel": 5, "stem_stride": 2, "widths": [8, 12], "depths": [1, 0], "features": 10}]
)
def test_a_network_gives_logits_and_features(settings: dict[str, object]) -> None:
    network = build("residual", 7, **settings).eval()
    logits, features = network(torch.zeros(3, 28, 28, dtype=torch.uint8))
    assert logits.shape == (3, 7)
    assert features.shape == (3, network.classify.in_features)
    assert torch.allclose(network.classify(features), logits)


def test_uint8_and_float_pictures_are_the_same_picture() -> None:
    network = build("residual", 4, stem=8, widths=[8], depths=[0]).eval()
    pictures = torch.randint(0, 256, (5, 28, 28), dtype=torch.uint8)
    assert torch.allclose(network(pictures)[0], network(pictures.float() / 255.0)[0], atol=1e-5)


def test_the_recipe_that_ships_fits_into_three_megabytes() -> None:
    from inkread.recipes import load

    recipe = load("embedded")
    network = build(recipe.network.name, 62, **recipe.network.settings)
    assert sum(each.numel() for each in network.parameters()) * recipe.export.bits / 8 < 2.6e6


def test_unknown_names_and_settings_are_met_with_their_neighbour() -> None:
    with pytest.raises(UsageError) as name:
        build("residal", 4)
    assert "`residual`" in name.value.hint
    with pytest.raises(UsageError) as setting:
        build("residual", 4, width=[8])
    assert "`widths`" in setting.value.hint
