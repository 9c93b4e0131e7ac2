"""Commands of indicators: the dated rules put in place, a long list asked for."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.words import Stream
from thongsuot.indicators import events
from thongsuot.indicators.models import Export, IndexBand, IndexItem
from thongsuot.indicators.queries.seen import seen_by
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units

ARRANGE = "manage feedback"
STREAMED = ("5.2", "5.3")  # items that count only some streams
LONGEST_AHEAD = timedelta(days=366)
_DATA = Path(__file__).parent / "data"


def load_rules(*, actor: Actor, at: datetime) -> int:
    """Put each dated item and band of `data/` in place unless it has a row from that day. Returns how many came."""
    known_items = set(IndexItem.objects.values_list("code", "valid_from"))
    items = [_item(row) for row in _rows("items.csv")]
    missing_items = [item for item in items if (item.code, item.valid_from) not in known_items]
    for item in missing_items:
        put_item(item, actor=actor, at=at)
    known_bands = set(IndexBand.objects.values_list("key", "valid_from"))
    bands = [_band(row) for row in _rows("bands.csv")]
    missing_bands = [band for band in bands if (band.key, band.valid_from) not in known_bands]
    for band in missing_bands:
        put_band(band, actor=actor, at=at)
    return len(missing_items) + len(missing_bands)


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _dates(row: Mapping[str, str]) -> dict[str, date | None]:
    return {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    }


def _item(row: Mapping[str, str]) -> IndexItem:
    return IndexItem(
        code=row["code"],
        group=row["group"],
        place=int(row["place"]),
        points=Decimal(row["points"]),
        threshold=Decimal(row["threshold"]) if row["threshold"] else None,
        basis=row["basis"],
        checked=row["checked"] == "1",
        streams=row["streams"],
        **_dates(row),
    )


def _band(row: Mapping[str, str]) -> IndexBand:
    return IndexBand(
        key=row["key"], floor=Decimal(row["floor"]), basis=row["basis"], checked=row["checked"] == "1", **_dates(row)
    )


@command
def put_item(item: IndexItem, *, actor: Actor, at: datetime) -> IndexItem:
    """An item with its points from a day on."""
    item.save()
    forget_all()
    record(events.ITEM_PUT, item, actor=actor, at=at, code=item.code, points=str(item.points), valid_from=item.valid_from)
    return item


@command
def put_band(band: IndexBand, *, actor: Actor, at: datetime) -> IndexBand:
    """A band with its floor from a day on."""
    band.save()
    forget_all()
    record(events.BAND_PUT, band, actor=actor, at=at, key=band.key, floor=str(band.floor), valid_from=band.valid_from)
    return band


@command
def set_streams(
    code: str, streams: Collection[str], *, basis: str, checked: bool, valid_from: date, actor: Actor, at: datetime
) -> IndexItem:
    """Which streams of feedback an item counts, from a day on: a period is judged by the row of its last day.

    Raises NotFound, NotYourDuty, BadInput.
    """
    today = timezone.localdate(at)
    units.city_of_duty(actor, ARRANGE, on=today)
    rows = IndexItem.objects.filter(code=code if code in STREAMED else "")
    before = must_exist(rows.filter(in_force(max(valid_from, today))).first())
    basis, problems = one_line(basis), dict[str, str]()
    if not streams or not set(streams) <= set(Stream.values):
        problems["streams"] = _("Hãy chọn ít nhất một luồng.")
    if not basis:
        problems["basis"] = _("Hãy ghi căn cứ.")
    elif len(basis) > 300:
        problems["basis"] = _("Phần này dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": 300}
    if not today <= valid_from <= today + LONGEST_AHEAD:
        problems["valid_from"] = _("Hãy chọn ngày từ hôm nay, trong vòng một năm: kỳ đã qua không đổi.")
    if problems:
        raise BadInput(problems)
    said = " ".join(one.value for one in Stream if one in streams)
    same: dict[str, Any] = {name: getattr(before, name) for name in ("group", "place", "points", "threshold")}
    values = {**same, "basis": basis, "checked": checked, "streams": said}
    item = change_from(rows, valid_from, {"code": code}, values)
    record(events.STREAMS_SET, item, actor=actor, at=at, code=code, streams=said, valid_from=valid_from)
    transaction.on_commit(forget_all)
    return item


@command
def ask_export(
    title: str, *, wanted: Mapping[str, Any], unit_ids: frozenset[int], rows: int, actor: Actor, at: datetime
) -> Export:
    """Have a long list made by the worker. Raises NotYourDuty."""
    from thongsuot.indicators import tasks  # the queue needs the app registry

    if actor.person_id is None:
        raise NotYourDuty("see figures")  # the file waits for a person
    if not unit_ids <= seen_by(actor, on=timezone.localtime(at).date()).unit_ids:
        raise NotYourDuty("see figures")
    export = Export.objects.create(
        asked_by_id=actor.person_id, asked_at=at, title=title[:300], wanted={**wanted, "units": sorted(unit_ids)}, rows=rows
    )
    record(events.EXPORT_ASKED, export, actor=actor, at=at, rows=rows)
    tasks.make_export.defer(export_id=export.pk)
    return export
