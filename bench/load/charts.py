# SPDX-License-Identifier: MIT
"""SVG charts of ratios, with the quartiles as whiskers; readable on light and on dark pages."""

from html import escape

RIGHT, TOP, ROW, BAR = 60, 74, 16, 11
WIDTH = 760
# Colours in the middle for whoever does not say which it is.
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #7d838c }
  .title { font-size: 15px; font-weight: 600 }
  .value, .tick { font-size: 11px }
  .grid { stroke: #999; stroke-width: 1; opacity: .4 }
  .one { stroke: #888; stroke-width: 1.5; stroke-dasharray: 5 3 }
  .whisker { stroke: #7d838c; stroke-width: 1.2 }
  .s0 { fill: #3a86d6 } .s1 { fill: #dc8a38 } .s2 { fill: #84a545 } .s3 { fill: #a67abd } .s4 { fill: #cf6673 }
  @media (prefers-color-scheme: light) { text { fill: #333 } .whisker, .one { stroke: #333 } }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } .whisker, .one { stroke: #ddd } }
"""


def step_of(most):
    return next(step for step in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100) if most / step <= 8)


def bars(title, series, groups, reference=None):
    """Horizontal bars: `groups` are (label, [(median, low, high) or None for each of `series`]);
    `reference` names what the dashed line at 1 is."""
    left = 24 + 7.4 * max(len(label) for label, _ in groups)
    known = [value for _, values in groups for value in values if value]
    most = max([high for _, _, high in known] + [1.0 if reference else 0.0]) * 1.05
    step = step_of(most)
    scale = (WIDTH - left - RIGHT) / most

    def x(value):
        return left + value * scale

    out = [f'<text x="12" y="20" class="title">{escape(title)}</text>']
    at = 12
    for index, name in enumerate(series):
        out.append(f'<rect x="{at}" y="30" width="11" height="11" class="s{index}"/>'
                   f'<text x="{at + 16}" y="40">{escape(name)}</text>')
        at += 36 + 8 * len(name)
    bottom = TOP + sum(len(values) * ROW + 12 for _, values in groups)
    tick = 0.0
    while tick <= most:
        out.append(f'<line x1="{x(tick):.1f}" y1="{TOP - 6}" x2="{x(tick):.1f}" y2="{bottom}" class="grid"/>'
                   f'<text x="{x(tick):.1f}" y="{bottom + 15}" class="tick" text-anchor="middle">{tick:g}</text>')
        tick = round(tick + step, 6)
    y = TOP
    for label, values in groups:
        middle = y + len(values) * ROW / 2 + 3
        out.append(f'<text x="{left - 8:.1f}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>')
        for index, value in enumerate(values):
            if value:
                median, low, high = value
                line = y + BAR / 2
                out.append(
                    f'<rect x="{left:.1f}" y="{y}" width="{median * scale:.1f}" height="{BAR}" class="s{index}"/>'
                    f'<line x1="{x(low):.1f}" y1="{line}" x2="{x(high):.1f}" y2="{line}" class="whisker"/>'
                    f'<text x="{x(max(high, median)) + 5:.1f}" y="{y + BAR - 1}" class="value">{median:.2f}</text>')
            y += ROW
        y += 12
    if reference:
        out.append(f'<line x1="{x(1):.1f}" y1="{TOP - 6}" x2="{x(1):.1f}" y2="{bottom}" class="one"/>'
                   f'<text x="{x(1):.1f}" y="{TOP - 10}" class="tick" text-anchor="middle">{escape(reference)}</text>')
    height = bottom + 24
    body = "\n".join(out)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-label="{escape(title)}">\n'
            f"<style>{STYLE}</style>\n{body}\n</svg>\n")
