"""The sync of a demo city: most dossiers told to the stand-in, a few refused for a reason that the page shows.

While the dossiers of the demo come in, the sync of its first unit rests, so that the worker does not tell them first.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.dossiers.models import Dossier, Status
from thongsuot.kernel.actor import system
from thongsuot.national_portal.actions import switch_off, switch_on
from thongsuot.national_portal.collecting import collect
from thongsuot.national_portal.models import UnitAccess
from thongsuot.national_portal.portal import chosen, is_stand_in
from thongsuot.national_portal.sending import send_due
from thongsuot.national_portal.stand_in import in_this_process
from thongsuot.people.demo import demo_units

HOUSE = system("cli")
LOADING = "Đang nạp hồ sơ mẫu"
REFUSALS = (
    ("17", "Số giấy tờ của chủ hồ sơ không khớp với dữ liệu đã có"),
    ("23", "Mã thủ tục chưa có trên Cổng"),
    ("17", "Số giấy tờ của chủ hồ sơ không khớp với dữ liệu đã có"),
)


def rest(city_id: int, *, at: datetime) -> None:
    """Before the dossiers of the demo are made. Once: never when there is a dossier already."""
    if not is_stand_in() or Dossier.objects.exists():
        return
    unit_id = demo_units(city_id, at=at)[0].id
    if not UnitAccess.objects.filter(unit_id=unit_id, off_since__isnull=False).exists():
        switch_off(unit_id, reason=LOADING, actor=HOUSE, at=at)


def tell(city_id: int, *, at: datetime) -> None:
    """After they are made: all told but a few. Nothing to do the second time."""
    resting = UnitAccess.objects.filter(off_reason=LOADING, off_since__isnull=False).first()
    portal = chosen()
    if resting is None or portal is None or not is_stand_in():
        return
    switch_on(resting.unit_id, actor=HOUSE, at=at)
    refused = Dossier.objects.filter(resolving_unit_id=resting.unit_id, status=Status.PROCESSING, code__isnull=False)
    codes = refused.order_by("pk").values_list("code", flat=True)[: len(REFUSALS)]
    mischief = in_this_process().stand_in.mischief
    mischief.refuses = {str(code): refusal for code, refusal in zip(codes, REFUSALS, strict=False)}
    try:
        collect(at=at)
        send_due(portal, clock=timezone.now)
    finally:
        mischief.refuses = {}
