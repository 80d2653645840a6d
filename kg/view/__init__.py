"""Pictures of the graph: positions, the hardened pyvis network and the self-contained page."""

from kg.view.page import to_pyvis, write_page

__all__ = ["to_pyvis", "write_page"]
