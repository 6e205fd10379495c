"""Convolutional networks of any depth (LeCun et al. 1998): convolutions and pools, then dense layers, everything a setting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor, nn

from ..errors import UsageError
from . import layers as parts
from .layers import Activation, Initialisation, Norm, Padding, Pooling, Shape, ink
from .settings import Count, Share, Side, Whole, count_layers, each_layer


class Cnn(nn.Module):
    """Pictures in, logits (N, classes) and the last layer before them as features out.

    ``layers``: convolutions (0: as many as ``filters`` has values, else one). ``filters``, ``kernel``, ``stride``,
    ``activation``, ``dropout_convolution``: of all, or one for each. A layer is convolution, norm, activation, pool, dropout;
    it has no bias where a norm follows. ``padding``: ``same`` gives ceil(side / stride) as Keras does, ``valid`` none.
    ``pooling`` over ``pool_size`` pixels after the layers ``pool_after``, counted from 1 (none named: after each).
    ``head``: maps flattened, or the mean of each (Lin et al. 2014). ``dropout`` then, ``dense`` layers of these widths with
    ``dense_activation`` (of all, or one for each), ``dense_norm`` and, after each, ``dropout_dense``. ``norm``: batch (Ioffe &
    Szegedy 2015), group (Wu & He 2018) in ``groups``, layer (Ba et al. 2016).
    """

    def __init__(
        self,
        classes: int,
        *,
        layers: Whole = 0,
        filters: Count | tuple[Count, ...] = (32, 64),
        kernel: Side | tuple[Side, ...] = 3,
        stride: Side | tuple[Side, ...] = 1,
        padding: Padding = "same",
        activation: Activation | tuple[Activation, ...] = "relu",
        norm: Norm = "none",
        groups: Count = 8,
        pooling: Pooling = "max",
        pool_size: Side = 2,
        pool_after: tuple[Count, ...] = (),
        dropout_convolution: Share | tuple[Share, ...] = 0.0,
        head: Literal["flatten", "average"] = "flatten",
        dropout: Share = 0.0,
        dense: tuple[Count, ...] = (),
        dense_activation: Activation | tuple[Activation, ...] = "relu",
        dense_norm: Norm = "none",
        dropout_dense: Share | tuple[Share, ...] = 0.0,
        initialisation: Initialisation = "default",
    ) -> None:
        super().__init__()
        number = count_layers(layers, filters, kernel, stride, activation, dropout_convolution)
        rows = each_layer(
            number, filters=filters, kernel=kernel, stride=stride, activation=activation, dropout_convolution=dropout_convolution
        )
        pools = Pools(pooling, pool_size, _after(pool_after, number))
        maps, shape = _convolutions(rows, padding, norm, groups, pools)
        self.flattened = shape if head == "flatten" else None
        vector, shape = parts.flat(shape, average=head == "average")
        rows = each_layer(len(dense), dense=dense, dense_activation=dense_activation, dropout_dense=dropout_dense)
        last, shape = parts.dense_layers(shape, rows, dense_norm, groups)
        self.body = nn.Sequential(*maps, *vector, *parts.dropout(dropout), *last)
        self.classify = nn.Linear(shape[0], classes)
        parts.initialise(self, initialisation)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        features = self.body(ink(pictures))
        return self.classify(features), features


@dataclass(frozen=True)
class Pools:
    """Where the pools stand: of this kind and size after these layers, counted from 1."""

    kind: str
    size: int
    after: tuple[int, ...]


def _convolutions(
    rows: Iterable[tuple[int, int, int, str, float]], padding: str, norm: str, groups: int, pools: Pools
) -> tuple[list[nn.Module], Shape]:
    body: list[nn.Module] = []
    shape = parts.INPUT
    for at, (filters, kernel, stride, bent, left_out) in enumerate(rows, 1):
        where = f"convolution {at}"
        new, shape = parts.convolution(shape, filters, kernel, stride, padding, where, bias=norm == "none")
        body += [*new, *parts.norm(norm, shape, groups, where), *parts.activation(bent)]
        if at in pools.after:
            new, shape = parts.pool(shape, pools.kind, pools.size, f"the pool after {where}")
            body += new
        body += parts.dropout(left_out)
    return body, shape


def _after(named: tuple[int, ...], layers: int) -> tuple[int, ...]:
    for each in named:
        if each > layers:
            raise UsageError(f"there is no convolution to pool after: {each}", f"there are {layers}, counted from 1")
    return named or tuple(range(1, layers + 1))
