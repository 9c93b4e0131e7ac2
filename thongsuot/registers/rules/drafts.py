"""An entry before it is one: read from texts, judged, and told apart from others. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b

from thongsuot.kernel.text import nfc, one_line, search_key
from thongsuot.registers.models import Kind, Role
from thongsuot.registers.rules import days
from thongsuot.registers.rules.columns import ROLES, columns_by_key, named_columns
from thongsuot.registers.rules.fonts import looks_like_old_font

_NUMBER = re.compile(r"(?:số\s*)?0*([1-9][0-9]{0,5})\s*(bis|[a-z])?(?:\s*[/-]\s*([0-9]{4})(?:\s*[/-]?\s*[\w.-]*)?)?")
_YEAR_OF_BOOK = re.compile(r"(?<![0-9])(1[89][0-9]{2}|2[01][0-9]{2})(?![0-9])")
_ID = re.compile(r"[0-9]{9}|[0-9]{12}", re.ASCII)
SEXES = {"nam": "male", "nu": "female", "male": "male", "female": "female", "trai": "male", "gai": "female"}
# A marriage or death this long after birth happens to nobody: a slip of the pen somewhere.
LONGEST_LIFE = 130


@dataclass(frozen=True, kw_only=True)
class PersonDraft:
    role: Role
    full_name: str
    born: str = ""
    sex: str = ""
    id_number: str = ""
    ethnicity: str = ""
    nationality: str = ""
    residence: str = ""


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """What an entry will say. Days are partial (`rules.days`).

    number, suffix, book, year    of an old entry; 0 and empty for a new one, whose number is drawn
    """

    kind: Kind
    people: tuple[PersonDraft, ...]
    registered_on: str = ""
    number: int = 0
    suffix: str = ""
    book: str = ""
    year: int = 0
    place: str = ""
    again: bool = False
    before: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    def person(self, role: Role) -> PersonDraft | None:
        return next((person for person in self.people if person.role == role), None)


# Columns of `Entry` that are plain words.
WORDS = (
    "birthplace",
    "hometown",
    "died_on",
    "died_at",
    "death_place",
    "death_cause",
    "notice",
    "requester",
    "requester_relation",
    "signer",
    "remarks",
)


@dataclass(frozen=True)
class Read:
    """A row as understood. `rejected`: it cannot be an entry. `doubts`: a person must look. Both are codes of `REASONS`.

    wrong   {column: code} of what stands where, for a form
    """

    draft: EntryDraft
    rejected: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_cells(kind: Kind, cells: Mapping[str, str], *, today: date, default_place: str = "") -> Read:
    """The texts of a row, or of a form, as an entry. Nothing is guessed: what is unclear is a doubt."""
    columns = columns_by_key(kind)
    texts = {key: one_line(cells.get(key, "")) for key in columns}
    rejected, doubts, wrong = [], [], {}
    for key, text in texts.items():
        if looks_like_old_font(text):
            rejected.append("old_font")
            wrong[key] = "old_font"
        elif len(text) > columns[key].longest:
            rejected.append("too_long")
            wrong[key] = "too_long"
    for column in named_columns(kind):
        if not search_key(texts[column.key]):
            rejected.append("no_name")
            wrong[column.key] = "no_name"
    number, suffix, year_of_number = read_number(texts["number"])
    if not number:
        rejected.append("no_number" if not texts["number"] else "bad_number")
        wrong["number"] = rejected[-1]
    read: dict[str, str] = {}
    for key, column in columns.items():
        if column.day:
            day = days.read_day(texts[key])
            read[key] = day.value
            if day.doubt:
                doubts.append(day.doubt)
                wrong[key] = day.doubt
    people = tuple(person for role in ROLES[kind] if (person := _person(role, texts, read, doubts, wrong)) is not None)
    # The cover says whose year a book is: what was born in December may stand in January's pages of it.
    year = year_of_book(texts["book"]) or year_of_number or days.year_of(read["registered_on"])
    if not year:
        doubts.append("year")
    draft = EntryDraft(
        kind=kind,
        people=people,
        registered_on=read["registered_on"],
        number=number,
        suffix=suffix,
        book=texts["book"],
        year=year or 0,
        place=texts["place"] or default_place,
        more={key: read.get(key, texts[key]) for key in WORDS if key in texts},
    )
    doubts += disorder(draft, today=today)
    return Read(draft, _once(rejected), _once(doubts), wrong)


def _person(
    role: Role, texts: Mapping[str, str], read: Mapping[str, str], doubts: list[str], wrong: dict[str, str]
) -> PersonDraft | None:
    at = role.value
    name = texts[f"{at}_name"]
    if not search_key(name):
        return None
    id_number = re.sub(r"[\s.]", "", texts[f"{at}_id"])
    if id_number and not _ID.fullmatch(id_number):
        doubts.append("id_number")
        wrong[f"{at}_id"] = "id_number"
    sex = texts.get(f"{at}_sex", "")
    if sex and search_key(sex) not in SEXES:
        doubts.append("sex")
        wrong[f"{at}_sex"] = "sex"
    return PersonDraft(
        role=role,
        full_name=name,
        born=read[f"{at}_born"],
        sex=SEXES.get(search_key(sex), ""),
        id_number=id_number,
        ethnicity=texts[f"{at}_ethnicity"],
        nationality=texts[f"{at}_nationality"],
        residence=texts.get(f"{at}_residence", ""),
    )


def read_number(text: str) -> tuple[int, str, int]:
    """(number, suffix, year) of "12", "0012", "12b", "Số 12/2004"; zeros when it is none."""
    found = _NUMBER.fullmatch(nfc(text).lower())
    if not found:
        return 0, "", 0
    year = int(found[3] or 0)
    return int(found[1]), found[2] or "", year if days.OLDEST_YEAR <= year <= days.LAST_YEAR else 0


def year_of_book(text: str) -> int:
    found = _YEAR_OF_BOOK.search(text)
    return int(found[1]) if found else 0


def disorder(draft: EntryDraft, *, today: date) -> list[str]:
    """What cannot have happened in this order, whatever the unknown parts of its days are."""
    found: list[str] = []
    now, died_on = today.isoformat(), draft.more.get("died_on", "")
    known = [draft.registered_on, died_on, *(person.born for person in draft.people)]
    if any(days.surely_before(now, day) for day in known):
        found.append("future")
    main = [person for person in draft.people if person.role in (Role.CHILD, Role.DEAD, Role.WIFE, Role.HUSBAND)]
    happened = [died_on, draft.registered_on] if draft.kind == Kind.DEATH else [draft.registered_on]
    if any(days.surely_before(day, person.born) for person in main for day in happened):
        found.append("date_order")
    if died_on and days.surely_before(draft.registered_on, died_on):
        found.append("date_order")
    child = draft.person(Role.CHILD)
    if child and any(
        parent and days.surely_before(child.born, parent.born)
        for parent in (draft.person(Role.MOTHER), draft.person(Role.FATHER))
    ):
        found.append("date_order")
    born = [year for person in main if (year := days.year_of(person.born))]
    if died_on and any(int(died_on[:4]) - year > LONGEST_LIFE for year in born):
        found.append("date_order")
    return found


def person_key(draft: EntryDraft) -> str:
    """Equal for the same event of the same person; empty where too little is known to say so."""
    parts: list[str] = []
    if draft.kind == Kind.MARRIAGE:
        wife, husband = draft.person(Role.WIFE), draft.person(Role.HUSBAND)
        if not wife or not husband or not wife.born or not husband.born:
            return ""
        parts = [search_key(wife.full_name), wife.born[:4], search_key(husband.full_name), husband.born[:4]]
    elif draft.kind == Kind.BIRTH:
        child, mother = draft.person(Role.CHILD), draft.person(Role.MOTHER)
        if not child or len(child.born) < 10:
            return ""
        parts = [search_key(child.full_name), child.born, search_key(mother.full_name) if mother else ""]
    else:
        dead = draft.person(Role.DEAD)
        died_on = draft.more.get("died_on", "")
        if not dead or len(died_on) < 10:
            return ""
        parts = [search_key(dead.full_name), died_on]
    return digest(draft.kind.value, *parts)


def number_key(draft: EntryDraft) -> str:
    """Equal for two rows of one file that claim the same number of the same book."""
    book = search_key(draft.book)
    return digest(search_key(draft.place), str(draft.year), book, str(draft.number), draft.suffix) if draft.number else ""


def fingerprint(kind: str, unit_id: int, cells: Mapping[str, str]) -> str:
    """Of a row: the same row in another file is known by it."""
    return digest(kind, str(unit_id), *(f"{key}={one_line(cells[key])}" for key in sorted(cells) if one_line(cells[key])))


def digest(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def located(draft: EntryDraft, place: str) -> EntryDraft:
    """The same with the place's name as it is known, not as this row happens to spell it."""
    return replace(draft, place=place)


def _once(codes: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
