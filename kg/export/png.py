"""A picture as PNG, painted from the SVG without a browser, with the font whose letters the drawing was measured by.

What paints and the font come with the extra `pictures`. The font lacks some scripts (Chinese, Japanese, Arabic ...);
only where a text needs one are the computer's own fonts asked.
"""

from __future__ import annotations

from pathlib import Path

from kg.data import extra
from kg.errors import KgError
from kg.export.svg import svg
from kg.view.drawing import Drawing
from kg.view.letters import is_measured

FONT = "files/Arimo[wght].ttf"  # within its package
MOST = 120_000_000  # pixels of a picture, four bytes each while it is painted


def png(drawing: Drawing, *, scale: float = 2.0) -> bytes:
    """The drawing as PNG, `scale` times its width and height in pixels. Raises `KgError` for a size out of reason."""
    resvg, font = extra("resvg_py", "pictures"), extra("fontpkg_arimo", "pictures")
    pixels = drawing.width * drawing.height * scale * scale
    if not 0 < scale <= 10 or pixels > MOST:
        raise KgError(
            f"a picture of {pixels / 1e6:,.0f} million pixels: choose a scale above 0, up to {MOST / 1e6:.0f} million"
        )
    words = (line for each in (*drawing.names, *drawing.notes, *drawing.margin) for line, *_ in each.lines)
    painted: bytes = resvg.svg_to_bytes(
        svg_string=svg(drawing),
        zoom=scale,
        font_files=[str(Path(str(font.__file__)).parent / FONT)],
        skip_system_fonts=all(map(is_measured, words)),
        sans_serif_family=drawing.paper.fonts[0],
    )
    return bytes(painted)
