"""Pictures in a terminal."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.errors import UsageError
from inkread.picture import blocks, decode, encode_png, terminal_image, terminal_of

Picture = NDArray[np.uint8]


def test_letter_is_readable_as_characters() -> None:
    letter = np.zeros((4, 4), np.uint8)
    letter[:, 0] = letter[0, :3] = letter[2, :2] = 255
    assert blocks(letter, 4) == "█▀▀ \n█▀  "


def test_greys_become_shades() -> None:
    assert blocks(np.repeat(np.uint8([[0, 64, 128, 191, 255]]), 2, axis=0), 5) == " ░▒▓█"


def test_lower_half_alone_is_a_lower_block_and_an_odd_row_is_filled() -> None:
    assert blocks(np.uint8([[0, 0, 0], [255, 255, 255], [255, 255, 255]]), 3) == "▄▄▄\n▀▀▀"


def test_tiny_picture_is_enlarged_by_whole_factors_only() -> None:
    assert blocks(np.uint8([[255, 0]]), 5) == "██  "


def test_picture_fits_the_columns_and_keeps_its_aspect() -> None:
    lines = blocks(np.zeros((200, 400), np.uint8), 40).split("\n")
    assert (len(lines), {len(line) for line in lines}) == (10, {40})


def test_colour_is_written_in_24_bits_and_ends_with_each_line() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    picture[0] = (1, 2, 3)
    assert blocks(picture, 2, colour=True) == "\x1b[38;2;1;2;3m\x1b[48;2;0;0;0m▀▀\x1b[0m"


def test_no_columns_are_refused() -> None:
    with pytest.raises(UsageError, match="at least one column: 0"):
        blocks(np.zeros((2, 2), np.uint8), 0)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "plain"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, "plain"),
        ({"TERM": "xterm-256color"}, "plain"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "colour"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "plain"),
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm", "COLORTERM": "truecolor"}, "iterm"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "tmux-256color", "TMUX": "x", "LC_TERMINAL": "iTerm2", "COLORTERM": "truecolor"}, "colour"),
        ({"TERM": "screen", "KITTY_WINDOW_ID": "1"}, "plain"),
    ],
)
def test_terminal_is_known_by_its_environment(environment: dict[str, str], expected: str) -> None:
    assert terminal_of(environment) == expected


def test_kitty_gets_the_png_in_chunks_and_stays_silent() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 200), dtype=np.uint8)
    text = terminal_image(noise, "kitty", columns=20)
    chunks = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", text)
    assert chunks[0][0] == "a=T,f=100,q=2,c=20,m=1"
    assert [keys for keys, _ in chunks[1:]] == ["m=1"] * (len(chunks) - 2) + ["m=0"]
    assert all(len(part) <= 4096 for _, part in chunks)
    assert np.array_equal(decode(base64.b64decode("".join(part for _, part in chunks))), noise)


def test_iterm_gets_the_png_whole(letter: Picture) -> None:
    text = terminal_image(letter, "iterm", columns=4)
    png = encode_png(letter)
    assert text == f"\x1b]1337;File=inline=1;size={len(png)};width=4;preserveAspectRatio=1:{base64.b64encode(png).decode()}\x07\n"


def test_other_terminals_get_blocks(letter: Picture) -> None:
    assert terminal_image(letter, "plain", columns=24) == blocks(letter, 24) + "\n"
    assert terminal_image(letter, "colour", columns=24) == blocks(letter, 24, colour=True) + "\n"
    with pytest.raises(UsageError, match="unknown kind of terminal: sixel"):
        terminal_image(letter, "sixel")  # type: ignore[arg-type]
