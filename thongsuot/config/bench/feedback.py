"""`thongsuot bench feedback`: a million tickets as everybody, programs, officers and leaders read them, and a day of 50,000
reports at its peak.

The real units and categories of Hà Nội, everything else made up, in a folder of its own with its own database and web server.
"""

from __future__ import annotations

import argparse
import io
import json
import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from thongsuot.config.bench import filling, load
from thongsuot.config.bench.cookies import ANYBODY, TOKEN, cookies_of
from thongsuot.config.terminal import Trouble, say

READS_MS, REPORT_MS, FIGURES_MS = 200.0, 1000.0, 1000.0  # 95 of 100 answers within
OFFICER = "bench-feedback@vidu.vn"
CLIENTS = 3  # who report at once: more than come at the peak
AT_ONCE = 50_000
# An hour of a flood: a fifth of the day's reports.
PEAK_SHARE = 0.2
WORDS = (  # noqa: SIM905 - as a list it is a hundred lines
    "o ga via he den duong rac thai nuoc cong ngap cay do bien bao tin hieu xe dau trai phep tieng on khoi bui mui hoi lan "
    "chiem thu gom cot dien day cap mat nap ho sut lun nut vo gach truong cho benh vien cong vien khu tap the to dan pho "
    "ngo ngach dau cuoi giua canh doi dien truoc sau sang toi dem ngay tuan thang mua nang gio lon nho nguy hiem tre em "
    "nguoi gia xe may o to xe dap qua lai de nghi som xu ly sua chua thay moi don dep kiem tra nhac nho xu phat"
).split()


@dataclass(frozen=True)
class Line:
    work: str
    median_ms: float
    p95_ms: float
    per_second: float
    budget_ms: float

    @property
    def kept(self) -> bool:
        return self.p95_ms <= self.budget_ms


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tickets", type=filling._number, default=1_000_000, help="phản ánh đã công khai (published): %(default)s"
    )
    parser.add_argument("--reports", type=filling._number, default=50_000, help="phản ánh trong một ngày (a day): %(default)s")
    parser.add_argument("--seconds", type=filling._number, default=5, help="mỗi lần đo (of each measurement): %(default)s")
    parser.add_argument("--json", default=argparse.SUPPRESS, help="ghi số liệu ra tệp (write the figures here too)")
    parser.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục riêng (a folder of its own)")


def run(options: argparse.Namespace) -> None:
    """Load, measure, say. Raises Trouble when a budget is missed or something was refused."""
    folder = filling.new_folder(options, ".bench-feedback")
    with filling._database(folder, loading=True):
        city = _load(options.tickets)
    with filling._database(folder, loading=False) as port:
        lines = [
            *_reads(port, city, options.seconds),
            *_of_programs(port, city, options.seconds),
            *_of_officers(port, city, options.seconds),
            _reporting(port, city, options.reports, options.seconds),
        ]
    say(f"  {'':<46} {'trung vị':>9} {'95 %':>9} {'mỗi giây':>9}  (median, 95 %, a second)")
    for line in lines:
        mark = "" if line.kept else f"  quá {line.budget_ms:.0f} ms (over)"
        say(f"  {line.work:<46} {line.median_ms:7.1f} ms {line.p95_ms:6.1f} ms {line.per_second:9.1f}{mark}")
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n")
    if not all(line.kept for line in lines):
        raise Trouble("Có việc chậm hơn mức đã hứa. (Something is slower than promised.)")


def _load(tickets: int) -> int:
    from django.core.management import call_command
    from django.db import connection

    from thongsuot.config.bench.world import HOUSE, make_world
    from thongsuot.feedback import actions, counting
    from thongsuot.feedback.models import Category, Setting
    from thongsuot.kernel import clock
    from thongsuot.people.actions import open_account
    from thongsuot.units import queries as units

    now = clock.now()
    call_command("migrate", verbosity=0)
    world = make_world(at=now)
    city: int = units.default_city(as_of=clock.today()).id
    actions.load_rules(city, actor=HOUSE, at=now)
    # All reports come from this machine: the limits of one network and one person are not what is measured.
    Setting.objects.filter(city_id=city, key__in=["network_hour", "person_hour", "place_day"]).update(value=10_000_000)
    centre = units.body(city, "people_committee", as_of=clock.today())
    assert centre is not None  # every city has one
    duties = ["take feedback", "handle feedback", "see figures"]
    post: dict[str, Any] = {"body_id": centre.id, "title": "Chuyên viên", "duties": duties, "valid_from": clock.today()}
    open_account(email=OFFICER, full_name="Người Thử", **post, actor=HOUSE, at=now)
    said: dict[str, Any] = {
        "city": city,
        "units": world.unit_ids,
        "categories": list(Category.objects.filter(city_id=city).values_list("pk", flat=True)),
        "words": WORDS,
        "now": now,
    }
    fill = (Path(__file__).parent / "feedback.sql").read_text()
    with connection.cursor() as cursor:
        for first in range(1, tickets + 1, AT_ONCE):
            cursor.execute(fill, {**said, "first": first, "last": min(first + AT_ONCE - 1, tickets)})
            say(f"  {min(first + AT_ONCE - 1, tickets):,} phản ánh (tickets)")
        _cells(cursor)
        counting.count_days(cursor)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    return city


