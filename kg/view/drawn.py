"""Draws statements for print: everything in its place, nothing painted yet."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from kg.errors import KgError
from kg.model import StatementSet
from kg.schema import Schema
from kg.view.choice import Link
from kg.view.drawing import Box, Curve, Drawing, PrintOptions
from kg.view.key import key, moved
from kg.view.labelling import LEADING, text
from kg.view.margins import extent, footer, nameless, sources, title
from kg.view.paper import load_paper
from kg.view.picture import AMOUNT
from kg.view.placing import names, notes, placed
from kg.view.scene import Scene, scene_of
from kg.view.style import Style
from kg.view.wording import TITLE, plain

SMALLEST = (640, 400)  # pixels, width and height
LARGEST = 20_000
ROOMY = 132.0  # side of the square that a node has to itself at scale 1, pixels
FOOT = 12.5  # font size of the sources at unit 1, pixels


def draw(
    statements: StatementSet,
    schema: Schema,
    style: Style,
    *,
    options: PrintOptions | None = None,
    links: Sequence[Link] = (),
    whole: StatementSet | None = None,
) -> Drawing:
    """The picture of these statements, and of `links`, which no statement stands behind.

    `whole`: what the statements were chosen from, for the lines that say how much is shown and what is left out.
    Raises `DataError` like `picture`, and `KgError` for a size that nothing can be drawn in.
    """
    options = options or PrintOptions()
    for size, least in zip((options.width, options.height), SMALLEST, strict=True):
        if not least <= size <= LARGEST:
            raise KgError(
                f"a picture of {options.width} by {options.height}: from {SMALLEST} to {LARGEST} pixels a side"
            )
    whole, shown = whole or statements, shown_statuses(style, options)
    paper = load_paper(dark=options.dark)
    scene = scene_of(statements, links, whole, schema, style, paper=paper)
    unit = min(max(math.sqrt(options.width * options.height / 1.6e6), 0.7), 2.5)
    margin = 28 * unit
    left, right, end = margin, options.width - margin, options.height - margin * 0.7
    heading = title(plain(options.title or TITLE), left, margin * 0.8, width=right - left, size=25 * unit, paper=paper)
    facts = _facts(scene, whole, set(style.statuses) - shown)
    lines = 2 + len(facts)
    top, bottom = heading.box[3] + 14 * unit, end - lines * LEADING * FOOT * unit - 10 * unit
    legend = key(scene, height=bottom - top - 6 * unit, scale=unit)
    area = (left, top, right - legend.width - 22 * unit, bottom)
    if area[2] - left < 200:
        raise KgError("no room for the picture beside its legend: make it wider, or show fewer entities with `top`")
    scene = replace(scene, scale=_scale(len(scene.nodes), area, unit))
    symbols, boxed, curves = placed(scene, area)
    set_names, missing = names(scene, symbols, curves, area)
    below = footer(
        [*facts, nameless(missing)], left, end, width=right - left, lines=lines, size=FOOT * unit, paper=paper
    )
    rule = Curve((left, bottom + 5 * unit), None, (right, bottom + 5 * unit), paper.line, unit)
    legend = moved(legend, right - legend.width, top)
    empty = [] if scene.nodes else [text(("Nothing is stated.",), left, top, 16 * unit, paper.soft)]
    return Drawing(
        width=options.width,
        height=options.height,
        title=" ".join(line for line, *_ in heading.lines),
        description=_described(scene, [*facts, nameless(missing)]),
        paper=paper,
        area=area,
        curves=tuple(curves),
        symbols=tuple(symbols),
        names=tuple(set_names),
        notes=(*boxed, *notes(scene, symbols, curves, set_names, area)),
        margin=(heading, *empty, *legend.texts, *below),
        key_curves=(rule, *legend.curves),
        key_symbols=legend.symbols,
        nameless=tuple(missing),
    )


def shown_statuses(style: Style, options: PrintOptions) -> frozenset[str]:
    """The statuses that are drawn: those that the style shows at first, or all."""
    return frozenset(name for name, drawn in style.statuses.items() if drawn.shown or options.all_statuses)


def _facts(scene: Scene, whole: StatementSet, hidden: Collection[str]) -> list[str]:
    """What the lines below the picture say, without those that have nothing to say."""
    shown = scene.statements
    cited = {evidence.document for each in shown.statements for evidence in each.evidence}
    used = [whole.documents[key_] for key_ in sorted(cited) if key_ in whole.documents]
    shared = len(shown.statements) - len(scene.lanes)
    entities = sum(node.kind != AMOUNT for node in scene.nodes)
    told = extent(shown, whole, hidden, entities=entities, shared=shared, links=len(scene.links))
    return [sources(used), *filter(None, [told])]


def _scale(count: int, area: Box, unit: float) -> float:
    """How large nodes and words may be for so many nodes in that area; `unit`: the scale of the canvas."""
    side = math.sqrt((area[2] - area[0]) * (area[3] - area[1]) / max(count, 1))
    return min(max(side / ROOMY, 0.9 * unit), 1.5 * unit)


def _described(scene: Scene, facts: Sequence[str]) -> str:
    """The picture in words, for those who do not see it."""
    entities = sorted((node for node in scene.nodes if node.kind != AMOUNT), key=lambda node: (-node.size, node.id))
    best = ", ".join(node.name for node in entities[:5])
    count = f"A network of {len(entities):,} entities and {len(scene.statements.statements):,} statements."
    return " ".join(filter(None, (count, f"Best connected: {best}." if best else "", *facts)))
