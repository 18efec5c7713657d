"""A graph and the sizes of its nodes in, a place for each node out: the same on every machine.

networkx's own force layouts need numpy and scipy, whose sums differ in the last bit from one processor to another, and one bit
is enough to move a node after a hundred steps. Here only + - * / and square roots are used, which IEEE 754 fixes to the bit.
The method is stress minimisation by gradient steps (Zheng, Pawar, Goodman 2018), over a sample of the pairs in large graphs:
distances on the page follow distances in the graph, which keeps chains such as payer, payment, payee straight.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from math import sqrt

import networkx as nx

from kg.view.graph import Network

_UNIT = 110.0  # pixels of an arrow between two boxes: room for the word on it
_CROWD = 15.0  # pixels more for each root of a neighbour beyond the eighth: a circle of leaves needs a wider circle
_EVERY_PAIR = 260  # nodes up to which every pair is compared; 260² pairs take about half a second
_SAMPLE = 24  # for larger graphs, to how many others each node is compared; more change the picture little
_STEPS = 45
_COOLING = 0.84  # by which the step shrinks: 10² · 0.84^45 is below 0.05, where nothing moves visibly any more
_GAP = 24.0  # pixels kept free between two nodes with their labels
_ROOM = 3.2  # times the boxes' own area that a part has at least: below it, pushing them apart takes many rounds
_ASPECT = 1.35  # width to height of the picture's place on a usual screen
_CLEARABLE = 12_000  # nodes times arrows up to which arrows are kept clear of boxes: under a second, and beyond it a thicket anyhow
_STRETCH = 1.4  # beyond it, near nodes no longer look near


@dataclass(frozen=True, slots=True)
class Box:
    """What a node covers, in pixels around its place: half its width, and how far it reaches up and down."""

    half: float
    up: float
    down: float


Places = dict[str, tuple[int, int]]


def place(graph: Network, boxes: Mapping[str, Box]) -> Places:
    """Place every node so that near in the graph is near on the page and no two boxes overlap.

    Parts that are not connected are laid out one by one and set side by side, the largest first.
    """
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(sorted(graph))
    plain.add_edges_from(sorted({(min(a, b), max(a, b)) for a, b in graph.edges() if a != b}))
    parts = sorted((sorted(part) for part in nx.connected_components(plain)), key=lambda part: (-len(part), part[0]))
    drawn = []
    for part in parts:
        spots = _stress(plain.subgraph(part), part, boxes)
        _lay_flat(spots)
        _fill_screen(spots)
        _push_apart(spots, boxes)
        edges = sorted((min(edge), max(edge)) for edge in plain.subgraph(part).edges())
        if len(spots) * len(edges) <= _CLEARABLE:
            _clear_arrows(spots, boxes, edges)
            _push_apart(spots, boxes)
        drawn.append(spots)
    return _pack(drawn, boxes)


def _stress(part: nx.Graph[str], order: list[str], boxes: Mapping[str, Box]) -> dict[str, list[float]]:
    degree = dict(part.degree())
    beside = {node: list(part.adj[node]) for node in order}  # networkx's filtered views are slow to walk again and again
    lengths = {
        (a, b): _UNIT + (boxes[a].half + boxes[b].half) * 0.6 + _CROWD * sqrt(max(0, max(degree[a], degree[b]) - 8))
        for a in order
        for b in beside[a]
    }
    chooser = random.Random(2007)  # any fixed seed: it breaks symmetry and orders the steps
    terms = dict(lengths)
    mean = sum(lengths.values()) / max(1, len(lengths))
    for source in order:
        hops = _hops(beside, source)
        compared = order if len(order) <= _EVERY_PAIR else chooser.sample(order, _SAMPLE)
        for target in compared:
            if target != source:
                terms.setdefault((source, target), hops[target] * mean)
    side = _UNIT * sqrt(len(order))
    spots = {node: [chooser.random() * side, chooser.random() * side] for node in order}
    pairs = [(spots[a], spots[b], wanted) for (a, b), wanted in sorted(terms.items())]
    step = max(terms.values(), default=1.0) ** 2
    for _ in range(_STEPS):
        chooser.shuffle(pairs)
        for one, other, wanted in pairs:
            dx, dy = one[0] - other[0], one[1] - other[1]
            now = sqrt(dx * dx + dy * dy) or 1e-6
            pull = min(1.0, step / (wanted * wanted)) * (now - wanted) / (2.0 * now)
            one[0] -= pull * dx
            one[1] -= pull * dy
            other[0] += pull * dx
            other[1] += pull * dy
        step *= _COOLING
    return spots


def _hops(beside: Mapping[str, list[str]], source: str) -> dict[str, int]:
    found = {source: 0}
    queue = [source]
    for node in queue:
        away = found[node] + 1
        for neighbour in beside[node]:
            if neighbour not in found:
                found[neighbour] = away
                queue.append(neighbour)
    return found


def _lay_flat(spots: dict[str, list[float]]) -> None:
    """Turn a part so that its longest side lies level, as screens do."""
    size = len(spots)
    mean = [sum(spot[axis] for spot in spots.values()) / size for axis in (0, 1)]
    for spot in spots.values():
        spot[0] -= mean[0]
        spot[1] -= mean[1]
    xx = sum(x * x for x, _ in spots.values())
    yy = sum(y * y for _, y in spots.values())
    xy = sum(x * y for x, y in spots.values())
    long = (xx + yy + sqrt((xx - yy) * (xx - yy) + 4.0 * xy * xy)) / 2.0
    axis = (xy, long - xx) if abs(xy) > 1e-9 else ((1.0, 0.0) if xx >= yy else (0.0, 1.0))
    norm = sqrt(axis[0] * axis[0] + axis[1] * axis[1]) or 1.0
    cos, sin = axis[0] / norm, axis[1] / norm
    for spot in spots.values():
        x, y = spot
        spot[0], spot[1] = x * cos + y * sin, y * cos - x * sin


def _fill_screen(spots: dict[str, list[float]]) -> None:
    """Stretch a flat part upwards to the form of a screen, where that costs no size: the words on its arrows get room."""
    wide, high = _extent(spots)
    if wide > _ASPECT * high > 0.0:
        stretch = min(_STRETCH, wide / (_ASPECT * high))
        for spot in spots.values():
            spot[1] *= stretch


def _extent(spots: Mapping[str, list[float]]) -> tuple[float, float]:
    xs, ys = [spot[0] for spot in spots.values()], [spot[1] for spot in spots.values()]
    return max(xs) - min(xs), max(ys) - min(ys)


def _push_apart(spots: dict[str, list[float]], boxes: Mapping[str, Box]) -> None:
    """Give a crowded part more room as a whole, then move overlapping boxes apart along the shorter way until none overlap."""
    taken = sum((2 * boxes[node].half + _GAP) * (boxes[node].up + boxes[node].down + _GAP) for node in spots)
    wide, high = _extent(spots)
    free = max(1.0, wide * high)
    if len(spots) > 2 and free < _ROOM * taken:
        wider = min(4.0, sqrt(_ROOM * taken / free))
        for spot in spots.values():
            spot[0] *= wider
            spot[1] *= wider
    for _ in range(150):  # settles in 10 to 80 rounds; a bound keeps the worst case short
        order = sorted(spots, key=lambda node: (spots[node][1] - boxes[node].up, node))
        has_moved = False
        for index, a in enumerate(order):
            one, box = spots[a], boxes[a]
            bottom = one[1] + box.down + _GAP
            for b in islice(order, index + 1, None):
                other, far = spots[b], boxes[b]
                if other[1] - far.up >= bottom:
                    break
                if abs(one[0] - other[0]) < box.half + far.half + _GAP and _part(one, box, other, far):
                    has_moved = True
        if not has_moved:
            return


def _part(one: list[float], box: Box, other: list[float], far: Box) -> bool:
    across = box.half + far.half + _GAP - abs(one[0] - other[0])
    is_below = other[1] >= one[1]
    down = (box.down + far.up if is_below else box.up + far.down) + _GAP - abs(one[1] - other[1])
    if across <= 0.01 or down <= 0.01:
        return False
    # Measured against the boxes' own width and height: by pixels alone, flat boxes would always part upwards, into columns.
    axis, by = (0, across) if across * (box.up + box.down + far.up + far.down) < down * (2 * box.half + 2 * far.half) else (1, down)
    sign = 1.0 if other[axis] >= one[axis] else -1.0
    one[axis] -= sign * by / 2.0
    other[axis] += sign * by / 2.0
    return True


def _clear_arrows(spots: dict[str, list[float]], boxes: Mapping[str, Box], edges: list[tuple[str, str]]) -> None:
    """Move boxes off the arrows that run beneath them, and the arrows a little the other way."""
    for _ in range(40):  # most are clear after ten rounds; the rest have no place to go
        for a, b in edges:
            one, other = spots[a], spots[b]
            for node, spot in spots.items():
                if node not in (a, b):
                    _clear(spot, boxes[node], one, other)


def _clear(spot: list[float], box: Box, one: list[float], other: list[float]) -> None:
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = sqrt(dx * dx + dy * dy)
    middle = spot[1] + (box.down - box.up) / 2.0
    along = ((spot[0] - one[0]) * dx + (middle - one[1]) * dy) / (length or 1.0)
    if not 0.0 < along < length:
        return
    across, down = -dy / length, dx / length
    off = (spot[0] - one[0]) * across + (middle - one[1]) * down
    wanted = box.half * abs(across) + (box.up + box.down) / 2.0 * abs(down) + _GAP / 3.0
    if abs(off) >= wanted:
        return
    push = (wanted - abs(off)) * (0.25 if off >= 0.0 else -0.25)  # a quarter a round: neighbours give way in between
    spot[0] += push * across
    spot[1] += push * down
    for end in (one, other):
        end[0] -= push * across / 2.0
        end[1] -= push * down / 2.0


def _pack(drawn: list[dict[str, list[float]]], boxes: Mapping[str, Box]) -> Places:
    """Set the parts in rows under the first, about as wide in all as a screen is."""
    frames = []
    for spots in drawn:
        left = min(spots[node][0] - boxes[node].half for node in spots)
        right = max(spots[node][0] + boxes[node].half for node in spots)
        top = min(spots[node][1] - boxes[node].up for node in spots)
        bottom = max(spots[node][1] + boxes[node].down for node in spots)
        frames.append((spots, left, top, right - left + 3 * _GAP, bottom - top + 3 * _GAP))
    area = sum(width * height for *_, width, height in frames)
    wide = max([sqrt(area * _ASPECT), *(width for *_, width, _ in frames)], default=0.0)
    places: Places = {}
    x = y = row = 0.0
    for spots, left, top, width, height in frames:
        if x > 0.0 and x + width > wide:
            x, y, row = 0.0, y + row, 0.0
        for node, (spot_x, spot_y) in spots.items():
            places[node] = (round(spot_x - left + x), round(spot_y - top + y))
        x, row = x + width, max(row, height)
    return places
