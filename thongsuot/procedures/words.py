"""How the catalogue speaks: limits, prices, papers, desks and rights in words for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.text import day, dong
from thongsuot.procedures import portal
from thongsuot.procedures.content import Condition, Exemption, FeeRule, LegalBasis, Paper, Step, Subject
from thongsuot.procedures.rules import ConditionField, in_hours
from thongsuot.units.files import role_names

# The offices of a unit that do a step: `units.Body.Kind`.
PLACES = {
    "": gettext_lazy("Nơi được phân công"),
    "service_centre": gettext_lazy("Trung tâm Phục vụ hành chính công"),
    "office": gettext_lazy("Văn phòng HĐND và UBND"),
    "economy_office": gettext_lazy("Phòng Kinh tế"),
    "culture_society_office": gettext_lazy("Phòng Văn hóa - Xã hội"),
    "people_committee": gettext_lazy("Lãnh đạo Ủy ban nhân dân"),
}

_SUBJECT_NAMES = {subject: name for name, subject in portal.SUBJECTS.items()}


def limit_words(limit: Limit) -> str:
    """'Trong ngày', '5 ngày làm việc': short enough for a figure."""
    count = {"count": limit.value}
    match limit.unit:
        case LimitUnit.SAME_DAY:
            return _("Trong ngày")
        case LimitUnit.WORKING_HOURS:
            return ngettext("%(count)s giờ làm việc", "%(count)s giờ làm việc", limit.value) % count
        case LimitUnit.WORKING_DAYS:
            return ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", limit.value) % count
        case LimitUnit.CALENDAR_DAYS:
            return ngettext("%(count)s ngày", "%(count)s ngày", limit.value) % count
        case LimitUnit.MONTHS:
            return ngettext("%(count)s tháng", "%(count)s tháng", limit.value) % count


def subject_words(subject: Subject) -> str:
    """As the national portal names it."""
    return _(_SUBJECT_NAMES[subject])


def subjects_words(subjects: Collection[Subject]) -> list[str]:
    """In one order wherever they are listed."""
    return [subject_words(subject) for subject in Subject if subject in subjects]


def channel_words(channel: int) -> str:
    return {1: _("Tại quầy"), 2: _("Trực tuyến"), 3: _("Bưu chính công ích")}[channel]


def body_words(body_kind: str) -> str:
    """Whose desk at commune level."""
    known = {
        "people_committee": _("Ủy ban nhân dân cấp xã"),
        "police": _("Công an cấp xã"),
        "tax": _("Thuế cơ sở"),
        "military": _("Ban Chỉ huy quân sự cấp xã"),
        "social_insurance": _("Bảo hiểm xã hội cơ sở"),
        "department": _("Sở, ngành của thành phố"),
    }
    return known.get(body_kind, body_kind)


def kind_words(kind: str) -> str:
    return {"devolved": _("Phân quyền"), "decentralised": _("Phân cấp"), "delegated": _("Ủy quyền")}.get(kind, "")


def level_words(level: str) -> str:
    return _("Mọi xã, phường, đặc khu") if level == "commune" else _("Cấp thành phố")


def part_words(part: str) -> str:
    """A part of a version, as pages name it."""
    return {
        "name": _("Tên"),
        "field": _("Lĩnh vực"),
        "limit": _("Thời hạn"),
        "extension_days": _("Được kéo dài"),
        "papers": _("Giấy tờ"),
        "fees": _("Phí, lệ phí"),
        "results": _("Kết quả"),
        "steps": _("Quy trình điện tử"),
        "form": _("Tờ khai điện tử"),
        "subjects": _("Đối tượng thực hiện"),
        "channels": _("Cách nộp"),
        "basis": _("Căn cứ pháp lý"),
        "decision": _("Quyết định công bố"),
    }[part]


def price_words(rule: FeeRule) -> str:
    """The price of a rule in one line, before exemptions."""
    match rule.form:
        case "fixed":
            price = dong(rule.amount_dong)
        case "per_copy":
            price = _("%(dong)s một bản") % {"dong": dong(rule.amount_dong)}
        case "per_page":
            price = "; ".join(_tier_words(rule))
            if rule.cap_dong is not None:
                price = _("%(price)s; tối đa %(cap)s một bản") % {"price": price, "cap": dong(rule.cap_dong)}
    if rule.online_percent == 0:
        return _("%(price)s; nộp trực tuyến không thu") % {"price": price}
    if rule.online_percent != 100:
        return _("%(price)s; nộp trực tuyến thu %(percent)s %%") % {"price": price, "percent": rule.online_percent}
    return price


def _tier_words(rule: FeeRule) -> list[str]:
    parts, start = [], 1
    for tier in rule.tiers:
        facts = {"dong": dong(tier.dong), "first": start, "last": tier.up_to}
        if tier.up_to is None:
            parts.append(_("từ trang %(first)s: %(dong)s một trang") % facts)
        elif tier.up_to == start:
            parts.append(_("trang %(first)s: %(dong)s") % facts)
        else:
            parts.append(_("trang %(first)s đến %(last)s: %(dong)s một trang") % facts)
        start = (tier.up_to or start) + 1
    return parts


def exemption_words(exemption: Exemption) -> str:
    if exemption.percent_due == 0:
        return _("Miễn cho %(who)s") % {"who": exemption.name}
    return _("%(who)s chỉ nộp %(percent)s %%") % {"who": exemption.name, "percent": exemption.percent_due}


def exemptions_words(rule: FeeRule) -> str:
    """All of a rule's exemptions in one sentence: who pays nothing, then who pays less."""
    free = [one.name for one in rule.exemptions if one.percent_due == 0]
    parts = [_("Miễn cho %(who)s") % {"who": "; ".join(free)}] if free else []
    return "; ".join([*parts, *(exemption_words(one) for one in rule.exemptions if one.percent_due)])


