"""Dossiers for a demo city: some sixty in its first ward, of every age and status, by the real commands at past working hours.

All people are invented; their ID numbers belong to the 22nd century. Needs the people of `people.demo`.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Channel, Dossier, FeeDue, Opinion
from thongsuot.dossiers.queries import quotes, steps
from thongsuot.files.actions import store
from thongsuot.kernel import typeset
from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar, add_working_minutes
from thongsuot.people import queries as people
from thongsuot.people.demo import DemoInProduction, demo_units
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

HOUSE = system("cli")
_PAPER = Path(__file__).parent / "data" / "demo_paper.typ"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One dossier's life as it is planned.

    days    working days before today on which it came in; `at`: the hour
    until   the duty of the step it waits at; "" = as far as time allows
    pace    how much of each step's limit is used, in per cent
    then    what happens at that step: supplement, supplemented, payment, paid, withdraw, stop, apology, opinion, answered, back
    """

    code: str
    days: int
    at: str
    until: str = ""
    pace: int = 60
    then: str = ""
    online: bool = False
    answer: str = ""  # of the desk to an online filing: "", accept, refuse, supplement


_R, _A, _P, _V, _S, _I = (
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
)
_COPY, _SIGNATURE, _EXTRACT, _BIRTH, _DEATH, _MARRIAGE = "2.000815", "2.000884", "2.000635", "1.001193", "1.000656", "1.000894"
_SINGLE, _SHOP, _BIRTH_AGAIN, _SUPPORT, _CARE = "1.004873", "1.001612", "1.004884", "1.001776", "2.000286"

