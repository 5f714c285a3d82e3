"""The night on one page, for whoever opens it in the morning: a self-contained HTML file with counts and codes only."""

from pipelines.reporting.page.concerns import Matter, State, Stop, Theme, command_in, judge
from pipelines.reporting.page.figures import NightFigures, night_figures
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
    "page",
    "page_below",
    "page_of",
    "put_up_notice",
    "render_page",
    "report",
    "report_stop",
    "stop_by",
    "write_report",
]
