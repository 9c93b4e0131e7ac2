"""`thongsuot bench pages`: how quickly it is there, what it holds at rest, what each page weighs and asks of the database.

A folder of its own is brought up from empty by `thongsuot up`, stopped, brought up again and left alone for a while. Then the
pages are drawn in this process for people of the demo city, on the same database.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from thongsuot.config.bench.run import free_port
from thongsuot.config.terminal import Trouble, say

if TYPE_CHECKING:
    from django.test import Client

AT_REST = 30  # seconds after the start: caches are warm, nobody asks anything
GIVE_UP = 600
ROUNDS = 7
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')
# Who, and the pages that person opens most.
PAGES = {
    "": (
        "/",
        "/thu-tuc/?q=khai+sinh",
        "/thu-tuc/1.001193/",
        "/xa-phuong/?q=12+hang+bac,+hoan+kiem",
        "/xa-phuong/thay-doi/",
        "/nop-ho-so/1.001193/",
        "/tra-cuu/",
        "/tai-khoan/dang-nhap/",
    ),
    "minh": ("/ho-so-cua-toi/", "/tai-khoan/", "/tai-khoan/tin-nhan/"),
    "lan": ("/can-bo/", "/can-bo/tiep-nhan/", "/can-bo/so-theo-doi/", "/can-bo/quay/"),
    "hanh": ("/dieu-hanh/", "/can-bo/ky/", "/dieu-hanh/chi-so/"),
    "lanhdao": ("/dieu-hanh/", "/dieu-hanh/chi-so/so-sanh/", "/dieu-hanh/ban-do/", "/dieu-hanh/bao-cao/"),
    "quantri": ("/quan-tri/nguoi-dung/", "/quan-tri/don-vi/", "/quan-tri/lich/", "/quan-tri/thu-tuc/", "/quan-tri/chung-thu/"),
}


@dataclass(frozen=True, kw_only=True)
class PageFigures:
    """`bytes`, `packed`: of the HTML, plain and by gzip. `queries` of one request, `cpu_ms`: of this process, the median."""

    who: str
    path: str
    bytes: int
    packed: int
    queries: int
    cpu_ms: float


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", default=argparse.SUPPRESS, help="ghi số liệu ra tệp (write the figures here too)")


def run(options: argparse.Namespace) -> None:
    """Raises Trouble when the program does not come up, or a page does not answer 200."""
    with tempfile.TemporaryDirectory(prefix="thongsuot-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        with _up(data) as (_process, first):
            say(f"lần đầu, từ thư mục trống (first start, from an empty folder): {first:.1f} s")
        with _up(data) as (process, second):
            say(f"các lần sau (later starts): {second:.1f} s")
            time.sleep(AT_REST)
            held = _held(process.pid)
            for name, mebibytes in held.items():
                say(f"bộ nhớ khi không ai dùng (memory at rest), {name}: {mebibytes:.0f} MiB")
            pages, static = _pages(data)
    say(f"CSS và JS tải một lần (styles and scripts, fetched once), gzip: {static / 1024:.0f} KiB")
    say(f"{'trang (page)':<44}{'KiB':>7}{'gzip':>7}{'queries':>9}{'CPU ms':>8}")
    for one in pages:
        name, weights = f"{one.who} {one.path}".strip(), f"{one.bytes / 1024:>7.1f}{one.packed / 1024:>7.1f}"
        say(f"{name:<44}{weights}{one.queries:>9}{one.cpu_ms:>8.1f}")
    if options.json:
        figures = {"first_start_s": first, "later_start_s": second, "at_rest_mib": held, "static_bytes": static}
        Path(options.json).write_text(json.dumps({**figures, "pages": [asdict(one) for one in pages]}, indent=1) + "\n")


@contextmanager
def _up(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The whole program on that folder, and the seconds until it said where it is to be found."""
    port, log = free_port(), data.parent / "up.log"
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("THONGSUOT_", "DATABASE_URL"))}
    began = time.monotonic()
    with log.open("w") as out:
        command = [sys.executable, "-m", "thongsuot.config.cli", "--data", str(data), "up", "--port", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=plain, start_new_session=True)
    try:
        while f"http://localhost:{port}/" not in log.read_text() or not _answers(port):
            if process.poll() is not None or time.monotonic() - began > GIVE_UP:
                raise Trouble(f"Chưa chạy được. (It did not come up.)\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield process, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _held(root: int) -> dict[str, float]:
    """MiB by kind of process, shared pages divided among those that share them (PSS)."""
    held: dict[str, float] = {}
    for pid, command in _family(root).items():
        kind = "PostgreSQL" if "postgres" in command else next((word for word in ("worker", "web") if word in command), "up")
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        kib = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        held[kind] = held.get(kind, 0) + kib / 1024
    return held


def _family(root: int) -> dict[int, str]:
    """{pid: its words} of a process and all that came from it."""
    parents, commands = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            commands[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue  # it ended meanwhile

    def of_root(pid: int) -> bool:
        return pid == root or (pid in parents and of_root(parents[pid]))

    return {pid: command for pid, command in commands.items() if command and of_root(pid)}


def _pages(data: Path) -> tuple[list[PageFigures], int]:
    """Of every page; and the bytes of all styles and scripts they link to, packed: a browser fetches these once."""
    os.environ.update(THONGSUOT_DATA=str(data), THONGSUOT_ENV="demo", DJANGO_SETTINGS_MODULE="thongsuot.config.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from thongsuot.people.models import Person

    found: list[PageFigures] = []
    linked: dict[str, int] = {}
    for who, paths in PAGES.items():
        client = Client(HTTP_HOST="localhost")
        if who:
            person = Person.objects.get(email=f"{who}@demo.thongsuot.vn")
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        for path in paths:
            figures, html = _weighed(client, who, path)
            found.append(figures)
            for address in _LINKED.findall(html.decode()):
                linked[address] = linked.get(address) or len(gzip.compress(b"".join(client.get(address)), 6))
    connection.close()
    return found, sum(linked.values())


def _weighed(client: Client, who: str, path: str) -> tuple[PageFigures, bytes]:
    """Of one page, and the page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)  # what is remembered for a while is remembered now
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        asked = len(queries)  # now: the next request empties the list
    if answer.status_code != 200:
        raise Trouble(f"{who} {path}: {answer.status_code}")
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        client.get(path)
        taken.append((time.process_time() - began) * 1000)
    html = answer.content
    weight = {"bytes": len(html), "packed": len(gzip.compress(html, 6))}
    return PageFigures(who=who, path=path, queries=asked, cpu_ms=median(taken), **weight), html
