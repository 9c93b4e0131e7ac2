"""What everybody may read of what somebody wrote: a proposal. Who publishes reads it and has the last word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from thongsuot.kernel.text import nfc, one_line, search_key

HIDDEN = "[đã che]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
# Seven digits and more, however parted: telephones, ID numbers, accounts. Years, sums of money and house numbers are shorter.
_LONG_NUMBER = re.compile(r"(?<![\d/])\+?\d(?:[ .\-()]{0,2}\d){6,}(?![\d/])(?!\s*(?:đồng|đ\b|VNĐ|VND))")
_DATE = re.compile(r"\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}|(?:19|20)\d\d ?- ?(?:19|20)\d\d")
_TICKET = re.compile(r"\bPA\d\d-\d\d-\d{6,}")
_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-ZĐ]{1,2}\d?\s?[-. ]?\s?\d{3}[. ]?\d{1,2}\b")
_HOUSE = re.compile(
    r"\b(số nhà|nhà số|số|ngõ|ngách|hẻm|kiệt|căn hộ|căn|phòng|tầng)\s+(\d+\w{0,2}(?:[/\-]\d+\w{0,2})*)", re.IGNORECASE
)
# "126 phố Bến", "12/4B đường Sông": a number before a street.
_BEFORE_STREET = re.compile(
    r"(?<![\w/])\d+\w{0,2}(?:[/\-]\d+\w{0,2})*\s+(?=(?:đường|phố|ngõ|ngách|hẻm|phường|tổ|đ\.)\b)", re.IGNORECASE
)
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
_NAME_WORD = rf"[{_UPPER}][^\W\d_]*"
_CALLED = re.compile(
    r"\b((?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Ee]m|[Cc]háu|[Cc]hủ hộ|"
    r"[Tt]ôi tên(?: là)?|[Tt]ên(?: là)?|[Hh]ọ tên:?)\s+)"
    rf"({_NAME_WORD}(?:\s+{_NAME_WORD}){{0,4}})"
)


# What an address is parted by; within one part a street begins anew, but not in "khu phố 3".
_PARTS = re.compile(
    r"[,;]|\s-\s|\s(?=(?:phường|xã|thị trấn|đặc khu|quận|huyện|thành phố|tỉnh)\s|(?:p|q|tp)\.)|"
    r"(?<!khu)(?<!dân)(?<!thành)\s(?=(?:đường|phố)\s)",
    re.IGNORECASE,
)
_SAID_ANYWAY = re.compile(r"(?:phường|xã|thị trấn|đặc khu|quận|huyện|thành phố|tp\b|tỉnh|p\.|q\.|việt nam)", re.IGNORECASE)
_ALLEY = frozenset({"ngõ", "ngách", "hẻm", "kiệt"})
_NUMBER_FIRST = re.compile(r"\d+\w{0,2}(?:[/\-]\d+\w{0,2})*(?!\w)")
_KIND_OF_PLACE = re.compile(
    r"(?:đường|phố|đ\.|tòa nhà|toà nhà|tòa|toà|chung cư|khu đô thị|khu dân cư|khu phố|khu|tổ dân phố|tổ|thôn|ấp|xóm|bản|buôn)"
    r"\s+",
    re.IGNORECASE,
)
_CALLED_AS = r"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Ee]m|[Cc]háu)\s+"
_WORD = re.compile(r"[^\W_]+")
_RUN_OF_DIGITS = re.compile(r"\d(?:[ .\-()]{0,2}\d){6,}")


class PlacePart(NamedTuple):
    """Of an address, what is nearer than its ward. `house`: a number of a house or a flat."""

    words: str
    house: bool


def public_words(words: str, *, names: tuple[str, ...] = (), without_place: str = "") -> str:
    """What was written without telephones, numbers, plates, mails, links, house numbers and names people are called by.

    names           of the sender, as given: hidden wherever they stand
    without_place   an address of which no part may be said
    """
    text = nfc(words)
    for name in sorted(filter(None, map(one_line, names)), key=len, reverse=True):
        alone = is_one_syllable(name)
        text = re.sub(rf"(?<!\w){re.escape(_capital(name) if alone else name)}(?!\w)", HIDDEN, text, flags=0 if alone else re.I)
    text = _EMAIL.sub(HIDDEN, text)
    text = _LINK.sub(HIDDEN, text)
    text = _PLATE.sub(HIDDEN, text)
    ours = [found.span() for found in _TICKET.finditer(text)]
    text = _LONG_NUMBER.sub(lambda found: found[0] if _is_no_number(found, ours) else HIDDEN, text)
    for part in sorted((one.words for one in place_parts(without_place) if not one.house), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _HOUSE.sub(lambda found: f"{found[1]} {HIDDEN}", text)
    text = _BEFORE_STREET.sub(f"{HIDDEN} ", text)
    text = _CALLED.sub(lambda found: f"{found[1]}{HIDDEN}", text)
    return re.sub(rf"(?:{re.escape(HIDDEN)}[ ,]*){{2,}}", f"{HIDDEN} ", text).strip()


def words_for_others(public: str, words: str, name: str) -> str:
    """An answer for others who reported the same thing: as published; until then without what may be of the first sender."""
    return public or public_words(words, names=(name,))


def public_address(address: str) -> str:
    """A street and its ward, without the exact house: 'số 12 ngõ 4 phố Bến, phường Sông' is 'phố Bến, phường Sông'."""
    text = _HOUSE.sub("", one_line(address))
    text = _BEFORE_STREET.sub("", text)
    text = _LONG_NUMBER.sub("", _PLATE.sub("", _EMAIL.sub("", text)))
    text = _CALLED.sub("", text)
    text = re.sub(r"^\s*[\d/\-]+\w{0,2}\s*,?\s+", "", text)  # "12A Bến Nghé": a number at the very start
    parts = [part.strip(" ,;.-") for part in text.split(",")]
    return ", ".join(part for part in parts if part and not re.fullmatch(r"[\d/\-]+\w{0,2}", part))


def public_point(latitude: float, longitude: float, decimals: int) -> tuple[float, float]:
    """As near as everybody may know it: by 4 decimals of a degree some ten metres, by 3 a hundred, by 2 a thousand."""
    return round(latitude, decimals), round(longitude, decimals)


def _is_no_number(found: re.Match[str], ours: Iterable[tuple[int, int]]) -> bool:
    """A date, or the number of a ticket, which everybody may know."""
    within = any(start <= found.start() and found.end() <= end for start, end in ours)
    return within or _DATE.fullmatch(found[0].strip()) is not None


def numbers_in(text: str) -> list[str]:
    """Telephones, ID and account numbers, plates and mail addresses of whoever, as they stand in a text."""
    text = nfc(text)
    ours = [found.span() for found in _TICKET.finditer(text)]
    found = [one for pattern in (_EMAIL, _PLATE) for one in pattern.finditer(text)]
    found += [one for one in _LONG_NUMBER.finditer(text) if not _is_no_number(one, ours)]
    return list(dict.fromkeys(one[0].strip() for one in sorted(found, key=re.Match.start)))


def holds_private(text: str, private: tuple[str, ...]) -> list[str]:
    """Which of the sender's own names, numbers and addresses still stand in a text about to be published."""
    return [one for one in filter(None, map(one_line, private)) if _holds(text, one)]


