"""Gives nodes, edges and words of a picture for print their places and sizes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from kg.model import Statement
from kg.view.choice import Link
from kg.view.curves import at, bowed, box_symbol, holds, signed, symbol, trimmed
from kg.view.drawing import Box, Curve, Point, Symbol, Text
from kg.view.fitting import Room, fit
from kg.view.labelling import LEADING, Wanted, place_names, place_notes, text
from kg.view.lanes import Lane
from kg.view.layout import positions
from kg.view.letters import fitted, halves, text_width
from kg.view.paper import mixed
from kg.view.picture import AMOUNT, Node
from kg.view.scene import Scene
from kg.view.wording import percent, plain, short, sum_text

NAME, NOTE = 13.0, 10.5  # font sizes at scale 1, pixels
TELLING = 100  # lines up to which also those without a sum are named; the legend names them all


def placed(scene: Scene, area: Box) -> tuple[list[Symbol], list[Text], list[Curve]]:
    """The symbols in the order of the nodes, the words in the boxes of sums, and the curves, broad ones first."""
    if not scene.nodes:
        return [], [], []
    pairs = [(edge.start, edge.end) for edge in scene.lanes] + [(link.start, link.end) for link in scene.links]
    rooms = {node.id: _room(node, scene) for node in scene.nodes}
    spread = positions(rooms, pairs, widths={id_: 2 * room.side / scene.scale for id_, room in rooms.items()})
    places = fit(spread, rooms, pairs, area)
    symbols, boxed = [], []
    for node in scene.nodes:
        drawn, words = _symbol(node, places[node.id], scene)
        symbols.append(drawn)
        boxed += [words] if words else []
    by_id = dict(zip((node.id for node in scene.nodes), symbols, strict=True))
    curves = [_link_curve(link, by_id, scene) for link in scene.links]
    curves += [_curve(lane, by_id, scene) for lane in scene.lanes]
    return symbols, boxed, curves


def _radius(node: Node, scene: Scene) -> float:
    return 0.7 * node.size * scene.scale


def _name_size(node: Node, scene: Scene) -> tuple[float, bool]:
    """Font size of a node's name, and whether it is bold: the better connected, the larger."""
    return NAME * scene.scale * (1 + 0.3 * (node.size - 11) / 17), node.size >= 16


def _lines(node: Node, scene: Scene) -> tuple[tuple[str, ...], ...]:
    """The name in one line and in two, the nicer first; then cut."""
    size, bold = _name_size(node, scene)
    name = short(node.name)
    one, two = (name,), halves(name, size, bold=bold)
    long = text_width(name, size, bold=bold) > 9.5 * size
    cut = (fitted(name, 6 * size, size, bold=bold),)
    return tuple(dict.fromkeys((two, one, cut) if long else (one, two, cut)))


def _room(node: Node, scene: Scene) -> Room:
    if node.kind == AMOUNT:
        wide, high = _box_size(node, scene)
        return Room(wide / 2 + 3, high / 2 + 3, high / 2 + 3)
    size, bold = _name_size(node, scene)
    lines = _lines(node, scene)[0]
    radius, wide = _radius(node, scene) * 1.2, max(text_width(line, size, bold=bold) for line in lines)
    return Room(max(radius, wide / 2) + 4, radius + 4, radius + 5 + len(lines) * LEADING * size)


def _box_size(node: Node, scene: Scene) -> tuple[float, float]:
    size = 0.92 * NAME * scene.scale
    return text_width(short(node.name), size) + 0.9 * size, 1.55 * size


def _symbol(node: Node, place: Point, scene: Scene) -> tuple[Symbol, Text | None]:
    """The symbol of a node; of a sum, with the words in it."""
    drawn = scene.style.amount if node.kind == AMOUNT else scene.style.types[node.kind]
    if node.kind != AMOUNT and drawn.shape != "box":
        of = f"{node.name} · {node.kind}"
        return symbol(drawn.shape, place, _radius(node, scene), fill=drawn.colour, edge=scene.paper.ground, of=of), None
    wide, high = _box_size(node, scene)
    size = 0.92 * NAME * scene.scale
    words = text(
        (short(node.name),), place[0] - wide / 2 + 0.45 * size, place[1] - LEADING * size / 2, size, scene.paper.ink,
        centred=True,
    )  # fmt: skip
    return box_symbol(place, wide, high, fill=scene.paper.ground, edge=drawn.colour, of=node.name), words


def _curve(lane: Lane, symbols: Mapping[str, Symbol], scene: Scene) -> Curve:
    each, start, end = lane.statement, symbols[lane.start], symbols[lane.end]
    sign = scene.paper.signs.get(each.status)
    colour = scene.style.relations[each.relation]
    if sign:
        colour = mixed(colour, scene.paper.faded, scene.paper.ground)
    wide = lane.width * scene.scale
    stretch = max(scene.scale, wide / 3)
    dashes = tuple(round(length * stretch, 1) for length in scene.style.statuses[each.status].dashes)
    arrow = not scene.schema.relations[each.relation].symmetric and each.object is not None
    path = _path((lane.start, lane.end), symbols, offset=lane.offset * scene.scale, wide=wide, loop=12 * scene.scale)
    of = "; ".join(_worded(statement, scene) for statement in lane.statements)
    raw = Curve(*path, colour, wide, dashes=dashes, of=of)
    drawn = trimmed(raw, start, end, gap=1.5 * scene.scale, arrow=arrow, scale=scene.scale)
    return signed(drawn, sign, 4.5 * scene.scale + wide / 2) if sign else drawn


