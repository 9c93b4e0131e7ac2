"""An e-process as a picture: SVG drawn here, and beside it the same as a list for who cannot see it.

No inline style (the content policy forbids it): shapes carry classes, `components.css` gives them colours by day, by night and
on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thongsuot.people.rules import DUTIES
from thongsuot.procedures import queries, words
from thongsuot.procedures.content import Step
from thongsuot.procedures.drawing import Drawing, Edge, Node, drawn
from thongsuot.procedures.queries import VersionView
from thongsuot.procedures.rules import ConditionField, condition_fields, targets

LANE = 180
HEAD = 44
LINE = 16
DIAMOND = 26
SIGNS = {"done": "✓", "now": "●", "skipped": "–"}


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step in words: what a screen reader hears, and what stands beside the picture. `ways`: empty = on to the next line."""

    key: str
    name: str
    duty: str
    place: str
    time: str
    state: str = ""
    state_words: str = ""
    also: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Picture:
    svg: SafeString
    lines: list[StepLine]


def picture(steps: Sequence[Step], fields: Mapping[str, ConditionField], states: Mapping[int, str] | None = None) -> Picture:
    """Draw a process, also one that is not finished or not right yet.

    states  of a dossier's steps by place: done, now, skipped; a step without one is still to come
    """
    lines = _lines(steps, fields, states or {})
    if not steps:
        return Picture(svg=SafeString(""), lines=[])
    lanes = list(dict.fromkeys(step.lane for step in steps))
    nodes, edges, labels, texts = _graph(steps, lines, lanes, fields)
    plan = drawn(nodes, edges, lanes=len(lanes), breadth=LANE, head=HEAD)
    return Picture(svg=_svg(steps, lines, lanes, plan, labels, texts), lines=lines)


def picture_of(version: VersionView, states: Mapping[int, str] | None = None) -> Picture:
    """The picture of a published version. It never changes, so what was drawn lately is drawn once."""
    return _drawn_before(version.id, version.steps, tuple(sorted((states or {}).items())), get_language())


@lru_cache(maxsize=512)
def _drawn_before(
    version_id: int, steps: tuple[Step, ...], states: tuple[tuple[int, str], ...], language: str | None
) -> Picture:
    version = queries.version(version_id)
    return picture(steps, condition_fields(version.form_schema, version.fee_rules), dict(states))


def duty_words(duty: str) -> str:
    return str(DUTIES[duty].label) if duty in DUTIES else duty


def state_words(state: str) -> str:
    return {"done": _("Đã xong"), "now": _("Đang ở bước này"), "skipped": _("Không qua bước này")}.get(state, "")


def _lines(steps: Sequence[Step], fields: Mapping[str, ConditionField], states: Mapping[int, str]) -> list[StepLine]:
    return [
        StepLine(
            key=step.key,
            name=step.name,
            duty=duty_words(step.duty),
            place=words.lane_words(step.lane),
            time=words.step_words(step),
            state=states.get(place, ""),
            state_words=state_words(states.get(place, "")),
            also=words.also_words(step),
            ways=words.ways_words(steps, place, fields),
        )
        for place, step in enumerate(steps)
    ]


Texts = dict[int, list[str]]
Lane = tuple[str, str]