STORIES = (
    # Finished and handed back, early, on time and late.
    *(
        Story(code=code, days=days, at=at, pace=pace)
        for code, days, at, pace in (
            (_COPY, 21, "08:12", 20),
            (_SIGNATURE, 20, "09:40", 30),
            (_SINGLE, 20, "10:05", 70),
            (_SHOP, 19, "14:20", 80),
            (_BIRTH, 18, "08:30", 60),
            (_EXTRACT, 17, "15:20", 40),
            (_BIRTH_AGAIN, 24, "09:15", 90),
            (_SUPPORT, 30, "08:50", 85),
            (_MARRIAGE, 14, "13:35", 70),
            (_COPY, 12, "10:48", 15),
            (_SINGLE, 16, "14:02", 180),
            (_SHOP, 13, "09:27", 60),
            (_DEATH, 11, "08:20", 50),
            (_COPY, 9, "11:10", 20),
        )
    ),
    # Ready, waiting for the owner to come.
    *(
        Story(code=code, days=days, at=at, pace=pace, until="hand back results")
        for code, days, at, pace in (
            (_EXTRACT, 4, "09:05", 30),
            (_SINGLE, 8, "10:15", 60),
            (_BIRTH, 3, "08:40", 45),
            (_SHOP, 9, "15:45", 90),
            (_BIRTH_AGAIN, 15, "09:50", 150),
            (_COPY, 2, "14:10", 25),
        )
    ),
    # On their way.
    *(
        Story(code=code, days=days, at=at, until=until, pace=pace)
        for code, days, at, until, pace in (
            (_SUPPORT, 6, "09:12", _P, 50),
            (_CARE, 9, "10:30", _P, 50),
            (_SINGLE, 1, "08:25", _P, 60),
            (_SHOP, 1, "09:48", _V, 40),
            (_SHOP, 2, "14:33", _S, 40),
            (_BIRTH_AGAIN, 3, "08:55", _V, 50),
            (_BIRTH_AGAIN, 4, "10:02", _S, 60),
            (_CARE, 3, "13:20", _P, 50),
            (_SUPPORT, 8, "15:01", _V, 70),
            (_SINGLE, 2, "15:10", _S, 50),
            (_SUPPORT, 2, "08:31", _A, 50),
            (_SHOP, 0, "08:15", _A, 40),
            (_CARE, 12, "09:36", _P, 40),
            (_BIRTH_AGAIN, 5, "08:20", _I, 60),
        )
    ),
    # Of today's counter.
    *(
        Story(code=code, days=0, at=at, until=until, pace=20)
        for code, at, until in (
            (_COPY, "08:05", _S),
            (_COPY, "08:21", _P),
            (_SIGNATURE, "08:34", _S),
            (_EXTRACT, "08:50", _P),
            (_BIRTH, "09:07", _P),
            (_SINGLE, "09:25", _R),
            (_COPY, "09:41", _R),
        )
    ),
    # Late, at different steps; one with its apology.
    Story(code=_SINGLE, days=6, at="09:30", until=_S, pace=90),
    Story(code=_SHOP, days=7, at="14:05", until=_P, pace=50),
    Story(code=_BIRTH_AGAIN, days=9, at="10:20", until=_V, pace=90),
    Story(code=_SUPPORT, days=14, at="08:44", until=_P, pace=50, then="apology"),
    # Standing still, asked, sent back, ended.
    Story(code=_SINGLE, days=3, at="10:10", until=_P, then="supplement"),
    Story(code=_SHOP, days=5, at="09:18", until=_P, then="supplement"),
    Story(code=_SUPPORT, days=9, at="08:40", until=_P, then="supplemented"),
    Story(code=_SHOP, days=4, at="13:50", until=_P, then="payment"),
    Story(code=_CARE, days=7, at="09:02", until=_P, then="opinion"),
    Story(code=_SUPPORT, days=5, at="10:25", until=_P, then="answered"),
    Story(code=_BIRTH_AGAIN, days=4, at="14:15", until=_S, pace=40, then="back"),
    Story(code=_SHOP, days=8, at="08:52", until=_P, then="withdraw"),
    Story(code=_CARE, days=15, at="15:30", until=_P, then="stop"),
    # Filed online: waiting for an answer, answered, refused.
    Story(code=_SINGLE, days=0, at="08:02", online=True),
    Story(code=_SHOP, days=1, at="16:20", online=True),
    Story(code=_BIRTH_AGAIN, days=2, at="09:00", online=True),
    Story(code=_SINGLE, days=5, at="20:15", online=True, answer="refuse"),
    Story(code=_SHOP, days=3, at="08:30", online=True, answer="accept", until=_V, pace=50),
    Story(code=_SUPPORT, days=4, at="21:40", online=True, answer="accept", until=_P),
    Story(code=_BIRTH_AGAIN, days=3, at="10:40", online=True, answer="supplement"),
)

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
_MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Ngọc", "Đức", "Quỳnh", "Hữu", "Thanh", "Gia", "Khánh")
_GIVEN = (
    "Trang",
    "Hải",
    "Mai",
    "Quân",
    "Yến",
    "Khánh",
    "Bảo",
    "Phượng",
    "Thành",
    "Dũng",
    "Lan",
    "Toản",
    "Giang",
    "Ánh",
    "Sơn",
    "Hiền",
    "Vỹ",
)


