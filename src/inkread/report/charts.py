"""Charts as inline SVG: text that a page can colour, light or dark, and that prints sharply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import isfinite

from ..evaluation import Accuracy, Calibrated, Calibration, CharacterScore, Selective, Suffered
from .contact import NO_BREAK

WIDTH, HEIGHT = 440, 330
FEW = 5
"""Answers below which a bin is not drawn: one picture would make a spike."""
SMALL_WIDTH, SMALL_HEIGHT = 230, 170


def element(name: str, content: str = "", **attributes: object) -> str:
    """One SVG element; underscores in the names of attributes stand for hyphens, numbers lose needless digits."""
    told = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(_told(value))}"' for key, value in attributes.items())
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def text(content: str, x: float, y: float, **attributes: object) -> str:
    """Written words; what they hold is escaped."""
    return element("text", escape(content), x=x, y=y, **attributes)


def drawing(content: str, width: float, height: float, says: str, class_: str = "chart", **attributes: object) -> str:
    """A drawing of this size; ``says``: what it shows, for those who do not see it."""
    box = f"0 0 {_told(width)} {_told(height)}"
    return element("svg", content, class_=class_, viewBox=box, role="img", aria_label=says, **attributes)


@dataclass(frozen=True)
class Plane:
    """Where data lie on a drawing: ``x`` and ``y`` are the data's ends, the rest is in the drawing's units."""

    x: tuple[float, float]
    y: tuple[float, float]
    left: float
    top: float
    width: float
    height: float

    def across(self, value: float) -> float:
        """The place of a value along x."""
        low, high = self.x
        return self.left + self.width * (value - low) / (high - low)

    def down(self, value: float) -> float:
        """The place of a value along y."""
        low, high = self.y
        return self.top + self.height * (1 - (value - low) / (high - low))

    def line(self, points: Iterable[tuple[float, float]], class_: str) -> str:
        """Points joined."""
        told = " ".join(f"{_told(self.across(x))},{_told(self.down(y))}" for x, y in points)
        return element("polyline", points=told, class_=class_)

    def grid(self, x: Sequence[tuple[float, str]], y: Sequence[tuple[float, str]]) -> str:
        """Lines and labels at these values of y, labels at these of x."""
        bottom, right = self.top + self.height, self.left + self.width
        lines = [element("line", x1=self.left, x2=right, y1=self.down(at), y2=self.down(at), class_="grid") for at, _ in y]
        lines += [text(says, self.left - 7, self.down(at) + 4, text_anchor="end") for at, says in y]
        lines += [text(says, self.across(at), bottom + 17, text_anchor="middle") for at, says in x]
        return "".join(lines)

    def titles(self, x: str, y: str) -> str:
        """What the axes are: below, and above the upper left corner."""
        below = text(x, self.left + self.width / 2, self.top + self.height + 36, text_anchor="middle", class_="axis")
        return below + text(y, self.left - 36, self.top - 12, class_="axis")


def bar(score: CharacterScore, start: float) -> str:
    """The accuracy of a character as a bar from ``start`` to 1 with its interval."""
    end, low, high = (100 * max(each - start, 0) / (1 - start) for each in (score.accuracy, score.low, score.high))
    whisker = f"M{_told(low)} 6H{_told(high)}M{_told(low)} 3V9M{_told(high)} 3V9"
    parts = element("rect", x=0, y=1, width=100, height=10, class_="track") + element("rect", x=0, y=1, width=end, height=10, class_="fill")
    parts += element("path", d=whisker, class_="whisker")
    return element("svg", parts, class_="bar", viewBox="0 0 100 12", preserveAspectRatio="none", aria_hidden="true")


def bar_start(scores: Sequence[CharacterScore]) -> float:
    """Where bars begin: at 0, or where all are far above at a round share below the lowest interval."""
    lowest = min((each.low for each in scores), default=0.0)
    return next((start for start in (0.95, 0.9, 0.8, 0.5) if lowest >= start), 0.0)


def calibration_chart(found: Calibrated) -> str:
    """What share of the answers was right, by the probability that was told; the temperature's work beside it; how many there are."""
    plane = Plane((0, 1), (0, 1), 46, 28, WIDTH - 62, 250)
    ticks = [(each / 100, f"{each}{NO_BREAK}%") for each in (0, 25, 50, 75, 100)]
    parts = [plane.grid(ticks, ticks), plane.titles("the probability that it tells", "of those answers right")]
    parts.append(plane.line([(0, 0), (1, 1)], "ideal"))
    if found.before is not None:
        parts.append(_reliability(plane, found.before, "other"))
    parts.append(_reliability(plane, found.after, "main"))
    parts.append(_counts(found.after, Plane((0, 1), (0, 1), 46, 346, WIDTH - 62, 44)))
    says = "Calibration: " + "; ".join(
        f"told {each.probability:.0%}, right {each.accuracy:.0%} of {each.count:,}" for each in found.after.bins if each.count
    )
    return drawing("".join(parts), WIDTH, 394, says)


