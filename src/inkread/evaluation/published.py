"""Published results to stand beside one's own: what was read where, and what is only quoted."""

from __future__ import annotations

from dataclasses import dataclass

BASES = {
    "read": "read in a public source",
    "quoted": "widely quoted, not verified",
    "test-selected": "read; the test chose the epoch or the settings, so an honest rerun will be lower",
}


@dataclass(frozen=True)
class Published:
    """A published accuracy. ``of``: the set (:data:`SETS`); ``network``; ``value`` 0..1, ``high`` too where a range was
    published; ``basis``: one of :data:`BASES`; ``remark``: what makes it different, or empty."""

    of: str
    network: str
    value: float
    basis: str = "read"
    remark: str = ""
    high: float | None = None


@dataclass(frozen=True)
class Beside:
    """A published result beside this test. ``split``: ``official`` where this test is the set's own test part, else
    ``other split``: then the two numbers were not measured on the same pictures."""

    published: Published
    split: str


SETS = {
    "ByClass": ("byclass", "emnist/byclass"),
    "ByMerge": ("balanced", "emnist/bymerge"),
    "Balanced": ("balanced", "emnist/balanced"),
    "Letters": ("letters", "emnist/letters"),
    "Digits": ("digits", "emnist/digits"),
    "MNIST": ("digits", "mnist"),
    "VIN": ("vin", ""),
}
"""Each set's label space and the name of its card in the catalogue (empty: it was never published)."""

PUBLISHED = (
    Published("ByClass", "WaveMixLite", 0.8843, "quoted"),
    Published("ByClass", "FCN", 0.8763),
    Published("ByClass", "VGGNet", 0.8724),
    Published("ByClass", "AlexNet", 0.8696),
    Published("ByClass", "ResNet", 0.8688),
    Published("ByClass", "Keras CNN", 0.8673),
    Published("ByClass", "SpinalNet", 0.8592),
    Published("ByClass", "Conv 64, dense 256", 0.8520, remark="validation"),
    Published("ByClass", "OPIUM", 0.6971, "quoted"),
    Published("ByClass", "linear", 0.5180, "quoted"),
    Published("ByMerge", "WaveMixLite", 0.9180, "quoted"),
    Published("ByMerge", "OPIUM", 0.7257, "quoted"),
    Published("ByMerge", "linear", 0.5051, "quoted"),
    Published("Balanced", "WaveMixLite", 0.9106, "quoted"),
    Published("Balanced", "VGG-5 Spinal", 0.9105, "test-selected"),
    Published("Balanced", "TextCaps", 0.9046, "quoted"),
    Published("Balanced", "0.40 M parameters", 0.9006, "test-selected", "best of 50 epochs"),
    Published("Balanced", "OPIUM", 0.7802, high=0.7894),
    Published("Letters", "WaveMixLite", 0.9596),
    Published("Letters", "MIN-ENT + VGG-5", 0.9593),
    Published("Letters", "VGG-5 Spinal", 0.9588, "test-selected"),
    Published("Letters", "VGG-5", 0.9586),
    Published("Letters", "TextCaps", 0.9539),
    Published("Letters", "small ResNet", 0.9533),
    Published("Letters", "OPIUM", 0.8515, high=0.8527),
    Published("Letters", "linear", 0.5578, "quoted"),
    Published("Digits", "best single network", 0.9984, "test-selected"),
    Published("Digits", "WaveMixLite", 0.9982, "quoted"),
    Published("Digits", "further networks", 0.9962, high=0.9975),
    Published("Digits", "OPIUM", 0.9590),
    Published("Digits", "linear", 0.8470, "quoted"),
    Published("MNIST", "ensemble (An 2020)", 0.9991, "quoted", "ensemble"),
    Published("MNIST", "ensemble (Byerly 2020)", 0.9987, remark="ensemble"),
    Published("MNIST", "single network (Byerly 2020)", 0.9983),
    Published("MNIST", "Keras simple convnet", 0.9897, high=0.9925),
    Published("MNIST", "Chollet's MLP", 0.978, "quoted", high=0.98),
    Published("VIN", "best entrant", 0.9604, remark="entrants' private splits"),
    Published("VIN", "EfficientNet-B3", 0.948, remark="entrants' private splits"),
    Published("VIN", "further entrants", 0.88, remark="entrants' private splits", high=0.939),
)


def beside(space: str, card: str = "", whole: bool = False) -> tuple[Beside, ...]:
    """The published results of a label space, those of the card's own set first.

    ``card``: the test's name in the catalogue where it has one; ``whole``: whether it is all of that set's official test
    part. Of MNIST only what was published for it stands beside a test of MNIST, and only then.
    """
    found = []
    for each in PUBLISHED:
        of_space, of_card = SETS[each.of]
        if of_space != space or (card == "mnist") != (of_card == "mnist" and space == "digits"):
            continue
        same = whole and bool(card) and card == of_card and "validation" not in each.remark
        found.append(Beside(each, "official" if same else "other split"))
    return tuple(sorted(found, key=lambda each: each.split != "official"))
