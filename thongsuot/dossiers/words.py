"""How dossiers are spoken of: deadlines, limits and lines of history in words. The same words for the owner and the officer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.models.dossier import Status
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.events import instant_in
from thongsuot.kernel.history import HistoryRow
from thongsuot.kernel.text import day, dong, instant, number
from thongsuot.procedures import words as catalogue_words
from thongsuot.procedures.queries import CompetenceView
from thongsuot.signing.capacity import delegation_words
from thongsuot.web.due import Due

_STATES: dict[rules.Pace, Literal["ok", "near", "late", "hold"]] = {
    rules.Pace.OK: "ok",
    rules.Pace.NEAR: "near",
    rules.Pace.LATE: "late",
    rules.Pace.HOLD: "hold",
    rules.Pace.DONE: "ok",
}


def due_words(
    due: rules.Due,
    *,
    status: int,
    paused_at: datetime | None = None,
    promised_at: datetime | None = None,
    finished: bool = False,
    to_owner: bool = False,
) -> Due:
    """A counted deadline as pages draw it.

    status       of the dossier: 1 counts to the desk's answer, 5 and 6 stand still, 9 and the final ones are over
    promised_at  a new appointment given with an apology: it is said, and changes nothing
    finished     the clock has ended though the status does not say so
    to_owner     whole sentences to the person who waits, and nearness unsaid: it is our worry (draw it with `calm`)
    """
    over = finished or status in rules.FINAL or status == Status.RESOLVED
    if over:
        text = _finished_words(due, status)
    elif to_owner:
        text = _owner_words(due, status)
    elif due.pace is rules.Pace.LATE:
        text = _("Quá hạn %(over)s") % {"over": _over_blocks(due)}
    elif due.pace is rules.Pace.HOLD:
        text = _("Đang dừng, còn %(left)s") % {"left": _blocks(due.left, due.in_hours)}
    else:
        text = _left_words(due)
    small = _small(due, status, paused_at, promised_at, over=over)
    return Due(blocks=due.blocks, used=due.used, over=due.over, state=_STATES[due.pace], text=text, small=small)


def _owner_words(due: rules.Due, status: int) -> str:
    amount = {"left": _working_blocks(due.left, due.in_hours), "over": _over_blocks(due, _working_blocks)}
    late = due.pace is rules.Pace.LATE
    if status == Status.REGISTERED:
        if late:
            return _("Nơi nhận chậm trả lời %(over)s") % amount
        return _("Nơi nhận trả lời trong %(left)s") % amount if due.left else _("Nơi nhận trả lời trong giờ này")
    if due.pace is rules.Pace.HOLD or status in rules.PAUSED:
        if status == Status.PAYMENT_REQUESTED:
            return _("Đang chờ bạn nộp tiền theo thông báo, đồng hồ dừng")
        return _("Đang chờ bạn bổ sung, đồng hồ dừng")
    if late:
        return _("Đã quá hẹn %(over)s") % amount
    return _("Đúng tiến độ, còn %(left)s") % amount if due.left else _("Đúng tiến độ, hẹn trả hôm nay")


def _finished_words(due: rules.Due, status: int) -> str:
    if status in (Status.REFUSED_INTAKE, Status.WITHDRAWN, Status.STOPPED):
        return _("Đã dừng")
    if due.pace is rules.Pace.LATE:
        return _("Xong, trễ %(over)s") % {"over": _over_blocks(due)}
    return _("Xong đúng hạn")


def _left_words(due: rules.Due) -> str:
    if due.left:
        return _("Còn %(left)s") % {"left": _blocks(due.left, due.in_hours)}
    return _("Đến hạn lúc này") if due.in_hours else _("Đến hạn hôm nay")


def _over_blocks(due: rules.Due, said: Callable[[int, bool], str] | None = None) -> str:
    """How late; many hours are days: nobody counts 40 of them."""
    over = max(due.over, 1)
    in_days = not due.in_hours or over >= _HOURS_ARE_DAYS
    return (said or _blocks)(over // _WORKING_HOURS_A_DAY if in_days and due.in_hours else over, not in_days)


_WORKING_HOURS_A_DAY = 8
_HOURS_ARE_DAYS = 2 * _WORKING_HOURS_A_DAY


def _blocks(count: int, in_hours: bool) -> str:
    if in_hours:
        return ngettext("%(count)s giờ", "%(count)s giờ", count) % {"count": count}
    return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": count}


def _working_blocks(count: int, in_hours: bool) -> str:
    if in_hours:
        return ngettext("%(count)s giờ làm việc", "%(count)s giờ làm việc", count) % {"count": count}
    return ngettext("%(count)s ngày làm việc", "%(count)s ngày làm việc", count) % {"count": count}


def _small(due: rules.Due, status: int, paused_at: datetime | None, promised_at: datetime | None, *, over: bool) -> str:
    if over:
        return _("Hẹn %(at)s") % {"at": instant(due.at)}
    if paused_at is not None:
        words = _("Chờ nộp tiền từ %(day)s") if status == Status.PAYMENT_REQUESTED else _("Chờ bổ sung từ %(day)s")
        return words % {"day": instant(paused_at)[:10]}
    if status == Status.REGISTERED:
        return _("Trả lời trước %(at)s") % {"at": instant(due.at)}
    if promised_at is not None:
        return _("Hẹn lại %(at)s") % {"at": instant(promised_at)}
    return _("Hẹn %(at)s") % {"at": instant(due.at)}


def owner_news(status: int, *, late: bool = False) -> tuple[str, str, str]:
    """What the owner must know and do now: kind of note, first words, the rest."""
    nothing = _("Bạn không phải làm gì lúc này")
    if late and status in (Status.REGISTERED, Status.RECEIVED, Status.PROCESSING):
        return (
            "warn",
            _("Chúng tôi đang chậm so với hẹn, xin lỗi bạn"),
            _("Bạn không phải làm gì thêm. Cần hỏi, hãy gọi nơi nộp."),
        )
    match Status(status):
        case Status.REGISTERED:
            return "ok", nothing, _("Nơi nhận đang xem hồ sơ và sẽ trả lời bạn.")
        case Status.RECEIVED:
            return "ok", nothing, _("Hồ sơ đã được tiếp nhận, sắp chuyển giải quyết.")
        case Status.PROCESSING:
            return "ok", nothing, _("Khi có kết quả, chúng tôi báo theo cách liên lạc bạn đã ghi.")
        case Status.SUPPLEMENT_REQUESTED:
            return "warn", _("Bạn cần bổ sung hồ sơ"), _("Đồng hồ dừng đến khi bạn bổ sung. Phần đã làm được giữ nguyên.")
        case Status.PAYMENT_REQUESTED:
            return (
                "warn",
                _("Bạn cần nộp tiền theo thông báo"),
                _("Đồng hồ dừng đến khi nơi giải quyết nhận được xác nhận đã nộp."),
            )
        case Status.RESOLVED:
            return (
                "ok",
                _("Đã có kết quả"),
                _("Bản điện tử nằm trong phần chi tiết. Bản giấy nhận tại nơi nộp, nếu bạn đã chọn."),
            )
        case Status.RETURNED:
            return "ok", _("Đã trả kết quả"), _("Hồ sơ đã xong.")
        case Status.REFUSED_INTAKE:
            return "bad", _("Hồ sơ không được tiếp nhận"), _("Lý do ghi trong phần chi tiết. Sửa xong, bạn nộp lại được.")
        case Status.WITHDRAWN:
            return "info", _("Bạn đã rút hồ sơ này"), _("Giấy tờ đã nộp được trả lại. Bạn vẫn nộp lại được.")
        case Status.STOPPED:
            return "bad", _("Nơi giải quyết đã dừng hồ sơ"), _("Lý do ghi trong phần chi tiết và trong thông báo.")


def limit_sentence(limit: Limit, *, cut_off: time) -> str:
    """'5 ngày làm việc', 'trong ngày; nhận sau 15:00 thì trong ngày làm việc sau'. `cut_off`: the city's."""
    if limit.unit is LimitUnit.SAME_DAY:
        return _("trong ngày; nhận sau %(time)s thì trong ngày làm việc sau") % {"time": f"{cut_off:%H:%M}"}
    return catalogue_words.limit_words(limit)


