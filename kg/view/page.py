"""The explorer: one HTML file with the graph in it, which asks nothing of the network."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kg.model import StatementSet
from kg.schema import ID_BASE, Schema, load_schema
from kg.store.names import prefixes
from kg.view.choice import choose
from kg.view.firstview import LINE, SCREEN
from kg.view.inline import TEMPLATES, content_policy, inline_script, json_island, templates
from kg.view.island import island
from kg.view.layout import positions
from kg.view.picture import label_widths, node_ids, picture, totals
from kg.view.places import read_places, write_places
from kg.view.style import Style, load_style
from kg.view.wording import TITLE, plain

MODULES = Path(__file__).parent / "explorer"
MAIN = "main"
FIRST = 150
"""Nodes that the page shows at first, at most."""
FULL = 0.45
"""The share of the canvas that their labels may cover."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function) ([\w$]+))", re.MULTILINE)


def write_page(
    statements: StatementSet,
    out: Path,
    *,
    title: str | None = None,
    first: Collection[str] | None = None,
    id_base: str = ID_BASE,
) -> None:
    """Write the page to `out`: UTF-8, the same bytes for the same statements.

    `first`: ids of the nodes that it shows at first (`kg.view.picture.node_ids`), else the most connected. Raises
    `DataError` for an entity that is not given or of an unknown type.
    """
    out.write_bytes(page(statements, title=title, first=first, id_base=id_base).encode("utf-8"))


def page(
    statements: StatementSet,
    *,
    title: str | None = None,
    first: Collection[str] | None = None,
    folder: Path | None = None,
    id_base: str = ID_BASE,
) -> str:
    """The page as text; see `write_page`. `folder`: the graph folder, which remembers where the nodes stood, so that
    they hardly move when documents are added."""
    from markupsafe import Markup

    schema, style = load_schema(), load_style()
    drawn = picture(statements, style)
    nodes, edges = drawn
    widths = label_widths(nodes)
    wanted = set(first) if first is not None else _best_connected(statements, schema, style, widths)
    shown = [node.id for node in nodes if node.id in wanted]
    places = positions(
        [node.id for node in nodes],
        [(edge.start, edge.end) for edge in edges],
        widths=widths,
        before=read_places(folder) if folder is not None else None,
        first=shown,
    )
    if folder is not None and first is None:
        write_places(folder, places)
    spaces = prefixes(id_base)
    data = {
        **island(statements, drawn, places, schema, style, first=shown),
        "namespaces": {prefix: spaces[prefix] for prefix in ("id", "st", "kg", "rdf", "rdfs", "oa", "xsd")},
    }
    css, script = (TEMPLATES / "explorer.css").read_text(encoding="utf-8"), inline_script(bundle())
    return (
        templates()
        .get_template("explorer.html.j2")
        .render(
            page_title=plain(title or TITLE),
            css=Markup(css),
            script=Markup(script),
            policy=content_policy([script], css),
            island=Markup(json_island(data)),
            totals=totals(statements, nodes),
        )
    )


def _best_connected(statements: StatementSet, schema: Schema, style: Style, widths: Mapping[str, float]) -> set[str]:
    """The ids of so many nodes that their labels leave enough of the canvas free; of all if these are not more."""
    known = [widths[key] for key in statements.entities if key in widths]
    mean = sum(known) / max(len(known), 1)
    limit = min(FIRST, max(2, int(FULL * SCREEN[0] * SCREEN[1] / (LINE * max(mean, LINE)))))
    if len(widths) <= limit:
        return set(widths)
    shown = {name for name, drawn in style.statuses.items() if drawn.shown}
    return node_ids(choose(statements, schema, top=limit, statuses=shown))


def bundle() -> str:
    """The modules of the explorer as one script, made small: each a scope of its own, after those that it needs."""
    import rjsmin

    return str(rjsmin.jsmin('"use strict";\n' + "".join(_scope(name) for name in _needed(MAIN, set()))))


def _needed(name: str, seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    for _, other in _IMPORT.findall(_source(name)):
        yield from _needed(other, seen)
    yield name


def _source(name: str) -> str:
    return (MODULES / f"{name}.js").read_text(encoding="utf-8")


def _scope(name: str) -> str:
    """A module as a constant that holds what it exports."""
    source = _IMPORT.sub(r"const \1 = module_\2;", _source(name))
    handed = ", ".join(_EXPORT.findall(source))
    return f"const module_{name} = (() => {{\n{_EXPORT.sub('', source)}\nreturn {{ {handed} }};\n}})();\n"
