"""A network of one's own: two roads through the picture, one that sees strokes and one that sees where ink is."""

import torch
from torch import Tensor, nn


class TwoRoads(nn.Module):
    """Takes pictures (N,1,28,28) of ink 0..1, gives logits (N, classes)."""

    def __init__(self, classes: int, width: int = 32) -> None:
        super().__init__()
        self.strokes = nn.Sequential(nn.Conv2d(1, width, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3), nn.Flatten())
        self.places = nn.Sequential(nn.AvgPool2d(4), nn.Flatten())
        self.classify = nn.Linear(width * 16 + 49, classes)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.classify(torch.cat([self.strokes(pictures), self.places(pictures)], dim=1))
