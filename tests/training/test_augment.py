"""Augmentation: seeded, within the picture's range, and never a mirror."""

from __future__ import annotations

import numpy as np
import torch

from inkread.recipes import Augmentation
from inkread.training.augment import augment


def f_glyph() -> torch.Tensor:
    """An F, which is neither its own mirror nor its own transpose."""
    glyph = torch.zeros(28, 28, dtype=torch.uint8)
    glyph[4:24, 8:11] = 255
    glyph[4:7, 8:20] = 255
    glyph[12:15, 8:16] = 255
    return glyph


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others() -> None:
    batch = f_glyph().expand(16, 28, 28)
    first, again, other = (augment(batch, Augmentation(), generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len({each.numpy().tobytes() for each in first}) > 10


def test_nothing_changes_where_every_setting_is_zero() -> None:
    still = Augmentation(1.0, *[0.0] * 10)
    batch = f_glyph().expand(4, 28, 28)
    assert torch.allclose(augment(batch, still, generator()), batch / 255.0, atol=1e-4)


def test_values_stay_between_zero_and_one() -> None:
    changed = augment(f_glyph().expand(64, 28, 28), Augmentation(stroke=1.0, blur=1.0, contrast=1.0, erase=0.5), generator())
    assert changed.dtype == torch.float32
    assert float(changed.min()) >= 0.0
    assert float(changed.max()) <= 1.0 + 1e-6


def test_a_share_of_the_pictures_stays_as_it_is() -> None:
    batch = f_glyph().expand(400, 28, 28)
    same = (augment(batch, Augmentation(share=0.7), generator()) == batch / 255.0).all(dim=(1, 2)).float().mean()
    assert 0.2 < float(same) < 0.4


def test_an_asymmetric_glyph_keeps_its_handedness() -> None:
    changed = augment(f_glyph().expand(300, 28, 28), Augmentation(share=1.0), generator()).numpy()
    glyph = f_glyph().numpy() / 255.0
    others = {"mirrored": glyph[:, ::-1], "upside down": glyph[::-1], "transposed": glyph.T}
    likeness = _likeness(changed, glyph)
    for name, other in others.items():
        assert (likeness > _likeness(changed, other)).mean() > 0.97, name


def _likeness(pictures: np.ndarray, glyph: np.ndarray) -> np.ndarray:
    """The best overlap of each picture with the glyph over small shifts."""
    best = np.full(len(pictures), -1.0)
    for down in range(-4, 5):
        for right in range(-4, 5):
            best = np.maximum(best, (pictures * np.roll(glyph, (down, right), (0, 1))).sum(axis=(1, 2)))
    return best
