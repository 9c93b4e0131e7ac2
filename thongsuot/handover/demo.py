"""A handover for a demo city: two old wards on their way to its first ward, one half listed, one counted in. All made up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.handover import actions
from thongsuot.handover.models import Changeover
from thongsuot.handover.queries.inventory import begins
from thongsuot.handover.rules.classes import classes, read_line
from thongsuot.kernel.actor import Actor, system
from thongsuot.people import queries as people
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.units import queries as units
from thongsuot.units.models import Decision, Succession

HOUSE = system("cli")
_FIRST = (
    ("archives", {"name": "Tài liệu Văn phòng HĐND và UBND", "quantity": "42,5", "from_year": "1976", "to_year": "2025",
                  "arranged": "Chỉnh lý hoàn chỉnh", "boxes": "340", "state_text": "Còn tốt"}),
    ("archives", {"name": "Tài liệu địa chính, xây dựng", "quantity": "18,2", "from_year": "1993", "to_year": "2025",
                  "arranged": "Chưa chỉnh lý", "state_text": "Bó, gói; một phần bị ẩm"}),
    ("assets", {"name": "Máy quét tài liệu", "kind": "Máy móc, thiết bị", "year": "2021", "amount_dong": "32.000.000",
                "remaining_dong": "12.800.000", "state_text": "Còn dùng được"}),
    ("assets", {"name": "Bàn họp lớn", "kind": "Bàn ghế, tủ", "year": "2012", "amount_dong": "9.500.000",
                "remaining_dong": "0", "state_text": "Một chân gãy"}),
    ("premises", {"name": "Trụ sở UBND phường cũ", "use": "Trụ sở thứ hai", "area": "640", "state_text": "Đang sử dụng"}),
    ("premises", {"name": "Nhà họp tổ dân phố số 3", "use": "Dôi dư", "area": "85", "state_text": "Bỏ trống từ tháng 5"}),
    ("seals", {"name": "Dấu UBND phường", "kind": "Dấu ướt", "registration": "Ví dụ 01"}),
)  # fmt: skip
_SECOND = (
    ("books", {"name": "Sổ đăng ký khai sinh", "kind": "Khai sinh", "year": "2024", "pages": "200", "scanned": "Có"}),
    ("books", {"name": "Sổ đăng ký kết hôn", "kind": "Kết hôn", "year": "2024", "pages": "100", "scanned": "Có"}),
    ("assets", {"name": "Máy chiếu", "kind": "Máy móc, thiết bị", "year": "2018", "amount_dong": "14.000.000",
                "remaining_dong": "2.000.000", "state_text": "Mờ bóng"}),
)  # fmt: skip


def load_demo(city_id: int, *, at: datetime) -> int:
    """Open the changeover that made the demo's first ward; nothing to do the second time. Raises DemoInProduction.

    Returns how many things are listed.
    """
    if settings.PRODUCTION:
        raise DemoInProduction
    new = demo_units(city_id, at=at)[0]
    whole = Succession.objects.filter(
        new_unit=new.id, extent=Succession.Extent.WHOLE, decision__state=Decision.State.APPROVED
    ).order_by("old_unit__code")[:2]
    who, head = (Person.objects.filter(email=email_of(name, None)).first() for name in ("binh", "hanh"))
    if len(whole) < 2 or who is None or head is None or Changeover.objects.exists():
        return 0
    one = actions.open_changeover(whole[0].decision_id, actor=HOUSE, at=at)
    for row in whole:
        old = units.unit_row(row.old_unit_id, as_of=one.effective_on)
        actions.name_representative(
            one.pk,
            unit_id=old.id,
            email=who.email,
            title=f"Chủ tịch UBND {old.full_name}",
            heads=True,
            actor=HOUSE,
            at=at,
        )
    hands, takes = people.actor_for(who, at=at), people.actor_for(head, at=at)
    count = _list(one, whole[0].old_unit_id, _FIRST, hands, at) + _list(one, whole[1].old_unit_id, _SECOND, hands, at)
    box = actions.open_box(
        one.pk, unit_id=whole[0].old_unit_id, to_unit_id=new.id, content="Thiết bị một cửa", actor=hands, at=at
    )
    code = one.items.filter(unit=whole[0].old_unit_id, klass="assets").order_by("code").values_list("code", flat=True)[0]
    actions.put_in(box.pk, codes=[code], actor=hands, at=at)
    actions.move_box(box.pk, step="seal", said="NP-0001", actor=hands, at=at)
    actions.declare(one.pk, unit_id=whole[1].old_unit_id, klasses=list(classes()), actor=hands, at=at)
    _count_in(one, whole[1].old_unit_id, new.id, takes, at)
    _note_seals(one, at)
    return count


def _note_seals(one: Changeover, at: datetime) -> None:
    """All new units but two have theirs: these two block the go."""
    for unit_id in sorted(begins(one))[:-2]:
        actions.note_new_seal(
            one.pk,
            unit_id=unit_id,
            kind="Dấu ướt",
            registration=f"Ví dụ {unit_id}",
            received_on=min(timezone.localdate(at), one.effective_on),
            actor=HOUSE,
            at=at,
        )


def _list(one: Changeover, unit_id: int, rows: tuple[tuple[str, dict[str, str]], ...], actor: Actor, at: datetime) -> int:
    name = units.unit_row(unit_id, as_of=one.effective_on).full_name
    for klass, cells in rows:
        line, wrong = read_line(classes()[klass], {"fonds": f"UBND {name}", **cells})
        assert line is not None, wrong
        actions.list_item(one.pk, unit_id=unit_id, klass=klass, line=line, actor=actor, at=at)
    return len(rows)


def _count_in(one: Changeover, old: int, new: int, actor: Actor, at: datetime) -> None:
    """The books are there, the projector is not."""
    books = one.items.filter(unit=old, klass="books").values_list("pk", flat=True)
    actions.receive_picked(one.pk, to_unit_id=new, item_ids=list(books), actor=actor, at=at)
    projector = one.items.get(unit=old, klass="assets")
    actions.dispute(
        one.pk,
        what="item",
        row_id=projector.pk,
        reason="Không có trong xe chở ngày đầu",
        owner="Văn phòng HĐND và UBND phường cũ",
        until=timezone.localdate(at) + timedelta(days=10),
        actor=actor,
        at=at,
    )
