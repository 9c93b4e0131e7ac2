"""An address taken apart into words: without marks to look up, with marks to choose between homonyms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from thongsuot.kernel.text import search_key
from thongsuot.units.models import UnitName

Kind = UnitName.Kind

COMMUNE_KINDS = frozenset({Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE})
DISTRICT_KINDS = frozenset({Kind.DISTRICT, Kind.URBAN_DISTRICT, Kind.TOWN, Kind.PROVINCIAL_CITY})
PROVINCE_KINDS = frozenset({Kind.PROVINCE, Kind.CITY})

_CITY = frozenset({Kind.PROVINCIAL_CITY, Kind.CITY})
# How a kind is written before a name. Two words go before one: "thị xã" is no "xã".
KIND_WORDS: dict[tuple[str, ...], frozenset[str]] = {
    ("thi", "tran"): frozenset({Kind.TOWNSHIP}),
    ("t", "t"): frozenset({Kind.TOWNSHIP}),
    ("thi", "xa"): frozenset({Kind.TOWN}),
    ("t", "x"): frozenset({Kind.TOWN}),
    ("thanh", "pho"): _CITY,
    ("t", "p"): _CITY,
    ("dac", "khu"): frozenset({Kind.SPECIAL_ZONE}),
    ("phuong",): frozenset({Kind.WARD}),
    ("p",): frozenset({Kind.WARD}),
    ("ph",): frozenset({Kind.WARD}),
    ("f",): frozenset({Kind.WARD}),
    ("xa",): frozenset({Kind.COMMUNE}),
    ("x",): frozenset({Kind.COMMUNE}),
    ("tt",): frozenset({Kind.TOWNSHIP}),
    ("dk",): frozenset({Kind.SPECIAL_ZONE}),
    ("quan",): frozenset({Kind.URBAN_DISTRICT}),
    ("q",): frozenset({Kind.URBAN_DISTRICT}),
    ("huyen",): frozenset({Kind.DISTRICT}),
    ("h",): frozenset({Kind.DISTRICT}),
    ("tx",): frozenset({Kind.TOWN}),
    ("tp",): _CITY,
    ("tinh",): frozenset({Kind.PROVINCE}),
    ("t",): frozenset({Kind.PROVINCE}),
    ("ward",): frozenset({Kind.WARD}),
    ("commune",): frozenset({Kind.COMMUNE}),
    ("town",): frozenset({Kind.TOWNSHIP, Kind.TOWN}),
    ("district",): frozenset({Kind.DISTRICT, Kind.URBAN_DISTRICT}),
    ("city",): _CITY,
    ("province",): frozenset({Kind.PROVINCE}),
}
# English puts the kind behind the name: "Da Kao Ward".
KINDS_BEHIND = frozenset({"ward", "commune", "town", "district", "city", "province"})

# What follows one of these is a street, a lane, a hamlet or a building, not a unit.
STREET_WORDS = frozenset(
    {"duong", "pho", "ngo", "ngach", "hem", "kiet", "lo", "thon", "xom", "ap", "ban", "to", "khu", "toa", "street", "st"}
)

_SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "hcm": ("ho", "chi", "minh"),
    "hcmc": ("ho", "chi", "minh"),
    "tphcm": ("tp", "ho", "chi", "minh"),
    "hn": ("ha", "noi"),
    "tphn": ("tp", "ha", "noi"),
    "brvt": ("ba", "ria", "vung", "tau"),
}
_GLUED_NUMBER = re.compile(r"^(phuong|quan|xa|ph|[pqxf])(\d+)$")
_SEGMENT_ENDS = re.compile(r"[,;|\n/]")
_DASH = re.compile(r"\s[-–]\s")  # parts addresses, and stands within names: Xuân Hương - Đà Lạt
_WORD = re.compile(r"[^\W_]+")
_WORDS_KEPT = 20_000  # addresses say the same words over and over
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_COUNTRY = (("viet", "nam"), ("vietnam",), ("vn",))


@dataclass(frozen=True, slots=True)
class Word:
    """`key` without marks; `sign` with marks, the tone apart from its letter, so that "hoà" and "hòa" are one.

    Names do not go over the end of a segment; they may go over that of a part.
    """

    key: str
    sign: str
    raw: str
    segment: int
    part: int


@lru_cache(maxsize=_WORDS_KEPT)
def sign(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for ch in unicodedata.normalize("NFD", word.lower()):
        (tones if ch in _TONES else letters).append(ch)
    return "".join(letters) + "".join(tones)


def words_of(text: str) -> list[Word]:
    """The words of an address, abbreviations taken apart. A comma or slash ends a segment, a dash between blanks a part."""
    words: list[Word] = []
    part = 0
    for segment, between_commas in enumerate(_SEGMENT_ENDS.split(unicodedata.normalize("NFC", text))):
        for between_dashes in _DASH.split(between_commas):
            part += 1
            for raw in _WORD.findall(between_dashes):
                words += [
                    Word(_plain_number(key), sign(_plain_number(shown)), shown, segment, part)
                    for key, shown in _taken_apart(raw)
                ]
    return _without_country(words)


@lru_cache(maxsize=_WORDS_KEPT)
def _taken_apart(raw: str) -> tuple[tuple[str, str], ...]:
    """One written word as (key, as written): "Q1" is two."""
    key = search_key(raw).replace(" ", "")
    glued = _GLUED_NUMBER.match(key)
    if key in _SHORT_FORMS:
        return tuple((short, short) for short in _SHORT_FORMS[key])
    if glued:
        return (glued[1], glued[1]), (glued[2], glued[2])
    return ((key, raw),) if key else ()


def _plain_number(word: str) -> str:
    return (word.lstrip("0") or "0") if word.isdigit() else word  # "Phường 02" is Phường 2


def has_marks(text: str) -> bool:
    return any(ord(ch) > 127 and ch.isalpha() for ch in text)


def name_words(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys and signs of a unit's name."""
    raw = [word for word in _WORD.findall(unicodedata.normalize("NFC", name)) if search_key(word)]
    return tuple(search_key(word).replace(" ", "") for word in raw), tuple(sign(word) for word in raw)


def loose(keys: tuple[str, ...]) -> str:
    """For spellings that part words elsewhere or write i for y: "Dakao", "Mĩ Đình"."""
    return "".join(key[:-1] + "i" if key.endswith("y") and len(key) > 1 and key[-2] not in "aeou" else key for key in keys)


def _without_country(words: list[Word]) -> list[Word]:
    for country in _COUNTRY:
        if tuple(word.key for word in words[-len(country) :]) == country:
            return words[: -len(country)]
    return words
