"""QMNIST: MNIST made again from NIST's forms, with the writers."""

from __future__ import annotations

from ...alphabet import DIGITS
from ..cards import UNVERIFIED, Card, File

_FOLDER = "https://raw.githubusercontent.com/facebookresearch/qmnist/master/"


def _file(name: str, sha256: str) -> File:
    return File(name, (_FOLDER + name,), sha256)


QMNIST = Card(
    name="qmnist",
    title="QMNIST, MNIST made again with its 60,000 test digits and its writers",
    files=(
        _file("qmnist-train-images-idx3-ubyte.gz", "9e26a7bf1683614e065d7b76460ccd52807165b3f22561fb782bd9f38c52b51d"),
        _file("qmnist-train-labels-idx2-int.gz", "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f"),
        _file("qmnist-test-images-idx3-ubyte.gz", "43fc22bf7498b8fc98de98369d72f752d0deabc280a43a7bcc364ab19e57b375"),
        _file("qmnist-test-labels-idx2-int.gz", "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06"),
    ),
    classes=tuple(DIGITS),
    orientation="upright",
    pictures={"train": 60000, "test": 60000},
    counts={"train": UNVERIFIED, "test": UNVERIFIED},
    opens={"train": "qmnist-train-images-idx3-ubyte.gz", "test": "qmnist-test-images-idx3-ubyte.gz"},
    licence="BSD-style, as its repository states",
    citation='C. Yadav, L. Bottou, "Cold case: the lost MNIST digits", NeurIPS (2019), arXiv:1905.10498',
    why="six times as many test digits as MNIST, which narrows every interval, and the writer of each",
    page="https://github.com/facebookresearch/qmnist",
    facts={
        "files": "addresses: pytorch/vision, datasets/mnist.py; sha256: pytorch/vision, prototype/datasets/_builtin/mnist.py",
        "pictures": "the repository's README and R's snedata::download_qmnist",
    },
)