# -- history -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class HistoryWords:
    """One line of the history, as the macro `timeline` draws it. `state`: done, hold or stop."""

    state: str
    title: str
    lines: list[str]


def history_words(row: HistoryRow, *, to_owner: bool = False) -> HistoryWords:
    """When, who, and what an event says of itself. Facts a line needs and does not find are left out.

    to_owner   the owner reads it: of whoever acted the post, not the name, and no remarks from officer to officer
    """
    named = ", ".join(part for part in (row.actor_name, row.actor_post) if part)
    who = row.actor_post if to_owner and row.actor_post else named
    lines = [f"{instant(row.at)}. {who}" if who else instant(row.at)]
    tell = None if to_owner and row.name in _HOUSE_REMARKS else _TELL.get(row.name)
    return HistoryWords(
        state=_LINE_STATES.get(row.name, "done"),
        title=_title(row),
        lines=[*lines, *(line for line in (tell(row.facts) if tell else []) if line)],
    )


_HOUSE_REMARKS = {events.FORWARDED.name}
_LINE_STATES = {
    events.SUPPLEMENT_REQUESTED.name: "hold",
    events.PAYMENT_REQUESTED.name: "hold",
    events.REFUSED.name: "stop",
    events.WITHDRAWN.name: "stop",
    events.STOPPED.name: "stop",
}


