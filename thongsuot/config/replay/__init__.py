"""`thongsuot replay`: the first days of a city played through the real API, then proved (docs/howto/replay-a-city.md).

Its own folder, database, server and worker, all on loopback; nothing of it may stand where real dossiers are.
"""

from __future__ import annotations

import argparse
import csv
from datetime import date
from pathlib import Path

PROVINCES = Path(__file__).parent.parent.parent / "units" / "data" / "provinces.csv"
DOSSIERS = 66_400


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--city", type=_city, default="01", help="tên hoặc mã, mặc định ha-noi (name or code)")
    parser.add_argument("--from", dest="first", type=_day, default="2025-07-01", help="ngày đầu (first day): %(default)s")
    parser.add_argument("--days", type=_whole, default=13, help="số ngày có người nộp (days of filing): %(default)s")
    parser.add_argument("--dossiers", type=_whole, default=DOSSIERS, help="số hồ sơ được tiếp nhận (received): %(default)s")
    parser.add_argument("--units", type=_whole, default=0, help="chỉ từng này đơn vị đầu (only the first units; 0: all)")
    parser.add_argument("--seed", type=_whole, default=1, help="cùng số, cùng diễn biến (the same number, the same play)")
    parser.add_argument("--workers", type=_whole, default=8, help="số yêu cầu cùng lúc (requests at once): %(default)s")
    parser.add_argument(
        "--signing-units",
        type=_whole,
        default=2,
        help="số đơn vị ký số kết quả (units that sign digitally, the others on paper): %(default)s",
    )
    parser.add_argument(
        "--portal-away",
        type=_whole,
        default=60,
        metavar="MINUTES",
        help="Cổng quốc gia mất kết nối vào giờ cao điểm (the national portal out of reach from the busiest hour): %(default)s",
    )
    parser.add_argument("--through", choices=["api"], default="api", help="qua cửa nào (which door): %(default)s")
    parser.add_argument(
        "--without-jobs", action="store_true", help="không viết thư, việc nền nằm lại trong hàng (letters stay in the queue)"
    )
    parser.add_argument(
        "--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục mới, hoặc của lần diễn tập này (a new folder)"
    )


def _city(text: str) -> str:
    from thongsuot.kernel.text import slug

    with PROVINCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["to"] and text in (row["code"], slug(row["name"])):
                return row["code"]
    raise argparse.ArgumentTypeError(f"{text}?")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("YYYY-MM-DD") from None


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("0, 1, 2, ...")
    return int(text)


def run(options: argparse.Namespace) -> None:
    from thongsuot.config.replay.run import run as play

    play(options)
