"""Augmentation: seeded, within the picture's range, and never a mirror."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from inkread.recipes import Augmentation
from inkread.training import augment as changes
from inkread.training.augment import augment

ALL = Augmentation(rotation=5.0, slant=8.0, scale=0.06, stretch=0.08, shift=1.0, bend=0.8, stroke=0.5, blur=0.5, contrast=0.3, erase=0.05)


def f_glyph() -> torch.Tensor:
    """An F, which is neither its own mirror nor its own transpose."""
    glyph = torch.zeros(28, 28, dtype=torch.uint8)
    glyph[4:24, 8:11] = 255
    glyph[4:7, 8:20] = 255
    glyph[12:15, 8:16] = 255
    return glyph


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def only(**changed: float) -> Augmentation:
    """This change alone, to every picture."""
    return Augmentation(**{each.name: 0.0 for each in fields(Augmentation)} | {"share": 1.0} | changed)


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others() -> None:
    batch = f_glyph().expand(16, 28, 28)
    first, again, other = (augment(batch, ALL, generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert len({each.numpy().tobytes() for each in first}) > 10


def test_nothing_changes_where_every_setting_is_zero() -> None:
    still = only()
    batch = f_glyph().expand(4, 28, 28)
    drawn = generator()
    assert torch.equal(augment(batch, still, drawn), batch * (1.0 / 255.0))
    assert torch.equal(drawn.get_state(), generator().get_state()), "nothing is drawn for it"


def test_values_stay_between_zero_and_one() -> None:
    changed = augment(f_glyph().expand(64, 28, 28), replace(ALL, stroke=1.0, blur=1.0, contrast=1.0, erase=0.5), generator())
    assert changed.dtype == torch.float32
    assert float(changed.min()) >= 0.0
    assert float(changed.max()) <= 1.0 + 1e-6


def test_a_share_of_the_pictures_stays_as_it_is() -> None:
    batch = f_glyph().expand(400, 28, 28)
    same = (augment(batch, replace(ALL, share=0.7), generator()) == batch / 255.0).all(dim=(1, 2)).float().mean()
    assert 0.2 < float(same) < 0.4


def test_an_asymmetric_glyph_keeps_its_handedness() -> None:
    changed = augment(f_glyph().expand(300, 28, 28), replace(ALL, share=1.0), generator()).numpy()
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


def centre(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the ink lies, (N,) across and down, in pixels."""
    at = torch.arange(28.0)
    mass = pictures.sum(dim=(1, 2))
    return (pictures.sum(dim=1) @ at) / mass, (pictures.sum(dim=2) @ at) / mass


def moments(pictures: torch.Tensor) -> torch.Tensor:
    """Second moments of the ink round its centre: across, both, down, (N,3)."""
    across, down = centre(pictures)
    x, y = torch.arange(28.0) - across[:, None], torch.arange(28.0) - down[:, None]
    mass = pictures.sum(dim=(1, 2))
    both = torch.einsum("nyx,nx,ny->n", pictures, x, y)
    return (
        torch.stack([torch.einsum("nyx,nx->n", pictures, x * x), both, torch.einsum("nyx,ny->n", pictures, y * y)], dim=1) / mass[:, None]
    )


def bar() -> torch.Tensor:
    """A bar that stands in the middle."""
    picture = torch.zeros(28, 28, dtype=torch.uint8)
    picture[6:22, 12:16] = 255
    return picture


CUT = 0.9595
"""Standard deviation of a standard normal whose tails are pressed to twice."""


def test_shifts_are_of_the_size_that_is_asked() -> None:
    across, down = centre(augment(bar().expand(3000, 28, 28), only(shift=1.5), generator()))
    for each in (across, down):
        assert each.mean().item() == pytest.approx(13.5, abs=0.1)
        assert each.std().item() == pytest.approx(1.5 * CUT, rel=0.06)
        assert (each - 13.5).abs().max() <= 3.01
    assert torch.corrcoef(torch.stack([across, down]))[0, 1].abs() < 0.06


