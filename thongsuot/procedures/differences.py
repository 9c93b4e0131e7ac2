"""What changed from one version to the next, part by part, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thongsuot.procedures import picture, words
from thongsuot.procedures.content import Step
from thongsuot.procedures.queries import VersionView
from thongsuot.procedures.rules import ConditionField, condition_fields


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One part: the lines that went and those that came."""

    part: str
    gone: list[str]
    new: list[str]


def differences(before: VersionView, after: VersionView) -> list[Difference]:
    """Empty when both say the same; where it was read and what is unverified do not count."""
    found = []
    for part, lines in _LINES.items():
        old, new = lines(before), lines(after)
        if old != new:
            gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
            # The same lines in another order, or what the words do not show.
            if not gone and not come:
                come = [_("Thứ tự hoặc chi tiết khác")]
            found.append(Difference(part=words.part_words(part), gone=gone, new=come))
    return found


def _papers(view: VersionView) -> list[str]:
    return [
        f"{paper.name} ({words.paper_words(paper)}{'' if paper.required else ', ' + _('nếu có')})"
        + (f": {paper.only_if}" if paper.only_if else "")
        for paper in view.papers
    ]


def _fees(view: VersionView) -> list[str]:
    return [
        f"{rule.name}: {words.price_words(rule)} ({words.period_words(rule.valid_from, rule.valid_to)}; {rule.basis})"
        + "".join(f"; {words.exemption_words(one)}" for one in rule.exemptions)
        for rule in view.fee_rules
    ]


def _steps(view: VersionView) -> list[str]:
    own = _("Quy trình riêng") if view.has_own_process else _("Quy trình mặc định")
    fields = condition_fields(view.form_schema, view.fee_rules)
    return [own, *(line for place in range(len(view.steps)) for line in step_lines(view.steps, place, fields))]


def step_lines(steps: Sequence[Step], place: int, fields: Mapping[str, ConditionField]) -> list[str]:
    """A step in one line: who does it where for how long; below it where it leads, when not all go the same way."""
    step = steps[place]
    about = [picture.duty_words(step.duty), words.lane_words(step.lane), words.step_words(step)]
    if step.parallel_opinions:
        about.append(_("xin ý kiến song song"))
    about += words.also_words(step)
    first = f"{step.name}: {', '.join(about)}"
    return [first, *(f"{step.name}: {told}" for told in words.ways_words(steps, place, fields))]


def _form(view: VersionView) -> list[str]:
    required = set(view.form_schema.get("required", []))
    fields = view.form_schema.get("properties", {})
    return [field["title"] + (f" ({_('bắt buộc')})" if key in required else "") for key, field in fields.items()]


def _channels(view: VersionView) -> list[str]:
    lines = [words.channel_words(channel) for channel in sorted(view.channels)]
    lines += [_("Toàn trình trực tuyến")] if view.fully_online else []
    return lines + ([_("Nộp được ở mọi điểm phục vụ của thành phố")] if view.non_boundary else [])


_LINES: dict[str, Callable[[VersionView], list[str]]] = {
    "name": lambda view: [view.name, *([view.also_called] if view.also_called else [])],
    "limit": lambda view: [words.limit_words(view.limit)],
    "extension_days": lambda view: [_("%(days)s ngày làm việc") % {"days": view.extension_days}],
    "subjects": lambda view: words.subjects_words(view.subjects),
    "channels": _channels,
    "papers": _papers,
    "fees": _fees,
    "results": lambda view: [result.name for result in view.results],
    "steps": _steps,
    "form": _form,
    "basis": lambda view: [words.basis_words(text) for text in view.legal_basis],
    "decision": lambda view: [words.decision_words(view.decision_number, view.decision_on)] if view.decision_on else [],
}


@dataclass(frozen=True, kw_only=True)
class StepChange:
    """A step of a process before and after, in words. No lines before: it is new; none after: it is gone."""

    name: str
    before: list[str]
    after: list[str]


def step_changes(
    before: Sequence[Step], after: Sequence[Step], fields: Mapping[str, ConditionField]
) -> tuple[list[StepChange], bool]:
    """What differs step by step, in the order of the new process, and whether the order of what stayed is another."""
    old = {step.key: place for place, step in enumerate(before)}
    new = {step.key: place for place, step in enumerate(after)}
    changes = []
    for key, place in new.items():
        lines = step_lines(after, place, fields)
        was = step_lines(before, old[key], fields) if key in old else []
        if was != lines:
            changes.append(StepChange(name=after[place].name, before=was, after=lines))
    changes += [
        StepChange(name=before[place].name, before=step_lines(before, place, fields), after=[])
        for key, place in old.items()
        if key not in new
    ]
    stayed = [key for key in new if key in old]
    return changes, stayed != [key for key in old if key in new]