def without(text: str, private: tuple[str, ...]) -> str:
    """A text of others without the sender's own names, numbers and addresses."""
    text = nfc(text)
    for one in sorted(filter(None, map(one_line, private)), key=len, reverse=True):
        digits = re.sub(r"\D", "", one)
        if "@" not in one and len(digits) >= 7:
            runs = [run for run in _RUN_OF_DIGITS.findall(text) if digits[-9:] in re.sub(r"\D", "", run)]
            for run in runs:
                text = text.replace(run, HIDDEN)
            continue
        alone = is_one_syllable(one) and "@" not in one
        words = _capital(one) if alone else one
        text = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", HIDDEN, text, flags=0 if alone else re.IGNORECASE)
        if " " in one:
            given = re.escape(_capital(one.split()[-1]))
            text = re.sub(rf"\b({_CALLED_AS}){given}(?!\w)", lambda found: f"{found[1]}{HIDDEN}", text)
    return text


def _holds(text: str, one: str) -> bool:
    if "@" in one:
        return one.lower() in one_line(text).lower()
    digits = re.sub(r"\D", "", one)
    if len(digits) >= 7:  # +84 912 000 999 is 0912.000.999
        return any(digits[-9:] in re.sub(r"\D", "", run) for run in _RUN_OF_DIGITS.findall(text))
    given = one.split()[-1]
    called = " " in one and re.search(rf"\b{_CALLED_AS}{re.escape(_capital(given))}(?!\w)", nfc(text)) is not None
    return called or says(text, one)