def paper_words(paper: Paper) -> str:
    """How many of it, and what becomes of it; the name stands apart."""
    if paper.kind == "show":
        return _("Chỉ xuất trình, không nộp")
    if paper.kind == "form":
        return _("Tờ khai")
    counts = []
    if paper.originals:
        counts.append(_("%(count)s bản chính") % {"count": paper.originals})
    if paper.copies:
        counts.append(_("%(count)s bản sao") % {"count": paper.copies})
    return ", ".join(counts) or _("Nộp")


def place_words(body_kind: str) -> str:
    """Which office of the resolving unit does a step."""
    return str(PLACES.get(body_kind, body_kind))


def lane_words(lane: tuple[str, str]) -> str:
    """Who does the steps of a lane (`Step.lane`): a partner by its role, or an office of the resolving unit."""
    agency, body_kind = lane
    return role_names().get(agency, agency) if agency else place_words(body_kind)


def condition_words(condition: Condition, fields: Mapping[str, ConditionField]) -> str:
    """'Khi “Nhận kết quả” là “Bản điện tử”': when a way is taken, as a sentence for people."""
    asked = fields.get(condition.field)
    if asked is None:
        return _("Khi “%(field)s” (mục này không còn)") % {"field": condition.field}
    facts = {"field": asked.title, "value": condition.value}
    if asked.kind == "choice":
        facts["value"] = next((words for value, words in asked.choices if value == condition.value), str(condition.value))
        if condition.op == "is":
            return _("Khi “%(field)s” là “%(value)s”") % facts
        return _("Khi “%(field)s” không phải “%(value)s”") % facts
    if asked.kind == "yes_no":
        return (_("Khi có đánh dấu “%(field)s”") if condition.value else _("Khi không đánh dấu “%(field)s”")) % facts
    match condition.op:
        case "at_least":
            return _("Khi “%(field)s” từ %(value)s trở lên") % facts
        case "at_most":
            return _("Khi “%(field)s” không quá %(value)s") % facts
        case "is":
            return _("Khi “%(field)s” bằng %(value)s") % facts
        case "is_not":
            return _("Khi “%(field)s” khác %(value)s") % facts
        case "answered":
            return _("Khi có ghi “%(field)s”") % facts
        case "not_answered":
            return _("Khi không ghi “%(field)s”") % facts


def ways_words(steps: Sequence[Step], place: int, fields: Mapping[str, ConditionField]) -> list[str]:
    """Where a step leads when not all dossiers go the same way: one sentence a way; empty where they do."""
    step, names = steps[place], {step.key: step.name for step in steps}
    if not step.ways:
        return []
    told = []
    for way in step.ways:
        facts = {"step": names.get(way.to, way.to)}
        if way.when is not None:
            told.append(_("%(when)s: sang “%(step)s”.") % {**facts, "when": condition_words(way.when, fields)})
        elif len(step.ways) > 1:
            told.append(_("Các trường hợp còn lại: sang “%(step)s”.") % facts)
        else:
            told.append(_("Đi tiếp sang “%(step)s”.") % facts)
    return told


def step_words(step: Step) -> str:
    return in_hours(step.minutes) if step.counted else _("không tính thời gian")


def also_words(step: Step) -> list[str]:
    """What only a few steps do besides: bill the citizen, take silence for agreement."""
    told = [_("ra thông báo nộp tiền")] if step.asks_payment else []
    return told + ([_("im lặng là đồng ý theo %(basis)s") % {"basis": step.silence_basis}] if step.silence_basis else [])


def basis_words(text: LegalBasis) -> str:
    if text.ended_on is not None:
        return _("%(title)s, đến trước %(day)s") % {"title": text.title, "day": day(text.ended_on)}
    if text.effective_on is None:
        return text.title
    return _("%(title)s, từ %(day)s") % {"title": text.title, "day": day(text.effective_on)}


def decision_words(number: str, signed_on: date) -> str:
    return _("Số %(number)s ngày %(day)s") % {"number": number, "day": day(signed_on)}


def period_words(valid_from: date, valid_to: date | None) -> str:
    if valid_to is None:
        return _("Từ %(day)s") % {"day": day(valid_from)}
    return _("Từ %(day)s đến trước %(end)s") % {"day": day(valid_from), "end": day(valid_to)}


def quantity_words(name: str) -> str:
    """What a quantity of the fee rules counts."""
    known = {"pages": _("Số trang của bản chính"), "copies": _("Số bản"), "extract_copies": _("Số bản sao trích lục")}
    return known.get(name, _("Số lượng tính phí"))


def event_words(name: str, facts: Mapping[str, Any]) -> str:
    """What an event of a procedure's history was about, beyond its label."""
    match name:
        case "procedures.version_published":
            return _("Phiên bản %(number)s, từ %(day)s") % {
                "number": facts["number"],
                "day": day(date.fromisoformat(str(facts["valid_from"]))),
            }
        case "procedures.competence_granted":
            return f"{kind_words(str(facts['right']))}: {facts['basis']}"
        case "procedures.competence_ended" | "procedures.ended":
            return _("Từ %(day)s: %(basis)s") % {"day": day(date.fromisoformat(str(facts["ends_on"]))), "basis": facts["basis"]}
    return ""