def load_demo(city_id: int, *, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """The dossiers of the first ward; how many were made. All or none, none where there are some. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    unit = next(iter(demo_units(city_id, at=at)), None)
    if unit is None or Dossier.objects.filter(receiving_unit_id=unit.id).exists():
        return 0
    with transaction.atomic():
        return _Ward(unit.id, now=at).live(STORIES, progress)


class _Ward:
    """The ward in which the stories play, up to now."""

    def __init__(self, unit_id: int, *, now: datetime) -> None:
        self.unit_id, self.now = unit_id, now
        self.calendar: WorkingCalendar = units.working_calendar(unit_id, on=timezone.localdate(now))
        self.name = units.unit_row(unit_id, as_of=timezone.localdate(now)).full_name
        self._numbers = itertools.count()

    def live(self, stories: tuple[Story, ...], progress: Callable[[int, int], None]) -> int:
        """Every story a step at a time, whichever is next in time: numbers and codes rise as they would have."""
        waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
        told = [story for story in stories if self._version(story.code, self.now)]
        for place, story in enumerate(told):
            life = self._life(story)
            heapq.heappush(waiting, (next(life), place, life))
        total, done = len(waiting), 0
        while waiting:
            at, place, life = heapq.heappop(waiting)
            following = next(life, None) if at < self.now else None
            if following is None:
                done += 1
                progress(done, total)
            else:
                heapq.heappush(waiting, (max(following, at + timedelta(seconds=1)), place, life))
        return total

    def _version(self, code: str, at: datetime) -> procedures.VersionView | None:
        return quotes.version_offered(code, unit_id=self.unit_id, on=timezone.localdate(at))

    def _moment(self, days: int, hour: str) -> datetime:
        """That hour of a working day gone by; today counts once its desk has been open for two hours."""
        today = timezone.localdate(self.now)
        if not self.calendar.works(today) or self.now < self.calendar.opening(today) + timedelta(hours=2):
            today = self.calendar.last_working_day(today)
        for _day in range(days):
            today = self.calendar.last_working_day(today)
        return datetime.combine(today, time.fromisoformat(hour), VIET_NAM)

    def _later(self, at: datetime, minutes: int) -> datetime:
        return add_working_minutes(at, max(minutes, 5), self.calendar)

    # -- a life: yields the instant of what it does next --

    def _life(self, story: Story) -> Iterator[datetime]:
        at = self._moment(story.days, story.at)
        yield at
        if story.online:
            dossier_id = self._file(story, at)
            if not story.answer:
                return
            at = self._later(at, 90)
            yield at
            desk = self._who("receive dossiers", "service_centre", at)
            if story.answer == "refuse":
                actions.refuse_submission(
                    dossier_id,
                    actor=desk,
                    at=at,
                    reasons=["Hồ sơ này thuộc nơi cư trú khác giải quyết.", "Tờ khai thiếu phần thông tin người yêu cầu."],
                )
                return
            if story.answer == "supplement":
                actions.request_supplement(
                    dossier_id, items=["Ảnh chụp giấy tờ tùy thân bị lóa, cần chụp lại đủ bốn góc."], actor=desk, at=at
                )
                return
            actions.accept_submission(dossier_id, actor=desk, at=at)
        else:
            dossier_id = self._receive(story, at)
        yield from self._run(story, dossier_id, at)

    def _run(self, story: Story, dossier_id: int, at: datetime) -> Iterator[datetime]:
        while True:
            dossier = Dossier.objects.get(pk=dossier_id)
            version = procedures.version(dossier.version_id)
            if dossier.step_no is None:
                return
            step = version.steps[dossier.step_no]
            if step.duty == story.until:
                yield from self._then(story, dossier_id, at)
                return
            at = self._later(at, step.minutes * story.pace // 100 or 180)
            yield at
            actor = self._who(step.duty, step.body_kind, at)
            if step.duty == "hand back results":
                actions.hand_back(dossier_id, handed_to=dossier.owner_name, actor=actor, at=at)
                return
            if step.duty == "process dossiers":
                self._draft(dossier_id, version, actor, at)
            place = steps.place_after(
                dossier.version_id,
                dossier.step_no,
                receiving_unit_id=self.unit_id,
                resolving_unit_id=self.unit_id,
                answers=steps.answers_of(dossier),
                on=timezone.localdate(at),
            )
            to = self._person(place.step.duty, place.step.body_kind, at) if place and place.step.counted else None
            actions.forward(dossier_id, step_key=step.key, to_person=to, actor=actor, at=at)

    def _then(self, story: Story, dossier_id: int, at: datetime) -> Iterator[datetime]:
        if not story.then:
            return
        at = self._later(at, 100)
        yield at
        step = self._step(dossier_id)
        actor = self._who(step.duty, step.body_kind, at)
        match story.then:
            case "supplement" | "supplemented":
                actions.request_supplement(
                    dossier_id,
                    items=["Tờ khai chưa có chữ ký ở trang 2.", "Bản cam kết nơi cư trú của chủ hồ sơ."],
                    actor=actor,
                    at=at,
                )
                if story.then == "supplemented":
                    at = self._later(at, 700)
                    yield at
                    actions.complete_supplement(
                        dossier_id,
                        papers=[],
                        answer="Đã ký lại tờ khai tại quầy.",
                        actor=self._who("receive dossiers", "service_centre", at),
                        at=at,
                    )
            case "payment":
                actions.request_payment(dossier_id, reason="Nộp lệ phí theo thông báo trước khi cấp giấy.", actor=actor, at=at)
            case "opinion" | "answered":
                body = units.body(self.unit_id, "office", as_of=timezone.localdate(at))
                assert body is not None
                actions.ask_opinion(
                    dossier_id,
                    body_id=body.id,
                    question="Hồ sơ lưu có ghi nhận biến động cư trú nào không?",
                    actor=actor,
                    at=at,
                )
                if story.then == "answered":
                    at = self._later(at, 400)
                    yield at
                    opinion = Opinion.objects.get(dossier_id=dossier_id)
                    actions.give_opinion(
                        opinion.pk,
                        answer="Không ghi nhận biến động nào.",
                        actor=self._who("process dossiers", "office", at),
                        at=at,
                    )
            case "back":
                back_to = next(
                    one for one in procedures.version(Dossier.objects.get(pk=dossier_id).version_id).steps if one.duty == _P
                )
                actions.return_step(
                    dossier_id,
                    step_key=step.key,
                    to_step=back_to.key,
                    reason="Dự thảo ghi sai ngày cấp, cần sửa.",
                    actor=actor,
                    at=at,
                )
            case "withdraw":
                actions.withdraw(
                    dossier_id,
                    reason="Người nộp cần sửa tên hộ kinh doanh trước khi đăng ký.",
                    actor=self._who("receive dossiers", "service_centre", at),
                    at=at,
                )
            case "stop":
                actions.stop(
                    dossier_id,
                    reason="Người nộp không đủ điều kiện hưởng theo kết quả xác minh.",
                    actor=self._who("review dossiers", "office", at),
                    at=at,
                )
            case "apology":
                dossier = Dossier.objects.get(pk=dossier_id)
                assert dossier.due_at is not None
                at = max(at, dossier.due_at - timedelta(days=2))
                yield at
                new_day = self.calendar.next_working_day(max(timezone.localdate(dossier.due_at), timezone.localdate(self.now)))
                actions.reappoint(
                    dossier_id,
                    new_at=self.calendar.closing(new_day),
                    reason="chưa nhận được kết quả xác minh nơi cư trú.",
                    actor=actor,
                    at=at,
                )

    # -- what they are made of --

    def _receive(self, story: Story, at: datetime) -> int:
        version = self._version(story.code, at)
        assert version is not None  # asked before the story began
        owner = self._owner()
        lan = self._who("receive dossiers", "service_centre", at)
        counted = {name: max(usual, 1) for name, _title, usual in quotes.counted_by(version, timezone.localdate(at))}
        channel = Channel.COUNTER if Channel.COUNTER in version.channels else Channel.POST
        answer = actions.receive_dossier(
            actions.Intake(
                procedure=version.code,
                receiving_unit_id=self.unit_id,
                resolving_unit_id=self.unit_id,
                owner=owner,
                channel=channel,
                papers=demo_papers(version, actor=lan, at=at),
                quantities=counted,
            ),
            actor=lan,
            at=at,
        )
        for fee in FeeDue.objects.filter(dossier_id=answer["id"], amount_dong__gt=0):
            if story.days > 1:
                actions.collect_fee(fee.pk, actor=lan, at=at)
        dossier_id: int = answer["id"]
        return dossier_id

    def _file(self, story: Story, at: datetime) -> int:
        """An online filing as its pages would send it: required answers, a file for each required paper, the contact."""
        version = self._version(story.code, at)
        assert version is not None
        owner = self._owner()
        said: dict[str, Any] = {"actor": ANYONE, "at": at}
        code = actions.start_draft(version.code, unit_id=self.unit_id, **said).code
        actions.save_page(code, "to-khai", made_up_answers(version.form_schema, owner, on=timezone.localdate(at)), **said)
        for paper in version.papers:
            if paper.is_needed:
                actions.add_draft_file(code, paper.code, demo_pdf("Giấy tờ kèm theo"), name=f"{paper.code}.pdf", **said)
        actions.save_page(
            code,
            "lien-he",
            {
                "owner": {"name": owner.name, "id_number": owner.id_number, "phone": owner.phone, "address": owner.address},
                "return_by": "counter",
            },
            **said,
        )
        return actions.submit_draft(code, **said).pk

    def _draft(self, dossier_id: int, version: procedures.VersionView, actor: Actor, at: datetime) -> None:
        title = version.results[0].name if version.results else version.name
        stored = store(demo_pdf("Kết quả giải quyết"), name="ket-qua.pdf", actor=actor, at=at, purpose="dossiers.result")
        actions.draft_result(dossier_id, title=title[:300], file_id=stored.pk, actor=actor, at=at)

    def _owner(self) -> actions.Owner:
        number = next(self._numbers)
        name = f"{_FAMILY[number % 14]} {_MIDDLE[number * 3 % 11]} {_GIVEN[number * 5 % 17]}"
        return actions.Owner(
            name=name,
            id_number=f"001{4 + number % 2}{number % 80 + 10:02}{number * 7919 % 1_000_000:06}",
            phone=f"0900{number * 317 % 1_000_000:06}",
            address=f"Số {number % 90 + 3}, tổ dân phố {number % 12 + 1}, {self.name}",
        )

    def _step(self, dossier_id: int) -> procedures.Step:
        dossier = Dossier.objects.get(pk=dossier_id)
        return procedures.version(dossier.version_id).steps[dossier.step_no or 0]

    def _person(self, duty: str, body_kind: str, at: datetime) -> int | None:
        """Who does it: of the step's own body when someone there has the duty."""
        day = timezone.localdate(at)
        staff = people.staff_with_duty(duty, self.unit_id, on=day)
        body = units.body(self.unit_id, body_kind, as_of=day) if body_kind else None
        own = [one for one in staff if body is not None and one.post.endswith(body.name)]
        # Those whose daily work it is before those who may do it too.
        daily = sorted(own or staff, key=lambda one: not one.post.startswith(("Công chức", "Chuyên viên", "Văn thư")))
        return daily[0].id if daily else None

    def _who(self, duty: str, body_kind: str, at: datetime) -> Actor:
        person_id = self._person(duty, body_kind, at)
        return people.actor_for(Person.objects.get(pk=person_id), at=at) if person_id is not None else HOUSE


@cache
def demo_pdf(title: str) -> bytes:
    """The same bytes each time, so that they are stored once."""
    return typeset.pdf(_PAPER, {"title": title}, made_at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM))