def _graph(
    steps: Sequence[Step], lines: Sequence[StepLine], lanes: Sequence[Lane], fields: Mapping[str, ConditionField]
) -> tuple[list[Node], list[Edge], dict[str, list[str]], Texts]:
    """Boxes for steps, a diamond behind each that branches, and lines between them with the words of their conditions."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    labels: dict[str, list[str]] = {}
    texts: Texts = {}
    for place, step in enumerate(steps):
        lane = lanes.index(step.lane)
        texts[place] = _wrapped(step.name, 23, 3)
        height = 14 + (len(texts[place]) + 2 + len(_also(lines[place])) + bool(lines[place].state)) * LINE
        nodes.append(Node(id=f"s{place}", lane=lane, length=height, breadth=LANE))
        ahead = [to for to in targets(steps, place) if to > place]
        source = f"s{place}"
        if len(ahead) > 1:
            source = f"g{place}"
            nodes.append(Node(id=source, lane=lane, length=DIAMOND, breadth=DIAMOND))
            edges.append(Edge(id=f"s{place}-{source}", source=f"s{place}", target=source))
        for to in ahead:
            name = f"{source}-s{to}"
            if len(ahead) > 1:
                labels[name] = _label(steps, step, steps[to].key, fields)
            edges.append(Edge(id=name, source=source, target=f"s{to}", room=len(labels.get(name, [])) * (LINE - 2)))
    return nodes, edges, labels, texts


def _label(steps: Sequence[Step], step: Step, to: str, fields: Mapping[str, ConditionField]) -> list[str]:
    """The conditions that lead to a step, each wrapped; the way for everyone else is called so."""
    told: list[str] = []
    for way in step.ways:
        if way.to == to:
            told += _wrapped(words.condition_words(way.when, fields) if way.when else _("Còn lại"), 22, 4)
    return told[:8]


def _also(line: StepLine) -> list[str]:
    """What a step does besides, as it fits into its box."""
    return [row for told in line.also for row in _wrapped(told, 25, 2)]


def _wrapped(text: str, width: int, most: int) -> list[str]:
    lines = wrap(text, width) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][: width - 1] + "…"]


def _svg(
    steps: Sequence[Step],
    lines: Sequence[StepLine],
    lanes: Sequence[Lane],
    plan: Drawing,
    labels: Mapping[str, list[str]],
    texts: Texts,
) -> SafeString:
    heads = format_html_join(
        "\n",
        '<rect class="flow__lane" x="{}" y="{}" width="{}" height="{}"/>{}',
        (
            (box.x, box.y, box.width, box.height, _text(_wrapped(words.lane_words(lane), 24, 2), box.x + 10, 18, "flow__head"))
            for lane, box in zip(lanes, plan.lanes, strict=True)
        ),
    )
    ways = format_html_join(
        "\n",
        '<path class="flow__way" d="{}"/><path class="flow__tip" d="{}"/>',
        ((_path(points), _tip(points)) for points in plan.lines.values()),
    )
    boxes = format_html_join("\n", "{}", ((_step(place, lines[place], texts[place], plan),) for place in range(len(steps))))
    forks = format_html_join(
        "\n",
        '<path class="flow__fork" d="{}"/>',
        ((_diamond(box.x, box.y, box.width),) for name, box in plan.boxes.items() if name.startswith("g")),
    )
    said = format_html_join(
        "\n",
        "{}",
        (
            (
                _text(
                    labels[name],
                    at.x,
                    at.y - (len(labels[name]) - 1) * (LINE - 2),
                    "flow__when",
                    before=at.before,
                    step=LINE - 2,
                ),
            )
            for name, at in plan.labels.items()
        ),
    )
    return format_html(
        '<svg class="flow" role="img" aria-label="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" font-size="13">'
        "{3}{4}{5}{6}{7}</svg>",
        _("Sơ đồ quy trình gồm %(count)s bước; cùng nội dung với danh sách các bước.") % {"count": len(steps)},
        plan.width,
        plan.height,
        heads,
        ways,
        forks,
        boxes,
        said,
    )


def _step(place: int, line: StepLine, name: list[str], plan: Drawing) -> SafeString:
    box = plan.boxes[f"s{place}"]
    y = box.y + 20
    rows = [_text(name, box.x + 10, y, "flow__name")]
    y += len(name) * LINE
    rows.append(_text([line.duty], box.x + 10, y, "flow__soft"))
    rows.append(_text([line.time], box.x + 10, y + LINE, "flow__time"))
    y += 2 * LINE
    if also := _also(line):
        rows.append(_text(also, box.x + 10, y, "flow__soft"))
        y += len(also) * LINE
    if line.state:
        rows.append(_text([f"{SIGNS[line.state]} {line.state_words}"], box.x + 10, y, "flow__state"))
    return format_html(
        '<g class="flow__step{}"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/>{}</g>',
        f" is-{line.state}" if line.state else "",
        box.x,
        box.y,
        box.width,
        box.height,
        SafeString("".join(rows)),
    )


def _text(lines: Sequence[str], x: int, y: int, style: str, *, before: bool = False, step: int = LINE) -> SafeString:
    rows = format_html_join(
        "", '<tspan x="{}" y="{}">{}</tspan>', ((x, y + place * step, line) for place, line in enumerate(lines))
    )
    return format_html('<text class="{}"{}>{}</text>', style, SafeString(' text-anchor="end"' if before else ""), rows)


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _tip(points: Sequence[tuple[int, int]]) -> str:
    x, y = points[-1]
    return f"M{x - 5} {y - 8}L{x} {y}L{x + 5} {y - 8}z"


def _diamond(x: int, y: int, size: int) -> str:
    half = size // 2
    return f"M{x + half} {y}L{x + size} {y + half}L{x + half} {y + size}L{x} {y + half}z"
