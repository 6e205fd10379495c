"""Pictures in a terminal: as block characters anywhere, as themselves where the terminal can."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .encode import encode_png
from .grey import grey
from .thumbnail import fitted

Terminal = Literal["kitty", "iterm", "colour", "plain"]
"""What a terminal can show: pictures by kitty's or iTerm2's protocol, block characters in 24-bit colour, or characters alone."""

_SHADES = " ░▒▓█"
_ENDING = "\x1b[0m"
_CHUNK = 4096  # characters of base64 that kitty's protocol takes at once


def blocks(picture: NDArray[np.uint8], columns: int, *, colour: bool = False) -> str:
    """The picture as lines of block characters, two pixels to a character, at most ``columns`` wide and half as many lines.

    ``picture``: uint8, grey (H,W) or RGB (H,W,3); aspect kept, enlarged by whole factors only. ``colour``: in 24-bit colour by
    escape sequences; without it light pixels are drawn and dark ones left empty, as suits a dark terminal.
    """
    if columns < 1:
        raise UsageError(f"a picture in a terminal needs at least one column: {columns}")
    shown = fitted(picture if colour else grey(picture), columns)
    if shown.shape[0] % 2:
        shown = np.concatenate([shown, np.zeros_like(shown[:1])])
    upper, lower = shown[::2], shown[1::2]
    line_of = _coloured if colour else _plain
    return "\n".join("".join(line_of(above, below)) for above, below in zip(upper, lower, strict=True))


def _plain(above: NDArray[np.uint8], below: NDArray[np.uint8]) -> Iterator[str]:
    for top, bottom in zip(above.tolist(), below.tolist(), strict=True):
        if abs(top - bottom) >= 96:
            yield "▀" if top > bottom else "▄"
        else:
            yield _SHADES[round((top + bottom) / 2 / 255 * (len(_SHADES) - 1))]


def _coloured(above: NDArray[np.uint8], below: NDArray[np.uint8]) -> Iterator[str]:
    drawn = ""
    for top, bottom in zip(_rgb(above), _rgb(below), strict=True):
        code = f"\x1b[38;2;{top}m\x1b[48;2;{bottom}m"
        yield "▀" if code == drawn else code + "▀"
        drawn = code
    yield _ENDING


def _rgb(row: NDArray[np.uint8]) -> list[str]:
    wide = row if row.ndim == 2 else np.repeat(row[:, None], 3, axis=1)
    return [f"{red};{green};{blue}" for red, green, blue in wide.tolist()]


def terminal_of(environment: Mapping[str, str]) -> Terminal:
    """What the terminal behind these environment variables can show, by the names that terminals give themselves.

    Inside tmux and screen, which pass no pictures on, at most colour. `NO_COLOR` takes the colour of block characters away.
    """
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if term in ("", "dumb"):
        return "plain"
    if "TMUX" not in environment and not term.startswith(("screen", "tmux")):
        if "KITTY_WINDOW_ID" in environment or term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty":
            return "kitty"
        if program in ("iTerm.app", "WezTerm", "mintty") or environment.get("LC_TERMINAL") == "iTerm2":
            return "iterm"
    full_colour = environment.get("COLORTERM", "") in ("truecolor", "24bit") or term.endswith("-direct")
    return "colour" if full_colour and not environment.get("NO_COLOR") else "plain"


def terminal_image(picture: NDArray[np.uint8], terminal: Terminal, *, columns: int = 40) -> str:
    """What to write to a terminal so that it shows the picture ``columns`` wide; ends with a newline.

    ``picture``: uint8, grey (H,W) or RGB (H,W,3). kitty: its graphics protocol, PNG in chunks; iterm: the inline images
    (OSC 1337) of iTerm2, WezTerm and mintty; colour and plain: :func:`blocks`. :class:`UsageError` for another terminal.
    """
    if terminal not in get_args(Terminal):
        raise UsageError(f"unknown kind of terminal: {terminal}", "known: " + ", ".join(get_args(Terminal)))
    if terminal in ("colour", "plain"):
        return blocks(picture, columns, colour=terminal == "colour") + "\n"
    png = encode_png(fitted(picture, 10 * columns))
    text = base64.b64encode(png).decode("ascii")
    if terminal == "iterm":
        return f"\x1b]1337;File=inline=1;size={len(png)};width={columns};preserveAspectRatio=1:{text}\x07\n"
    return "".join(_kitty(text, columns)) + "\n"


def _kitty(text: str, columns: int) -> Iterator[str]:
    starts = range(0, len(text), _CHUNK)
    for start in starts:
        first = f"a=T,f=100,q=2,c={columns}," if start == 0 else ""
        yield f"\x1b_G{first}m={int(start != starts[-1])};{text[start : start + _CHUNK]}\x1b\\"
