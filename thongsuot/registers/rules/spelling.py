"""Numbers and days spelled in Vietnamese, as certificates have them: nothing can be written into a word. Pure."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def spelled(number: int) -> str:
    """0 to 9999: 1905 is một nghìn chín trăm linh năm, 21 hai mươi mốt, 15 mười lăm."""
    if not 0 <= number <= 9999:
        raise ValueError("spelled to 9999 only")
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    words = [f"{_DIGITS[thousands]} nghìn"] if thousands else []
    if hundreds or (thousands and below):
        words.append(f"{_DIGITS[hundreds]} trăm")
    if below:
        words.append(_below_hundred(below, after_hundreds=bool(words)))
    return " ".join(words) or _DIGITS[0]


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