def _reliability(plane: Plane, found: Calibration, class_: str) -> str:
    bins = [each for each in found.bins if each.count >= FEW]
    total, dots = sum(each.count for each in found.bins), []
    for each in bins:
        title = element("title", f"told {each.probability:.1%}, right {each.accuracy:.1%} of {each.count:,}")
        radius = 2.2 + 7 * (each.count / total) ** 0.5
        dots.append(element("circle", title, cx=plane.across(each.probability), cy=plane.down(each.accuracy), r=radius, class_=class_))
    return plane.line([(each.probability, each.accuracy) for each in bins], class_) + "".join(dots)


def _counts(found: Calibration, plane: Plane) -> str:
    total, most = sum(each.count for each in found.bins), max(each.count for each in found.bins)
    bars = [text("how many answers tell it", plane.left, plane.top - 4, class_="axis")]
    for each in found.bins:
        height = plane.height * each.count / most
        left, right = plane.across(each.low), plane.across(each.high)
        title = element("title", f"{each.low:.0%} to {each.high:.0%}: {each.count:,} answers, {each.count / total:.1%}")
        shape = {"x": left + 1, "y": plane.top + plane.height - height, "width": right - left - 2, "height": height}
        bars.append(element("rect", title, class_="fill", **shape))
    return "".join(bars)


def risk_chart(found: Selective) -> str:
    """The share of wrong answers among those kept, by the share kept, with the thresholds on it."""
    curve = found.curve
    top = highest_risk(found)
    plane = Plane((0, 1), (0, top), 46, 28, WIDTH - 62, 250)
    y = [(top * at / 4, f"{100 * top * at / 4:.3g}{NO_BREAK}%") for at in range(5)]
    parts = [plane.grid([(each / 100, f"{each}{NO_BREAK}%") for each in (0, 25, 50, 75, 100)], y)]
    parts.append(plane.titles("of all pictures it answers itself", "of those answers wrong"))
    points = list(zip(curve.coverage.tolist(), curve.risk.tolist(), strict=True))
    parts.append(plane.line(points, "main"))
    told = reached(found)
    for _, probability, coverage, risk in told:
        title = element("title", f"sure from {probability:.3f}: {coverage:.1%} kept, {risk:.2%} of them wrong")
        parts.append(element("circle", title, cx=plane.across(coverage), cy=plane.down(risk), r=5, class_="mark"))
    parts += [text(each.says, each.right, each.base, text_anchor="end", class_="strong") for each in labels(found, plane)]
    says = "Risk by coverage. " + "; ".join(f"for {error:.1%} error {coverage:.1%} are read" for error, _, coverage, _ in told)
    return drawing("".join(parts), WIDTH, HEIGHT, says)


def highest_risk(found: Selective) -> float:
    """A round share above every risk of the curve: where the axis ends."""
    highest = max(float(found.curve.risk.max(initial=0)), 0.001)
    return next(each for each in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0) if highest <= each)


