"""A report as a page of its own: a table, no script, nothing requested from anywhere."""

from __future__ import annotations

from kg.query.reports import Report
from kg.view.inline import templates


def report_page(report: Report) -> str:
    """The report as HTML; all text is escaped."""
    return templates().get_template("report.html.j2").render(report=report)
