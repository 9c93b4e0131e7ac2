"""What each waiting message says, built when it is sent from the history as of its event. A batch of dossiers at a time.

Everything is read here, in about ten queries for a batch; sending then needs no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Model
from django.utils import timezone

from thongsuot.dossiers.actions.copying import PROCEDURE
from thongsuot.dossiers.models import (
    Component,
    Dossier,
    FeeDue,
    Pause,
    Result,
    ResultChange,
    Status,
    StepRun,
    SupplementRequest,
)
from thongsuot.dossiers.queries import given
from thongsuot.dossiers.queries.component_flags import NOT_HANDED_IN, ComponentFlags, flags_of
from thongsuot.files import queries as files
from thongsuot.kernel.events import KINDS
from thongsuot.kernel.models import Event
from thongsuot.national_portal import events, records, rules
from thongsuot.national_portal.models import Lane, Message
from thongsuot.national_portal.rules import Happening, Standing
from thongsuot.people.national_identity import proven_among
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

SUBJECT, LANE = "dossiers.dossier", "national_portal.lane"
TELL_ONCE_MORE = (events.TOLD_AGAIN.name, events.SET_RIGHT.name)
_RETURN = {Dossier.Return.COUNTER: "0", Dossier.Return.POST: "1", Dossier.Return.ELECTRONIC: "2"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One question to the portal. `service`: create, status, result or progress.

    files   of a result, one for each paper of its list, in that order; they go before it, under the references beside them
    known   what is asked instead of create when that is refused: a dossier told again may be there after all
    """

    service: str
    kind: str
    record: dict[str, Any]
    reference: str
    files: tuple[tuple[files.FileRow, str], ...] = ()
    known: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All calls of one message; none when what it says goes with a later one.

    error   why it could not be built; then nothing of the dossier can be said
    people  names, numbers and addresses in it that must not be kept
    """

    message: Message
    status: int
    calls: tuple[Call, ...]
    error: Exception | None = None
    people: tuple[str, ...] = ()


Paper = tuple[str, files.FileRow | None]  # title, and its file when it is electronic


@dataclass
class _Case:
    """One dossier with all that is needed to tell of it."""

    dossier: Dossier
    told: int = 0  # number of the last event the portal accepted
    again: int = 0  # how often people had it told once more
    history: list[Happening] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    flags: dict[int, ComponentFlags] = field(default_factory=dict)  # by the id of the component
    account_is_proven: bool = False  # by the national identity, level 2
    fees: list[FeeDue] = field(default_factory=list)
    supplements: list[SupplementRequest] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    runs: list[StepRun] = field(default_factory=list)
    result: Result | None = None
    papers: tuple[Paper, ...] = ()  # of the result as it was resolved
    changes: dict[int, Paper] = field(default_factory=dict)  # what was issued in its place, by the id of the change


def plans(lanes: Sequence[Lane], *, most: int) -> dict[int, list[Plan]]:
    """Dossier id -> what is to be said of it, in order; at most `most` messages for each. About ten queries."""
    ids = [lane.dossier_id for lane in lanes]
    waiting: dict[int, list[Message]] = defaultdict(list)
    found = Message.objects.filter(dossier_id__in=ids, state=Message.State.WAITING).order_by("dossier_id", "number")
    for message in found:
        if len(waiting[message.dossier_id]) < most:
            waiting[message.dossier_id].append(message)
    cases = _cases(list(waiting))
    for lane in lanes:
        if lane.dossier_id in cases:
            cases[lane.dossier_id].told = lane.told_number
    known = {lane.dossier_id for lane in lanes if lane.known_since is not None}
    return {
        dossier_id: _plans_of(cases[dossier_id], messages, known=dossier_id in known)
        for dossier_id, messages in waiting.items()
    }


def _cases(ids: list[int]) -> dict[int, _Case]:
    cases = {d.pk: _Case(d) for d in Dossier.objects.filter(pk__in=ids)}
    for e in Event.objects.filter(subject=SUBJECT, subject_id__in=ids).order_by("subject_id", "number"):
        cases[e.subject_id].history.append(
            Happening(
                number=e.number,
                mark=bytes(e.hash)[:4].hex(),
                name=e.name,
                at=e.at,
                actor_name=e.actor_name,
                actor_post=e.actor_post,
                unit_id=e.unit_id,
                facts=e.facts,
            )
        )
    for dossier_id, flags in flags_of(ids).items():
        cases[dossier_id].flags = {one.component_id: one for one in flags.components}
    proven = proven_among({case.dossier.account_id for case in cases.values() if case.dossier.account_id is not None})
    for case in cases.values():
        case.account_is_proven = case.dossier.account_id in proven
    told_again = Event.objects.filter(subject=LANE, subject_id__in=ids, name__in=TELL_ONCE_MORE).values_list("subject_id")
    for dossier_id, times in told_again.annotate(times=Count("pk")):
        cases[dossier_id].again = times
    parts: tuple[tuple[type[Model], str, str], ...] = (
        (Component, "components", "id"),
        (FeeDue, "fees", "id"),
        (SupplementRequest, "supplements", "id"),
        (Pause, "pauses", "id"),
        (StepRun, "runs", "number"),
    )
    for model, name, order in parts:
        for row in model._default_manager.filter(dossier_id__in=ids).order_by(order):
            getattr(cases[row.dossier_id], name).append(row)  # type: ignore[attr-defined]  # rows of a dossier, all of them
    for result in Result.objects.filter(dossier_id__in=ids):
        cases[result.dossier_id].result = result
    copies = given.copies_of_results([case.result for case in cases.values() if case.result is not None and _is_copies(case)])
    given_out: dict[int, list[tuple[str, int | None]]] = {
        case.dossier.pk: list(copies.get(case.dossier.pk, ())) or [(case.result.title, case.result.file_id)]
        for case in cases.values()
        if case.result is not None
    }
    changes = list(ResultChange.objects.filter(result__dossier_id__in=given_out, state__in=ResultChange.DONE))
    wanted = {file_id for papers in given_out.values() for _title, file_id in papers} | {one.file_id for one in changes}
    by_id = {row.id: row for row in files.file_rows([one for one in wanted if one is not None])}
    for dossier_id, papers in given_out.items():
        cases[dossier_id].papers = tuple((title, by_id.get(file_id or 0)) for title, file_id in papers)
    of_result = {case.result.pk: case for case in cases.values() if case.result is not None}
    for change in changes:
        of_result[change.result_id].changes[change.pk] = (change.title, by_id.get(change.file_id or 0))
    return cases


def _is_copies(case: _Case) -> bool:
    return procedures.version(case.dossier.version_id).code == PROCEDURE


def _plans_of(case: _Case, messages: list[Message], *, known: bool) -> list[Plan]:
    made: list[Plan] = []
    for message in messages:
        try:
            made.append(_plan(case, message, create=not known))
        except Exception as error:
            return [*made, Plan(message=message, status=0, calls=(), error=error)]
        known = known or bool(made[-1].calls)
    return made


def _plan(case: _Case, message: Message, *, create: bool) -> Plan:
    stands = rules.standing(case.history, message.number)
    code = code_of(case.dossier)
    mark = next(event.mark for event in case.history if event.number == message.number)
    # Told before: the portal has it otherwise by now, and is told the record once more, not the line of progress.
    set_right = not create and message.number <= case.told
    calls = []

    def say(service: str, kind: str, record: dict[str, Any], papers: tuple[Paper, ...] = ()) -> None:
        calls.append(
            Call(
                service=service,
                kind=kind,
                record=record,
                reference=rules.reference(code, message.number, service, mark=mark, again=case.again),
                files=tuple((row, rules.file_reference(code, row.sha256, again=case.again)) for _title, row in papers if row),
                known="status" if service == "create" and case.again else "",
            )
        )

    def say_record(status: Status = stands.status) -> None:
        """Each that stands at "resolved" shows the result with its files, or the portal would take its link away."""
        papers = _papers(case, message.number) if status == Status.RESOLVED else ()
        service = "create" if create else "result" if status == Status.RESOLVED else "status"
        say(service, "HoSo", dossier_record(case, replace(stands, status=status), message.happened_at, papers=papers), papers)

    if create:
        say_record()
    elif message.kind in rules.CHANGES_RESULT and stands.status == Status.RETURNED:
        # Results are taken with 9 alone; afterwards it stands as handed back again.
        say_record(status=Status.RESOLVED)
        say_record()
    elif set_right or rules.changes_record(message.kind, stands):
        say_record()
    if message.kind not in rules.RECORD_ONLY and not set_right:
        say("progress", "TienDo", progress_record(case, stands, message))
    return Plan(message=message, status=int(stands.status), calls=tuple(calls), people=_people(case.dossier))


def _people(dossier: Dossier) -> tuple[str, ...]:
    found = [dossier.owner_name, dossier.owner_id_number, dossier.owner_phone, dossier.owner_email, dossier.owner_address]
    filer = dossier.filer or {}
    return (*found, *(str(filer.get(name) or "") for name in ("name", "id_number", "phone")))


def code_of(dossier: Dossier) -> str:
    """Under what the portal knows it: the dossier code, or for one that ended before reception the submission code."""
    return dossier.code or dossier.submission_code or ""


def dossier_record(case: _Case, stands: Standing, at: datetime, *, papers: tuple[Paper, ...] = ()) -> dict[str, Any]:
    """A HoSo as of `at`. `papers`: of the result, where it is told."""
    dossier, when = case.dossier, _when()
    version = procedures.version(dossier.version_id)
    day = timezone.localdate(at)
    resolving = units.unit_row(dossier.resolving_unit_id, as_of=day)
    receiving = units.unit_row(dossier.receiving_unit_id, as_of=day)
    components = [paper for paper in case.components if paper.added_at <= at and paper.how not in NOT_HANDED_IN]
    takes_lists = stands.status in rules.TAKES_LISTS
    kind = "1" if dossier.owner_kind == 1 else "2" if dossier.owner_kind == 2 else "3"
    record = records.HoSo(
        MaHoSo=code_of(dossier),
        MaTTHC=version.code,
        TenTTHC=version.name[:500],
        MaLinhVuc="",
        TenLinhVuc=version.field[:500],
        KenhThucHien=str(dossier.channel),
        ChuHoSo=dossier.owner_name,
        LoaiDoiTuong=str(dossier.owner_kind),
        MaDoiTuong=dossier.owner_id_number,
        SoGiayToChuHoSo=dossier.owner_id_number,
        ThongTinKhac="",
        Email=dossier.owner_email,
        Fax="",
        SoDienThoai=dossier.owner_phone,
        TrichYeuHoSo=f"{version.name}"[:1000],
        NgayTiepNhan=when(stands.received_at),
        NgayNopHoSo=when(dossier.submitted_at or stands.received_at),
        NgayHenTra=when(stands.due_at),
        TrangThaiHoSo=str(int(stands.status)),
        NgayTra=when(stands.returned_at),
        NgayKetThucXuLy=when(stands.resolved_at or stands.ended_at),
        NgayTuChoi=when(stands.refused_at),
        ThongTinTra=receiving.full_name[:500],
        HinhThuc=_RETURN[Dossier.Return(dossier.return_by)],
        DonViXuLy=resolving.full_name[:500],
        GhiChu=stands.reason[:1000],
        NoiNopHoSo=receiving.full_name[:500],
        HoSoCoThanhPhanSoHoa=_flag(any(case.flags[paper.pk].DuocSoHoa for paper in components)),
        TaiKhoanDuocXacThucVoiVNeID=_flag(case.account_is_proven),
        DuocThanhToanTrucTuyen="0",
        DinhDanhCHS=records.DinhDanh(LoaiDinhDanh=kind, SoDinhDanh=dossier.owner_id_number),
        TaiLieuNop=tuple(
            records.TaiLieu(
                TenTepDinhKem=paper.name[:500],
                MaThanhPhanHoSo=paper.paper_code,
                DuocSoHoa=_flag(case.flags[paper.pk].DuocSoHoa),
                DuocTaiSuDung=_flag(case.flags[paper.pk].DuocTaiSuDung),
                DuocLayTuKhoDMQG=_flag(case.flags[paper.pk].DuocLayTuKhoDMQG),
                MaKetQuaThayThe=case.flags[paper.pk].MaKetQuaThayThe,
            )
            for paper in components
        ),
        DanhSachLePhi=tuple(_fee(case, fee, stands.status, at) for fee in case.fees) if takes_lists else (),
        DanhSachHoSoBoSung=tuple(_supplement(case, request, at) for request in case.supplements if request.requested_at <= at),
        DanhSachGiayToKetQua=_results(version, papers),
    )
    return records.plain(record)


def _flag(value: bool) -> str:
    return "1" if value else "0"


_WHEN_PAID = {Status.SUPPLEMENT_REQUESTED: "2", Status.RESOLVED: "4", Status.RETURNED: "4"}


def _fee(case: _Case, fee: FeeDue, status: Status, at: datetime) -> records.LePhi:
    """What is paid by then was taken as the dossier stood when it was paid; what is not is due as it stands now."""
    paid = next((e for e in case.history if e.name in rules.FEE_PAID and e.facts["fee"] == fee.code), None)
    if paid is not None and paid.at <= at:
        status = rules.standing(case.history, paid.number).status
    return records.LePhi(
        TenPhiLePhi=fee.name,
        MaPhiLePhi=fee.code,
        HinhThucThu=_WHEN_PAID.get(status, "1"),
        Gia=str(fee.amount_dong),
        LoaiPhiLePhi="1" if fee.kind == "fee" else "2",
    )


def _supplement(case: _Case, request: SupplementRequest, at: datetime) -> records.BoSung:
    when = _when()
    done = request.completed_at if request.completed_at is not None and request.completed_at <= at else None
    pause = next((pause for pause in case.pauses if pause.starts_at == request.requested_at), None)
    return records.BoSung(
        NguoiYeuCauBoSung=request.requested_by_name or "Hệ thống",
        NoiDungBoSung="; ".join(request.items)[:2000],
        NgayBoSung=when(request.requested_at),
        NgayTiepNhanBoSung=when(done),
        NgayHenTraTruoc=when(pause.due_before if pause else None),
        NgayHenTraMoi=when(pause.due_after if pause and done else None),
    )


def _papers(case: _Case, number: int) -> tuple[Paper, ...]:
    """What holds as the result at event `number`: what was issued, what was issued in its place, or nothing any more."""
    papers = case.papers
    for event in case.history:
        if event.number > number:
            break
        if event.name == "dossiers.result_voided":
            papers = ()
        elif event.name == "dossiers.result_changed":
            papers = () if event.facts["sort"] == ResultChange.Kind.REVOCATION else (case.changes[event.facts["change"]],)
    return papers


def _results(version: procedures.VersionView, papers: tuple[Paper, ...]) -> tuple[records.KetQua, ...]:
    """The electronic originals: one, or every certified copy. GiayToId is filled in when the portal has taken the file."""
    kind = version.results[0] if version.results else None
    code = (kind.code if kind else f"{version.code}-KQ")[:60]
    return tuple(records.KetQua(TenGiayTo=title, MaGiayToKetQua=code) for title, _row in papers)


def progress_record(case: _Case, stands: Standing, message: Message) -> dict[str, Any]:
    """A TienDo: who did what of the dossier, where, and the step that is open since."""
    when, event = _when(), next(event for event in case.history if event.number == message.number)
    day = timezone.localdate(event.at)
    unit = units.unit_row(event.unit_id or case.dossier.resolving_unit_id, as_of=day)
    run = next((run for run in case.runs if run.number == stands.step), None)
    said = str(KINDS[event.name].label)
    record = records.TienDo(
        MaHoSo=code_of(case.dossier),
        NguoiXuLy=_who(case, event),
        ChucDanh=event.actor_post[:200],
        ThoiDiemXuLy=when(event.at),
        PhongBanXuLy=unit.full_name[:500],
        NoiDungXuLy=(f"{said}: {stands.reason}" if stands.reason else said)[:1000],
        TrangThai=str(int(stands.status)),
        NgayBatDau=when(run.started_at if run else event.at),
        NgayKetThucTheoQuyDinh=when(run.due_at if run else None),
    )
    return records.plain(record)


def _who(case: _Case, event: Happening) -> str:
    """The officer; where the owner acted (withdrew, brought a paper), the portal knows the owner from the record."""
    return (
        event.actor_name[:200]
        if event.actor_post
        else "Người nộp hồ sơ"
        if event.name in _BY_OWNER
        else (event.actor_name[:200] or "Hệ thống")
    )


_BY_OWNER = frozenset({"dossiers.withdrawn", "dossiers.supplemented"})


def _when() -> Any:
    return rules.TIMES[settings.PORTAL_TIMES]
