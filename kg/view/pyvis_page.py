"""The pyvis network, hardened, and the page made from it: one file that asks nothing of the network.

pyvis 0.3.2 searches a list for every node and edge that is added, and its own page loads Bootstrap from a CDN and runs
script from titles. So nodes and edges go in by its internals, and the network carries a template of ours: whatever way
its page is asked for (`generate_html`, `write_html`, `show`), that template makes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DataError
from kg.model import StatementSet
from kg.schema import Schema, load_schema
from kg.view.content import Facts, facts, legend, table
from kg.view.inline import TEMPLATES, content_policy, inline_script, json_island, templates
from kg.view.layout import positions
from kg.view.picture import Node, edge_options, label_widths, network_options, node_options, picture, totals
from kg.view.style import Style, load_style
from kg.view.wording import TITLE, plain

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup
    from pyvis.network import Network

VIS = "templates/lib/vis-9.1.2/vis-network.min.js"  # within pyvis; Apache-2.0 or MIT, its notice stays in the page
SETTLE_LIMIT = 150  # nodes up to which the page offers to let the graph rearrange itself


def to_pyvis(statements: StatementSet, *, title: str | None = None) -> Network:
    """A directed pyvis network: one edge a statement, positions given, physics off, titles escaped.

    A relation without an object leads to a node of its own that shows the sum. Entities in no statement are left out.
    Raises `DataError` for an entity that is not given or of an unknown type.
    """
    from pyvis.edge import Edge
    from pyvis.network import Network
    from pyvis.node import Node as PyvisNode

    schema, style = load_schema(), load_style()
    nodes, edges = picture(statements, style)
    links = [(edge.start, edge.end) for edge in edges]
    places = positions([node.id for node in nodes], links, widths=label_widths(nodes))
    network = Network(directed=True, height="100vh", cdn_resources="in_line")
    for node in nodes:
        options = PyvisNode(node.id, **node_options(node, places[node.id], style)).options
        network.nodes.append(options)
        network.node_ids.append(node.id)
        network.node_map[node.id] = options
    for edge in edges:
        options = Edge(edge.start, edge.end, True, **edge_options(edge, statements, schema, style)).options
        network.edges.append(options)
    network.options = network_options(len(nodes))
    network.path = "pyvis.html.j2"
    network.templateEnv = _environment(statements, nodes, plain(title or TITLE), schema, style)
    network.template = network.templateEnv.get_template(network.path)
    return network


def write_pyvis_page(statements: StatementSet, out: Path, *, title: str | None = None) -> None:
    """Write the page to `out`: UTF-8, the same bytes for the same statements. Raises `DataError` like `to_pyvis`."""
    html: str = to_pyvis(statements, title=title).generate_html()
    out.write_bytes(html.encode("utf-8"))


def _environment(statements: StatementSet, nodes: list[Node], title: str, schema: Schema, style: Style) -> Environment:
    """The template's surroundings; it calls `island` with the nodes, edges and options that the network then holds."""
    from markupsafe import Markup

    css = (TEMPLATES / "pyvis.css").read_text(encoding="utf-8")
    scripts = [inline_script(_vis_source()), inline_script((TEMPLATES / "pyvis.js").read_text(encoding="utf-8"))]
    environment = templates()
    environment.globals.update(
        page_title=title,
        css=Markup(css),
        scripts=[Markup(script) for script in scripts],
        policy=content_policy(scripts, css),
        island=_island({**facts(statements, schema, style), "settle": len(nodes) <= SETTLE_LIMIT}),
        legend=legend(statements, nodes, schema, style),
        rows=table(statements, schema, style),
        totals=totals(statements, nodes),
    )
    return environment


def _island(known: Facts) -> Callable[[object, object, str], Markup]:
    from markupsafe import Markup

    def island(nodes: object, edges: object, options: str) -> Markup:
        return Markup(json_island({"nodes": nodes, "edges": edges, "options": json.loads(options), **known}))

    return island


def _vis_source() -> str:
    import pyvis

    path = Path(pyvis.__file__).parent / VIS
    if not path.is_file():
        raise DataError(path, None, "the vis-network script is not there", hint="install pyvis 0.3.2")
    return path.read_text(encoding="utf-8")