def _link_curve(link: Link, symbols: Mapping[str, Symbol], scene: Scene) -> Curve:
    path = _path((link.start, link.end), symbols, offset=0.0, wide=scene.scale, loop=12 * scene.scale)
    drawn = Curve(*path, scene.paper.link, scene.scale, of=f"{link.label} (no statement)")
    return trimmed(drawn, symbols[link.start], symbols[link.end], gap=1.5 * scene.scale, arrow=True, scale=scene.scale)


def _path(
    ends: tuple[str, str], symbols: Mapping[str, Symbol], *, offset: float, wide: float, loop: float
) -> tuple[Point, Point | None, Point]:
    """Start, control point and end of a line: parallel ones fan out, a single one bows around what lies in its way.

    `loop`: how far one from a node to itself reaches above it.
    """
    start, end = ends
    (ax, ay), (bx, by) = symbols[start].centre, symbols[end].centre
    if start == end:
        radius = symbols[start].radius
        return (ax - 0.5 * radius, ay), (ax, ay - 5 * radius - loop), (ax + 0.5 * radius, ay)
    far = math.dist((ax, ay), (bx, by)) or 1.0
    if offset:
        nx, ny = -(by - ay) / far, (bx - ax) / far
        shifts = [
            max(-0.6 * each.radius, min(0.6 * each.radius, 0.45 * offset)) for each in (symbols[start], symbols[end])
        ]
        first, last = (ax + nx * shifts[0], ay + ny * shifts[0]), (bx + nx * shifts[1], by + ny * shifts[1])
        bow = max(-0.35 * far, min(0.35 * far, offset - sum(shifts) / 2))
        return first, bowed(first, last, bow), last
    others = [each for id_, each in symbols.items() if id_ not in (start, end)]
    bows = [share * far * side for share in (0.0, 0.08, 0.14, 0.2) for side in ((1, -1) if share else (1,))]
    tried = [bowed((ax, ay), (bx, by), bow) for bow in bows]
    hits = [_hits(Curve((ax, ay), control, (bx, by), "", wide), others, wide) for control in tried]
    return (ax, ay), tried[hits.index(min(hits))], (bx, by)


def _hits(curve: Curve, symbols: Sequence[Symbol], wide: float) -> int:
    """How many symbols a curve runs through."""
    points = [at(curve, step / 24) for step in range(1, 24)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    near = (
        each
        for each in symbols
        if each.box[0] <= right + wide and each.box[2] >= left - wide
        and each.box[1] <= bottom + wide and each.box[3] >= top - wide
    )  # fmt: skip
    return sum(any(holds(each, point, gap=wide / 2 + 2) for point in points) for each in near)


def _worded(each: Statement, scene: Scene) -> str:
    entities, label = scene.statements.entities, scene.schema.relations[each.relation].label
    ends = [plain(entities[id_].name) for id_ in (each.subject, each.object) if id_ is not None]
    amount = each.qualifiers.amount
    money = sum_text(amount, scene.style.currencies) if amount else ""
    sure = ", ".join(filter(None, (each.status, percent(each.confidence))))
    return " ".join(filter(None, (ends[0], label, *ends[1:], money, f"({sure})")))


def names(scene: Scene, symbols: Sequence[Symbol], curves: Sequence[Curve], area: Box) -> tuple[list[Text], list[str]]:
    """The names beside their nodes, and those for which there was no room."""
    nodes = scene.nodes
    order = sorted(range(len(nodes)), key=lambda number: (-nodes[number].size, nodes[number].id))
    order = [number for number in order if nodes[number].kind != AMOUNT]
    found = place_names([_wanted(number, scene) for number in order], symbols, curves, area)
    missing = [short(nodes[number].name) for number, words in zip(order, found, strict=True) if words is None]
    return [words for words in found if words is not None], sorted(missing, key=lambda name: (name.casefold(), name))


def _wanted(number: int, scene: Scene) -> Wanted:
    node = scene.nodes[number]
    size, bold = _name_size(node, scene)
    return Wanted(number, _lines(node, scene), size, scene.paper.ink, bold=bold)


def notes(
    scene: Scene, symbols: Sequence[Symbol], curves: Sequence[Curve], set_names: Sequence[Text], area: Box
) -> list[Text]:
    """What stands on the edges: sums before relations, large sums before small ones."""
    first = len(scene.links)
    tells = first + len(scene.lanes) <= TELLING
    size = NOTE * scene.scale
    wanted = []
    for number, lane in enumerate(scene.lanes, first):
        each = lane.statement
        label = scene.schema.relations[each.relation].label
        amount = each.qualifiers.amount if each.object is not None else None
        money = short(sum_text(amount, scene.style.currencies)) if amount else ""
        if not money and not tells:
            continue
        variants = ((f"{label} {money}",), (label, money), (money,)) if money else ((label,),)
        wanted.append(Wanted(number, variants, size, mixed(curves[number].colour, 0.55, scene.paper.ink)))
    wanted += [
        Wanted(number, ((short(link.label),),), size, scene.paper.soft) for number, link in enumerate(scene.links)
    ]
    return [found for found in place_notes(wanted, symbols, curves, set_names, area) if found is not None]
