"""Banks by the number VietQR knows them by (data/banks.csv); one that is not listed is shown by its number."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_LIST = Path(__file__).parent / "data" / "banks.csv"


@cache
def names() -> dict[str, str]:
    with _LIST.open(encoding="utf-8") as rows:
        return {row["bin"]: row["name"] for row in csv.DictReader(rows)}


def name_of(bank_bin: str) -> str:
    return names().get(bank_bin, bank_bin)
