"""Commands of indicators: the dated rules put in place, a long list asked for."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from thongsuot.indicators import events
from thongsuot.indicators.models import Export, IndexBand, IndexItem
from thongsuot.indicators.queries.seen import seen_by
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.remember import forget_all

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