def _title(row: HistoryRow) -> str:
    step = row.facts.get("step_name")
    if step and row.name == events.FORWARDED.name:
        return _("Đã chuyển sang bước “%(step)s”") % {"step": step}
    if step and row.name == events.STEP_RETURNED.name:
        return _("Đã trả lại bước “%(step)s”") % {"step": step}
    return row.label


def _at(facts: Mapping[str, Any], key: str) -> str:
    at = instant_in(facts, key)
    return instant(at) if at else ""


def _received(facts: Mapping[str, Any]) -> list[str]:
    due = _at(facts, "due_at")
    return [_("Mã hồ sơ %(code)s. Hẹn trả %(due)s.") % {"code": facts.get("code", ""), "due": due}] if due else []


def _submitted(facts: Mapping[str, Any]) -> list[str]:
    until = _at(facts, "answer_due_at")
    return [_("Nơi nhận trả lời trước %(at)s.") % {"at": until}] if until else []


def _reason(facts: Mapping[str, Any]) -> list[str]:
    return [_("Lý do: %(reason)s") % {"reason": facts["reason"]}] if facts.get("reason") else []


def payment_words(facts: Mapping[str, Any]) -> list[str]:
    """What is owed and why. Without an amount it stands in another body's notice."""
    amount = facts.get("amount_dong")
    owed = _("Số tiền: %(amount)s.") % {"amount": dong(amount)} if isinstance(amount, int) and amount else ""
    return [owed, *_reason(facts)]


def _reasons(facts: Mapping[str, Any]) -> list[str]:
    return [f"– {reason}" for reason in facts.get("reasons", [])]


def _note(facts: Mapping[str, Any]) -> list[str]:
    return [str(facts.get("note") or "")]


def _supplement(facts: Mapping[str, Any]) -> list[str]:
    until = _at(facts, "answer_until")
    slip = {"slip": facts.get("slip", ""), "until": until}
    return [
        *(f"– {item}" for item in facts.get("items", [])),
        _("Phiếu số %(slip)s. Chờ bổ sung đến %(until)s.") % slip if until else "",
    ]


def _moved(facts: Mapping[str, Any]) -> list[str]:
    before, after = _at(facts, "due_before"), _at(facts, "due_after")
    if not before or not after:
        return []
    if before == after:
        return [_("Hẹn trả giữ %(due)s.") % {"due": after}]
    return [_("Hẹn trả từ %(before)s thành %(after)s.") % {"before": before, "after": after}]


def _extended(facts: Mapping[str, Any]) -> list[str]:
    days = _("Kéo dài %(days)s ngày làm việc.") % {"days": facts.get("days", "")}
    agreement = _("Thỏa thuận: %(paper)s") % {"paper": facts["agreement"]} if facts.get("agreement") else ""
    return [days, *_moved(facts), *_reason(facts), agreement]


def extension_words(facts: Mapping[str, Any]) -> str:
    """'Kéo dài 2 ngày làm việc. Hẹn trả từ … thành …. Lý do: …', in one line."""
    return " ".join(line for line in _extended(facts) if line)


def _left(facts: Mapping[str, Any]) -> list[str]:
    after = _at(facts, "due_after")
    return [_("Theo lịch mới là %(due)s. Hẹn đang ghi không theo lịch cũ nên chưa đổi.") % {"due": after}] if after else []


