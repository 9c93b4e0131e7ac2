"""People of a demo city: enough for a dossier to be received, processed, signed and handed back. Everyone is made up.

Production never has them: `load_demo` refuses, and the start refuses a database in which one is left (config/checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.text import slug
from thongsuot.people import actions, queries
from thongsuot.people.models import Person
from thongsuot.units import queries as units

PASSWORD = "thong-suot-2026"  # noqa: S105 - everyone may know it
DOMAIN = "demo.thongsuot.vn"
LOADER = system("cli")


class DemoInProduction(RuntimeError):
    """People whose password everyone knows have no place where real dossiers are."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """One post of the cast. `names`: one for each unit of the demo, in order."""

    who: str
    kind: str
    title: str
    names: tuple[str, str, str]


CAST = (
    Role(
        who="lan", kind="service_centre", title="Công chức tiếp nhận", names=("Nguyễn Thị Lan", "Phạm Ngọc Lan", "Bùi Thị Lan")
    ),
    Role(
        who="toan",
        kind="office",
        title="Công chức tư pháp - hộ tịch",
        names=("Nguyễn Văn Toàn", "Đỗ Minh Toàn", "Khuất Duy Toàn"),
    ),
    Role(who="viet", kind="office", title="Chánh Văn phòng", names=("Trần Quốc Việt", "Hoàng Anh Việt", "Nguyễn Đức Việt")),
    Role(who="hanh", kind="people_committee", title="Phó Chủ tịch", names=("Lê Thị Hạnh", "Vũ Hồng Hạnh", "Phùng Thị Hạnh")),
    Role(who="ketoan", kind="office", title="Kế toán", names=("Uông Thị Kế", "Lã Thị Toán", "Tiêu Văn Kế")),
    Role(who="thu", kind="office", title="Văn thư", names=("Đặng Minh Thư", "Ngô Anh Thư", "Cấn Thị Thư")),
    Role(who="son", kind="economy_office", title="Trưởng phòng", names=("Phan Hải Sơn", "Trịnh Ngọc Sơn", "Đinh Công Sơn")),
    Role(who="quang", kind="economy_office", title="Chuyên viên", names=("Lý Đăng Quang", "Tạ Minh Quang", "Kiều Xuân Quang")),
    Role(
        who="huong",
        kind="culture_society_office",
        title="Trưởng phòng",
        names=("Mai Thu Hương", "Đào Lan Hương", "Hà Thị Hương"),
    ),
    Role(
        who="nga",
        kind="culture_society_office",
        title="Chuyên viên",
        names=("Dương Thúy Nga", "Lương Thị Nga", "Chu Quỳnh Nga"),
    ),
    Role(who="binh", kind="service_centre", title="Giám đốc", names=("Đoàn Thanh Bình", "Tô Hòa Bình", "Vương Văn Bình")),
)
CITY_CAST = (
    Role(who="quantri", kind="service_centre", title="Quản trị hệ thống", names=("Hồ Quốc Quân", "", "")),
    Role(who="lanhdao", kind="people_committee", title="Phó Chủ tịch", names=("Trương Mỹ Hoa", "", "")),
    Role(who="thuphi", kind="people_committee", title="Phụ trách thu phí, lệ phí", names=("Đàm Văn Phí", "", "")),
    Role(who="chitra", kind="people_committee", title="Phụ trách chi trả trợ cấp", names=("Bạch Văn Chi", "", "")),
    Role(who="duyetchi", kind="people_committee", title="Duyệt chi trả trợ cấp", names=("La Thị Duyệt", "", "")),
    Role(who="tongdai", kind="people_committee", title="Tổng đài viên 1022", names=("Kim Thị Đài", "", "")),
    Role(who="thoai", kind="people_committee", title="Tổng đài viên 1022", names=("Ôn Văn Thoại", "", "")),
    Role(who="truongdai", kind="people_committee", title="Trưởng tổng đài 1022", names=("Hứa Thị Tổng", "", "")),
    Role(who="noivu", kind="people_committee", title="Quản lý cán bộ (nội vụ)", names=("Thái Văn Nội", "", "")),
    Role(who="tiepdan", kind="people_committee", title="Phụ trách tiếp công dân", names=("Giàng Thị Tiếp", "", "")),
    Role(who="phaply", kind="people_committee", title="Phụ trách trợ giúp pháp lý", names=("Doãn Thị Pháp", "", "")),
    Role(
        who="tochuc",
        kind="people_committee",
        title="Phụ trách cán bộ diện cấp ủy quản lý",
        names=("Nghiêm Thị Tổ", "", ""),
    ),
)
# (names, after how many people comes the next): all different for a long while.
DESK_NAMES = (
    (("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương"), 1),
    (("Thị", "Thu", "Minh", "Ngọc", "Thanh"), 11),
    (("Hà", "Lam", "My", "Oanh", "Quyên", "Thảo", "Vân"), 2),
)
# Of agencies, by name; one that the city does not have is left out. The tax office has none: its answers come by the mailbox.
AGENCY_CAST = (
    ("dia", "Văn phòng đăng ký đất đai (ví dụ)", "Cán bộ xử lý", "Tống Văn Địa"),
    ("chinhanh", "Chi nhánh số 1", "Nhân viên chi nhánh", "Quách Thu Chi"),
    ("xaydung", "Sở Xây dựng", "Trưởng phòng", "Âu Dương Xây"),
    ("thamdinh", "Sở Xây dựng", "Chuyên viên", "Mạc Thị Thẩm"),
    ("giamdoc", "Sở Xây dựng", "Phó Giám đốc", "Cù Huy Dựng"),
    ("vanthu", "Sở Xây dựng", "Văn thư", "Ninh Thị Thư"),
)
CITIZEN = ("minh", "Trần Văn Minh")
# Born in 2131: nobody living has this number.
CITIZEN_ID_NUMBER = "001431000077"
CITIZEN_PHONE = "0912000077"
# Two wards and a rural commune of a city, by code; elsewhere the first two wards and the first commune by name.
CHOSEN = {"01": ("00070", "00004", "09661")}


@dataclass(frozen=True, kw_only=True)
class DemoAccount:
    """For the greeting: an address to log in with, and what it is good for."""

    email: str
    name: str
    post: str


def email_of(who: str, unit: units.UnitRow | None) -> str:
    """lan@… in the first unit, lan.badinh@… in the others (`unit` None: the first)."""
    return f"{who}.{slug(unit.name).replace('-', '')}@{DOMAIN}" if unit else f"{who}@{DOMAIN}"


def demo_units(city_id: int, *, at: datetime) -> list[units.UnitRow]:
    """The units that have people, the one the story plays in first."""
    day = timezone.localtime(at).date()
    communes = [row for row in units.units_under(city_id, as_of=day) if row.level == "commune"]
    by_code = {row.code: row for row in communes}
    chosen = [by_code[code] for code in CHOSEN.get(units.unit_row(city_id, as_of=day).code, ()) if code in by_code]
    wards = [row for row in communes if row.kind == "phuong" and row not in chosen]
    others = [row for row in communes if row.kind != "phuong" and row not in chosen]
    return (chosen or [*wards[:2], *others[:1]])[:3]


def load_demo(
    city_id: int, *, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[DemoAccount]:
    """Make who is missing, through the commands; nothing to do the second time. Raises DemoInProduction.

    progress   (made so far, of how many)
    """
    if settings.PRODUCTION:
        raise DemoInProduction
    day = timezone.localtime(at).date()
    places: list[tuple[Role, int, int, units.UnitRow | None]] = [(role, 0, city_id, None) for role in CITY_CAST]
    for place, commune in enumerate(demo_units(city_id, at=at)):
        places += [(role, place, commune.id, commune if place else None) for role in CAST]
    made = []
    for done, (role, place, unit_id, unit) in enumerate(places):
        progress(done, len(places))
        body = units.body(unit_id, role.kind, as_of=day)
        email = email_of(role.who, unit)
        if body is None or Person.objects.filter(email=email).exists():
            continue
        made.append(
            actions.open_account(
                email=email,
                full_name=role.names[place],
                body_id=body.id,
                title=role.title,
                valid_from=body.valid_from,
                is_demo=True,
                actor=LOADER,
                at=at,
            ).pk
        )
    made += _agency_people(city_id, at=at)
    # One hash for all: thirty of them would take ten seconds of the first start, and everyone knows the password anyway.
    Person.objects.filter(pk__in=made).update(password=make_password(PASSWORD))
    _citizen(demo_units(city_id, at=at)[0].id, at=at)
    progress(len(places), len(places))
    return demo_accounts(at=at)


def open_desks(city_id: int, *, at: datetime) -> int:
    """Somebody who receives in the centre of each commune that has no cast; how many came. Nobody logs in as one of them."""
    day, made = timezone.localtime(at).date(), 0
    cast = {unit.id for unit in demo_units(city_id, at=at)}
    communes = [row for row in units.units_under(city_id, as_of=day) if row.level == "commune" and row.id not in cast]
    known = set(Person.objects.filter(email__in=[desk_of(row) for row in communes]).values_list("email", flat=True))
    for place, unit in enumerate(communes):
        body = units.body(unit.id, "service_centre", as_of=day)
        if body is None or desk_of(unit) in known:
            continue
        family, middle, given = (names[place // turn % len(names)] for names, turn in DESK_NAMES)
        actions.open_account(
            email=desk_of(unit),
            full_name=f"{family} {middle} {given}",
            body_id=body.id,
            title="Công chức tiếp nhận",
            valid_from=body.valid_from,
            is_demo=True,
            actor=LOADER,
            at=at,
        )
        made += 1
    return made


def desk_of(unit: units.UnitRow) -> str:
    return f"tiepnhan.{unit.code}@{DOMAIN}"


def _agency_people(city_id: int, *, at: datetime) -> list[int]:
    """Those of the city's agencies who are missing; their ids."""
    day, made = timezone.localtime(at).date(), []
    known = {row.full_name: row for row in units.agencies_of(city_id, on=day)}
    for who, agency, title, name in AGENCY_CAST:
        unit = known.get(agency)
        if unit is None or Person.objects.filter(email=email_of(who, None)).exists():
            continue
        body = units.bodies_of(unit.id, as_of=day)[0]
        made.append(
            actions.open_account(
                email=email_of(who, None),
                full_name=name,
                body_id=body.id,
                title=title,
                valid_from=body.valid_from,
                is_demo=True,
                actor=LOADER,
                at=at,
            ).pk
        )
    return made


def _citizen(unit_id: int, *, at: datetime) -> None:
    email = email_of(CITIZEN[0], None)
    if Person.objects.filter(email=email).exists():
        return
    person = actions.register_citizen(
        email=email,
        full_name=CITIZEN[1],
        phone=CITIZEN_PHONE,
        password=PASSWORD,
        email_verified=True,
        is_demo=True,
        actor=ANYONE,
        at=at,
    )
    lan = Person.objects.get(email=email_of("lan", None))
    actions.confirm_identity(
        person.pk, id_number=CITIZEN_ID_NUMBER, unit_id=unit_id, actor=queries.actor_for(lan, at=at), at=at
    )


def demo_accounts(*, at: datetime) -> list[DemoAccount]:
    """The accounts worth naming in a greeting: the first unit's way of a dossier, the city's two, and the citizen."""
    wanted = [email_of(who, None) for who in ("minh", "lan", "viet", "toan", "hanh", "thu", "quantri", "lanhdao")]
    found = {person.email: person for person in Person.objects.filter(email__in=wanted, is_demo=True)}
    return [
        DemoAccount(email=email, name=found[email].full_name, post=queries.actor_for(found[email], at=at).post or "Người dân")
        for email in wanted
        if email in found
    ]
