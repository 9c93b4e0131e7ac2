"""Who may call, on which terms, and how often they did."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.open311 import rules
from thongsuot.open311.errors import BadKey
from thongsuot.open311.models import AccessTerms, ApiKey, Usage

BEGINS = "o311_"


@dataclass(frozen=True, kw_only=True)
class TermsRow:
    """`basis`: why it is so; of the system where the city set none."""

    keyless: bool = False
    by_token: bool = False
    read_hour: int = rules.READ_HOUR
    keyless_hour: int = rules.KEYLESS_HOUR
    basis: str = ""


def terms(city_id: int, *, on: date) -> TermsRow:
    row = AccessTerms.objects.filter(in_force(on), city_id=city_id).order_by("-valid_from").first()
    if row is None:
        return TermsRow()
    return TermsRow(
        keyless=row.keyless,
        by_token=row.by_token,
        read_hour=row.read_hour,
        keyless_hour=row.keyless_hour,
        basis=row.basis,
    )


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of(secret: str, *, city_id: int, at: datetime) -> ApiKey | None:
    """None without a key. Raises BadKey for one that is not good, whatever the reason."""
    secret = secret.strip()
    if not secret:
        return None
    good = ApiKey.objects.filter(in_force(timezone.localdate(at)), city_id=city_id, withdrawn_at=None)
    key = good.filter(digest=digest_of(secret)).first()
    if key is None:
        raise BadKey
    return key


def goes_together(key_id: int) -> QuerySet[ApiKey]:
    """It, and the keys of which one goes on with the other."""
    keys = ApiKey.objects.annotate(line=Coalesce("first_id", "pk"))
    return keys.filter(line__in=keys.filter(pk=key_id).values("line"))


def to_go_on_with(city_id: int) -> list[tuple[int, str]]:
    """Keys a new one may go on with, withdrawn ones too: id, and how people tell them apart. Newest first."""
    keys = ApiKey.objects.filter(city_id=city_id).order_by("-made_at")[:200]
    tests = _("để thử")
    return [(key.pk, f"{key.organisation} · {key.hint}…{f' ({tests})' if key.for_tests else ''}") for key in keys]


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """One line of the list: the key and what was done with it in the last thirty days."""

    id: int
    organisation: str
    contact: str
    hint: str
    limit_hour: int
    may_report: bool
    may_update: bool
    for_tests: bool
    goes_on: bool
    valid_from: date
    valid_to: date | None
    state: str  # works, before, over, withdrawn
    reads: int
    sends: int
    refused: int


def keys(city_id: int, *, at: datetime, limit: int = 200) -> list[KeyRow]:
    """Newest first. Two queries."""
    day = timezone.localdate(at)
    since = at - timedelta(days=30)
    counted = {
        row["api_key_id"]: row
        for row in Usage.objects.filter(city_id=city_id, hour__gte=since, api_key__isnull=False)
        .values("api_key_id")
        .annotate(r=Sum("reads"), s=Sum("sends"), f=Sum("refused"))
    }
    none = {"r": 0, "s": 0, "f": 0}
    found = []
    for key in ApiKey.objects.filter(city_id=city_id).order_by("-made_at")[:limit]:
        used = counted.get(key.pk, none)
        found.append(
            KeyRow(
                id=key.pk,
                organisation=key.organisation,
                contact=key.contact,
                hint=key.hint,
                limit_hour=key.limit_hour,
                may_report=key.may_report,
                may_update=key.may_update,
                for_tests=key.for_tests,
                goes_on=key.first_id is not None,
                valid_from=key.valid_from,
                valid_to=key.valid_to,
                state=_state(key, day),
                reads=used["r"],
                sends=used["s"],
                refused=used["f"],
            )
        )
    return found


def _state(key: ApiKey, day: date) -> str:
    if key.withdrawn_at is not None:
        return "withdrawn"
    if day < key.valid_from:
        return "before"
    return "over" if key.is_past(day) else "works"


@dataclass(frozen=True, kw_only=True)
class DayRow:
    day: date
    reads: int
    sends: int
    refused: int


def days(city_id: int, *, at: datetime, last: int = 14) -> Sequence[DayRow]:
    """Calls of each of the last days, with and without a key. One query."""
    since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=last - 1)
    rows = (
        Usage.objects.filter(Q(hour__gte=since), city_id=city_id)
        .annotate(day=TruncDate("hour", tzinfo=VIET_NAM))
        .values("day")
        .annotate(r=Sum("reads"), s=Sum("sends"), f=Sum("refused"))
        .order_by("-day")
    )
    return [DayRow(day=row["day"], reads=row["r"], sends=row["s"], refused=row["f"]) for row in rows]
