"""Plots as inline SVG: stacked bars, strips of nights, lines small enough for a tile. The same numbers, the same text.

Colour comes from classes of the page's style; each class differs from its neighbours in brightness or by hatching, so
that the plots read in grey. Every plot has a title and a description for who does not see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor, log10

from markupsafe import Markup

_WIDTH, _HEIGHT = 360, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 6, 10, 24
_WIDEST = 34
"""Pixels that one night takes at most: a plot of two nights does not pretend to be one of thirty."""
_LABEL = 46
"""Pixels that a date below the bars needs."""


@dataclass(frozen=True)
class Layer:
    """One part of the bars."""

    name: str
    style: str
    """Class of its rectangles."""
    values: Sequence[float]


def bars(
    key: str, title: str, labels: Sequence[str], layers: Sequence[Layer], *, unit: str = "", now: int = -1
) -> Markup:
    """Draw one bar a label, its layers on top of each other; `now` is the label that a line marks as today."""
    totals = [sum(layer.values[place] for layer in layers) for place in range(len(labels))]
    top, steps = _scale(max(totals, default=0), of_counts=not unit)
    slot = min(_WIDEST, (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1))
    drawn = [_frame(top, steps, unit), _dates(labels, slot)]
    if 0 <= now < len(labels) - 1:
        here = _n(_LEFT + slot * (now + 1))
        drawn.append(_tag("line", {"class": "today", "x1": here, "x2": here, "y1": _TOP, "y2": _HEIGHT - _BOTTOM}))
    for place, label in enumerate(labels):
        x, wide = _LEFT + slot * place + slot * 0.14, slot * 0.72
        said = [f"{layer.name} {_value(layer.values[place])}{unit}" for layer in layers if layer.values[place]]
        column = [_tag("title", {}, f"{label}: {', '.join(said) or 'none'}")]
        ends = list(accumulate(layer.values[place] for layer in layers))
        for layer, end in zip(layers, ends, strict=True):
            if layer.values[place]:
                y, high = _y(end, top), _y(end - layer.values[place], top) - _y(end, top)
                column.append(_tag("rect", {"class": layer.style, "x": _n(x), "y": _n(y), "width": _n(wide),
                                            "height": _n(max(high, 0.6))}))  # fmt: skip
        drawn.append(_tag("g", {}, *column))
    description = _described(labels, layers, totals, unit)
    return _svg(key, title, description, f"0 0 {_WIDTH} {_HEIGHT}", "plot", drawn)


def strip(key: str, title: str, labels: Sequence[str], states: Sequence[tuple[str, float, str]]) -> Markup:
    """Draw a night each as a small bar: class, height from 0 to 1, and what is said of it."""
    wide = 8
    drawn = [
        _tag("rect", {"class": style, "x": place * wide, "y": _n(20 - max(2, 18 * high)), "width": wide - 2,
                      "height": _n(max(2, 18 * high))}, _tag("title", {}, f"{label}: {said}"))
        for place, (label, (style, high, said)) in enumerate(zip(labels, states, strict=True))
    ]  # fmt: skip
    told = [f"{label}: {said}" for label, (_, _, said) in zip(labels, states, strict=True) if said != "nothing"]
    return _svg(key, title, "; ".join(told) or "nothing", f"0 0 {wide * max(len(labels), 1)} 20", "strip", drawn)


def spark(key: str, title: str, values: Sequence[float]) -> Markup:
    """Draw a line of the last nights without any axis; nothing where there are fewer than three."""
    if len(values) < 3:
        return Markup()
    low, high = min(values), max(values)
    spread = (high - low) or 1
    at = [(_n(2 + 96 * i / (len(values) - 1)), _n(22 - 18 * (value - low) / spread)) for i, value in enumerate(values)]
    drawn = [
        _tag("polyline", {"points": " ".join(f"{x},{y}" for x, y in at)}),
        _tag("circle", {"cx": at[-1][0], "cy": at[-1][1], "r": "2.4"}),
    ]
    said = f"{len(values)} nights, from {_value(low)} to {_value(high)}, last {_value(values[-1])}"
    return _svg(key, title, said, "0 0 100 26", "spark", drawn, preserveAspectRatio="xMinYMid")


def _scale(highest: float, *, of_counts: bool) -> tuple[float, Sequence[float]]:
    """Choose the top of the axis and the values at which it is ruled: at most four, each round."""
    if highest <= 0:
        return 1.0, (0, 1)
    rough = highest / 4
    power = 10 ** floor(log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
    if of_counts:
        step = max(step, 1)
    count = ceil(highest / step)
    return step * count, [step * number for number in range(count + 1)]


def _frame(top: float, steps: Sequence[float], unit: str) -> Markup:
    lines = []
    for value in steps:
        y = _n(_y(value, top))
        lines.append(_tag("line", {"class": "rule", "x1": _LEFT, "x2": _WIDTH - _RIGHT, "y1": y, "y2": y}))
        lines.append(_tag("text", {"class": "axis", "x": _LEFT - 6, "y": _n(_y(value, top) + 3.5),
                                   "text-anchor": "end"}, f"{_value(value)}{unit}"))  # fmt: skip
    return _tag("g", {"aria-hidden": "true"}, *lines)


def _dates(labels: Sequence[str], slot: float) -> Markup:
    """Write every label that has room, counted back from the last."""
    every = max(1, ceil(_LABEL / slot)) if labels else 1
    told = [place for place in range(len(labels)) if (len(labels) - 1 - place) % every == 0]
    return _tag(
        "g",
        {"aria-hidden": "true"},
        *(
            _tag("text", {"class": "axis", "x": _n(min(_LEFT + slot * (place + 0.5), _WIDTH - 18)), "y": _HEIGHT - 7,
                          "text-anchor": "middle"}, labels[place])
            for place in told
            if _LEFT + slot * (place + 0.5) > _LEFT + 8 or len(told) == 1 or slot >= _LABEL
        ),
    )  # fmt: skip


def _described(labels: Sequence[str], layers: Sequence[Layer], totals: Sequence[float], unit: str) -> str:
    if not labels:
        return "no nights"
    last = ", ".join(f"{layer.name} {_value(layer.values[-1])}{unit}" for layer in layers)
    lowest, highest = _value(min(totals)), _value(max(totals))
    return f"{labels[0]} to {labels[-1]}; from {lowest}{unit} to {highest}{unit}; on the last day {last}."


def _svg(key: str, title: str, description: str, box: str, style: str, drawn: Sequence[Markup], **more: str) -> Markup:
    names = {"role": "img", "class": style, "viewBox": box, "aria-labelledby": f"{key}-t {key}-d", **more}
    told = (_tag("title", {"id": f"{key}-t"}, title), _tag("desc", {"id": f"{key}-d"}, description))
    return _tag("svg", names, *told, *drawn)


def _tag(name: str, attributes: Mapping[str, object], *children: str) -> Markup:
    """Write an element; text among its children is escaped, markup is not."""
    written = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in attributes.items())
    inner = Markup("").join(children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)  # noqa: S704 - name from this module


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _value(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"
