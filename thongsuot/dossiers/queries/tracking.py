"""Following a dossier by its code: what anyone may see, and what only the owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import F
from django.utils import timezone

from thongsuot.dossiers import rules
from thongsuot.dossiers.actions.errors import TooManyTries, WrongSecret
from thongsuot.dossiers.models import Dossier, Status, TrackTry
from thongsuot.dossiers.queries.dates import due_of
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.prepared import Statement, json_value
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

_FOUND = """
SELECT json_build_array(
         id, coalesce(code, submission_code), version_id, resolving_unit_id, receiving_unit_id, status, submitted_at,
         answer_due_at, received_at, due_at, warn_at, promised_at, paused_at, extended_days, resolved_at, ended_at)
  FROM dossiers_dossier WHERE {column} = $1
"""
BY_CODE = Statement(b"dossiers_by_code", _FOUND.format(column="code"))
BY_SUBMISSION_CODE = Statement(b"dossiers_by_submission_code", _FOUND.format(column="submission_code"))


class Tracked(msgspec.Struct, array_like=True, frozen=True):
    """What anyone with the code may see: nothing of the person. The fields are those of `_FOUND`, in its order."""

    id: int
    code: str
    version_id: int
    resolving_unit_id: int
    receiving_unit_id: int
    status: Status
    submitted_at: datetime | None
    answer_due_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    promised_at: datetime | None
    paused_at: datetime | None
    extended_days: int
    resolved_at: datetime | None
    ended_at: datetime | None

    @property
    def version(self) -> procedures.VersionView:
        return procedures.version(self.version_id)


_read = msgspec.json.Decoder(Tracked).decode


def tracked(code: str) -> Tracked:
    """The state of the dossier with this code or submission code. One query. Raises NotFound."""
    code = rules.typed_code(code)
    row = must_exist(json_value(BY_SUBMISSION_CODE if rules.SUBMISSION_CODE.fullmatch(code) else BY_CODE, code))
    return _read(row)


def prove_owner(dossier_id: int, secret: str, *, now: datetime) -> None:
    """Do these four digits open the dossier's details? A wrong try is remembered; after some in an hour it stays closed.

    Not a command: the memory of a wrong try must outlive the refusal. Raises NotFound, WrongSecret, TooManyTries.
    """
    dossier = must_exist(Dossier.objects.filter(pk=dossier_id).only("owner_id_number", "owner_phone", "filer").first())
    tries = TrackTry.objects.filter(dossier_id=dossier_id, at__gt=now - timedelta(hours=1)).count()
    if tries >= setting("track_tries_per_hour", on=timezone.localdate(now)):
        raise TooManyTries
    filer = dossier.filer or {}
    if rules.secret_fits(secret, id_number=dossier.owner_id_number, phone=dossier.owner_phone) or rules.secret_fits(
        secret, id_number=filer.get("id_number", ""), phone=filer.get("phone", "")
    ):
        return
    TrackTry.objects.create(dossier_id=dossier_id, at=now)
    raise WrongSecret


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """A dossier in the list of the account that filed it."""

    code: str
    procedure: str
    unit: str
    status: Status
    tag: str
    due: rules.Due | None
    paused_at: datetime | None
    promised_at: datetime | None


def own_dossiers(person_id: int, *, now: datetime, limit: int = 100) -> list[OwnRow]:
    """What was filed from the account, open ones first, then the latest. Two queries at most."""
    found = Dossier.objects.filter(account_id=person_id).order_by(F("ended_at").desc(nulls_first=True), "-id")[:limit]
    names = units.unit_rows({dossier.resolving_unit_id for dossier in found}, as_of=timezone.localdate(now))
    rows = []
    for dossier in found:
        version = procedures.version(dossier.version_id)
        rows.append(
            OwnRow(
                code=str(dossier),
                procedure=version.name,
                unit=names[dossier.resolving_unit_id].full_name,
                status=Status(dossier.status),
                tag=rules.TAGS[dossier.status],
                due=due_of(dossier, version, now=now),
                paused_at=dossier.paused_at,
                promised_at=dossier.promised_at,
            )
        )
    return rows
