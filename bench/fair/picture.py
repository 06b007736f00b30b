# SPDX-License-Identifier: MIT
"""Shares over time as one SVG: a row a scenario, a column a method. Readable on light and dark."""
from html import escape

_COLOURS = {"A": "#4e79a7", "B": "#59a14f", "C": "#f28e2b", "": "#e15759"}
_WIDTH, _HEIGHT = 205, 74
_LEFT, _TOP, _GAP_X, _GAP_Y = 12, 40, 18, 54


def _shares(answers, seconds, names, step=0.5, window=1.0):
    """A list of (second, {name: share}) over a sliding window."""
    points = []
    at = window
    while at <= seconds:
        inside = [a.peer for a in answers if at - window <= a.at < at]
        count = max(len(inside), 1)
        points.append((at, {name: inside.count(name) / count for name in names}))
        at += step
    return points


def _area(points, names, seconds, x, y):
    """Stacked bands, the first name at the bottom."""
    out = []
    floor = [0.0] * len(points)
    for name in names:
        roof = [low + shares[name] for low, (_, shares) in zip(floor, points)]
        place = lambda i, share: f"{x + points[i][0] / seconds * _WIDTH:.1f},{y + (1 - share) * _HEIGHT:.1f}"
        edge = [place(i, share) for i, share in enumerate(roof)]
        edge += [place(i, floor[i]) for i in reversed(range(len(points)))]
        out.append(f'<polygon points="{" ".join(edge)}" fill="{_COLOURS[name]}"/>')
        floor = roof
    return out


def draw(rows, methods, seconds, change_of):
    """`rows`: [(scenario, {method: (answers, caption)})]. Returns the SVG's text."""
    names = ["A", "B", "C", ""]
    width = _LEFT + len(methods) * (_WIDTH + _GAP_X)
    height = _TOP + len(rows) * (_HEIGHT + _GAP_Y) + 8
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        "<style>text{fill:#333}.frame{stroke:#888}@media(prefers-color-scheme:dark)"
        "{text{fill:#ddd}.frame{stroke:#777}}</style>",
    ]
    for index, (label, name) in enumerate([("A", "A"), ("B", "B"), ("C", "C"), ("error", "")]):
        x = _LEFT + index * 60
        out.append(f'<rect x="{x}" y="6" width="11" height="11" fill="{_COLOURS[name]}"/>')
        out.append(f'<text x="{x + 16}" y="16">{label}</text>')
    out.append(f'<text x="{_LEFT + 250}" y="16">share of the requests of the last second, over '
               f"{seconds:g} seconds; the line: C changes</text>")
    for row, (scenario, results) in enumerate(rows):
        y = _TOP + row * (_HEIGHT + _GAP_Y) + 14
        out.append(f'<text x="{_LEFT}" y="{y - 6}" font-weight="bold">{escape(scenario.title)}</text>')
        for column, method in enumerate(methods):
            x = _LEFT + column * (_WIDTH + _GAP_X)
            answers, caption = results[method]
            out += _area(_shares(answers, seconds, names), names, seconds, x, y)
            out.append(f'<rect class="frame" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" fill="none"/>')
            for change in change_of(scenario):
                at = x + change / seconds * _WIDTH
                out.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y}" y2="{y + _HEIGHT}" '
                           'stroke="#fff" stroke-dasharray="3 3"/>')
            out.append(f'<text x="{x}" y="{y + _HEIGHT + 14}">{escape(method)}: {escape(caption)}</text>')
    out.append("</svg>\n")
    return "\n".join(out)
