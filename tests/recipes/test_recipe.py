"""Recipes: what is written is what is read, and a wrong key is an error with the way out."""

from __future__ import annotations

import pytest

from inkread.errors import RunError, SourceNotFound, UsageError
from inkread.recipes import Finish, LeaveOut, NetworkUse, Recipe, SourceUse, assigned, load, names, parse, write


def test_every_recipe_that_comes_with_inkread_survives_writing_and_reading() -> None:
    assert "embedded" in names()
    for name in names():
        recipe = load(name)
        assert recipe.name == name
        assert parse(write(recipe)) == recipe


def test_text_with_quotes_and_other_alphabets_survives() -> None:
    recipe = Recipe(
        'so "called"', (SourceUse("one", "a\\b"), SourceUse("two", "данные")), network=NetworkUse("residual", {"widths": [8, 9]})
    )
    assert parse(write(recipe)) == recipe


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[training]\nepoch = 3", "unknown key in training: epoch"),
        ("[training]\nepochs = 'three'", "training.epochs must be a whole number: 'three'"),
        ("[training]\nepochs = true", "training.epochs must be a whole number: True"),
        ("[training]\noptimizer = 'adamv'", "unknown optimizer: adamv"),
        ("seed = 1.5", "recipe.seed must be a whole number: 1.5"),
        ("[[sources]]\nname = 'twice'\ndata = ''", "a recipe has each source once: twice, twice"),
        ("[augmentation]\nflip = 1.0", "unknown key in augmentation: flip"),
        ("seed = ", "is no TOML"),
    ],
)
def test_a_recipe_with_one_fault_names_it(text: str, told: str) -> None:
    whole = (
        f"name = 'x'\n{text}\n"
        if "=" in text and not text.startswith("[")
        else f"name = 'x'\n[[sources]]\nname = 'twice'\ndata = ''\n{text}\n"
    )
    if text.startswith("seed = 1"):
        whole += "[[sources]]\nname = 'one'\ndata = ''\n"
    with pytest.raises(UsageError, match=told.replace("(", r"\(")):
        parse(whole)


def test_the_nearest_key_is_offered() -> None:
    with pytest.raises(UsageError) as caught:
        parse("name = 'x'\n[training]\nepoch = 3")
    assert "`epochs`" in caught.value.hint


def test_a_source_left_out_is_gone_and_another_becomes_the_main_one() -> None:
    recipe = Recipe("x", (SourceUse("one", "a"), SourceUse("two", "b")))
    assert recipe.main_source == "one"
    assert [each.name for each in recipe.without("one").sources] == ["two"]
    assert recipe.without("one").main_source == "two"
    with pytest.raises(RunError, match="no source three"):
        recipe.without("three")
    with pytest.raises(RunError, match="no source is left"):
        recipe.without("one", "two")


def test_first_and_last_training_of_a_recipe() -> None:
    recipe = load("embedded")
    assert {each.name for each in recipe.sources} - {each.name for each in recipe.first().sources} == {"photo", "cards"}
    assert recipe.first().training.epochs == recipe.training.epochs
    assert recipe.last().training.epochs == recipe.finish.epochs
    anew = recipe.changed({"finish.epochs": 0, "leave_out.epochs": 2})
    assert (anew.first().training.epochs, anew.last()) == (2, anew)


def test_values_are_changed_by_dotted_key() -> None:
    recipe = load("embedded").changed({"training.epochs": 3, "sources.photo.repeat": 9, "network.dropout": 0.5})
    assert recipe.training.epochs == 3
    assert {each.name: each.repeat for each in recipe.sources}["photo"] == 9.0
    assert recipe.network.settings["dropout"] == 0.5
    for wrong in ("training.epoch", "sources.nobody.repeat", "sources", "seed.x"):
        with pytest.raises(UsageError, match=wrong):
            recipe.changed({wrong: 1})


def test_an_unknown_recipe_is_met_with_its_neighbour() -> None:
    with pytest.raises(SourceNotFound) as caught:
        load("embeded")
    assert "`embedded`" in caught.value.hint


def test_a_network_travels_in_eight_or_thirty_two_bits() -> None:
    assert load("embedded").export.bits == 8
    with pytest.raises(UsageError, match="8 or 32 bits: 16"):
        load("embedded").changed({"export.bits": 16})