@dataclass(frozen=True)
class Label:
    """Words of one line that end at ``right`` and stand on ``base``; ``x`` and ``y``: the point that they are about."""

    says: str
    x: float
    y: float
    right: float
    base: float

    def meets(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether the words reach into this box."""
        return self.right - LETTER * len(self.says) < right and left < self.right and self.base - LINE < bottom and top < self.base


LETTER, LINE, RADIUS = 7.5, 12, 6
"""Of the words on a chart: the width of a letter and the height of a line; of a point: how far it reaches."""


def labels(found: Selective, plane: Plane) -> list[Label]:
    """The error that each threshold is for, left above its point, or as far up and then left as it takes to lie on no other, on
    no point and not on the axis. Points that lie on each other have one label.
    """
    points: dict[tuple[float, float], list[str]] = {}
    for error, _, coverage, risk in reached(found):
        x, y = plane.across(coverage), plane.down(risk)
        near = next((at for at in points if abs(at[0] - x) < RADIUS and abs(at[1] - y) < RADIUS), (x, y))
        points.setdefault(near, []).append(f"{100 * error:g}")
    placed: list[Label] = []
    for (x, y), errors in points.items():
        says = f"{', '.join(errors)}{NO_BREAK}%"
        each = Label(says, x, y, max(x - RADIUS - 2, plane.left + 4 + LETTER * len(says)), y - RADIUS - 3)
        taken = [(a - RADIUS, b - RADIUS, a + RADIUS, b + RADIUS) for a, b in points]
        taken += [(other.right - LETTER * len(other.says), other.base - LINE, other.right, other.base) for other in placed]
        while any(each.meets(*box) for box in taken) and each.right > plane.left:
            each = replace(each, base=each.base - 3) if each.base > plane.top else replace(each, right=each.right - 3)
        placed.append(each)
    return placed


def reached(found: Selective) -> list[tuple[float, float, float, float]]:
    """Of each error that some threshold reaches: the error, the threshold, what share it keeps, what share of that is wrong."""
    points = [(each.error, each.probability, each.coverage, each.risk) for each in found.thresholds]
    return [(error, sure, kept, risk) for error, sure, kept, risk in points if sure is not None and kept is not None and risk is not None]


def damage_chart(whole: Accuracy, found: Suffered) -> str:
    """Accuracy by the strength of one damage: as the network sees it, and prepared again as a reader does."""
    plane = Plane((0, len(found.strengths)), (0, 1), 40, 14, SMALL_WIDTH - 68, SMALL_HEIGHT - 44)
    labels = ["none", *(f"{each.strength:g}" for each in found.strengths)]
    parts = [plane.grid(list(enumerate(labels)), [(each / 100, f"{each}{NO_BREAK}%") for each in (0, 50, 100)])]
    lines = {
        "other": [whole, *(each.network for each in found.strengths)],
        "main": [whole, *(each.prepared for each in found.strengths)],
    }
    for class_, scores in lines.items():
        parts.append(plane.line([(at, each.value) for at, each in enumerate(scores)], class_))
        parts += [_dot(plane, at, each, labels[at], class_) for at, each in enumerate(scores)]
    last = found.strengths[-1]
    ends = _apart(plane.down(last.prepared.value), plane.down(last.network.value))
    for value, y, class_ in zip((last.prepared.value, last.network.value), ends, ("main", "other"), strict=True):
        parts.append(text(f"{100 * value:.0f}", plane.left + plane.width + 6, y + 4, class_=f"end {class_}"))
    says = f"{found.name}: " + "; ".join(
        f"at {each.strength:g} {each.prepared.value:.0%} prepared again, {each.network.value:.0%} as it is" for each in found.strengths
    )
    return drawing("".join(parts), SMALL_WIDTH, SMALL_HEIGHT, f"{says}; undamaged {whole.value:.0%}")


def _dot(plane: Plane, at: int, score: Accuracy, label: str, class_: str) -> str:
    title = element("title", f"{label}: {score.value:.1%} ({score.low:.1%} to {score.high:.1%})")
    return element("circle", title, cx=plane.across(at), cy=plane.down(score.value), r=3.2, class_=class_)


def _apart(first: float, second: float, least: float = 15) -> tuple[float, float]:
    """Two heights, moved apart where their words would touch."""
    gap = least - abs(first - second)
    if gap <= 0:
        return first, second
    return (first - gap / 2, second + gap / 2) if first <= second else (first + gap / 2, second - gap / 2)


def _told(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") if isfinite(value) else "0"
    return str(value)
