"""Plots as inline SVG, in the colours of the page that they stand in (CSS variables)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 460, 300, 46, 44, 14, 14


def bars(groups: Mapping[str, Mapping[str, float]], marks: Mapping[str, Mapping[str, float]]) -> str:
    """Horizontal bars, one for each series of each group; `marks` are earlier values, drawn as ticks."""
    series = list(dict.fromkeys(name for values in groups.values() for name in values))
    line, gap, label, width = 15, 12, 112, 620
    rows, y = [], 26
    for group, values in groups.items():
        rows.append(f'<text class="label" x="{label - 8}" y="{y + len(values) * line / 2 + 4}">{escape(group)}</text>')
        for name, value in values.items():
            length = (width - label - 60) * value
            place = f"s{series.index(name)}"
            rows.append(
                f'<rect class="{place}" x="{label}" y="{y}" width="{length:.1f}" height="{line - 3}" rx="2">'
                f"<title>{escape(group)} {escape(name)}: {value:.1%}</title></rect>"
                f'<text class="value" x="{label + length + 6:.1f}" y="{y + 10}">{100 * value:.0f}</text>'
            )
            if (before := marks.get(group, {}).get(name)) is not None:
                x = label + (width - label - 60) * before
                rows.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 1}" y2="{y + line - 2}"/>')
            y += line
        y += gap
    key = "".join(
        f'<rect class="s{i}" x="{label + i * 90}" y="4" width="11" height="11" rx="2"/>'
        f'<text class="key" x="{label + i * 90 + 16}" y="14">{escape(name)}</text>'
        for i, name in enumerate(series)
    )
    return _svg(width, y, key + "".join(rows), "Share of right answers by kind and language")


def curve(
    points: Sequence[Point], *, across: str, up: str, title: str, sizes: Sequence[int] = (), diagonal: bool = False,
    top: float = 1.0,
) -> str:  # fmt: skip
    """A line through points between 0 and 1 across and 0 and `top` up; `sizes` makes the points circles."""

    def place(point: Point) -> Point:
        x = _LEFT + point[0] * (_WIDTH - _LEFT - _RIGHT)
        return x, _TOP + (1 - point[1] / top) * (_HEIGHT - _TOP - _BOTTOM)

    parts = []
    for step in range(6):
        share = step / 5
        x, y = place((share, share * top))
        floor = _HEIGHT - _BOTTOM
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick up" x="{_LEFT - 6}" y="{y + 4:.1f}">{100 * share * top:.0f}</text>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{floor + 16}">{100 * share:.0f}</text>')
    if diagonal:
        (x1, y1), (x2, y2) = place((0, 0)), place((1, 1))
        parts.append(f'<line class="ideal" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')
    placed = [place((x, min(y, top))) for x, y in points]
    parts.append(f'<polyline class="line" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in placed)}"/>')
    most = max(sizes, default=1)
    for (x, y), size, (px, py) in zip(placed, sizes, points, strict=False):
        radius = 3 + 7 * (size / most) ** 0.5
        parts.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
            f"<title>{size} questions: {px:.0%} expected, {py:.0%} true</title></circle>"
        )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text class="axis" x="{middle}" y="{_HEIGHT - 6}">{escape(across)}</text>')
    height = (_HEIGHT - _BOTTOM + _TOP) / 2
    parts.append(f'<text class="axis" transform="rotate(-90 13 {height})" x="13" y="{height}">{escape(up)}</text>')
    return _svg(_WIDTH, _HEIGHT, "".join(parts), title)


def _svg(width: float, height: float, inside: str, title: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{inside}</svg>'
