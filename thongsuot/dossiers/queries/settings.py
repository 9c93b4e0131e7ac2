"""Dated settings of dossiers (`data/settings.csv`), remembered for seconds."""

from __future__ import annotations

from datetime import date

from thongsuot.dossiers.models import Setting
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.remember import remembered

KEYS = {
    "warn_share_percent": 70,
    "answer_online_hours": 8,
    "supplement_requests": 1,
    "supplement_days": 30,
    "draft_days": 30,
    "track_tries_per_hour": 5,
    "opinion_days": 3,
    "quality_check_percent": 20,
    "scan_min_dpi": 200,
    "scan_before_transfer": 0,
    "paper_signing": 1,
    "opinion_days_most": 15,
    "carriage_days": 1,
    "identity_level": 0,
    "help_code_minutes": 10,
    "help_minutes": 60,
    "help_tries_per_hour": 5,
    "help_name_days": 365,
}
"""Every key with the value used where no row is in force: a new installation works before its settings are loaded."""


@remembered(seconds=5)
def setting(key: str, *, on: date) -> int:
    value = Setting.objects.filter(in_force(on), key=key).order_by("-valid_from").values_list("value", flat=True).first()
    return KEYS[key] if value is None else value


@remembered(seconds=5)
def identity_level(procedure_code: str, *, on: date) -> int:
    """How well the filer of an online filing must be known: 0, or level 1 or 2 of the national identity.

    The procedure's own row (key `identity_level/<code>`) goes before the general one.
    """
    keys = ["identity_level", f"identity_level/{procedure_code}"]
    rows = dict(Setting.objects.filter(in_force(on), key__in=keys).order_by("valid_from").values_list("key", "value"))
    return rows.get(keys[1], rows.get(keys[0], KEYS["identity_level"]))