def _reappointed(facts: Mapping[str, Any]) -> list[str]:
    promised = _at(facts, "promised_at")
    both = {"at": promised, "due": _at(facts, "due_at")}
    return [_("Hẹn lại %(at)s. Hẹn cũ %(due)s.") % both if promised else "", *_reason(facts)]


def _asked(facts: Mapping[str, Any]) -> list[str]:
    until = _at(facts, "answer_until")
    return [_("%(body)s, trả lời trước %(until)s. Đồng hồ vẫn chạy.") % {"body": facts.get("body_name", ""), "until": until}]


def _answered(facts: Mapping[str, Any]) -> list[str]:
    words = _("%(body)s trả lời sau hạn.") if facts.get("late") else _("%(body)s trả lời đúng hạn.")
    return [words % {"body": facts.get("body_name", "")}]


def _fee_returned(facts: Mapping[str, Any]) -> list[str]:
    return [
        _("%(amount)s của biên lai %(number)s, lý do: %(reason)s")
        % {
            "amount": dong(int(facts.get("amount_dong") or 0)),
            "number": facts.get("receipt", ""),
            "reason": facts.get("reason", ""),
        }
    ]


def _collected(facts: Mapping[str, Any]) -> list[str]:
    amount = facts.get("amount_dong")
    if not isinstance(amount, int):
        return []
    return [_("Biên lai số %(receipt)s: %(amount)s.") % {"receipt": facts.get("receipt", ""), "amount": dong(amount)}]


def _resolved(facts: Mapping[str, Any]) -> list[str]:
    words = _("Kết quả số %(number)s, đúng hạn.") if facts.get("on_time") else _("Kết quả số %(number)s, trễ hạn.")
    return [words % {"number": facts.get("number", "")}]


def _handed_over(facts: Mapping[str, Any]) -> list[str]:
    due = _at(facts, "due_at")
    words = _("%(to)s. Hạn của chặng: %(due)s.") if not facts.get("back") else _("Trở lại %(to)s. Hạn của chặng: %(due)s.")
    return [words % {"to": facts.get("to", ""), "due": due}]


def _leg_taken(facts: Mapping[str, Any]) -> list[str]:
    words = _("%(by)s, được tính là đã nhận.") if facts.get("by_system") else _("%(by)s đã nhận.")
    return [words % {"by": facts.get("by", "")}]


def _leg_returned(facts: Mapping[str, Any]) -> list[str]:
    return [_("%(by)s trả lại.") % {"by": facts.get("by", "")}, *_reason(facts)]


def _leg_reminded(facts: Mapping[str, Any]) -> list[str]:
    return [_("%(to)s, hạn của chặng %(due)s.") % {"to": facts.get("to", ""), "due": _at(facts, "due_at")}]


def _opinion_reminded(facts: Mapping[str, Any]) -> list[str]:
    return [str(facts.get("body_name", ""))]


def _silent(facts: Mapping[str, Any]) -> list[str]:
    return [
        _("%(body)s không trả lời. Căn cứ: %(basis)s.") % {"body": facts.get("body_name", ""), "basis": facts.get("basis", "")}
    ]


def _notice(facts: Mapping[str, Any]) -> list[str]:
    pay_by = facts.get("pay_by")
    return [
        _("Thông báo số %(number)s của %(by)s: %(amount)s, nộp chậm nhất %(day)s.")
        % {
            "number": facts.get("number", ""),
            "by": facts.get("by", ""),
            "amount": dong(int(facts.get("amount_dong") or 0)),
            "day": day(date.fromisoformat(pay_by)) if isinstance(pay_by, str) else "",
        }
    ]


def _carried(facts: Mapping[str, Any]) -> list[str]:
    number = {"number": f"{int(facts.get('slip') or 0):04}/{facts.get('year', '')}"}
    if facts.get("whole") is False:
        return [_("Phiếu bàn giao %(number)s: giấy tờ chưa đủ, nơi gửi tìm lại.") % number]
    if facts.get("what") == "result":
        return [_("Kết quả bản giấy, phiếu bàn giao %(number)s.") % number]
    if facts.get("what") == "back":
        return [_("Hồ sơ giấy trả lại, phiếu bàn giao %(number)s.") % number]
    return [_("Phiếu bàn giao %(number)s.") % number]


