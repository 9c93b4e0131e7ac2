"""Rebuild thongsuot/procedures/data/catalogue.csv from collected reference facts.

    python scripts/build_procedure_data.py ../shared/data/procedures

Only facts are carried over: codes, names, fields, limits, amounts, channels, counts, numbers of legal texts, result codes.
How the 559 and the 112 are chosen, and what is assumed, is told in thongsuot/procedures/data/README.md; this file computes it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import unicodedata
from pathlib import Path

from thongsuot.procedures import portal

TARGET = Path(__file__).resolve().parent.parent / "thongsuot" / "procedures" / "data" / "catalogue.csv"
NOW, BEFORE = 559, 112

COLUMNS = [
    "code",
    "name",
    "field",
    "ministry",
    "body",
    "since",
    "limit_value",
    "limit_unit",
    "limit_is",
    "fee_dong",
    "fee_is",
    "subjects",
    "channels",
    "papers",
    "results",
    "legal_basis",
    "competence_kind",
    "competence_basis",
    "competence_is",
    "source",
    "as_of",
    "url",
]

# Whose desk it is, in the order in which the 559 are filled up (see README).
BODIES = {
    "UBND cấp xã": "people_committee",
    "Công an cấp xã": "police",
    "Quân sự cấp xã": "military",
    "Bảo hiểm xã hội": "social_insurance",
    "Cơ quan thuế": "tax",
}

# Fields that communes resolved before 2025-07-01, in the order in which the 112 are filled up.
OLD_FIELDS = [
    "Hộ tịch",
    "Chứng thực",
    "Nuôi con nuôi",
    "Hòa giải ở cơ sở",
    "Bồi thường nhà nước",
    "Trẻ em",
    "Bảo trợ xã hội",
    "Giảm nghèo",
    "Phòng, chống tệ nạn xã hội",
    "Tín ngưỡng, tôn giáo",
    "Thể dục thể thao",
    "Văn hóa",
    "Gia đình",
    "Quản lý Đê điều và Phòng, chống thiên tai",
    "Trồng trọt",
    "Nông nghiệp",
    "Kinh tế hợp tác và Phát triển nông thôn",
    "Môi trường",
    "Bảo hiểm",
    "Nghĩa vụ quân sự",
    "Người có công",
]
# Civil status and adoption that involve another country, and translators' signatures, were matters of the district then.
DISTRICT_THEN = {"Hộ tịch": "nước ngoài", "Nuôi con nuôi": "nước ngoài", "Chứng thực": "chữ ký người dịch"}

# Laws that name the commune's committee themselves: devolved. Numbers from general knowledge; no text was read: assumed.
LAWS = {
    "Hộ tịch": "Luật Hộ tịch 60/2014/QH13",
    "Nuôi con nuôi": "Luật Nuôi con nuôi 52/2010/QH12",
    "Hòa giải ở cơ sở": "Luật Hòa giải ở cơ sở 35/2013/QH13",
    "Trẻ em": "Luật Trẻ em 102/2016/QH13",
    "Tín ngưỡng, tôn giáo": "Luật Tín ngưỡng, tôn giáo 02/2016/QH14",
    "Bồi thường nhà nước": "Luật Trách nhiệm bồi thường của Nhà nước 10/2017/QH14",
}
# Decrees of June 2025 on competence under two tiers, as far as the portal's pages name them.
TWO_TIERS = re.compile(r"0*(120|122|125|131|136|140|144|145|151)/2025/NĐ-CP")
OTHERWISE = "Luật Tổ chức chính quyền địa phương 72/2025/QH15; nghị định phân định thẩm quyền của lĩnh vực"
OTHERWISE_THEN = "Văn bản của Chính phủ hoặc bộ quản lý lĩnh vực"

# Sources contradict each other about these limits.
DISPUTED = {"1.013225", "1.013229", "3.000285", "3.000286"}


def limit_of(row: dict[str, str]) -> tuple[int, str, str]:
    """Value, unit, and how sure: what `portal.How` says, or other_city."""
    (value, unit), how = portal.limit_of(row["time_limit"].split(";"), field=row["field"])
    if how == "certain" and row["code"] in DISPUTED:
        how = "longest"
    return value, unit.value, "other_city" if how == "certain" and "limit:" in row["source"] else how


def fee_of(row: dict[str, str]) -> tuple[str, str]:
    amount, how = portal.fee_of([row["fee"]])
    return "" if how == "unknown" else str(amount), how


def basis_of(row: dict[str, str], detail: dict[str, object]) -> list[str]:
    """Numbers of legal texts, then the decision that published the procedure."""
    texts = [re.sub(r"^0+(?=\d{3})", "", text) for text in detail.get("legal_basis", [])]
    return [*texts, *([row["decision"]] if row["decision"] else [])]


def competence_of(row: dict[str, str], body: str, since: str, texts: list[str]) -> tuple[str, str, str]:
    if since != "2025-07-01" and row["field"] in LAWS:
        return "devolved", LAWS[row["field"]], "assumed"
    decree = next((text for text in texts if TWO_TIERS.fullmatch(text)), None)
    if decree and body == "people_committee":
        return "decentralised", f"Nghị định {decree}", "read"
    return "decentralised", OTHERWISE_THEN if since != "2025-07-01" else OTHERWISE, "assumed"


def chosen(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The 559: what a real commune lists, what the commune's committee resolves, then the other desks at commune level."""
    named = [row for row in rows if row["name"]]
    pool = [row for row in named if row["in_nui_cam_2026_08"]]
    for handler in BODIES:
        taken = {row["code"] for row in pool}
        pool += [row for row in named if row["handler"] == handler and row["code"] not in taken]
    if len(pool) < NOW:
        raise SystemExit(f"only {len(pool)} procedures of commune level in the data")
    return pool[:NOW]


