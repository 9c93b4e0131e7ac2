"""Made-up dossiers by the million, as lines of COPY: years of a city, ward by ward and day by day, nearly all of them closed.

Whatever is not unique comes from small pools that were written out before: a line costs some microseconds.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from thongsuot.config.replay import mix
from thongsuot.config.replay.facts import City, Kind
from thongsuot.config.replay.people import made_up
from thongsuot.kernel.text import search_key

POOL = 20_000
OPEN_DAYS = 25  # received within so many working days some are still open
TABLES = {
    "dossiers_dossier": (
        "id, code, version_id, procedure_id, receiving_unit_id, resolving_unit_id, channel, assisted_by, status, owner_kind, "
        "owner_name, owner_search, owner_id_number, owner_phone, owner_email, owner_address, form, quantities, return_by, "
        "submitted_at, received_at, due_at, warn_at, resolved_at, ended_at, step_no, assignee_id, supplement_count"
    ),
    "dossiers_component": "id, dossier_id, paper_code, name, how, reason, originals, copies, added_at",
    "dossiers_steprun": (
        "id, dossier_id, number, step_no, step_key, name, duty, assignee_id, assignee_name, minutes, started_at, due_at, "
        "finished_at, outcome, note"
    ),
    "dossiers_feedue": (
        "id, dossier_id, code, name, kind, amount_dong, how, basis, paid_at, collected_by_name, receipt_number"
    ),
    "dossiers_result": (
        "id, dossier_id, title, drafted_at, drafted_by_name, signed_at, signer_name, signer_post, number, issued_on, "
        "handed_to, handed_at"
    ),
    "dossiers_rating": "id, dossier_id, level, reasons, comment, rated_at",
    "kernel_event": (
        "id, subject, subject_id, number, name, at, recorded_at, actor_id, actor_name, actor_post, via, unit_id, facts, hash"
    ),
}
SUMMED = {
    "dossiers_tally": "id, day, unit_id, channel, status, on_time, dossiers",
    "numbering_series": "id, kind, unit_id, bucket, last, last_at",
}
NULL = "\\N"


@dataclass(frozen=True)
class Stocked:
    """A procedure ready to be written: what of its lines never changes. `days`: its limit in working days."""

    version_id: int
    procedure_id: int
    days: int
    online: float
    result: str


@dataclass
class Lines:
    """Lines of COPY by table, one block of dossiers."""

    by_table: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in TABLES})
    dossiers: int = 0


class Stock:
    """Lines for `dossiers` dossiers of the working days before `last`, in the order of their days."""

    def __init__(
        self, city: City, kinds: list[tuple[Kind, int, int]], *, dossiers: int, last: date, days: int, officers: dict[int, int]
    ) -> None:
        random = self.random = Random(f"stock {dossiers}")  # noqa: S311
        self.city, self.dossiers, self.officers = city, dossiers, officers
        weights = [kind.weight for kind, _version, _procedure in kinds]
        stocked = [
            Stocked(version_id, procedure_id, _days(kind), (2 in kind.channels and _readiness(kind)) or 0.0, _text(kind.result))
            for kind, version_id, procedure_id in kinds
        ]
        self.kinds = random.choices(stocked, weights, k=POOL)
        people = [made_up(random) for _ in range(POOL)]
        self.names = [f"{person.name}\t{search_key(person.name)}" for person in people]
        self.addresses = [person.address for person in people]
        self._known_days: dict[tuple[date, int], date] = {}
        self.days = self._working_days(last, days)
        self.tally: Counter[tuple[str, int, int, int, str]] = Counter()
        self.series: dict[tuple[int, str], int] = {}
        self.identifiers = _identifiers(city, last)

    def _working_days(self, last: date, number: int) -> list[date]:
        found: list[date] = []
        day = last
        while len(found) < number:
            day -= timedelta(days=1)
            if self.city.calendar.works(day):
                found.append(day)
        return found[::-1]

    def blocks(self, size: int = 20_000) -> Iterator[Lines]:
        total = sum(place.weight for place in self.city.places)
        lines, made = Lines(), 0
        for number, day in enumerate(self.days):
            wanted_by_now = self.dossiers * (number + 1) // len(self.days)
            share, before = wanted_by_now - made, 0.0
            so_far = 0
            for place in self.city.places:
                before += place.weight
                count = round(share * before / total) - so_far
                so_far += count
                self._one_day(lines, made + 1, day, len(self.days) - number, place.unit_id, count)
                made += count
                if lines.dossiers >= size:
                    yield lines
                    lines = Lines()
        if lines.dossiers:
            yield lines

    def _one_day(self, lines: Lines, first_id: int, day: date, ago: int, unit_id: int, count: int) -> None:
        if not count:
            return
        random, rows = self.random, lines.by_table
        bucket = f"{day:%y%m%d}"
        prefix = f"{self.identifiers[unit_id]}-{bucket}-"
        self.series[unit_id, bucket] = count
        officer = self.officers[unit_id]
        at_dates = [_stamps(self._later(day, after)) for after in range(4)]
        iso = day.isoformat()
        pick = random.randrange(POOL)
        may_be_open = ago <= OPEN_DAYS
        dossiers, components, runs = rows["dossiers_dossier"], rows["dossiers_component"], rows["dossiers_steprun"]
        fees, results, ratings, events = (
            rows["dossiers_feedue"],
            rows["dossiers_result"],
            rows["dossiers_rating"],
            rows["kernel_event"],
        )
        for place in range(count):
            number = first_id + place
            pick = (pick + 7919) % POOL
            kind = self.kinds[pick]
            name = self.names[pick]
            clock = 480 + (place * 480) // count  # minutes of the day, from 8:00 on
            received = f"{iso} {clock // 60:02d}:{clock % 60:02d}:{number % 60:02d}+07"
            due = f"{self._later(day, kind.days).isoformat()} 17:00:00+07"
            online = (number * 2654435761 & 1023) < kind.online * 1024
            channel = 2 if online else 1
            is_open = may_be_open and kind.days >= ago and (number * 40503 & 255) < 200
            tail = str(number).zfill(8)[-8:]
            resolved = ended = step_no = assignee = NULL
            if is_open:
                status, step_no, assignee, on_time = 4, "2", str(officer), ""
            else:
                late = (number * 48271 & 1023) < 40 and ago > 3
                resolved = ended = at_dates[3 if late else min(3, kind.days, ago - 1)]
                status, on_time = 10, "f" if late and kind.days < 3 else "t"
            dossiers.append(
                f"{number}\t{prefix}{place + 1:04d}\t{kind.version_id}\t{kind.procedure_id}\t{unit_id}\t{unit_id}\t{channel}\t"
                f"\t{status}\t1\t{name}\t0014{tail}\t010{tail[1:]}\t\t{self.addresses[pick]}\t{{}}\t{{}}\tcounter\t"
                f"{received if online else NULL}\t{received}\t{due}\t{due}\t{resolved}\t{ended}\t{step_no}\t"
                f"{assignee}\t0"
            )
            components.append(f"{number}\t{number}\tban-chinh\tGiấy tờ nộp\tscanned\t\t1\t0\t{received}")
            runs.append(
                f"{2 * number - 1}\t{number}\t1\t0\treceive\tTiếp nhận\treceive dossiers\t{officer}\tNgười Thử\t60\t{received}"
                f"\t{due}\t{received}\tdone\t"
            )
            finished, outcome = (NULL, "") if is_open else (resolved, "done")
            runs.append(
                f"{2 * number}\t{number}\t2\t2\tprocess\tXử lý\tprocess dossiers\t{officer}\tNgười Thử\t480\t{received}"
                f"\t{due}\t{finished}\t{outcome}\t"
            )
            if number % 2:
                paid = NULL if is_open else received
                fees.append(
                    f"{number}\t{number}\tle-phi\tLệ phí\tlevy\t8000\t8.000 đồng\t\t{paid}\tNgười Thử\t"
                    f"{NULL if is_open else place + 1}"
                )
            if not is_open:
                results.append(
                    f"{number}\t{number}\t{kind.result}\t{received}\tNgười Thử\t{resolved}\tNgười Ký\tPhó Chủ tịch\t{place + 1}"
                    f"\t{resolved[:10]}\tNgười nhận\t{resolved}"
                )
                if number % 3 == 0:
                    ratings.append(f"{number}\t{number}\t{5 - number % 7 // 5}\t{{}}\t\t{resolved}")
            events.append(_event(number, unit_id, iso, clock, number % 60, received))
            self.tally[iso, unit_id, channel, status, on_time] += 1
        lines.dossiers += count

    def _later(self, day: date, working_days: int) -> date:
        key = (day, working_days)
        found = self._known_days.get(key)
        if found is None:
            found = day
            for _ in range(working_days):
                found += timedelta(days=1)
                while not self.city.calendar.works(found):
                    found += timedelta(days=1)
            self._known_days[key] = found
        return found

    def summed(self) -> dict[str, list[str]]:
        """What is kept beside the dossiers, after the last block."""
        return {
            "dossiers_tally": [
                f"{place}\t{day}\t{unit_id}\t{channel}\t{status}\t{on_time or NULL}\t{count}"
                for place, ((day, unit_id, channel, status, on_time), count) in enumerate(sorted(self.tally.items()), start=1)
            ],
            "numbering_series": [
                f"{place}\tdossier\t{unit_id}\t{bucket}\t{last}\t20{bucket[:2]}-{bucket[2:4]}-{bucket[4:]} 17:00:00+07"
                for place, ((unit_id, bucket), last) in enumerate(sorted(self.series.items()), start=1)
            ],
        }


def _event(number: int, unit_id: int, iso: str, clock: int, second: int, received: str) -> str:
    """The reception in the history, chained as the database would have done it (kernel/sql/functions/record.sql)."""
    day = datetime.fromisoformat(f"{iso}T{clock // 60:02d}:{clock % 60:02d}:{second:02d}+07:00")
    micro = int(day.timestamp()) * 1_000_000
    parts = ("dossiers.dossier", number, 1, "dossiers.received", micro, micro, "-", "Người thử", "", "cli", unit_id, "{}")
    said = "\x1f".join(map(str, parts))
    digest = hashlib.sha256(said.encode()).hexdigest()
    return (
        f"{number}\tdossiers.dossier\t{number}\t1\tdossiers.received\t{received}\t{received}\t{NULL}\tNgười thử\t\tcli"
        f"\t{unit_id}\t{{}}\t\\\\x{digest}"
    )


def _stamps(day: date) -> str:
    return f"{day.isoformat()} 16:30:00+07"


def _days(kind: Kind) -> int:
    value, unit = kind.limit
    return {"same_day": 0, "working_hours": 1, "working_days": value, "calendar_days": value * 5 // 7}.get(unit, value * 22)


def _readiness(kind: Kind) -> float:
    return min(0.9, 0.28 * mix.ONLINE_READINESS.get(kind.code, 1.0))


def _text(value: str) -> str:
    return value.replace("\\", " ").replace("\t", " ").replace("\n", " ")[:300]


def _identifiers(city: City, on: date) -> dict[int, str]:
    from thongsuot.units import queries as units

    rows: dict[int, Any] = units.unit_rows([place.unit_id for place in city.places], as_of=on)
    return {unit_id: row.agency_identifier for unit_id, row in rows.items()}
