"""What can be measured in a drawing: how often edges cross, bend, and lie on each other, and its area.

It reads the SVG that Graphviz writes. Curves are read as lines through points a few units apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import atan2, ceil, degrees, dist, remainder, tau
from xml.etree import ElementTree

__all__ = ["Measures", "measure"]

Point = tuple[float, float]
Line = Sequence[Point]
Box = tuple[float, float, float, float]

SVG = "{http://www.w3.org/2000/svg}"
STEP = 4.0
"""How far the points of a curve are apart, in units of the drawing."""

NEAR = 2.0
"""Edges closer than this lie on each other."""

JOINED = 12.0
"""How near the end that two edges share they may meet."""

TOGETHER = 24.0
"""How long edges that share an end may run together before they count as lying on each other."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Measures:
    """What was counted; ``area`` is in square inches.

    ``frames`` counts edges that cross a frame they do not enter, and boxes that stand half in one. Of an edge
    with a tag, the line to the tag and the line from it are counted as two.
    """

    crossings: int
    overlaps: int
    bends: int
    frames: int
    area: float


def measure(svg: bytes) -> Measures:
    """Measure an SVG of Graphviz."""
    root = ElementTree.fromstring(svg)
    edges = list(_edges(root))
    width, height = (float(size) for size in _numbers(root.get("viewBox", ""))[2:])
    crossings = overlaps = 0
    for a, b in combinations(edges, 2):
        if _apart(a.box, b.box):
            continue
        crossings += _crossings(a, b)
        overlaps += _together(a.line, b.line) > (TOGETHER if a.ends & b.ends else STEP)
    frames = list(_frames(root))
    crossed = sum(_crosses(edge.line, frame) for edge in edges for frame in frames)
    crossed += sum(_cuts(box, frame) for box in (*_nodes(root), *frames) for frame in frames)
    return Measures(
        crossings, overlaps, sum(_bends(edge.line) for edge in edges), crossed, width * height / 72**2
    )


@dataclass(frozen=True, slots=True)
class _Edge:
    ends: frozenset[str]
    line: Line
    box: Box


def _edges(root: ElementTree.Element) -> Iterator[_Edge]:
    for group in root.iter(f"{SVG}g"):
        path = group.find(f".//{SVG}path")
        if group.get("class") != "edge" or path is None:
            continue
        title = group.findtext(f"{SVG}title", "")
        line = _sampled(path.get("d", ""))
        yield _Edge(frozenset(title.split("->")), line, _box(line))


def _frames(root: ElementTree.Element) -> Iterator[Box]:
    for group in root.iter(f"{SVG}g"):
        path = group.find(f".//{SVG}path")
        if group.get("class") == "cluster" and path is not None:
            yield _box(_points(path.get("d", "")))


def _nodes(root: ElementTree.Element) -> Iterator[Box]:
    for group in root.iter(f"{SVG}g"):
        if group.get("class") == "node":
            shapes = (*group.iter(f"{SVG}path"), *group.iter(f"{SVG}polygon"))
            points = [
                point for shape in shapes for point in _points(shape.get("d") or shape.get("points") or "")
            ]
            if points:
                yield _box(points)


def _cuts(box: Box, frame: Box) -> bool:
    """Tell whether the outline of a box crosses that of a frame."""
    left, top, right, bottom = frame
    meets = box[0] < right and left < box[2] and box[1] < bottom and top < box[3]
    return meets and not (_holds(frame, box) or _holds(box, frame))


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _numbers(text: str) -> list[float]:
    return [float(each) for each in _NUMBER.findall(text)]


def _points(path: str) -> list[Point]:
    numbers = _numbers(path)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _sampled(path: str) -> Line:
    """Return points along a path of cubic curves, each about a `STEP` from the next."""
    points = _points(path)
    line = [points[0]]
    for at in range(0, len(points) - 3, 3):
        a, b, c, d = points[at : at + 4]
        parts = max(1, ceil((dist(a, b) + dist(b, c) + dist(c, d)) / STEP))
        line += (_bezier(a, b, c, d, part / parts) for part in range(1, parts + 1))
    return line


def _bezier(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    k = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
    return (
        k[0] * a[0] + k[1] * b[0] + k[2] * c[0] + k[3] * d[0],
        k[0] * a[1] + k[1] * b[1] + k[2] * c[1] + k[3] * d[1],
    )


def _box(line: Sequence[Point]) -> Box:
    xs, ys = zip(*line, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _apart(a: Box, b: Box) -> bool:
    return a[2] + NEAR < b[0] or b[2] + NEAR < a[0] or a[3] + NEAR < b[1] or b[3] + NEAR < a[1]


def _crossings(a: _Edge, b: _Edge) -> int:
    """Count where two edges cross; they may meet at an end that they share, and twice nearby is once."""
    found: list[Point] = []
    shared = [a.line[0], a.line[-1]] if a.ends & b.ends else []
    for p, q in pairwise(a.line):
        if q[0] < b.box[0] - STEP and p[0] < b.box[0] - STEP:
            continue
        for r, s in pairwise(b.line):
            if abs(p[0] - r[0]) > 3 * STEP or abs(p[1] - r[1]) > 3 * STEP or not _meet(p, q, r, s):
                continue
            if all(dist(p, other) > JOINED for other in (*found, *shared)):
                found.append(p)
    return len(found)


def _meet(p: Point, q: Point, r: Point, s: Point) -> bool:
    return _side(p, q, r) * _side(p, q, s) < 0 and _side(r, s, p) * _side(r, s, q) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _together(a: Line, b: Line) -> float:
    """Return how long two lines run so near that they cannot be told apart."""
    cells: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for x, y in b:
        cells[int(x // STEP), int(y // STEP)].append((x, y))
    near = 0
    for x, y in a:
        column, row = int(x // STEP), int(y // STEP)
        around = (cells.get((column + dx, row + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
        near += any(dist((x, y), other) < NEAR for points in around for other in points)
    # Lines that cross are near each other for a step or two.
    return max(0, near - 2) * STEP


def _bends(line: Line) -> int:
    """Count the turns of a line: each stretch in which it turns the same way by 15 degrees or more."""
    angles = [atan2(q[1] - p[1], q[0] - p[0]) for p, q in pairwise(line) if p != q]
    bends, turned = 0, 0.0
    for a, b in pairwise(angles):
        turn = degrees(remainder(b - a, tau))
        if turn * turned < 0:
            bends += abs(turned) >= 15
            turned = 0.0
        turned += turn
    return bends + (abs(turned) >= 15)


def _crosses(line: Line, frame: Box) -> bool:
    """Tell whether a line goes through a frame that it neither begins nor ends at."""
    left, top, right, bottom = frame
    wide = (left - 8, top - 8, right + 8, bottom + 8)
    if _inside(line[0], wide) or _inside(line[-1], wide):
        return False
    return any(_inside(point, frame) for point in line)


def _inside(point: Point, box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]