def test_set_takes_the_type_of_the_field_and_finds_a_short_key() -> None:
    recipe = assigned(
        load("embedded"), ["epochs=3", "rotation=0", "sources.photo.repeat=9", "widths=8,16", "imbalance=none", "keep_last=yes"]
    )
    assert (recipe.training.epochs, recipe.augmentation.rotation, recipe.training.imbalance) == (3, 0.0, "none")
    assert {each.name: each.repeat for each in recipe.sources}["photo"] == 9.0
    assert recipe.network.settings["widths"] == (8, 16)
    assert recipe.training.keep_last is True
    assert assigned(recipe, ["steps=0.5,0.75", "schedule=step"]).training.steps == (0.5, 0.75)


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ("epochs", "not KEY=VALUE: epochs", "such as --set training.epochs=3"),
        ("epochs=three", "training.epochs must be a whole number: 'three'", ""),
        ("keep_last=maybe", "training.keep_last must be true or false: 'maybe'", ""),
        ("epoch=3", "the recipe has no value epoch", "did you mean `epochs` or `depths` or `stretch`?"),
        ("optimizer=adamv", "unknown optimizer: adamv", "did you mean `adam` or `adamw`?"),
        ("rate=0", "training.rate must be above 0: 0", ""),
        ("average=1", "training.average must be at least 0 and below 1: 1", ""),
        ("seed=-1", "a seed is a whole number from 0: -1", ""),
        ("side=20", "networks read pictures of 28x28 pixels, not of side 20", ""),
        ("schedule=step", "the schedule `step` and its steps belong together: step, []", ""),
        ("plateau=5", "training.plateau does nothing with schedule = one-cycle: 5", "`plateau` use it; 3 leaves it alone"),
    ],
)
def test_a_wrong_assignment_is_one_sentence(text: str, told: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        assigned(load("embedded"), [text])
    assert (str(caught.value), caught.value.hint) == (told, hint)


def test_what_a_recipe_cannot_mean_is_refused() -> None:
    assert assigned(load("embedded"), ["schedule=plateau", "plateau=5", "factor=0.5"]).training.plateau == 5
    for text, says in (
        ("preparation = 3", "preparation must be a table of keys and values: 3"),
        ("[finish]\nepochs = -2", "finish.epochs must be at least 0: -2"),
        ("[finish]\nshare = 7.0", "finish.share must be at least 0 and at most 1: 7"),
        ("[leave_out]\nepochs = -1", "leave_out.epochs must be at least 0: -1"),
        ("[[sources]]\nname = 'a'\ndata = 'b'\nrepeat = nan", "repeat of a must be at least 0: nan"),
        ("[training]\noptimizer = 'sgd'\nbeta2 = 0.9", "training.beta2 does nothing with optimizer = sgd: 0.9"),
    ):
        with pytest.raises(UsageError) as caught:
            parse(f'name = "x"\n{text}\n', "x.toml")
        assert says in str(caught.value)


def test_a_recipe_for_any_data_is_given_some() -> None:
    recipe = Recipe("x")
    assert recipe.main_source == ""
    given = recipe.on([SourceUse("mine", "folder")], "digits")
    assert (given.main_source, given.alphabet) == ("mine", "digits")
    one_training = load("embedded").on([SourceUse("mine", "folder")], "digits")
    assert (one_training.leave_out, one_training.finish) == (LeaveOut(), Finish())
    assert Recipe("x", alphabet="letters").on([SourceUse("mine", "folder")], "digits").alphabet == "letters"


@pytest.mark.parametrize("name", ["linear", "mlp", "cnn", "conv64", "keras-convnet", "chollet-mlp", "balanced-0", "balanced-3"])
def test_one_augmentation_asked_of_a_recipe_without_any_is_the_only_one(name: str) -> None:
    plain = load(name)
    assert not plain.augmentation.changes
    turned = plain.changed({"augmentation.rotation": 10.0}).augmentation
    assert turned.changes
    assert turned.share > 0
    assert (turned.slant, turned.blur, turned.erase) == (0.0, 0.0, 0.0)