def _cells(cursor: Any) -> None:
    """As `feedback.actions.recount` counts them, by one statement."""
    from thongsuot.feedback.rules.squares import LEVELS

    for level in LEVELS:
        cursor.execute(
            """INSERT INTO feedback_publiccell (city_id, level, x, y, category_id, month, open, count)
            SELECT city_id, %(level)s, floor((longitude + 180) / 360 * %(side)s),
                floor((1 - asinh(tan(radians(latitude))) / pi()) / 2 * %(side)s), category_id, month, open, count(*)
            FROM feedback_publicpin WHERE latitude IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7""",
            {"level": level, "side": 1 << level},
        )


def _reads(port: int, city: int, seconds: float) -> list[Line]:
    from django.utils import timezone

    from thongsuot.feedback.models import Category, FeedbackTicket
    from thongsuot.feedback.sealed import seal
    from thongsuot.kernel import clock
    from thongsuot.units import queries as units

    ward = units.units_under(city, as_of=timezone.localdate(clock.now()))[3].code
    category = Category.objects.filter(city_id=city).order_by("pk").values_list("code", flat=True)[2]
    number = FeedbackTicket.objects.order_by("-pk").values_list("number", flat=True)[7]
    far = FeedbackTicket.objects.filter(published_at__isnull=False).order_by("published_at")[1000:1001].get()
    after = f"{int(far.published_at.timestamp() * 1_000_000)}-{far.pk}" if far.published_at else ""
    asked = {
        "list": "/phan-anh/",
        "list, three years back": f"/phan-anh/?sau={after}",
        "list of a category": f"/phan-anh/?linh_vuc={category}",
        "list of a ward": f"/phan-anh/?phuong={ward}",
        "list of a category in a ward": f"/phan-anh/?linh_vuc={category}&phuong={ward}",
        "list of those opened again": "/phan-anh/?trang_thai=mo",
        "list of 7 days": "/phan-anh/?ngay=7",
        "list within 1 km": f"/phan-anh/?gan={seal('21.020 105.830', what='near', at=clock.now())}",
        "search: common words": "/phan-anh/?q=o+ga",
        "search: four words": "/phan-anh/?q=nhac+nho+xu+phat",
        "search: one number": f"/phan-anh/?q={number}",
        "search: nothing": "/phan-anh/?q=khongcochunaynhuvay",
        "search in a ward": f"/phan-anh/?q=nguy+hiem&phuong={ward}",
        "one ticket": f"/phan-anh/{number}/",
        "feed of a ward": f"/phan-anh/tin.atom?phuong={ward}",
        "map page": "/phan-anh/ban-do/",
    }
    for zoom in (9, 11, 12, 13, 14, 15, 16, 17, 18, 19):
        asked[f"map at zoom {zoom}"] = _view(zoom)
    for more, words in (
        ("ngay=7", "7 days"),
        (f"phuong={ward}", "a ward"),
        (f"linh_vuc={category}", "a category"),
        ("q=o+ga", "words"),
    ):
        asked[f"map at zoom 12: {words}"] = f"{_view(12)}&{more}"
    asked["map at zoom 17: 30 days"] = f"{_view(17)}&ngay=30"
    asked["rows beside the map at zoom 11"] = _view(11, "/phan-anh/ban-do/")
    asked["rows beside the map at zoom 16"] = _view(16, "/phan-anh/ban-do/")
    return [
        _read(work, address, port, seconds, headers={"HX-Request": "true"} if work.startswith("rows") else {})
        for work, address in asked.items()
    ]


def _read(
    work: str, address: str, port: int, seconds: float, *, headers: dict[str, str] | None = None, budget: float = READS_MS
) -> Line:
    question = [load.request("GET", address, headers=headers)]
    load.run(question, port=port, clients=1, seconds=1)
    return _line(work, load.run(question, port=port, clients=1, seconds=seconds), budget)


def _of_programs(port: int, city: int, seconds: float) -> list[Line]:
    """GeoReport v2, as other programs ask."""
    from thongsuot.feedback.models import Category

    code = Category.objects.filter(city_id=city).order_by("pk").values_list("code", flat=True)[2]
    here = "/open311/v2/requests.json"
    asked = {
        "Open311: requests": here,
        "Open311: requests that are open": f"{here}?status=open",
        "Open311: requests of a service": f"{here}?service_code={code}",
        "Open311: requests as XML": "/open311/v2/requests.xml",
    }
    return [_read(work, address, port, seconds) for work, address in asked.items()]


