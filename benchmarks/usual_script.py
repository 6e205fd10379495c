"""The script that is usually written for this job, for comparison in `engines.py`: load a model, loop, predict one at a time.

    python benchmarks/usual_script.py FOLDER RUN ALPHABET

What it does is what such scripts do: cut a fixed frame of two pixels off (the box's border, one hopes), turn to white on
black where the mean is bright, squeeze to 28x28, take the highest of the outputs asked for, write it as a capital where
small letters are not. Its network is one of inkread's own, from a run's folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from inkread import networks
from inkread.alphabet import alphabet
from inkread.recipes import parse

FRAME = 2


def as_usual(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The 28x28 picture uint8 that such a script gives to its network."""
    inside = picture[FRAME:-FRAME, FRAME:-FRAME]
    inside = inside if inside.size else picture
    light_on_dark = 255 - inside if inside.mean() > 127 else inside
    return np.asarray(cv2.resize(light_on_dark, (28, 28)), np.uint8)


def main(folder: Path, run: Path, answers: str) -> None:
    """Prints `name<TAB>character` for each picture of the folder."""
    recipe = parse((run / "recipe.toml").read_text(encoding="utf-8"))
    classes = alphabet(recipe.alphabet)
    model = networks.build(recipe.network.name, len(classes), **recipe.network.settings)
    model.load_state_dict(load_file(run / "weights.safetensors"))
    model.eval()
    capitals = not any(character.islower() for character in answers)
    told = [character.upper() if capitals else character for character in classes]
    asked = torch.tensor([character in answers for character in told])
    with torch.no_grad():
        for path in sorted(folder.iterdir()):
            picture = as_usual(np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8))
            logits = model(torch.from_numpy(picture)[None])[0][0]
            print(f"{path.name}\t{told[int(logits.where(asked, -torch.inf).argmax())]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