def test_turns_slants_and_sizes_are_of_the_size_that_is_asked() -> None:
    many = bar().expand(3000, 28, 28)
    turned = moments(augment(many, only(rotation=8.0), generator()))
    angle = 0.5 * torch.atan2(2 * turned[:, 1], turned[:, 2] - turned[:, 0])
    assert torch.rad2deg(angle).std().item() == pytest.approx(8.0 * CUT, rel=0.06)
    slanted = moments(augment(many, only(slant=8.0), generator()))
    assert torch.rad2deg(torch.atan(slanted[:, 1] / slanted[:, 2])).std().item() == pytest.approx(8.0 * CUT, rel=0.06)
    scaled = moments(augment(many, only(scale=0.1), generator()))
    assert (0.5 * scaled[:, 2].log()).std().item() == pytest.approx(0.1 * CUT, rel=0.06)
    stretched = moments(augment(many, only(stretch=0.1), generator()))
    ratio = 0.5 * (stretched[:, 0] / stretched[:, 2]).log()
    assert ratio.std().item() == pytest.approx(0.1 * CUT, rel=0.15)


def test_the_grid_is_that_of_affine_grid_and_a_cubic_spline() -> None:
    drawn = torch.randn(3, 2, 28, generator=generator())
    grid = (drawn @ changes._ways(28, 28, "cpu")).view(3, 2, 28, 28).permute(0, 2, 3, 1)
    expected = F.affine_grid(drawn[:, :, :3], [3, 1, 28, 28], align_corners=False)
    spline = F.interpolate(drawn[:, :, 3:].reshape(3, 2, 5, 5), (28, 28), mode="bicubic", align_corners=True)
    assert torch.allclose(grid, expected + spline.permute(0, 2, 3, 1), atol=1e-5)


def test_strokes_are_dilated_and_eroded_and_blurs_are_binomial() -> None:
    x = torch.rand(64, 28, 28, generator=generator(9))
    share = (torch.rand(64, 1, 1, generator=generator(4)) * 2 - 1) * 0.7
    grown, thinned = F.max_pool2d(x, 3, 1, 1), -F.max_pool2d(-x, 3, 1, 1)
    expected = torch.where(share > 0, torch.lerp(x, grown, share), torch.lerp(x, thinned, -share))
    assert torch.allclose(changes._stroke(x, 0.7, generator(4)), expected, atol=1e-6)
    share = torch.rand(64, 1, 1, generator=generator(4)) * 0.7
    kernel = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]).view(1, 1, 3, 3) / 16
    expected = torch.lerp(x, F.conv2d(x.unsqueeze(1), kernel, padding=1).squeeze(1), share)
    assert torch.allclose(changes._blurred(x, 0.7, generator(4)), expected, atol=1e-6)


def test_noise_is_as_strong_as_asked_and_stays_in_range() -> None:
    grey = torch.full((200, 28, 28), 128, dtype=torch.uint8)
    noisy = augment(grey, only(noise=0.1), generator())
    assert noisy.std().item() == pytest.approx(0.1, rel=0.02)
    assert float(augment(f_glyph().expand(20, 28, 28), only(noise=0.5), generator()).min()) >= 0.0


def test_the_asked_share_of_pictures_loses_a_square() -> None:
    white = torch.full((2000, 28, 28), 255, dtype=torch.uint8)
    lost = (augment(white, only(erase=0.3), generator())[:, 2:-2, 2:-2] < 0.5).sum(dim=(1, 2))
    assert (lost > 0).float().mean().item() == pytest.approx(0.3 * 0.9, abs=0.06)
    assert int(lost.max()) == 49


def test_every_pixel_is_erased_equally_often() -> None:
    lost = 1.0 - changes._erased(torch.ones(60000, 28, 28), 1.0, generator()).mean(dim=0)
    assert lost.min().item() > 0.75 * lost.mean().item()
    assert lost[0].mean().item() == pytest.approx(lost[-1].mean().item(), rel=0.05)
    assert lost[:, 0].mean().item() == pytest.approx(lost[:, 14].mean().item(), rel=0.05)


def test_black_stays_black_however_greys_are_bent() -> None:
    picture = torch.tensor([0.0, 0.5, 1.0]).expand(400, 1, 3).clone()
    black, grey, white = changes._contrast(picture, 1.0, generator())[:, 0].T
    assert not black.any()
    assert (white == 1.0).all()
    assert float(grey.min()) == pytest.approx(0.25, abs=0.01)
    assert float(grey.max()) == pytest.approx(0.75, abs=0.01)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_batch_on_a_device_is_changed_there() -> None:
    batch = f_glyph().expand(16, 28, 28).cuda()
    settings = replace(ALL, noise=0.1, erase=0.5)
    first, again = (augment(batch, settings, torch.Generator("cuda").manual_seed(1)) for _ in range(2))
    assert first.is_cuda
    assert torch.equal(first, again)
