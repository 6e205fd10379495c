"""Ink -> the picture that a scanner or a camera makes of it: paper, printed lines, light, dirt and lens."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ...errors import UsageError

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Frame:
    """Where the ink stands in its picture.

    ``fill``: share of the frame's longer side that the ink's longer side takes, above 0, at most 1 (1: it fills the
    frame). ``x``, ``y``: where in the free room, -1 left or top, 0 middle, 1 right or bottom. ``aspect``: width by
    height of the frame; 0: the same margin on all sides, so that the frame is as narrow as the ink.
    """

    fill: float = 0.7
    x: float = 0.0
    y: float = 0.0
    aspect: float = 1.0

    def __post_init__(self) -> None:
        if not (0.0 < self.fill <= 1.0 and abs(self.x) <= 1.0 and abs(self.y) <= 1.0 and self.aspect >= 0.0):
            raise UsageError(f"a frame needs 0 < fill <= 1, x and y in -1..1 and an aspect of at least 0: {self}")

    @classmethod
    def random(cls, rng: np.random.Generator) -> Frame:
        """A tight crop, a box of a form, or ink somewhere on a larger sheet."""
        x, y = (float(each) for each in np.clip(rng.normal(0.0, 0.4, 2), -1.0, 1.0))
        kind = rng.random()
        if kind < 0.3:
            return cls(float(rng.uniform(0.82, 1.0)), 0.0, 0.0, 0.0)
        aspect = float(np.exp(rng.normal(-0.08, 0.15)))
        return cls(float(rng.uniform(0.55, 0.95) if kind < 0.85 else rng.uniform(0.25, 0.55)), x, y, aspect)


@dataclass(frozen=True)
class Border:
    """The printed box round the ink.

    ``thickness``: of its lines, ``gap``: empty paper outside it, both as shares of the frame's longer side (a negative
    gap: partly cut off). ``sides``: those that are there, of ``t r b l``. ``dark``: 0 as the paper, 1 black. ``tilt``:
    degrees. ``running``: the lines go on beyond the corners, as in a row of boxes.
    """

    thickness: float = 0.02
    gap: float = 0.01
    sides: str = "trbl"
    dark: float = 0.8
    tilt: float = 0.0
    running: bool = False

    def __post_init__(self) -> None:
        if not (0.0 <= self.thickness <= 0.25 and set(self.sides) <= set("trbl")):
            raise UsageError(f"a border needs a thickness of 0 to 0.25 and sides out of `trbl`: {self}")

    @classmethod
    def random(cls, rng: np.random.Generator) -> Border:
        """Mostly a thin complete box, sometimes thick, cut off, or with sides missing."""
        sides = "trbl" if rng.random() < 0.7 else "".join(each for each in "trbl" if rng.random() < 0.5)
        return cls(
            thickness=float(np.clip(rng.gamma(2.0, 0.01), 0.004, 0.06)),
            gap=float(rng.uniform(-0.02, 0.05) if rng.random() < 0.8 else 0.0),
            sides=sides,
            dark=float(rng.uniform(0.35, 1.0)),
            tilt=float(rng.normal(0.0, 0.8)),
            running=bool(rng.random() < 0.4),
        )


@dataclass(frozen=True)
class Ruling:
    """Lines printed on the paper: ``spacing``, ``thickness`` and ``phase`` are shares of the frame's longer side."""

    spacing: float = 0.3
    thickness: float = 0.012
    squared: bool = False
    dark: float = 0.35
    tilt: float = 0.0
    phase: float = 0.0

    def __post_init__(self) -> None:
        if self.spacing <= 0.0:
            raise UsageError(f"the spacing of a ruling must be above 0: {self.spacing}")

    @classmethod
    def random(cls, rng: np.random.Generator) -> Ruling:
        """Writing lines or squares, mostly fainter than the ink."""
        squared = bool(rng.random() < 0.4)
        return cls(
            spacing=float(rng.uniform(0.12, 0.45) if squared else rng.uniform(0.3, 0.9)),
            thickness=float(rng.uniform(0.006, 0.02)),
            squared=squared,
            dark=float(rng.uniform(0.12, 0.5)),
            tilt=float(rng.normal(0.0, 1.5)),
            phase=float(rng.uniform(0.0, 1.0)),
        )