def says(text: str, words: str) -> bool:
    """Whole words, with whatever marks; one syllable alone with its own marks and a capital: "hà", "an" are other words."""
    key = search_key(words)
    if " " in key:
        return f" {key} " in f" {search_key(text)} "
    return bool(key) and re.search(rf"(?<!\w){re.escape(_capital(one_line(words)))}(?!\w)", nfc(text)) is not None


def is_one_syllable(words: str) -> bool:
    return " " not in search_key(words)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def place_parts(address: str) -> list[PlacePart]:
    """'Số 12, ngõ 4 phố Bến, phường Sông' has the house 12, and ngõ 4, phố Bến; its ward is said anyway."""
    found = []
    for piece in _PARTS.split(one_line(address)):
        if _SAID_ANYWAY.match(piece.strip()):
            continue
        found += [PlacePart(one_line(one[0]), one[1].lower() not in _ALLEY) for one in _HOUSE.finditer(piece)]
        rest = one_line(_HOUSE.sub(" ", piece)).strip(" .-")
        if number := _NUMBER_FIRST.match(rest):
            found.append(PlacePart(number[0], True))
            rest = rest[number.end() :].strip(" .-")
        if any(letter.isalpha() for letter in rest):
            found.append(PlacePart(rest, False))
    return list(dict.fromkeys(found))


def places_in(text: str, address: str) -> list[PlacePart]:
    """Which parts of an address a text says: 'phố Trần Mẫu' also without its 'phố'."""
    parts = place_parts(address)
    return [part for part in parts if (_says_house(text, part.words) if part.house else _says_place(text, part.words))]


def _says_place(text: str, words: str) -> bool:
    bare = _KIND_OF_PLACE.sub("", words, count=1) if _KIND_OF_PLACE.match(words) else words
    return _says_it(text, words) or (any(letter.isalpha() for letter in bare) and _says_it(text, bare))


def _says_it(text: str, words: str) -> bool:
    """As written, or without marks; "phố bên cạnh" has other marks than phố Bến."""
    if not says(text, words):
        return False
    theirs, mine = _WORD.findall(nfc(text).lower()), _WORD.findall(nfc(words).lower())
    starts = range(len(theirs) - len(mine) + 1)
    return any(all(one in {own, search_key(own)} for one, own in zip(theirs[start:], mine, strict=False)) for start in starts)


def _says_house(text: str, words: str) -> bool:
    """'số 12', 'nhà 12', '12 phố Bến', '12/4B': a 12 alone may be an hour or a day."""
    number = re.escape(words.split()[-1])
    if re.search(r"[/A-Za-z]", words.split()[-1]):
        return re.search(rf"(?<![\w/]){number}(?![\w/])", text, re.IGNORECASE) is not None
    before = rf"(?:số nhà|nhà số|số|nhà|căn hộ|căn|phòng|tầng)\s+{number}(?![\w/])"
    behind = rf"(?<![\w/]){number}\s+(?:đường|phố|ngõ|ngách|hẻm|kiệt|đ\.)(?!\w)"
    return re.search(rf"{before}|{behind}", nfc(text), re.IGNORECASE) is not None