def demo_papers(version: procedures.VersionView, *, actor: Actor, at: datetime) -> tuple[actions.PaperIn, ...]:
    """Every required paper as the desk takes it: shown, or scanned before the dossier leaves (TT 01/2023/TT-VPCP)."""
    return tuple(
        actions.PaperIn(code=paper.code, how="shown")
        if paper.kind == "show"
        else actions.PaperIn(
            code=paper.code,
            how="scanned",
            originals=max(paper.originals, 1),
            copies=paper.copies,
            pages=1,
            file_id=store(demo_pdf(paper.name), name=f"{paper.code}.pdf", actor=actor, at=at, purpose="dossiers.paper").pk,
        )
        for paper in version.papers
        if paper.required
    )


def made_up_answers(schema: Mapping[str, Any], owner: actions.Owner, *, on: date) -> dict[str, Any]:
    """The required answers of an e-form, made up by their kind."""
    fields = schema.get("properties", {})
    return {key: _answer(fields[key], owner, on) for key in schema.get("required", ())}


def _answer(field: Mapping[str, Any], owner: actions.Owner, on: date) -> Any:
    if "enum" in field:
        return field["enum"][0]
    match field["type"]:
        case "integer":
            return max(1, field.get("minimum", 1))
        case "boolean":
            return True
        case "array":
            return [made_up_answers(field["items"], owner, on=on)] * max(1, field.get("minItems", 1))
    by_format = {
        "id-number": owner.id_number,
        "phone": owner.phone,
        "date": (on - timedelta(days=400)).isoformat(),
        "email": "vidu@vidu.vn",
    }
    by_person = {"full_name": owner.name, "address": owner.address}
    return by_format.get(field.get("format", "")) or by_person.get(field.get("x-prefill", "")) or "Ví dụ"