def _of_officers(port: int, city: int, seconds: float) -> list[Line]:
    from thongsuot.feedback.sealed import seal
    from thongsuot.kernel import clock
    from thongsuot.people.models import Person
    from thongsuot.units import queries as units

    today = clock.today()
    ward = units.units_under(city, as_of=today)[3].id
    two_years = urlencode({"tu": f"{today - timedelta(days=729):%d/%m/%Y}", "den": f"{today:%d/%m/%Y}"})
    figures = "/dieu-hanh/phan-anh/"
    late = f"{figures}qua-han/"
    asked = {
        "officers: to take": ("/can-bo/phan-anh/", READS_MS),
        "officers: all that is open": ("/can-bo/phan-anh/?hang=ca-thanh-pho", READS_MS),
        "officers: late answers": (late, READS_MS),
        "officers: late steps": (f"{late}?muc=buoc", READS_MS),
        "officers: late at the unit before": (f"{late}?muc=don-vi-truoc", READS_MS),
        "officers: late for the second time": (f"{late}?muc=lan-hai", READS_MS),
        "officers: search": (f"/can-bo/phan-anh/?hang=tim&q={seal('o ga', what='words', at=clock.now())}", READS_MS),
        "figures: this month": (figures, FIGURES_MS),
        "figures: two years": (f"{figures}?{two_years}", FIGURES_MS),
        "figures: two years of a ward": (f"{figures}?{two_years}&don_vi={ward}", FIGURES_MS),
        "figures: the month on paper": (f"{figures}bao-cao/", FIGURES_MS),
        "figures: map of squares, two years": (f"{_view(12, f'{figures}ban-do/o/')}&{two_years}", FIGURES_MS),
        "figures: tickets behind a number": (f"{figures}danh-sach/nhan/?{two_years}", FIGURES_MS),
    }
    head = {"Cookie": cookies_of(Person.objects.get(email=OFFICER))}
    return [_read(work, address, port, seconds, headers=head, budget=most) for work, (address, most) in asked.items()]


def _view(zoom: int, path: str = "/phan-anh/ban-do/diem/") -> str:
    """A window of 1280 by 800 pixels over the middle of the city."""
    degrees = 360 / 256 / 2**zoom
    wide, high = 640 * degrees, 400 * degrees * 0.93
    box = ",".join(f"{value:.6f}" for value in (105.83 - wide, 21.02 - high, 105.83 + wide, 21.02 + high))
    return f"{path}?{urlencode({'bbox': box, 'zoom': zoom})}"


def _reporting(port: int, city: int, reports: int, seconds: float) -> Line:
    """As fast as some people can, one after another: more than the peak of such a day asks for. Each with a picture."""
    from thongsuot.kernel import clock
    from thongsuot.units import queries as units

    wards = [unit.id for unit in units.units_under(city, as_of=clock.today())]
    picture = _picture()
    # No two are one report; more than can be sent in the time. The first ones find the program cold.
    sent = [_report(number, wards[number * 7 % len(wards)], picture) for number in range(200 + int(seconds) * 150)]
    load.run(sent[:200], port=port, clients=CLIENTS, seconds=3)
    answers = load.run(sent[200:], port=port, clients=CLIENTS, seconds=seconds * 3)
    peak = reports * PEAK_SHARE / 3600
    line = _line(f"report with a picture, {CLIENTS} at once (peak {peak:.1f}/s)", answers, REPORT_MS)
    if answers.per_second < peak:
        raise Trouble(f"Chỉ nhận {answers.per_second:.1f} phản ánh mỗi giây, cần {peak:.1f}. (Too few reports a second.)")
    return line


def _report(number: int, ward: int, picture: bytes) -> bytes:
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "key": f"bench-{os.getpid()}-{number}",
        "category": "o-ga",
        "words": f"Ổ gà sâu trước cổng trường, chỗ thứ {number}",
        "latitude": f"{21.0 + number % 500 / 10_000:.5f}",
        "longitude": f"{105.8 + number // 500 / 10_000:.5f}",
        "address": "phố Ví Dụ",
        "unit": str(ward),
        "name": "Nguyễn Văn Thử",
        "phone": f"09{number:08d}",
        "knows": "1",
    }
    mark = "thongsuot-bench"
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    file = f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = "".join(parts).encode() + file.encode() + picture + f"\r\n--{mark}--\r\n".encode()
    head = {"Cookie": ANYBODY, "Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={mark}"}
    return load.request("POST", "/phan-anh/gui/", headers=head, body=body)


def _picture() -> bytes:
    """As the page sends one: 1600 by 1200, some hundred kilobytes."""
    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).resize((1600, 1200)).convert("RGB").save(out, format="JPEG", quality=60)
    return out.getvalue()


def _line(work: str, answers: load.Answers, budget: float) -> Line:
    if answers.good != sum(answers.by_status.values()):
        raise Trouble(f"{work}: {dict(answers.by_status)}")
    return Line(work, answers.percentile(0.5), answers.percentile(0.95), answers.per_second, budget)