def old_codes(pool: list[dict[str, str]]) -> set[str]:
    """The 112: by field, then code; without what was the district's."""
    then = [row for row in pool if row["field"] in OLD_FIELDS and DISTRICT_THEN.get(row["field"], "\n") not in row["name"]]
    then.sort(key=lambda row: (OLD_FIELDS.index(row["field"]), row["code"]))
    if len(then) < BEFORE:
        raise SystemExit(f"only {len(then)} procedures of communes before 2025-07-01 in the data")
    return {row["code"] for row in then[:BEFORE]}


def main(folder: Path) -> None:
    text = unicodedata.normalize("NFC", (folder / "catalogue.csv").read_text(encoding="utf-8"))
    rows = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: row["code"])
    details = {row["code"]: row for row in json.loads((folder / "details.json").read_text(encoding="utf-8"))}
    pool = chosen(rows)
    before = old_codes(pool)
    written = []
    for row in sorted(pool, key=lambda row: row["code"]):
        detail = details.get(row["code"], {})
        body = BODIES.get(row["handler"], "people_committee")
        since = "2025-01-01" if row["code"] in before else "2025-07-01"
        texts = basis_of(row, detail)
        results = [
            f"{result['code']} {result['name']}"
            for result in detail.get("results", [])
            if result["code"] and result["name"] and len(result["name"]) <= 200
        ]
        as_of = re.search(r"20\d\d-\d\d(?:-\d\d)?", row["source"])
        written.append(
            dict(
                zip(
                    COLUMNS,
                    [
                        row["code"],
                        row["name"],
                        row["field"],
                        row["ministry"],
                        body,
                        since,
                        *limit_of(row),
                        *fee_of(row),
                        "|".join(sorted(portal.subjects_of(detail.get("applicants", [])))),
                        "".join(str(channel) for channel in sorted(portal.channels_of(row["channels"].split(";")))),
                        row["documents"],
                        "|".join(results),
                        "|".join(texts),
                        *competence_of(row, body, since, texts),
                        row["source"],
                        as_of.group() if as_of else "",
                        row["url"],
                    ],
                    strict=True,
                )
            )
        )
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(written)
    devolved = sum(row["competence_kind"] == "devolved" for row in written)
    certain = sum(row["limit_is"] == "certain" for row in written)
    print(
        f"{len(written)} procedures, {len(before)} of them before 2025-07-01, {devolved} devolved, "
        f"{len(written) - devolved} decentralised, {certain} with a certain limit -> {TARGET}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
