"""Rebuild thongsuot/units/data from a folder of reference tables.

    python scripts/build_unit_data.py [../shared/data]

Only facts are carried over: codes, names, kinds, days, which unit went where. No geometry, no prose.
thongsuot/units/data/README.md says what each file holds and where it was read.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = dict[str, str]

DATA = Path(__file__).resolve().parent.parent / "thongsuot" / "units" / "data"

# The list of before is that of 2025-06-30. Its units are taken to begin here; see the README beside the data.
BEFORE = "2025-01-01"
THE_DAY = "2025-07-01"
RENAMED = "2026-04-30"

PROVINCES_ACT = ("202/2025/QH15", "Sắp xếp đơn vị hành chính cấp tỉnh", "2025-06-12", THE_DAY)
CITY_ACT = ("30/2026/QH16", "Thành lập thành phố Đồng Nai", "", RENAMED)
WARDS_ACT = ("237/NQ-UBTVQH16", "Thành lập 10 phường thuộc thành phố Đồng Nai", "", RENAMED)

KINDS = {
    "Tỉnh": "tinh",
    "Thành phố": "thanh_pho",
    "Huyện": "huyen",
    "Quận": "quan",
    "Thị xã": "thi_xa",
    "Xã": "xa",
    "Phường": "phuong",
    "Thị trấn": "thi_tran",
    "Đặc khu": "dac_khu",
}
EVIDENCE = {"nso_table_checked": "nso", "vietnamadminunits": "vau", "sapnhap_map": "map"}
# Only these two were read in a public act or portal; the others stay out or are marked.
SURE_IDENTIFIER = "verified"


def main(source: Path) -> None:
    before = _read(source, "units/provinces_pre2025")
    now = _read(source, "units/provinces_2025")
    communes = _read(source, "units/communes_2025")
    resolutions = {row["code"]: row["commune_resolution"] for row in now}

    _write(
        "decisions",
        "number,title,signed_on,effective_on",
        [
            PROVINCES_ACT,
            *(
                (
                    row["commune_resolution"],
                    f"Sắp xếp các đơn vị hành chính cấp xã của {_inside(row['name'])}",
                    row["resolution_date"],
                    row["effective"],
                )
                for row in now
            ),
            CITY_ACT,
            WARDS_ACT,
        ],
    )
    _write(
        "provinces",
        "code,kind,name,from,to,identifier,sure,decision",
        _provinces(before, now, _read(source, "identifiers/agency_codes_level1")),
    )
    _write(
        "districts",
        "code,parent,kind,name,from,to",
        (
            (row["code"], row["province_code"], *_kind_and_name(row["name"]), BEFORE, THE_DAY)
            for row in _read(source, "units/districts_pre2025")
        ),
    )
    _write(
        "communes",
        "code,parent,kind,name,from,to,decision",
        [
            *(
                (row["code"], row["district_code"], *_kind_and_name(row["name"]), BEFORE, THE_DAY, "")
                for row in _read(source, "units/communes_pre2025")
                if row["code"]
            ),  # islands without a commune are districts only
            *(
                (
                    row["code"],
                    row["province_code"],
                    *_kind_and_name(row["name"]),
                    THE_DAY,
                    "",
                    resolutions[row["province_code"]],
                )
                for row in communes
            ),
        ],
    )
    _write(
        "names",
        "code,unit_from,from,kind,name,decision",
        [
            *(
                (row["code"], THE_DAY, RENAMED, *_province_kind_and_name(row["name_2026"]), CITY_ACT[0])
                for row in now
                if row["name_2026"] != row["name"]
            ),
            *(
                (row["code"], THE_DAY, row["type_since"], *_kind_and_name(row["name_2026"]), WARDS_ACT[0])
                for row in communes
                if row["name_2026"] != row["name"]
            ),
        ],
    )
    _write(
        "successions",
        "old,new,on,extent,likeliest,evidence",
        [
            *(
                (old, row["code"], THE_DAY, "whole", "", "")
                for row in now
                for old in row["merged_from_codes"].split("|")
                if _is_new(row)
            ),
            *(
                (
                    row["old_code"] or row["old_district_code"],
                    row["new_code"],
                    THE_DAY,
                    row["transfer"] or row["extent"],
                    "1" if row["default_of_split"] == "1" and row["extent"] == "part" else "",
                    "+".join(EVIDENCE[word] for word in row["evidence"].split("+")),
                )
                for row in _read(source, "units/mapping_old_new")
            ),
        ],
    )
    _write(
        "calendar",
        "date,effect,name,kind,provisional,basis",
        (
            (
                row["date"],
                row["effect"],
                row["name"],
                row["kind"],
                "1" if row["status"] == "provisional" else "",
                row["source"].split(";")[0].removeprefix("PyPI "),
            )
            for row in _read(source, "calendar/holidays_2025_2027")
        ),
    )


def _provinces(before: list[Row], now: list[Row], agencies: list[Row]) -> Iterator[tuple[str, ...]]:
    agency = {row["province_code_2025"]: row for row in agencies if row["province_code_2025"]}

    def identifier(code: str) -> tuple[str, str]:
        row = agency.get(code)
        return (row["code"], "1" if row["status"] == SURE_IDENTIFIER else "0") if row else ("", "")

    new = {row["code"]: row for row in now if _is_new(row)}
    merged = {old for row in new.values() for old in row["merged_from_codes"].split("|")}
    for row in before:
        kind_and_name = _province_kind_and_name(row["name"])
        ends = THE_DAY if row["code"] in merged else ""
        stays_the_same_city = row["code"] in {one["code"] for one in now}
        yield (row["code"], *kind_and_name, BEFORE, ends, *(identifier(row["code"]) if stays_the_same_city else ("", "")), "")
    for code, row in new.items():
        yield (code, *_province_kind_and_name(row["name"]), THE_DAY, "", *identifier(code), PROVINCES_ACT[0])


def _is_new(row: Row) -> bool:
    """Made of several provinces: a new unit, though it took over one's code and often one's name."""
    return "|" in row["merged_from_codes"]


def _kind_and_name(full: str) -> tuple[str, str]:
    """The kind is read from the name itself: the reference's own column is wrong in three rows."""
    for prefix, kind in KINDS.items():
        if full.lower().startswith(f"{prefix.lower()} "):  # one district is written "Thành Phố"
            return kind, full[len(prefix) + 1 :]
    raise ValueError(full)


def _province_kind_and_name(full: str) -> tuple[str, str]:
    kind, name = _kind_and_name(full)
    return ("thanh_pho_tw" if kind == "thanh_pho" else kind), name


def _inside(full: str) -> str:
    return full[0].lower() + full[1:]


def _read(source: Path, name: str) -> list[Row]:
    with (source / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    path = DATA / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        count = 0
        for row in rows:
            writer.writerow(row)
            count += 1
    print(f"{name}.csv: {count} rows, {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else DATA.parents[3] / "shared" / "data"))