@dataclass(frozen=True)
class Light:
    """Uneven light, as the share of it that is lost: ``slope`` across the picture, in a ``shadow``, at the corners
    (``vignette``). ``towards``: the darker side, degrees; ``edge``: where the shadow begins, -1..1; ``softness`` of its
    edge, as a share of the picture."""

    slope: float = 0.0
    shadow: float = 0.0
    vignette: float = 0.0
    towards: float = 0.0
    edge: float = 0.0
    softness: float = 0.1

    @classmethod
    def random(cls, rng: np.random.Generator) -> Light:
        """Mostly even; now and then a shadow."""
        return cls(
            slope=float(min(abs(rng.normal(0.0, 0.12)), 0.5)) if rng.random() < 0.6 else 0.0,
            shadow=float(rng.uniform(0.1, 0.5)) if rng.random() < 0.1 else 0.0,
            vignette=float(rng.uniform(0.05, 0.35)) if rng.random() < 0.12 else 0.0,
            towards=float(rng.uniform(0.0, 360.0)),
            edge=float(rng.uniform(-0.7, 0.7)),
            softness=float(rng.uniform(0.02, 0.3)),
        )


@dataclass(frozen=True)
class Dirt:
    """What is in the picture and is not the character.

    ``noise``: sigma of the sensor and the paper, in grey levels. ``grain``: how much of the ink the paper's texture
    leaves out, 0..1 (pencil, dry pen). ``specks``, ``neighbours``: how many dots, and how many strokes of neighbouring
    characters cut off at the edge.
    """

    noise: float = 2.0
    grain: float = 0.0
    specks: int = 0
    neighbours: int = 0

    @classmethod
    def random(cls, rng: np.random.Generator) -> Dirt:
        """Mostly next to nothing."""
        return cls(
            noise=float(rng.uniform(0.0, 3.0) if rng.random() < 0.8 else rng.uniform(3.0, 16.0)),
            grain=float(rng.uniform(0.1, 0.45)) if rng.random() < 0.15 else 0.0,
            specks=int(rng.integers(1, 7)) if rng.random() < 0.15 else 0,
            neighbours=int(rng.integers(1, 3)) if rng.random() < 0.1 else 0,
        )


@dataclass(frozen=True)
class Camera:
    """Lens, sensor and file.

    ``blur``: sigma of the Gaussian as a share of the longer side. ``side``: pixels of the longer side of what comes
    out, never more than went in; 0 as it is. ``quality`` of JPEG, 1..100; 0: no JPEG. ``binary``: a scan of one bit.
    """

    blur: float = 0.0
    side: int = 0
    quality: int = 0
    binary: bool = False

    @classmethod
    def random(cls, rng: np.random.Generator) -> Camera:
        """Mostly sharp enough; some low resolution, much JPEG, some one-bit scans."""
        return cls(
            blur=float(rng.uniform(0.0, 0.012) if rng.random() < 0.8 else rng.uniform(0.012, 0.03)),
            side=int(rng.integers(12, 40)) if rng.random() < 0.12 else 0,
            quality=int(rng.integers(25, 96)) if rng.random() < 0.35 else 0,
            binary=bool(rng.random() < 0.12),
        )


@dataclass(frozen=True)
class Paper:
    """Everything between the ink and the picture of it.

    ``ink``, ``ground``: grey of the pen and of the paper, 0..255. ``inverted``: the finished picture is turned to light
    on dark. ``frame``: None keeps the frame in which the ink comes.
    """

    ink: int = 35
    ground: int = 235
    inverted: bool = False
    frame: Frame | None = field(default_factory=Frame)
    border: Border | None = None
    ruling: Ruling | None = None
    light: Light = field(default_factory=Light)
    dirt: Dirt = field(default_factory=Dirt)
    camera: Camera = field(default_factory=Camera)

    @classmethod
    def random(cls, rng: np.random.Generator) -> Paper:
        """What a stranger may send: mostly mild, every fault sometimes."""
        ground = int(rng.integers(225, 256) if rng.random() < 0.6 else rng.integers(150, 240))
        weak = rng.random() < 0.2
        ink = int(ground * (rng.uniform(0.4, 0.65) if weak else rng.uniform(0.0, 0.4)))
        frame, camera = Frame.random(rng), Camera.random(rng)
        if camera.side and not frame.aspect:
            # a bar without paper beside it would be two pixels wide
            camera = replace(camera, side=max(camera.side, 24))
        return cls(
            ink=ink,
            ground=ground,
            inverted=bool(rng.random() < 0.3),
            frame=frame,
            border=Border.random(rng) if rng.random() < 0.3 else None,
            ruling=Ruling.random(rng) if rng.random() < 0.15 else None,
            light=Light.random(rng),
            dirt=Dirt.random(rng),
            camera=camera,
        )


