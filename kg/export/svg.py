"""A picture as SVG 1.1: one file that asks for nothing, the same bytes for the same statements."""

from __future__ import annotations

from kg.view.drawing import Drawing, Point
from kg.view.inline import templates


def svg(drawing: Drawing) -> str:
    """The drawing as SVG; all text is escaped."""
    environment = templates()
    environment.filters.update(number=_number, place=_place)
    fonts = ", ".join(f"'{font}'" if " " in font else font for font in (*drawing.paper.fonts, "sans-serif"))
    unit = max(1.2, drawing.width / 1100)
    template = environment.get_template("picture.svg.j2")
    return template.render(drawing=drawing, paper=drawing.paper, fonts=fonts, unit=unit).lstrip()


def _number(value: float) -> str:
    """Rounded to a tenth of a pixel, as short as it goes."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _place(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"
