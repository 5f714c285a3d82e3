"""The night on one page, for whoever opens it in the morning: a self-contained HTML file with counts and codes only."""

from pipelines.reporting.page.concerns import Matter, State, Stop, Theme, command_in, judge, undelivered
from pipelines.reporting.page.figures import NightFigures, night_figures, owed_on
from pipelines.reporting.page.render import render_page
from pipelines.reporting.page.write import (
    page,
    page_below,
    page_of,
    put_up_notice,
    report,
    report_stop,
    stop_by,
    write_report,
)

__all__ = [
    "Matter",
    "NightFigures",
    "State",
    "Stop",
    "Theme",
    "command_in",
    "judge",
    "night_figures",
    "owed_on",
    "page",
    "page_below",
    "page_of",
    "put_up_notice",
    "render_page",
    "report",
    "report_stop",
    "stop_by",
    "undelivered",
    "write_report",
]