def on_paper(ink: NDArray[np.uint8], rng: np.random.Generator, paper: Paper | None = None) -> NDArray[np.uint8]:
    """The picture uint8 (H, W) of ``ink`` (uint8 (H, W), white ink on black) on this paper, or on a random one.

    The size follows from the ink's, the frame's fill and the camera. The same generator state gives the same picture.
    """
    from .marks import border_cover, neighbours_cover, ruling_cover, speckled

    paper = paper or Paper.random(rng)
    framed = ink if paper.frame is None else _framed(ink, paper.frame)
    shape = framed.shape
    texture = rng.standard_normal(shape, np.float32) if paper.dirt.noise or paper.dirt.grain else np.zeros(shape, np.float32)
    cover = framed.astype(np.float32) / 255.0
    if paper.dirt.neighbours:
        cover = np.maximum(cover, neighbours_cover(framed, rng, paper.dirt.neighbours))
    if paper.dirt.specks:
        cover = speckled(cover, rng, paper.dirt.specks)
    if paper.dirt.grain:
        cover = cover * np.clip(1.0 - paper.dirt.grain * (0.5 + _coarse(texture)), 0.0, 1.0)
    grey = np.full(shape, paper.ground, np.float32)
    if paper.ruling:
        grey *= 1.0 - paper.ruling.dark * ruling_cover(shape, paper.ruling)
    if paper.border:
        grey *= 1.0 - paper.border.dark * border_cover(shape, paper.border)
    grey += (np.minimum(grey, paper.ink) - grey) * cover
    grey *= _light(shape, paper.light)
    return _taken(grey, texture, paper)


def _framed(ink: NDArray[np.uint8], frame: Frame) -> NDArray[np.uint8]:
    rows, columns = np.flatnonzero(ink.max(axis=1) > 8), np.flatnonzero(ink.max(axis=0) > 8)
    if not len(rows):
        return ink
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    long = max(ink.shape) / frame.fill
    if frame.aspect:
        size = np.array([long / max(frame.aspect, 1.0), long * min(frame.aspect, 1.0)])
    else:
        size = np.array(ink.shape) + (long - max(ink.shape))
    height, width = (int(each) for each in np.maximum(np.rint(size), ink.shape))
    top = round((height - ink.shape[0]) * (1.0 + frame.y) / 2.0)
    left = round((width - ink.shape[1]) * (1.0 + frame.x) / 2.0)
    framed = np.zeros((height, width), np.uint8)
    framed[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return framed


def _coarse(texture: Floats) -> Floats:
    """The texture at the size of the paper's fibres rather than of pixels, sigma about 1."""
    import cv2

    return np.asarray(cv2.GaussianBlur(texture, (0, 0), max(max(texture.shape) / 160.0, 0.6)) * 2.0, np.float32)


def _light(shape: tuple[int, ...], light: Light) -> Floats | np.float32:
    """The share of the light that arrives, float32 of this shape; it is smooth, so 24 points a side are enough."""
    import cv2

    if not (light.slope or light.shadow or light.vignette):
        return np.float32(1.0)
    y, x = np.meshgrid(*[np.linspace(-1.0, 1.0, 24, dtype=np.float32)] * 2, indexing="ij")
    angle = np.deg2rad(light.towards)
    along = x * np.cos(angle) + y * np.sin(angle)
    arriving = 1.0 - light.slope * (along + 1.4) / 2.8
    arriving *= 1.0 - light.shadow / (1.0 + np.exp(-(along - light.edge) / max(light.softness / 3.0, 0.01)))
    arriving *= 1.0 - light.vignette * (x * x + y * y) / 2.0
    return np.asarray(cv2.resize(arriving.astype(np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _taken(grey: Floats, texture: Floats, paper: Paper) -> NDArray[np.uint8]:
    """What the camera makes of these greys."""
    import cv2

    camera = paper.camera
    long = max(grey.shape)
    if camera.blur * long > 0.25:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), camera.blur * long), np.float32)
    if 0 < camera.side < long:
        height, width = (max(round(each * camera.side / long), 1) for each in grey.shape)
        grey = np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    grey = grey + paper.dirt.noise * texture[: grey.shape[0], : grey.shape[1]]
    if camera.binary:
        level = cv2.GaussianBlur(grey, (0, 0), max(grey.shape) / 3.0) if paper.light.shadow else np.float32(paper.ground)
        grey = np.where(grey < level * 0.75, np.float32(0.0), np.float32(255.0))
    picture = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    if paper.inverted:
        picture = 255 - picture
    if camera.quality:
        _, file = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, camera.quality])
        picture = np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture
