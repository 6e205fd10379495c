"""Our own networks: how they begin, what is left out in training, and that sizes that do not fit are told."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.errors import UsageError
from inkread.networks import build, size

torch = pytest.importorskip("torch")


def test_a_block_begins_as_its_straight_way() -> None:
    from inkread.networks.ours import Block

    x = torch.rand(2, 4, 7, 7)
    assert torch.equal(Block(4, 4, 1, 0, "relu")(x), x)


@pytest.mark.parametrize(("inputs", "width", "stride", "side"), [(4, 6, 1, 7), (4, 4, 2, 4), (4, 6, 2, 4)])
def test_both_ways_of_a_block_end_at_the_same_shape(inputs: int, width: int, stride: int, side: int) -> None:
    from inkread.networks.ours import Block

    assert Block(inputs, width, stride, 4, "relu")(torch.rand(2, inputs, 7, 7)).shape == (2, width, side, side)


def test_a_branch_is_left_out_for_its_share_of_pictures_in_training_only() -> None:
    from inkread.networks.ours import Skip

    torch.manual_seed(0)
    skip = Skip(0.25)
    given = skip(torch.ones(4000, 1, 1, 1)).flatten()
    assert sorted(set(given.tolist())) == pytest.approx([0.0, 1.0 / 0.75])
    assert float((given == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    assert torch.equal(skip.eval()(torch.ones(9, 1, 1, 1)), torch.ones(9, 1, 1, 1))


def test_later_blocks_are_left_out_more_often() -> None:
    network = build("ink-m", 3, stem=4, widths=[4, 6], depths=[2, 2], skip=0.4)
    assert [each.skip.share for each in network.body if hasattr(each, "skip")] == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_three_stages_and_a_mean_instead_of_places_travel_too() -> None:
    pytest.importorskip("onnx")
    from inkread.training import export

    network = build("ink-m", 3, stem=4, stem_stride=1, widths=[4, 6, 8], depths=[1, 1, 1], features=0, places=0, excite=2)
    pictures = np.random.default_rng(1).integers(0, 256, (7, 28, 28), dtype=np.uint8)
    for _ in range(3):
        network(torch.from_numpy(pictures))
    assert export(network, pictures).parity <= 1e-4


@pytest.mark.parametrize("name", ["residual", "ink-s", "ink-m"])
def test_stages_that_do_not_match_are_told(name: str) -> None:
    with pytest.raises(UsageError, match=r"depths has 1 values for 2 layers: \[1\]"):
        build(name, 3, widths=[4, 6], depths=[1])


def test_the_three_sizes_are_three_sizes() -> None:
    small, middle, large = (size(build(name, 62)) for name in ("ink-s", "ink-m", "ink-l"))
    assert small.multiply_adds < 10e6
    assert 5 * small.multiply_adds < middle.multiply_adds < 150e6
    assert 3 * middle.multiply_adds < large.multiply_adds
    assert 3 * small.parameters < middle.parameters
    assert 3 * middle.parameters < large.parameters
