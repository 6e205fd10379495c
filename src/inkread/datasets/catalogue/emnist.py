"""The six sets of EMNIST, members of one zip of 562 MB."""

from __future__ import annotations

from collections.abc import Mapping

from ...alphabet import BYCLASS, DIGITS, NAMED
from ..cards import UNVERIFIED, Card, File

ADDRESSES = (
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
    "https://rds.westernsydney.edu.au/Institutes/MARCS/BENS/EMNIST/emnist-gzip.zip",
)
"""NIST's own, and that of the authors' university; a third, www.itl.nist.gov, has answered with a web page since 2024."""

_FILES: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "byclass": (
        ("train-images-idx3", 173367313, "9e21987f03a6eb8b870187e785883ddad96947299587908f1a7ec2ca0f4be5f0"),
        ("train-labels-idx1", 491603, "f7ef403d48dc18a89dae0d83d11ee69cecb6e1c12c3a961d03712e495c02a8fa"),
        ("test-images-idx3", 28908322, "5ec835bd5d5b1a66378a132e727fef20fe994b3cc666899befcca5ac766f50cd"),
        ("test-labels-idx1", 81839, "501e305eeeacb093b162592d80e8a2632040872360fa6d85cfcb2200d91ca92a"),
    ),
    "bymerge": (
        ("train-images-idx3", 173375281, "39bf8c68037dad40db35348895f7e4e056e8c0a005ab78869c9fbc2c96e947be"),
        ("train-labels-idx1", 476444, "2c47293b9e62d6abf6ad05fbf67e40baa32adfd380b8d7b44dcc35534b64e1f1"),
        ("test-images-idx3", 28905295, "5e5815ec1b522089134435f7c55e75a00960b58414793593ffff23efc0821683"),
        ("test-labels-idx1", 79351, "8bda1516255683ba9071e141947ca0c91a911176065cdd6259b0b4d8dc5b5f35"),
    ),
    "balanced": (
        ("train-images-idx3", 28207740, "74295e75e4e9fa2c102147460ee7eb763653d5132d883a84fb88932bfb8d2db4"),
        ("train-labels-idx1", 80618, "b46d41e5156a0a8aaaa4d18979fdd1588850fa8571018acffd5d93b325a7d6ed"),
        ("test-images-idx3", 4714707, "117fc12b015e37ea98bfb2cbba3f77c3782c056cdbd219b87abfc8661d7135db"),
        ("test-labels-idx1", 13504, "a67cac948379b67270b9a4d0a01c8ec661598accf2f2b1964340b7c83cb175cd"),
    ),
    "letters": (
        ("train-images-idx3", 30804864, "6288f418a917e007bf5fddb823a2dc7a5c6a35031401b93292a539cb12bd881f"),
        ("train-labels-idx1", 79283, "9759af91ea6bccdf07a6040fd085861f2ec88e37f7c3f5760f6feb57106fbe5c"),
        ("test-images-idx3", 5039157, "50f0e93d75b99b463e9760b8345866f22587fa2c2fba472730a5ba09c693412d"),
        ("test-labels-idx1", 144, "924955c31fe7fd809b7303b5c0141282955f4b8390c74cdfd5d80435e0f4b4cb"),
    ),
    "digits": (
        ("train-images-idx3", 59515779, "f7c95004d14d81af89522e67d8f0c781dfb3bd544181c81bfe1eb6b41c35b726"),
        ("train-labels-idx1", 113859, "6638a6ff5fe2eefd9cca2471995b46c82986b8e4b2a70d2f5ce8e05d7edb319e"),
        ("test-images-idx3", 9908519, "20ebe43509264f7639d37c835a3f0b009e90b29e00a099a03101abe1644a3f63"),
        ("test-labels-idx1", 19960, "bad1834c45d5988e270b99d43b13edc3fd898f658ffbc2caf2846ef27f7b05b0"),
    ),
    "mnist": (
        ("train-images-idx3", 14873795, "5f9942f441031c0f1f2e4d162059fd6e19ea808b34c328b6d16cab0ed24c78f2"),
        ("train-labels-idx1", 29480, "00c6d3c2342fdffb1711e0b5656cac4ce5862d2826399d383a9bac07d612e9f8"),
        ("test-images-idx3", 2484884, "b25640fa9e356c618132f5df347c95ef5bae6d9c2596be1de40f7e0ae1c3eac6"),
        ("test-labels-idx1", 5144, "bcc5385d38f083dba046f5f756e99b32f5ea7fad122c6243c71c2239873065ca"),
    ),
}
"""Part and kind, size in bytes and sha256 of each member as it is in the zip (gzipped)."""

_FACTS = {
    "files": "addresses: pytorch/vision, datasets/mnist.py, and several programs that fetch from Western Sydney; sizes and sha256: the "
    "pointers of aurelienduarte/emnist, whose sum fits NIST's zip of 561,753,746 bytes (tensorflow/datasets, url_checksums/emnist.txt)",
    "pictures": "Cohen et al. 2017 and NIST's page; Letters as published later (124,800 and 20,800; the paper has 88,800 and 14,800)",
    "counts": "balanced sets, as NIST's page calls them: the pictures of a part divided by its classes",
}


def _emnist(name: str, title: str, classes: tuple[str, ...], pictures: tuple[int, int], balanced: bool, why: str) -> Card:
    parts = dict(zip(("train", "test"), pictures, strict=True))
    return Card(
        name=f"emnist/{name}",
        title=f"EMNIST {title}",
        files=tuple(
            File(f"emnist-{name}-{what}-ubyte.gz", ADDRESSES, sha256, size, f"gzip/emnist-{name}-{what}-ubyte.gz")
            for what, size, sha256 in _FILES[name]
        ),
        classes=classes,
        orientation="transposed",
        pictures=parts,
        counts={part: (count // len(classes),) * len(classes) if balanced else UNVERIFIED for part, count in parts.items()},
        opens={part: f"emnist-{name}-{part}-images-idx3-ubyte.gz" for part in parts},
        licence="public domain (NIST Special Database 19)",
        citation='G. Cohen, S. Afshar, J. Tapson, A. van Schaik, "EMNIST: extending MNIST to handwritten letters", IJCNN (2017) 2921-2926',
        why=why,
        page="https://www.nist.gov/itl/products-and-services/emnist-dataset",
        facts=_FACTS,
    )


_LETTERS, _BALANCED = NAMED["letters"].stands_for, NAMED["balanced"].stands_for

EMNIST = (
    _emnist("byclass", "ByClass, 62 classes", BYCLASS.stands_for, (697932, 116323), False, "all characters in both cases: the contest"),
    _emnist("bymerge", "ByMerge, 47 classes", _BALANCED, (697932, 116323), False, "the same pictures with the twins of case joined"),
    _emnist("balanced", "Balanced, 47 classes", _BALANCED, (112800, 18800), True, "equally many of each class: the usual benchmark"),
    _emnist("letters", "Letters, 26 classes", _LETTERS, (124800, 20800), True, "letters with both cases joined: the letters lab"),
    _emnist("digits", "Digits", tuple(DIGITS), (240000, 40000), True, "four times as many digits as MNIST, equally many of each"),
    _emnist("mnist", "MNIST", tuple(DIGITS), (60000, 10000), True, "MNIST's size in EMNIST's rendering, equally many of each"),
)
