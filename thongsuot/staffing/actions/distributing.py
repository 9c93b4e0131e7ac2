"""A number of persons dealt out to units. The parts add up exactly, or nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.staffing import events
from thongsuot.staffing.actions.errors import DoesNotAddUp
from thongsuot.staffing.models import Distribution, DistributionShare
from thongsuot.staffing.rules import MANAGE
from thongsuot.units import queries as units

MOST = 100_000


@command
def distribute(
    city_id: int,
    *,
    title: str,
    group: str,
    total: int,
    shares: Mapping[int, int],
    basis: str = "",
    effective_on: date | None = None,
    distribution_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Distribution:
    """Deal `total` persons out: {unit: persons}. With `distribution_id` anew.

    effective_on   from when it counts, and the day on which the units exist: dealt out before they begin. None: today
    Raises NotFound, NotYourDuty, BadInput, DoesNotAddUp.
    """
    actor.must(MANAGE, unit_id=city_id)
    title = one_line(title)
    problems = {}
    if not title or len(title) > 200:
        problems["title"] = _("Chưa có nội dung phân bổ, hoặc dài quá 200 chữ.")
    if group not in Distribution.Group.values:
        problems["group"] = _("Hãy chọn đối tượng trong danh sách.")
    if not 0 < total <= MOST:
        problems["total"] = _("Tổng số người là số lớn hơn 0.")
    if any(not 0 < persons <= MOST for persons in shares.values()):
        problems["shares"] = _("Mỗi phần là số người lớn hơn 0. Đơn vị không nhận ai thì bỏ dòng ấy.")
    effective_on = effective_on or timezone.localdate(at)
    if set(shares) - units.unit_ids_under(city_id, as_of=effective_on):
        problems["shares"] = _(
            "Vào ngày áp dụng có đơn vị chưa hoạt động, đã kết thúc hoặc không thuộc thành phố. Hãy chọn lại."
        )
    if problems:
        raise BadInput(problems)
    if (parts := sum(shares.values())) != total:
        raise DoesNotAddUp(total=total, parts=parts)
    kind = events.DISTRIBUTED
    if distribution_id is None:
        row = Distribution(city_id=city_id)
    else:
        found = must_exist(Distribution.objects.select_for_update().filter(pk=distribution_id, city_id=city_id).first())
        row, kind = found, events.DISTRIBUTED_ANEW
        row.shares.all().delete()
    row.title, row.group, row.basis, row.total = title, group, one_line(basis)[:200], total
    row.effective_on = effective_on
    row.saved_at, row.saved_by_name = at, actor.name
    row.save()
    DistributionShare.objects.bulk_create(
        DistributionShare(distribution=row, unit_id=unit_id, persons=persons) for unit_id, persons in shares.items()
    )
    record(
        kind,
        row,
        actor=actor,
        at=at,
        unit_id=city_id,
        total=total,
        effective_on=effective_on,
        shares={str(unit): count for unit, count in shares.items()},
    )
    return row
