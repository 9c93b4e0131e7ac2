"""An old register for a demo city: some hundred made-up entries of the wards its first ward came from, by the real import.

Names are put together from lists of our own, always the same by a seed. Some rows are bad on purpose: they show the
correction list and the rejects.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from thongsuot import procedures
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.demo import demo_papers
from thongsuot.kernel.actor import Actor, system
from thongsuot.people import queries as people
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.procedures import queries as catalogue
from thongsuot.registers import actions
from thongsuot.registers.models import Entry, ImportRow, Kind, Proposal, RegisterImport
from thongsuot.registers.queries.places import old_places
from thongsuot.registers.rules.columns import COLUMNS
from thongsuot.units.queries import UnitNotFound

HOUSE = system("cli")
_NAMES = Path(__file__).parent / "data" / "made_up_names.csv"
Row = dict[str, str]


def load_demo(city_id: int, *, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Bring in three small registers; nothing to do the second time. Returns how many entries came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    unit_id = demo_units(city_id, at=at)[0].id
    keeper = Person.objects.filter(email=email_of("toan", None)).first()
    if keeper is None or RegisterImport.objects.filter(unit_id=unit_id).exists():
        return 0
    actor = people.actor_for(keeper, at=at)
    try:
        places = [name for _id, name in old_places(unit_id, today=timezone.localdate(at))][:2]
    except UnitNotFound:
        return 0
    chosen = [
        name
        for wanted in ("Hàng Bạc", "Hàng Gai")
        for _id, name in old_places(unit_id, today=timezone.localdate(at))
        if wanted in name
    ]
    places = chosen or places
    made = _Register(places)
    files = ((Kind.BIRTH, made.births()), (Kind.MARRIAGE, made.marriages()), (Kind.DEATH, made.deaths()))
    for done, (kind, rows) in enumerate(files):
        progress(done, len(files))
        _bring_in(kind, list(rows), unit_id=unit_id, actor=actor, at=at)
    _propose(actor, at)
    _dossiers(unit_id, at)
    progress(len(files), len(files))
    return Entry.objects.filter(keeper_id=unit_id).count()


def _bring_in(kind: Kind, rows: list[Row], *, unit_id: int, actor: Actor, at: datetime) -> None:
    name = {Kind.BIRTH: "so-khai-sinh.csv", Kind.MARRIAGE: "so-ket-hon.csv", Kind.DEATH: "so-khai-tu.csv"}[kind]
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([str(column.heading) for column in COLUMNS[kind]])
    writer.writerows([[row.get(column.key, "") for column in COLUMNS[kind]] for row in rows])
    sent = actions.send_file(target.getvalue().encode(), name=name, unit_id=unit_id, kind=kind, actor=actor, at=at)
    actions.read_file(sent.pk, actor=HOUSE, at=at)
    actions.start_import(sent.pk, actor=actor, at=at)
    actions.store_all(sent.pk, actor=HOUSE, at=at)


def _propose(actor: Actor, at: datetime) -> None:
    """One row of the correction list has its proposal, and waits for the second person."""
    row = ImportRow.objects.filter(state=ImportRow.State.DOUBTFUL, reasons=["date"]).order_by("pk").first()
    if row is not None:
        actions.propose_correction(
            row.pk,
            way=Proposal.Way.STORE,
            cells={**row.cells, "child_born": "2004"},
            why="Sổ giấy, trang 31: chỉ còn đọc được năm sinh.",
            actor=actor,
            at=at,
        )


def _dossiers(unit_id: int, at: datetime) -> None:
    """A birth to be entered and an extract to be made, both with their e-form, waiting for the officer."""
    lan = Person.objects.filter(email=email_of("lan", None)).first()
    if lan is None:
        return
    desk = people.actor_for(lan, at=at)
    folder = Path(procedures.__file__).parent / "data" / "procedures"
    for code, changes in (
        ("1.001193", {"child_born_on": (timezone.localdate(at) - timedelta(days=12)).isoformat()}),
        ("2.000635", {"person_born_on": "1996-02-01"}),
    ):
        form: dict[str, Any] = {**json.loads((folder / f"{code}.json").read_text())["examples"]["good"], **changes}
        received = dossiers.receive_dossier(
            dossiers.Intake(
                procedure=code,
                receiving_unit_id=unit_id,
                resolving_unit_id=unit_id,
                owner=dossiers.Owner(
                    name=form["requester_name"], id_number=form["requester_id"], phone=form["requester_phone"]
                ),
                form=form,
                papers=demo_papers(_version(code, at), actor=desk, at=at),
            ),
            actor=desk,
            at=at,
        )
        first = _steps(code, at)[0]
        dossiers.forward(received["id"], step_key=first, actor=desk, at=at)


def _steps(code: str, at: datetime) -> list[str]:
    return [step.key for step in _version(code, at).steps]


def _version(code: str, at: datetime) -> Any:
    return catalogue.version_in_force(code, on=timezone.localdate(at))


class _Register:
    """Rows by a seed: the same city has the same people every time."""

    def __init__(self, places: list[str]) -> None:
        self.places = places
        self.luck = random.Random(1954)  # noqa: S311 - made-up people, not secrets
        self.words: dict[str, list[str]] = {}
        with _NAMES.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.words.setdefault(row["part"], []).append(row["word"])

    def name(self, sex: str) -> str:
        middle = self.words["middle_female" if sex == "nữ" else "middle_male"]
        return " ".join(self.luck.choice(words) for words in (self.words["family"], middle, self.words["given"]))

    def day(self, year: int) -> date:
        return date(year, 1, 1) + timedelta(days=self.luck.randrange(365))

    def days(self, year: int, count: int) -> list[date]:
        """In order, as they stand in a book."""
        return sorted(self.day(year) for _ in range(count))

    def births(self) -> Iterator[Row]:
        for year in (2003, 2004):
            written = self.days(year, 80)
            for number in range(1, 81):
                if number in (17, 44):
                    continue  # pages lost: the book's page tells
                registered = written[number - 1]
                born = registered - timedelta(days=self.luck.randrange(3, 50))
                sex = self.luck.choice(("nam", "nữ"))
                father = self.name("nam")
                row = {
                    "number": str(number),
                    "book": f"01/{year}",
                    "registered_on": f"{registered:%d/%m/%Y}",
                    "place": self.places[0],
                    "child_name": f"{father.split()[0]} {self.name(sex).split(maxsplit=1)[1]}",
                    "child_sex": sex,
                    "child_born": f"{born:%d/%m/%Y}",
                    "child_ethnicity": "Kinh",
                    "child_nationality": "Việt Nam",
                    "birthplace": "Nhà hộ sinh, Hà Nội",
                    "mother_name": self.name("nữ"),
                    "mother_born": str(year - self.luck.randrange(20, 36)),
                    "father_name": father,
                    "father_born": self.luck.choice((str(year - self.luck.randrange(22, 45)), "không rõ")),
                    "requester": father,
                    "requester_relation": "cha",
                    "signer": self.name("nam"),
                }
                if year == 2004 and number == 31:
                    row["child_born"] = "31/04/2004"
                if year == 2004 and number == 52:
                    row["place"] = "Tiểu khu 12"
                if year == 2004 and number == 60:
                    row["child_name"] = ""
                if year == 2003 and number == 70:
                    row["child_name"] = "NguyÔn V¨n §øc"
                yield row
        yield {
            "number": "8",
            "book": "01/1996",
            "registered_on": "12/02/1996",
            "place": self.places[0],
            "child_name": "Nguyễn Văn Minh",
            "child_sex": "nam",
            "child_born": "01/02/1996",
            "mother_name": self.name("nữ"),
            "mother_born": "1970",
            "requester": self.name("nữ"),
            "requester_relation": "mẹ",
        }

    def marriages(self) -> Iterator[Row]:
        for number, married in enumerate(self.days(2006, 60), start=1):
            row = {
                "number": str(number),
                "book": "01/2006",
                "registered_on": f"{married:%d/%m/%Y}",
                "place": self.places[-1],
                "wife_name": self.name("nữ"),
                "wife_born": f"{self.day(2006 - self.luck.randrange(20, 30)):%d/%m/%Y}",
                "husband_name": self.name("nam"),
                "husband_born": f"{self.day(2006 - self.luck.randrange(22, 34)):%d/%m/%Y}",
                "wife_residence": self.places[-1],
                "signer": self.name("nam"),
            }
            if number == 33:
                row["number"] = "32"  # the clerk slipped: two of one number
            if number == 40:
                row["wife_id"] = "00141234"
            yield row

    def deaths(self) -> Iterator[Row]:
        for number, registered in enumerate(self.days(1999, 60), start=1):
            died = registered - timedelta(days=self.luck.randrange(1, 15))
            yield {
                "number": str(number),
                "book": "01/1999",
                "registered_on": f"{registered:%d/%m/%Y}" if number != 21 else "1997",
                "place": self.places[-1],
                "dead_name": self.name(self.luck.choice(("nam", "nữ"))),
                "dead_born": str(1999 - self.luck.randrange(50, 95)) if number % 7 else "không rõ",
                "died_on": f"{died:%d/%m/%Y}" if number % 11 else f"{died:%m/%Y}",
                "death_place": "Tại nhà",
                "requester": self.name("nam"),
                "requester_relation": "con",
            }
