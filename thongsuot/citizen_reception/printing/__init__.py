"""Papers of citizen reception as PDF, in Vietnamese; equal facts, equal bytes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.utils import translation

from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.queries.sessions import parties_of, sites_of, title_for
from thongsuot.kernel import text, typeset
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units

_PAPER = Path(__file__).parent / "paper.typ"
_TITLES = {
    "receipt": "Giấy biên nhận giấy tờ, tài liệu",
    "accepted": "Phiếu xử lý: tiếp nhận để giải quyết",
    "guided": "Phiếu hướng dẫn",
    "transferred": "Phiếu chuyển",
    "refused": "Thông báo từ chối tiếp công dân",
}


def slip_pdf(entry: ReceptionEntry, *, form: str, number: int, by: Actor, at: datetime) -> bytes:
    """The receipt of papers, or the handling slip, of an entry."""
    who = entry.visitor
    with translation.override("vi"):
        rows = [("Lượt tiếp", f"số {entry}, ngày {text.day(local_day(entry.received_at))}"), ("Họ và tên", who.name)]
        rows += [("Địa chỉ", who.address)] if who.address else []
        rows += [("Đại diện cho", f"{who.people} người. Người đại diện: {who.representatives}")] if who.people > 1 else []
        papers = [paper.title for paper in entry.papers.order_by("pk")]
        if form == ReceptionSlip.Form.RECEIPT:
            title, words, papers_title = _TITLES["receipt"], "", "Đã nhận của người có tên trên:"
        else:
            title, words, papers_title = _TITLES[entry.way], entry.handled_words, "Giấy tờ kèm theo:"
            rows += [("Loại việc", str(entry.get_kind_display()))]
            rows += [("Cơ quan có thẩm quyền", entry.competent_body)] if entry.way in {"guided", "transferred"} else []
        return _pdf(
            entry.unit_id,
            title=title,
            number=f"Số: {number}/{local_day(at).year}",
            rows=rows,
            words=words,
            papers=papers,
            papers_title=papers_title,
            signer="Người nhận" if form == ReceptionSlip.Form.RECEIPT else "Người lập phiếu",
            name=by.name,
            other="Người đến" if form == ReceptionSlip.Form.RECEIPT else "",
            at=at,
        )


def minutes_pdf(session: OnlineSession, *, at: datetime) -> bytes:
    """Minutes of an online reception, with room at the foot for the chair's signature."""
    started, ended = session.started_at or session.starts_at, session.ended_at or at
    with translation.override("vi"):
        # Of a denunciation the minutes go from hand to hand too: they say in which role somebody spoke, never who.
        parties = [
            (f"(họ tên giữ kín), {one.role}" if session.is_kept_close else f"{one.name}, {one.role}")
            + (f", đại diện cho {one.people} người" if one.people > 1 else "")
            for one in parties_of(session)
        ]
        rows = [
            ("Phiên tiếp", title_for(session, sees=False)),
            ("Bắt đầu", text.instant(started)),
            ("Kết thúc", text.instant(ended)),
            ("Chủ trì", session.heard_by),
            ("Điểm tiếp", "; ".join(sites_of(session).values_list("name", flat=True))),
        ]
        rows += [("Mã bản ghi (SHA-256)", session.recording_sha256)] if session.recording_sha256 else []
        return _pdf(
            session.unit_id,
            title="Biên bản phiên tiếp công dân trực tuyến",
            number="",
            rows=rows,
            words=session.minutes_words,
            papers=parties,
            papers_title="Thành phần tham gia:",
            signer="Người chủ trì",
            name=session.chair.full_name if session.chair is not None else "",
            other="",
            at=at,
        )


def _pdf(unit_id: int, *, rows: list[tuple[str, str]], at: datetime, **said: object) -> bytes:
    day: date = local_day(at)
    unit = units.unit_row(unit_id, as_of=day)
    agency = unit.full_name if unit.level == "agency" else f"Ủy ban nhân dân {unit.full_name[:1].lower()}{unit.full_name[1:]}"
    data = {
        "agency": agency,
        "rows": [[label, text.nfc(value)] for label, value in rows],
        "day": f"ngày {day.day:02} tháng {day.month:02} năm {day.year}",
        **said,
    }
    return typeset.pdf(_PAPER, data, made_at=at)
