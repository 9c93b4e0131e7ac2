"""A small town with its cast, and dossiers made by the real commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier
from thongsuot.files.actions import store
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import FeeRule, Paper, Step
from thongsuot.procedures.models import ProcedureVersion
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units.loading import load_agencies
from thongsuot.units.models import Body, Serving
from thongsuot.units.tests.make import MadeCity, make_city

MONDAY = datetime(2025, 10, 6, 9, 0, tzinfo=VIET_NAM)  # a plain working week: no holiday, nothing swapped
FIVE_DAYS = Limit(5, LimitUnit.WORKING_DAYS)
HOUSE = system("cli")
PDF = pdf()

# 40 working hours: the limit of five days.
STEPS = (
    Step(key="tiep-nhan", name="Tiếp nhận", duty="receive dossiers", minutes=240, body_kind="service_centre"),
    Step(key="phan-cong", name="Phân công", duty="assign dossiers", minutes=240, body_kind="office"),
    Step(key="tham-dinh", name="Thẩm định", duty="process dossiers", minutes=960, body_kind="office", parallel_opinions=True),
    Step(key="soat", name="Soát", duty="review dossiers", minutes=480, body_kind="office"),
    Step(key="ky", name="Ký", duty="sign results", minutes=360, body_kind="people_committee"),
    Step(key="vao-so", name="Vào sổ", duty="issue results", minutes=120, body_kind="office"),
    Step(key="tra", name="Trả kết quả", duty="hand back results", minutes=240, counted=False, body_kind="service_centre"),
)
PAPERS = (
    Paper(code="to-khai", name="Tờ khai", kind="form", required=False),
    Paper(code="giay-chung-nhan", name="Giấy chứng nhận", originals=1),
    Paper(code="van-ban-khac", name="Văn bản khác", required=False, only_if="khi nộp thay"),
)
FEE = FeeRule(
    code="le-phi",
    name="Lệ phí cấp giấy",
    kind="levy",
    basis="Nghị quyết ví dụ",
    valid_from=date(2025, 7, 1),
    form="per_copy",
    amount_dong=8000,
    quantity="copies",
    online_percent=50,
)


@dataclass
class Town:
    """Thành phố Ví Dụ. Phường Sông: Lan at the counter, Toàn, Tâm process, Việt assigns and reviews, Hạnh signs, Thu files."""

    city: MadeCity
    version: ProcedureVersion
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def river(self) -> int:
        return self.city.river.pk

    @property
    def hill(self) -> int:
        return self.city.hill.pk

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)


def make_town(*, code: str = "9.000001", limit: Limit = FIVE_DAYS, steps: tuple[Step, ...] = STEPS, **draft: Any) -> Town:
    city = make_city()
    version = make_procedure(
        code,
        city_id=city.city.pk,
        limit=limit,
        steps=steps,
        **{"papers": PAPERS, "fee_rules": (FEE,), "non_boundary": True, **draft},
    )
    town = Town(city=city, version=version)
    for name, kind, title, duties in (
        ("lan", "service_centre", "Công chức tiếp nhận", ["receive dossiers", "hand back results"]),
        ("toan", "office", "Chuyên viên", ["process dossiers"]),
        ("tam", "office", "Chuyên viên", ["process dossiers"]),
        ("viet", "office", "Chánh Văn phòng", ["assign dossiers", "review dossiers"]),
        ("hanh", "people_committee", "Phó Chủ tịch", ["sign results", "see figures"]),
        ("thu", "office", "Văn thư", ["issue results"]),
    ):
        town.people[name] = make_officer(city, city.river, kind, name, title, duties)
    town.people["doi"] = make_officer(
        city, city.hill, "service_centre", "doi", "Công chức tiếp nhận", ["receive dossiers", "hand back results"]
    )
    return town


NAMES = {
    "lan": "Nguyễn Thị Lan",
    "toan": "Nguyễn Văn Toàn",
    "tam": "Lê Thị Tâm",
    "viet": "Đặng Quốc Việt",
    "hanh": "Phạm Thị Hạnh",
    "thu": "Trần Thị Thu",
    "doi": "Vũ Văn Đồi",
}


def make_officer(city: MadeCity, unit: Any, kind: str, name: str, title: str, duties: list[str]) -> Person:
    return open_account(
        email=f"{name}@vidu.vn",
        full_name=NAMES.get(name, name.title()),
        body_id=city.body(unit, kind).pk,
        title=title,
        duties=duties,
        valid_from=date(2025, 7, 1),
        actor=HOUSE,
        at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
    )


def minh(**changes: Any) -> actions.Owner:
    """The citizen. His ID number belongs to the 22nd century, so to nobody."""
    return actions.Owner(
        **{
            "name": "Hoàng Văn Minh",
            "id_number": "001412345678",
            "phone": "0912345678",
            "email": "minh@vidu.vn",
            "address": "12 phố Bến",
            **changes,
        }
    )


def an_intake(town: Town, **changes: Any) -> actions.Intake:
    return actions.Intake(
        **{
            "procedure": town.version.procedure.code,
            "receiving_unit_id": town.river,
            "resolving_unit_id": town.river,
            "owner": minh(),
            "papers": (actions.PaperIn(code="giay-chung-nhan"),),
            "quantities": {"copies": 2},
            **changes,
        }
    )


def receive(town: Town, *, at: datetime = MONDAY, by: str = "lan", **changes: Any) -> Dossier:
    answer = actions.receive_dossier(an_intake(town, **changes), actor=town.actor(by, at), at=at)
    return Dossier.objects.get(pk=answer["id"])


def a_file(at: datetime = MONDAY, name: str = "ket-qua.pdf", *, by: Actor = HOUSE) -> int:
    stored = store(PDF, name=name, actor=by, at=at, purpose="dossiers.result")
    return stored.pk


def forward_to(town: Town, dossier: Dossier, step: str, *, at: datetime) -> Dossier:
    """Run the dossier on until `step` is the open one, each step done by whoever has it."""
    version = procedures.version(dossier.version_id)
    doers = {
        "receive dossiers": "lan",
        "assign dossiers": "viet",
        "process dossiers": "toan",
        "review dossiers": "viet",
        "sign results": "hanh",
        "issue results": "thu",
    }
    while dossier.step_no is not None and version.steps[dossier.step_no].key != step:
        current = version.steps[dossier.step_no]
        actor = town.actor(doers[current.duty], at)
        if current.duty == "process dossiers":
            actions.draft_result(dossier.pk, title="Giấy thử nghiệm", file_id=a_file(at, by=actor), actor=actor, at=at)
        to = town.people["toan"].pk if current.duty == "assign dossiers" else None
        dossier = actions.forward(dossier.pk, step_key=current.key, to_person=to, actor=actor, at=at)
    return dossier


def resolve(town: Town, dossier: Dossier, *, at: datetime) -> Dossier:
    return forward_to(town, dossier, "tra", at=at)


# 80 working hours: the limit of ten days, shared by the ward, the land registration office and the tax office.
LAND_STEPS = (
    Step(key="tiep-nhan", name="Tiếp nhận", duty="receive dossiers", minutes=240, body_kind="service_centre"),
    Step(key="kiem-tra", name="Kiểm tra hiện trạng", duty="process dossiers", minutes=960, body_kind="office"),
    Step(
        key="dia-chinh",
        name="Trích lục, chuyển thông tin địa chính",
        duty="process dossiers",
        minutes=960,
        agency="land_registration",
    ),
    Step(key="thue", name="Xác định nghĩa vụ tài chính", duty="process dossiers", minutes=960, agency="tax", asks_payment=True),
    Step(
        key="lap-giay",
        name="Lập giấy chứng nhận",
        duty="process dossiers",
        minutes=960,
        body_kind="office",
        parallel_opinions=True,
    ),
    Step(key="ky", name="Ký", duty="sign results", minutes=480, body_kind="people_committee"),
    Step(key="vao-so", name="Vào sổ", duty="issue results", minutes=240, body_kind="office"),
    Step(key="tra", name="Trả kết quả", duty="hand back results", minutes=0, counted=False, body_kind="service_centre"),
)
TEN_DAYS = Limit(10, LimitUnit.WORKING_DAYS)


def make_land_town(accounts: tuple[str, ...] = ("tax", "land_registration"), **draft: Any) -> Town:
    """The town with its agencies. Thuế works at the tax office and Địa at land registration, where they have accounts."""
    town = make_town(**{"limit": TEN_DAYS, "steps": LAND_STEPS, **draft})
    load_agencies("98", at=AGENCIES_AT)
    for role, name in (("tax", "thue"), ("land_registration", "dia")):
        if role in accounts:
            town.people[name] = agency_officer(town, role, name, ["process dossiers"])
    return town


AGENCIES_AT = datetime(2025, 7, 1, 8, tzinfo=VIET_NAM)


def agency_body(town: Town, kind_or_name: str) -> Body:
    """The body of an agency by its role, kind or name."""
    serving = Serving.objects.filter(role=kind_or_name, city=town.city.city).select_related("body").first()
    if serving is not None:
        return serving.body
    named = Body.objects.filter(unit__level="agency", name=kind_or_name).first()
    return named or Body.objects.filter(unit__level="agency", kind=kind_or_name).order_by("unit__code")[0]


def agency_officer(town: Town, agency: str, name: str, duties: list[str], title: str = "Cán bộ xử lý") -> Person:
    return open_account(
        email=f"{name}@vidu.vn",
        full_name=NAMES.get(name, f"{name.title()} Ví Dụ"),
        body_id=agency_body(town, agency).pk,
        title=title,
        duties=duties,
        valid_from=date(2025, 7, 1),
        actor=HOUSE,
        at=AGENCIES_AT,
    )
