"""`thongsuot bench`: the figures of docs/performance.md.

Alone it measures beside pgbench running the same SQL, in a throw-away folder with a durable database of its own.
`bench load` fills a folder with millions of dossiers and measures there; `bench stored` measures once more.
`bench pages` tells how quickly the program is there, what it holds at rest, what pages weigh and ask.
`bench changeover`, `bench allowances`, `bench conference` and `bench boards` play a night, a month, a conference and the
busiest hour of Hà Nội. `bench feedback` reads a million published tickets as everybody does, and reports at a day's peak.
"""

from __future__ import annotations

import argparse

from thongsuot.config.bench import allowances, boards, changeover, conference, feedback, filling, pages
from thongsuot.config.bench import run as beside_pgbench

__all__ = ["add_options", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    beside_pgbench.add_options(parser)
    parser.set_defaults(part="")
    parts = parser.add_subparsers(title="phần (parts)", metavar="PHẦN", dest="part", required=False)
    text = "nạp hàng triệu hồ sơ giả định rồi đo (load millions of made-up dossiers, then measure)"
    filling.add_load_options(parts.add_parser("load", help=text, description=text))
    text = "đo lại các trang trên dữ liệu đã nạp (measure the reads where a load was)"
    filling.add_stored_options(parts.add_parser("stored", help=text, description=text))
    text = "khởi động, bộ nhớ, cỡ trang, số truy vấn (start, memory, weight and queries of pages)"
    pages.add_options(parts.add_parser("pages", help=text, description=text))
    text = "diễn một đêm chuyển giao của Hà Nội (play the night of a changeover)"
    changeover.add_options(parts.add_parser("changeover", help=text, description=text))
    text = "chi trả trợ cấp tháng 7/2025 của Hà Nội (pay the allowances of the month of change)"
    allowances.add_options(parts.add_parser("allowances", help=text, description=text))
    text = "hội nghị trực tuyến với 126 điểm cầu (an online conference with 126 sites)"
    conference.add_options(parts.add_parser("conference", help=text, description=text))
    text = "giờ đông nhất ở 126 điểm một cửa, 300 bảng gọi số (the busiest hour at 126 points, 300 call boards)"
    boards.add_options(parts.add_parser("boards", help=text, description=text))
    text = "một triệu phản ánh công khai, 50.000 phản ánh một ngày (a million public tickets, 50,000 reports a day)"
    feedback.add_options(parts.add_parser("feedback", help=text, description=text))


def run(options: argparse.Namespace) -> None:
    runs = {
        "load": filling.run_load,
        "stored": filling.run_stored,
        "pages": pages.run,
        "changeover": changeover.run,
        "allowances": allowances.run,
        "conference": conference.run,
        "boards": boards.run,
        "feedback": feedback.run,
    }
    runs.get(options.part, beside_pgbench.run)(options)
