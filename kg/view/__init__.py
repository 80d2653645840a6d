"""Pictures of the graph: positions, the explorer, and the hardened pyvis network with its page."""

from kg.view.page import write_page
from kg.view.pyvis_page import to_pyvis, write_pyvis_page

__all__ = ["to_pyvis", "write_page", "write_pyvis_page"]
