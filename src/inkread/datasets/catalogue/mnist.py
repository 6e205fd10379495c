"""MNIST."""

from __future__ import annotations

from ...alphabet import DIGITS
from ..cards import Card, File

_FOLDERS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)


def _file(name: str, size: int, sha256: str) -> File:
    return File(name, tuple(folder + name for folder in _FOLDERS), sha256, size)


MNIST = Card(
    name="mnist",
    title="MNIST handwritten digits",
    files=(
        _file("train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        _file("train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        _file("t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        _file("t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ),
    classes=tuple(DIGITS),
    orientation="upright",
    pictures={"train": 60000, "test": 10000},
    counts={
        "train": (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
        "test": (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009),
    },
    opens={"train": "train-images-idx3-ubyte.gz", "test": "t10k-images-idx3-ubyte.gz"},
    licence="CC BY-SA 3.0 (Y. LeCun and C. Cortes), as Keras' documentation states it",
    citation='Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998)',
    why="the set on which every course begins and its two reference networks are known",
    page="http://yann.lecun.com/exdb/mnist/",
    facts={
        "files": "addresses, sizes and sha256: tensorflow/datasets, url_checksums/mnist.txt; the same sha256 in pytorch/vision, "
        "prototype/datasets/_builtin/mnist.py; mirrors: pytorch/vision, datasets/mnist.py",
        "counts": "counted in files whose unpacked contents have the md5 that are published",
    },
)
