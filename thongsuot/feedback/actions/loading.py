"""What a city's feedback begins with: its limits, numbers, categories and who is competent, from `data/`, by commands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from thongsuot.feedback import events
from thongsuot.feedback.models import Category, CategoryQuestion, Competence, Setting, TimeLimit
from thongsuot.feedback.queries.settings import shipped
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.text import search_key
from thongsuot.units.models import Unit

PLACE_ANSWERS = "Đơn vị nơi xảy ra [mức mặc định của hệ thống, thành phố chưa đặt]"


@command
def load_rules(city_id: int, *, actor: Actor, at: datetime) -> int:
    """Rows that are not there yet; what a city changed stays as it is. Returns how many came."""
    actor.must("manage feedback", unit_id=city_id)
    city = Unit.objects.get(pk=city_id)
    came = _limits(city) + _settings(city) + _categories(city)
    record(events.RULES_LOADED, city, actor=actor, at=at, unit_id=city_id, rows=came)
    return came


def _limits(city: Unit) -> int:
    """The city's own rows before those for every city."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in sorted(shipped("time_limits"), key=lambda row: row["city"] != ""):
        if row["city"] in {"", city.code}:
            rows[row["stream"], row["urgency"], row["step"]] = row
    came = 0
    for (stream, urgency, step), row in rows.items():
        _row, new = TimeLimit.objects.get_or_create(
            city=city,
            stream=stream,
            urgency=urgency,
            step=step,
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "value": int(row["value"]),
                "measure": row["measure"],
                "basis": row["basis"],
                "to_check": row["to_check"] == "1",
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            },
        )
        came += new
    return came


def _settings(city: Unit) -> int:
    came = 0
    for row in shipped("settings"):
        _row, new = Setting.objects.get_or_create(
            city=city,
            key=row["key"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={"value": int(row["value"]), "basis": row["basis"]},
        )
        came += new
    return came


def _categories(city: Unit) -> int:
    came = 0
    for place, row in enumerate(shipped("categories")):
        values: dict[str, Any] = {
            "name": row["name"],
            "group": row["group"],
            "description": row["description"],
            "stream": row["stream"],
            "keywords": [search_key(word) for word in row["keywords"].split("|") if word],
            "urgency": row["urgency"],
            "straight": row["straight"] == "1",
            "needs_place": row["needs_place"] == "1",
            "masked": row["masked"] == "1",
            "public_decimals": int(row["public_decimals"]),
            "same_metres": int(row["same_metres"]),
            "same_days": int(row["same_days"]),
            "place": place,
            "valid_from": date(2025, 7, 1),
        }
        category, new = Category.objects.get_or_create(city=city, code=row["code"], defaults=values)
        if new:
            came += 1
            _questions(category, row["code"])
            Competence.objects.create(
                city=city,
                category=category,
                basis=PLACE_ANSWERS,
                valid_from=date(2025, 7, 1),
            )
    return came


def _questions(category: Category, code: str) -> None:
    rows = [row for row in shipped("questions") if row["category"] == code]
    for place, row in enumerate(rows):
        CategoryQuestion.objects.create(
            category=category,
            code=row["code"],
            asks=row["asks"],
            hint=row["hint"],
            kind=row["kind"],
            required=row["required"] == "1",
            answers=[pair.split("=", 1) for pair in row["answers"].split("|") if pair],
            personal=row["personal"] == "1",
            place=place,
        )
