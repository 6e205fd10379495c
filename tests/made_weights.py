"""Files of weights as others store them, with made-up numbers, and the networks that they are of, written out plainly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

FIRES = {2: 16, 3: 16, 4: 32, 5: 32, 6: 48, 7: 48, 8: 64, 9: 64}
"""Fire module -> maps that it squeezes to; it gives eight times as many."""
NAMES = {"1.1": ("squeeze1x1", "expand1x1", "expand3x3"), "1.0": ("conv1x1_1", "conv1x1_2", "conv3x3_2")}
MEANS = {"1.1": (103.939, 116.779, 123.68), "1.0": (104.0, 117.0, 123.0)}
POOLED_AFTER = {"1.1": (3, 5), "1.0": (4, 8)}


def squeezenet_arrays(version: str) -> dict[str, np.ndarray]:
    """The arrays of SqueezeNet under other names than torchvision's, for blue, green, red of 0..255 less means."""
    rng = np.random.default_rng(5)
    stem, kernel = {"1.1": (64, 3), "1.0": (96, 7)}[version]
    shapes = {"conv1": (stem, 3, kernel, kernel)}
    before = stem
    for fire, squeezed in FIRES.items():
        squeeze, one, three = (f"fire{fire}/{name}" for name in NAMES[version])
        shapes |= {squeeze: (squeezed, before, 1, 1), one: (4 * squeezed, squeezed, 1, 1), three: (4 * squeezed, squeezed, 3, 3)}
        before = 8 * squeezed
    if version == "1.0":
        shapes["conv_final"] = (1000, before, 1, 1)
    found: dict[str, np.ndarray] = {}
    for name, shape in shapes.items():
        scale = (2.0 / np.prod(shape[1:])) ** 0.5 / (70.0 if name == "conv1" else 1.0)
        found[f"{name}.weight"] = rng.normal(0.0, scale, shape).astype(np.float32)
        found[f"{name}.bias"] = rng.normal(0.0, 0.1, shape[0]).astype(np.float32)
    return found


def squeezenet_file(where: Path, version: str) -> Path:
    """Such a file, as npz."""
    file = where / f"squeezenet-{version}.npz"
    np.savez(file, **squeezenet_arrays(version))
    return file


def squeezenet_features(arrays: dict[str, np.ndarray], version: str, pictures: Tensor) -> Tensor:
    """What SqueezeNet gives before its last layer, (N,512), of red, green, blue 0..1 (N,3,H,W), computed from the arrays alone."""

    def convolved(x: Tensor, name: str, stride: int = 1, padding: int = 0) -> Tensor:
        weight, bias = (torch.from_numpy(arrays[f"{name}.{each}"]) for each in ("weight", "bias"))
        return F.relu(F.conv2d(x, weight, bias, stride, padding))

    x = 255.0 * pictures.flip(1) - torch.tensor(MEANS[version]).view(1, 3, 1, 1)
    x = F.max_pool2d(convolved(x, "conv1", 2), 3, 2, ceil_mode=True)
    for fire in FIRES:
        squeeze, one, three = (f"fire{fire}/{name}" for name in NAMES[version])
        x = convolved(x, squeeze)
        x = torch.cat([convolved(x, one), convolved(x, three, padding=1)], dim=1)
        if fire in POOLED_AFTER[version]:
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return x.mean(dim=(2, 3))