_TELL: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    events.SUBMITTED.name: _submitted,
    events.RECEIVED.name: _received,
    events.REFUSED.name: _reasons,
    events.FORWARDED.name: _note,
    events.REASSIGNED.name: _reason,
    events.STEP_RETURNED.name: _reason,
    events.OPINION_ASKED.name: _asked,
    events.OPINION_GIVEN.name: _answered,
    events.SUPPLEMENT_REQUESTED.name: _supplement,
    events.SUPPLEMENTED.name: _moved,
    events.PAYMENT_REQUESTED.name: payment_words,
    events.PAYMENT_CONFIRMED.name: _moved,
    events.FEE_COLLECTED.name: _collected,
    events.FEE_PAID_ONLINE.name: _collected,
    events.FEE_RETURNED.name: _fee_returned,
    events.EXTENDED.name: _extended,
    events.DUE_RECOMPUTED.name: _moved,
    events.DUE_LEFT_TO_PERSON.name: _left,
    events.REAPPOINTED.name: _reappointed,
    events.WITHDRAWN.name: _reason,
    events.STOPPED.name: _reason,
    events.RESULT_VOIDED.name: _reason,
    events.DRAFT_TAKEN_AWAY.name: _reason,
    events.RESOLVED.name: _resolved,
    events.LEG_HANDED_OVER.name: _handed_over,
    events.LEG_TAKEN.name: _leg_taken,
    events.LEG_RETURNED.name: _leg_returned,
    events.LEG_REMINDED.name: _leg_reminded,
    events.OPINION_REMINDED.name: _opinion_reminded,
    events.OPINION_SILENT.name: _silent,
    events.OPINION_PUT_OFF.name: _asked,
    events.PAYMENT_NOTICE_ISSUED.name: _notice,
    events.PAPERS_SENT.name: _carried,
    events.PAPERS_RECEIVED.name: _carried,
}


def working_hours(minutes: int) -> str:
    """'16 giờ làm việc', '2,5 giờ làm việc'."""
    hours = f"{minutes / 60:.1f}".removesuffix(".0").replace(".", ",")
    return _("%(hours)s giờ làm việc") % {"hours": hours}


def authority_words(right: CompetenceView | None) -> str:
    """By delegation, in words, for pages and printed forms; empty where the unit acts by its own right."""
    if right is None or right.kind != "delegated":
        return ""
    return delegation_words(right.basis, until=right.valid_to)


# -- what was filled in ------------------------------------------------------------------------------------------------


def form_words(schema: Mapping[str, Any], data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A filled-in form as (title, answer) in its order; what was not answered is left out. Wrong answers show as typed."""
    told: list[tuple[str, str]] = []
    for key, field in schema.get("properties", {}).items():
        value = data.get(key)
        if value in (None, "", []) or value is False:
            continue
        if field["type"] == "array" and isinstance(value, list):
            parts = field["items"]["properties"]
            told += [
                (
                    _("%(title)s, dòng %(place)s") % {"title": field["title"], "place": place},
                    "; ".join(f"{title}: {text}" for title, text in form_words({"properties": parts}, row)),
                )
                for place, row in enumerate(value, 1)
                if isinstance(row, Mapping)
            ]
        else:
            told.append((field["title"], _answer_words(field, value)))
    return told


def _answer_words(field: Mapping[str, Any], value: Any) -> str:
    if field["type"] == "boolean":
        return _("Có")
    if "enum" in field:
        return str(field["x-labels"].get(value, value))
    if field.get("format") == "date":
        try:
            return day(date.fromisoformat(value))
        except ValueError:
            return str(value)
    return number(value) if isinstance(value, int) else str(value)


def size_words(size: int) -> str:
    """'812 KB', '2,4 MB'."""
    if size < 2**20:
        return _("%(size)s KB") % {"size": max(1, round(size / 1024))}
    return _("%(size)s MB") % {"size": f"{size / 2**20:.1f}".replace(".", ",")}


def change_news(kind: str) -> str:
    """What happened to a result, to its owner."""
    said = {
        "correction": _("Kết quả của bạn đã được đính chính."),
        "replacement": _("Kết quả của bạn đã được cấp thay thế."),
        "revocation": _("Kết quả của bạn đã bị thu hồi."),
    }
    return said[kind]
