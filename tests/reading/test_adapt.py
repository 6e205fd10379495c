"""Teaching: the layer that is fitted, and what it does to a bundle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from inkread.bundle import Bundle, RiskData, parse, write
from inkread.bundle.metadata import encode_bytes
from inkread.errors import BundleError, DataError
from inkread.picture import distorted, scribbles
from inkread.reading import Reader, Taught, teach
from inkread.reading.fit import Layer, Lessons, best_scale, fitted, scatter, softmax
from inkread.reading.known import MEMORY, extended, known_of, remembered
from tiny_bundle import node, number, value, weights, whole

KNOWN = "0123456789"
MakeBundle = Callable[..., Bundle]


def glyphs(characters: str, count: int, seed: int = 0) -> tuple[list[np.ndarray], list[str]]:
    """Pictures that a network of random weights can tell apart: a bar at a place of its own for each character."""
    rng = np.random.default_rng(seed)
    pictures, labels = [], []
    for character in characters:
        place = np.random.default_rng(ord(character))
        ends = place.integers(4, 24, (3, 2))
        for _ in range(count):
            picture = np.zeros((28, 28), np.uint8)
            for start, end in zip(ends, np.roll(ends, 1, axis=0), strict=True):
                for step in np.linspace(0, 1, 60):
                    row, column = np.rint(start + (end - start) * step + rng.normal(0, 0.3, 2)).astype(int)
                    picture[row : row + 2, column : column + 2] = 255
            pictures.append(picture)
            labels.append(character)
    return pictures, labels


@pytest.fixture
def bundle(make_tiny_bundle: MakeBundle) -> Bundle:
    return make_tiny_bundle(KNOWN)


@pytest.fixture
def taught(bundle: Bundle) -> Taught:
    return teach(bundle, *glyphs("123AÄ", 4))


def test_the_taught_characters_are_read_though_the_old_reader_could_not(bundle: Bundle, taught: Taught) -> None:
    pictures, labels = glyphs("123AÄ", 3, seed=9)
    before, after = Reader(bundle), Reader(taught.bundle)
    assert sum(after.read(each).character == label for each, label in zip(pictures, labels, strict=True)) >= 14
    assert sum(before.read(each).character == label for each, label in zip(pictures, labels, strict=True)) <= 6
    assert (taught.new, after.alphabet.characters) == ("AÄ", KNOWN + "AÄ")


def test_left_out_accuracy_is_that_of_pictures_never_seen(taught: Taught) -> None:
    assert taught.after is not None
    assert taught.before.pictures == taught.after.pictures == 20
    assert taught.after.accuracy > taught.before.accuracy
    assert taught.after.right + sum(often for _, _, often in taught.mistakes) == 20


def test_labels_of_chance_are_not_called_learnt(bundle: Bundle) -> None:
    """The judge: with labels that mean nothing, pictures that took part would be read right, left-out ones are not."""
    pictures, labels = glyphs("1234", 10)
    shuffled = np.random.default_rng(3).permutation(labels).tolist()
    found = teach(bundle, pictures, shuffled, only=True)
    assert found.after is not None
    assert found.after.accuracy < 0.5


def test_one_picture_a_character_gives_a_reader_but_no_accuracy(bundle: Bundle) -> None:
    found = teach(bundle, *glyphs("12A", 1))
    assert (found.after, found.single, found.mistakes) == (None, "12A", ())
    assert found.bundle.manifest.left_out is None
    assert found.before.pictures == 3


def test_a_single_picture_among_others_teaches_but_is_not_judged(bundle: Bundle) -> None:
    pictures, labels = glyphs("12", 3)
    more, label = glyphs("A", 1)
    found = teach(bundle, pictures + more, labels + label)
    assert found.after is not None
    assert (found.after.pictures, found.single) == (6, "A")


def test_only_forgets_what_was_not_taught(bundle: Bundle) -> None:
    found = teach(bundle, *glyphs("31A", 3), only=True)
    assert found.bundle.manifest.answers.characters == "13A"


def test_a_new_character_names_its_untaught_rival(bundle: Bundle) -> None:
    pictures, labels = glyphs("A", 9)
    taken_for = Counter(each.character for each in Reader(bundle).read_many(pictures)).most_common(1)[0][0]
    other = next(each for each in KNOWN if each != taken_for)
    found, both = (teach(bundle, pictures + more, labels + told) for more, told in (glyphs(other, 2), glyphs(other + taken_for, 2)))
    assert found.rivals == (("A", taken_for),)
    assert both.rivals == ()


def test_a_taught_bundle_survives_its_file_and_learns_on(bundle: Bundle, taught: Taught) -> None:
    again = parse(write(taught.bundle.model, taught.bundle.manifest))
    assert again.manifest.graph_digest == bundle.manifest.graph_digest
    assert again.manifest.head is not None
    more = teach(again, *glyphs("BÄ", 3))
    assert more.bundle.manifest.answers.characters == KNOWN + "AÄB"
    assert more.bundle.manifest.name == again.manifest.name


def test_the_same_pictures_give_the_same_bundle(bundle: Bundle, taught: Taught) -> None:
    twin = teach(bundle, *glyphs("123AÄ", 4))
    assert write(twin.bundle.model, twin.bundle.manifest) == write(taught.bundle.model, taught.bundle.manifest)


def test_blank_pictures_are_told_and_skipped(bundle: Bundle) -> None:
    pictures, labels = glyphs("12", 3)
    pictures[1] = np.full((40, 40), 255, np.uint8)
    found = teach(bundle, pictures, labels)
    assert (found.blank, sum(found.counts.values())) == ((1,), 5)


@pytest.mark.parametrize(
    ("labels", "says"), [(["1", "1"], "two different characters: 1"), (["1", "12"], "one character: '12'"), (["1"], "2 pictures but 1")]
)
def test_labels_that_cannot_teach_are_refused(bundle: Bundle, labels: list[str], says: str) -> None:
    with pytest.raises(DataError, match=says):
        teach(bundle, glyphs("12", 1)[0], labels)


def test_the_last_layer_is_found_by_asking(bundle: Bundle) -> None:
    pictures = np.stack(glyphs("12A", 3)[0])
    known = known_of(bundle, pictures)
    fresh = np.stack(glyphs("789", 3, seed=5)[0])
    logits, features = known.session.run(fresh)
    assert known.layer.logits(features) == pytest.approx(logits, abs=1e-3)
    assert known.temperature == bundle.manifest.temperature


def test_features_that_do_not_carry_the_answers_are_refused(make_tiny_bundle: MakeBundle) -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(784, 8)).astype(np.float32) / 100, rng.normal(size=(8, 10)).astype(np.float32)
    graph = [
        node("Cast", "pictures", "pixels", whole("to", 1)),
        node("Flatten", "pixels", "flat", whole("axis", 1)),
        node("MatMul", "flat first", "features"),
        node("Relu", "features", "hidden"),
        node("MatMul", "hidden second", "logits"),
        encode_bytes(2, b"tiny"),
        weights("first", first),
        weights("second", second),
        value(11, "pictures", 2, 28, 28),
        value(12, "logits", 1, 10),
        value(12, "features", 1, 8),
    ]
    model = number(1, 8) + encode_bytes(2, b"made by hand") + encode_bytes(8, number(2, 13)) + encode_bytes(7, b"".join(graph))
    with pytest.raises(BundleError, match="cannot be taught"):
        teach(make_tiny_bundle(KNOWN, model=model), *glyphs("12", 3))


def lessons(count: int = 30, classes: int = 3, size: int = 5, seed: int = 0) -> Lessons:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(classes, size)) * 2
    targets = np.arange(count) % classes
    return Lessons(centres[targets] + rng.normal(size=(count, size)), targets, np.ones(count))


def test_the_fit_is_the_minimum_of_its_loss() -> None:
    """Against finite differences of the loss as it is written down: nothing near is better."""
    given, metric = lessons(), scatter(np.random.default_rng(1).normal(size=(50, 5)))
    known = Layer(np.random.default_rng(2).normal(size=(5, 3)), np.zeros(3))
    centre, spread = given.features.mean(axis=0), float(np.sqrt(np.mean((given.features - given.features.mean(axis=0)) ** 2)))

    def loss(layer: Layer) -> float:
        chances = softmax(layer.logits(given.features) + np.log(10.0))
        moved = (layer.weights - known.weights) * spread
        bias = layer.bias - known.bias + centre @ (layer.weights - known.weights)
        prior = 3.0 * (float(np.sum(moved * (metric @ moved))) + float(bias @ bias))
        return -float(np.log(chances[np.arange(30), given.targets]).sum()) + prior / 2

    best = fitted(given, known, metric)
    least = loss(best)
    rng = np.random.default_rng(4)
    for _ in range(40):
        near = Layer(best.weights + rng.normal(size=(5, 3)) * 0.05, best.bias + rng.normal(size=3) * 0.05)
        assert loss(near) > least
    assert least < loss(known)


def test_more_pictures_move_the_layer_further_from_what_was_known() -> None:
    known = Layer(np.zeros((5, 3)), np.zeros(3))
    few, many = (fitted(lessons(count), known, np.eye(5)) for count in (6, 300))
    assert np.abs(many.weights).sum() > np.abs(few.weights).sum()


def test_unequal_counts_do_not_become_a_prior() -> None:
    rng = np.random.default_rng(0)
    targets = np.array([0] * 95 + [1] * 5)
    same = Lessons(rng.normal(size=(100, 4)), targets, np.ones(100))
    layer = fitted(same, Layer(np.zeros((4, 2)), np.zeros(2)), np.eye(4))
    chances = softmax(layer.logits(rng.normal(size=(2000, 4)))).mean(axis=0)
    assert chances[0] == pytest.approx(0.5, abs=0.1)


def test_best_scale_finds_the_temperature_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 6)) * 3
    chances = softmax(logits * 0.5)
    targets = np.array([rng.choice(6, p=each) for each in chances])
    assert best_scale(logits, targets) == pytest.approx(0.5, rel=0.12)


def test_what_is_not_taught_is_remembered_by_features_that_give_its_logits(bundle: Bundle) -> None:
    pictures = np.stack(glyphs("12A", 3)[0])
    known = known_of(bundle, pictures)
    features = known.session.run(scribbles(200, np.random.default_rng(1)))[1].astype(np.float64)
    memory = remembered(bundle, known, "789", features)
    assert set(memory.targets) == {7, 8, 9}
    assert np.bincount(memory.targets, memory.weights)[7:] == pytest.approx(MEMORY)
    assert len(remembered(bundle, known, "", features).targets) == 0


def test_a_new_column_begins_as_what_its_pictures_were_taken_for() -> None:
    layer = Layer(np.eye(2) * 50, np.zeros(2))
    given = Lessons(np.array([[0.0, 1.0], [0.0, 1.0]]), np.array([2, 2]), np.ones(2))
    wider = extended(layer, {0: 0, 1: 1}, 3, given)
    assert wider.weights[:, 2] == pytest.approx(wider.weights[:, 1])


def test_distortion_is_small_and_seeded() -> None:
    pictures = np.stack(glyphs("123", 5)[0])
    twice = [distorted(pictures, np.random.default_rng(1)) for _ in range(2)]
    assert np.array_equal(*twice)
    ink = twice[0].sum(axis=(1, 2)) / pictures.sum(axis=(1, 2))
    assert ink.min() > 0.7
    assert ink.max() < 1.4
    assert not np.array_equal(twice[0], pictures)


def test_without_left_out_pictures_nothing_is_remembered(make_tiny_bundle: MakeBundle) -> None:
    bare = make_tiny_bundle(KNOWN, risk=RiskData.none(10))
    found = teach(bare, *glyphs("12", 3))
    assert found.after is not None
    assert found.bundle.manifest.answers.characters == KNOWN
