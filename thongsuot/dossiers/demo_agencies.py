"""Demo dossiers of several agencies: filed elsewhere with paper on its way, land unpaid, a department's at a branch.

Needs the people of `people.demo` and the agencies of `units.loading`; what is missing leaves its story out.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from thongsuot.dossiers import actions
from thongsuot.dossiers.demo import demo_papers, demo_pdf, made_up_answers
from thongsuot.dossiers.models import Dossier, PaperDebt
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar, add_working_days
from thongsuot.people import queries as people
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

LAND, NEAR, DESIGN = "1.013978", "1.001193", "1.013239"


def load_demo(city_id: int, *, at: datetime) -> int:
    """How many came; none where the first ward has a dossier of another unit already. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    wards = demo_units(city_id, at=at)
    if len(wards) < 2 or PaperDebt.objects.exists():
        return 0
    with transaction.atomic():
        scene = _Scene(city_id, now=at)
        stories = [scene.filed_elsewhere(wards[0], wards[1]), scene.land(wards[0]), scene.at_branch()]
        return sum(stories)


class _Scene:
    """Past working hours of the city, and who acts."""

    def __init__(self, city_id: int, *, now: datetime) -> None:
        self.city_id, self.now = city_id, now
        self.today = timezone.localdate(now)
        self.calendar: WorkingCalendar = units.working_calendar(city_id, on=self.today)

    def moment(self, days: int, hour: str) -> datetime:
        """That hour, so many working days ago."""
        day = timezone.localdate(self.now)
        for _day in range(days):
            day = self.calendar.last_working_day(day)
        return datetime.combine(day, time.fromisoformat(hour), VIET_NAM)

    def who(self, name: str, at: datetime, unit: units.UnitRow | None = None) -> Actor | None:
        person = Person.objects.filter(email=email_of(name, unit)).first()
        return people.actor_for(person, at=at) if person is not None else None

    def receive(self, code: str, actor: Actor, at: datetime, *, here: int, resolver: int, owner: actions.Owner) -> Dossier:
        version = procedures.version_in_force(code, on=timezone.localdate(at))
        papers = demo_papers(version, actor=actor, at=at)
        intake = actions.Intake(
            procedure=code,
            receiving_unit_id=here,
            resolving_unit_id=resolver,
            owner=owner,
            papers=papers,
            form=made_up_answers(version.form_schema, owner, on=timezone.localdate(at)),
        )
        answer = actions.receive_dossier(intake, actor=actor, at=at)
        return Dossier.objects.get(pk=answer["id"])

    def filed_elsewhere(self, here: units.UnitRow, there: units.UnitRow) -> int:
        """Two births for the other ward: one on its way with a slip, one whose paper is still owed."""
        at = self.moment(2, "09:20")
        desk = self.who("lan", at)
        version = procedures.version_in_force(NEAR, on=timezone.localdate(at))
        if desk is None or not version.non_boundary:
            return 0
        for place, name in enumerate(("Nguyễn Thị Xa", "Lê Văn Gần")):
            began = at + timedelta(minutes=25 * place)
            owner = actions.Owner(
                name=name,
                id_number=f"00143100400{place}",
                phone=f"090000400{place}",
                address=f"Tổ dân phố 4, {there.full_name}",
            )
            dossier = self.receive(NEAR, desk, began, here=here.id, resolver=there.id, owner=owner)
            sent = began + timedelta(minutes=15)
            actions.forward(dossier.pk, step_key=version.steps[0].key, actor=desk, at=sent)
        debt = PaperDebt.objects.filter(from_unit_id=here.id).order_by("pk").first()
        if debt is not None:
            actions.send_papers(
                [debt.pk],
                from_unit_id=here.id,
                to_unit_id=there.id,
                carrier="Xe công vụ của phường",
                actor=desk,
                at=self.moment(1, "14:10"),
            )
        return 2

    def land(self, ward: units.UnitRow) -> int:
        """First registration of land: the tax office's notice is out, the clock stands still until payment is proved."""
        at = self.moment(16, "08:45")
        names = ("lan", "son", "quang", "dia")
        lan, son, quang, dia = (self.who(name, at) for name in names)
        if lan is None or son is None or quang is None or dia is None:
            return 0
        owner = actions.Owner(
            name="Đinh Thị Ruộng", id_number="001431004078", phone="0900004078", address=f"Ngõ Ví Dụ, {ward.full_name}"
        )
        dossier = self.receive(LAND, lan, at, here=ward.id, resolver=ward.id, owner=owner)
        steps = procedures.version(dossier.version_id).steps
        keys = [step.key for step in steps]
        actions.forward(dossier.pk, step_key=keys[0], actor=lan, at=self.moment(16, "10:30"))
        actions.forward(dossier.pk, step_key=keys[1], to_person=quang.person_id, actor=son, at=self.moment(16, "14:00"))
        actions.forward(dossier.pk, step_key=keys[2], actor=quang, at=self.moment(11, "09:30"))
        actions.take_over_leg(dossier.pk, actor=dia, at=self.moment(11, "10:15"))
        actions.forward(dossier.pk, step_key=keys[3], actor=dia, at=self.moment(4, "11:00"))  # eight hours late: charged to it
        day = add_working_days(timezone.localdate(self.now), 20, self.calendar)
        notice = store(
            demo_pdf("Thông báo nộp tiền (ví dụ)"),
            name="thong-bao-nop-tien.pdf",
            actor=quang,
            at=at,
            purpose="dossiers.payment_notice",
        )
        actions.notice_for_partner(
            dossier.pk,
            step_key=keys[4],
            answered_by="Bà Nguyễn Thị Thuế (ví dụ)",
            document="128/TB-TCS (ví dụ)",
            number="128/TB-TCS",
            amount_dong=36_500_000,
            pay_by=day,
            file_id=notice.pk,
            actor=quang,
            at=self.moment(2, "15:00"),
        )
        return 1

    def at_branch(self) -> int:
        """A department's procedure, received at the first branch of the city's centre."""
        at = self.moment(3, "09:05")
        desk = self.who("chinhanh", at)
        branch = next(iter(units.agencies_of(self.city_id, kind="branch", on=self.today)), None)
        day = timezone.localdate(at)
        department = next(
            (row for row in units.agencies_of(self.city_id, kind="department", on=day) if row.full_name == "Sở Xây dựng"), None
        )
        if desk is None or branch is None or department is None:
            return 0
        owner = actions.Owner(
            name="Công ty cổ phần Xây Ví Dụ", kind=2, id_number="0100000409", phone="0900004099", address="Số 9 đường Ví Dụ"
        )
        dossier = self.receive(DESIGN, desk, at, here=branch.id, resolver=department.id, owner=owner)
        key = procedures.version(dossier.version_id).steps[0].key
        actions.forward(dossier.pk, step_key=key, actor=desk, at=self.moment(3, "10:00"))
        return 1
