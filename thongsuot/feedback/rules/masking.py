"""What everybody may read of what somebody wrote: a proposal. Who publishes reads it and has the last word."""

from __future__ import annotations

import re

from thongsuot.kernel.text import nfc, one_line

HIDDEN = "[đã che]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
# Seven digits and more, however parted: telephones, ID numbers, accounts. Years, sums of money and house numbers are shorter.
_LONG_NUMBER = re.compile(r"(?<![\d/])\+?\d(?:[ .\-()]{0,2}\d){6,}(?![\d/])(?!\s*(?:đồng|đ\b|VNĐ|VND))")
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
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


def public_words(words: str, *, names: tuple[str, ...] = ()) -> str:
    """What was written without telephones, numbers, plates, mails, links, house numbers and names people are called by.

    names   of the sender, as given: hidden wherever they stand
    """
    text = nfc(words)
    for name in sorted(filter(None, map(one_line, names)), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    text = _EMAIL.sub(HIDDEN, text)
    text = _LINK.sub(HIDDEN, text)
    text = _PLATE.sub(HIDDEN, text)
    text = _LONG_NUMBER.sub(lambda found: found[0] if _DATE.fullmatch(found[0].strip()) else HIDDEN, text)
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


def holds_private(text: str, private: tuple[str, ...]) -> list[str]:
    """Which of the sender's own names, numbers and addresses still stand in a text about to be published."""
    low, digits = one_line(text).lower(), re.sub(r"\D", "", text)
    found = []
    for one in filter(None, map(one_line, private)):
        bare = re.sub(r"\D", "", one)
        if one.lower() in low or (len(bare) >= 7 and bare in digits):
            found.append(one)
    return found
