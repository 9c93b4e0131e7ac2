"""Numbers, days and amounts spelled in Vietnamese, as they are spoken and as certificates and receipts have them. Pure."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("tỷ", "triệu", "nghìn", "")
MOST = 10**12 - 1


def spelled(number: int) -> str:
    """0 to MOST: 15 is mười lăm, 21 hai mươi mốt, 104 một trăm linh bốn, 1005 một nghìn không trăm linh năm."""
    if not 0 <= number <= MOST:
        raise ValueError(f"spelled to {MOST} only")
    words: list[str] = []
    for place, name in enumerate(_GROUPS):
        group = number // 1000 ** (3 - place) % 1000
        if group:
            words.append(_below_thousand(group, after_others=bool(words)))
            words.append(name)
    return " ".join(words).strip() or _DIGITS[0]


def _below_thousand(number: int, *, after_others: bool) -> str:
    hundreds, below = divmod(number, 100)
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or after_others else []
    if below:
        words.append(_below_hundred(below, after_hundreds=bool(words)))
    return " ".join(words)


def _below_hundred(number: int, *, after_hundreds: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if after_hundreds else _DIGITS[ones]
    ten = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return ten
    one = "lăm" if ones == 5 else "mốt" if ones == 1 and tens > 1 else _DIGITS[ones]
    return f"{ten} {one}"


def day_spelled(value: str) -> str:
    """Of a partial day; empty when nothing of it is known."""
    if not value:
        return ""
    parts = [int(part) for part in value.split("-")]
    words = [f"năm {spelled(parts[0])}"]
    if len(parts) > 1:
        words.insert(0, f"tháng {_month(parts[1])}")
    if len(parts) > 2:
        words.insert(0, f"ngày {spelled(parts[2])}" if parts[2] > 10 else f"ngày mùng {spelled(parts[2])}")
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def _month(number: int) -> str:
    return "tư" if number == 4 else spelled(number)


def dong_spelled(amount: int) -> str:
    """Whole đồng as a receipt has them: Hai mươi nghìn đồng."""
    text = f"{spelled(amount)} đồng"
    return text[:1].upper() + text[1:]
