"""Where the boxes and lines of a process go: a layered layout in lanes. Pure: numbers in, numbers out, no words, no markup.

Every node has a row of its own, in the order given, and stands in the middle of its lane. Lines run forward only. A line to the
next row goes straight over; a longer one goes through the gutter beside its lane on a track of its own, and turns only between
rows. So no line ever crosses a box, however the process branches. Coordinates are whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Point = tuple[int, int]

LEVEL = 12  # between two lines that run across in one gap
TRACK = 12  # between two lines that run along in one gutter
EDGE = 14  # from a lane's border to its boxes


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box. `length` runs along the flow, `breadth` across it."""

    id: str
    lane: int
    length: int
    breadth: int


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A line from a node to a later one. `room`: how much of the gap behind its source its label needs."""

    id: str
    source: str
    target: str
    room: int = 0


@dataclass(frozen=True, kw_only=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return (self.x + self.width // 2, self.y + self.height // 2)


@dataclass(frozen=True, kw_only=True)
class Label:
    """Where the words of a line stand: from `x` onwards, or with `before` ending there."""

    x: int
    y: int
    before: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawing:
    boxes: dict[str, Box]
    lines: dict[str, tuple[Point, ...]]
    labels: dict[str, Label]
    lanes: list[Box]
    width: int
    height: int


def drawn(nodes: Sequence[Node], edges: Sequence[Edge], *, lanes: int, breadth: int, head: int, down: bool = True) -> Drawing:
    """The layout.

    lanes    how many there are; `Node.lane` counts from 0
    breadth  of a lane without its gutter
    head     room for the names of the lanes before the first row
    down     True: the flow goes down and lanes stand side by side; False: it goes right and lanes lie one below the other
    """
    rank = {node.id: place for place, node in enumerate(nodes)}
    lane = {node.id: node.lane for node in nodes}
    forward = [edge for edge in edges if edge.source in rank and rank.get(edge.target, -1) > rank[edge.source]]
    gutters = {edge.id: _gutter(lane[edge.source], lane[edge.target]) for edge in forward if _is_long(edge, rank)}
    tracks = _tracks(forward, gutters, rank)
    widest = [1 + max((tracks[one] for one in gutters if gutters[one] == place), default=-1) for place in range(lanes)]
    starts, across = [], 0
    for place in range(lanes):
        starts.append(across)
        across += breadth + 2 * EDGE + widest[place] * TRACK
    centre = {node.id: starts[node.lane] + EDGE + breadth // 2 for node in nodes}
    along_gutter = {
        edge_id: starts[place] + 2 * EDGE + breadth + tracks[edge_id] * TRACK - EDGE // 2 + 2
        for edge_id, place in gutters.items()
    }
    turns, gaps = _turns(nodes, forward, rank, centre, along_gutter)
    begin, along = {}, head + EDGE
    for node in nodes:
        begin[node.id] = along
        along += node.length + gaps[rank[node.id]]
    end = along - gaps[len(nodes) - 1] + EDGE if nodes else head

    boxes = {
        node.id: _box(begin[node.id], centre[node.id] - node.breadth // 2, node.length, node.breadth, down) for node in nodes
    }
    behind = {node.id: begin[node.id] + node.length for node in nodes}
    lines, labels = {}, {}
    for edge in forward:
        here, there = centre[edge.source], centre[edge.target]
        points = [(behind[edge.source], here)]
        leaving = behind[edge.source] + turns[edge.id, "out"] if (edge.id, "out") in turns else None
        if edge.id in along_gutter and leaving is not None:
            before = nodes[rank[edge.target] - 1].id
            arriving = behind[before] + turns[edge.id, "in"]
            side = along_gutter[edge.id]
            points += [(leaving, here), (leaving, side), (arriving, side), (arriving, there)]
        elif leaving is not None and here != there:
            points += [(leaving, here), (leaving, there)]
        points.append((begin[edge.target], there))
        lines[edge.id] = tuple((across, along) if down else (along, across) for along, across in points)
        if edge.room and leaving is not None:
            aside = along_gutter.get(edge.id, there)
            at = (here - 8 if aside < here else here + 8, leaving - 5)
            labels[edge.id] = Label(x=at[0] if down else at[1], y=at[1] if down else at[0], before=aside < here)
    areas = [
        _box(0, starts[place], end, (starts[place + 1] if place + 1 < lanes else across) - starts[place], down)
        for place in range(lanes)
    ]
    return Drawing(
        boxes=boxes, lines=lines, labels=labels, lanes=areas, width=across if down else end, height=end if down else across
    )


def _is_long(edge: Edge, rank: Mapping[str, int]) -> bool:
    return rank[edge.target] > rank[edge.source] + 1


def _gutter(source: int, target: int) -> int:
    """The lane beside which a long line runs: on the side its target is, never outside."""
    return source - 1 if target < source else source


def _tracks(edges: Sequence[Edge], gutters: Mapping[str, int], rank: Mapping[str, int]) -> dict[str, int]:
    """A track for every long line: two that pass the same row in one gutter never share one."""
    found: dict[str, int] = {}
    taken: dict[int, list[tuple[int, int, int]]] = {}
    for edge in sorted((one for one in edges if one.id in gutters), key=lambda one: (rank[one.source], rank[one.target])):
        here = taken.setdefault(gutters[edge.id], [])
        start, end = rank[edge.source], rank[edge.target]
        busy = {track for first, last, track in here if first <= end and start <= last}
        track = next(number for number in range(len(busy) + 1) if number not in busy)
        here.append((start, end, track))
        found[edge.id] = track
    return found


def _turns(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    rank: Mapping[str, int],
    centre: Mapping[str, int],
    along_gutter: Mapping[str, int],
) -> tuple[dict[tuple[str, str], int], list[int]]:
    """How far behind a row each line turns, and how wide the gap behind each row must be."""
    turns: dict[tuple[str, str], int] = {}
    gaps = []
    for row in range(len(nodes)):
        at = LEVEL
        leaving = [edge for edge in edges if rank[edge.source] == row]
        # Those that go far turn first, so that the one to the next row ends beside nothing.
        for edge in sorted(leaving, key=lambda one: -rank[one.target]):
            turned = edge.id in along_gutter or centre[edge.source] != centre[edge.target]
            if turned or edge.room:
                at += edge.room
                turns[edge.id, "out"] = at
                at += LEVEL
        for edge in edges:
            if edge.id in along_gutter and rank[edge.target] == row + 1:
                turns[edge.id, "in"] = at
                at += LEVEL
        gaps.append(at + LEVEL)
    return turns, gaps


def _box(along: int, across: int, length: int, breadth: int, down: bool) -> Box:
    return (
        Box(x=across, y=along, width=breadth, height=length) if down else Box(x=along, y=across, width=length, height=breadth)
    )
