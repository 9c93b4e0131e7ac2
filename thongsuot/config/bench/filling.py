"""`thongsuot bench load` fills a folder of its own with millions of made-up dossiers; `thongsuot bench stored` measures there.

Runs unattended: it says first how much disk it takes and refuses when there is less, tells how far it is, and writes all it
says to a log beside the data.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from thongsuot.config.terminal import Trouble, say
from thongsuot.kernel.die_with_parent import with_parent

WHAT = "bench"
FIGURES = "bench-stored.json"
LOG = "bench-load.log"
# Measured with a million: data and indexes of one dossier with its papers, steps, fee, result, rating, event and facts.
BYTES_PER_DOSSIER = 2_520
SPARE = 1.2  # sorting for the indexes, and the log
# While loading: a cut of the power may cost the whole load, which is then done again.
LOADING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "2",
}
SERVING = {"shared_buffers": "1GB", "max_wal_size": "4GB"}


def add_load_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dossiers", type=_number, default=20_000_000, help="số hồ sơ (dossiers): %(default)s")
    parser.add_argument(
        "--first", type=_number, default=100_000, help="đo với từng này trước, 0: không (measured before, 0: not): %(default)s"
    )
    parser.add_argument("--days", type=_number, default=750, help="trải trên số ngày làm việc (working days): %(default)s")
    add_stored_options(parser)


def add_stored_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", default=argparse.SUPPRESS, help="ghi số liệu ra tệp (write the figures here too)")
    parser.add_argument(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="thư mục riêng, mặc định .bench (a folder of its own)",
    )


def _number(text: str) -> int:
    plain = text.replace("_", "").replace(",", "")
    if not plain.isdecimal():
        raise argparse.ArgumentTypeError("0, 1, 2, ...")
    return int(plain)


def run_load(options: argparse.Namespace) -> None:
    """Load, and measure with little and with all. Raises Trouble when there is no room, or when a read misses its budget."""
    folder = _folder(options)
    from thongsuot.config.rehearsal import mark

    if not (folder / "rehearsal").exists():
        mark(folder, WHAT)
    with _telling(folder / LOG):
        _enough_room(folder, options.dossiers)
        with _database(folder, loading=True):
            _prepare()
        sizes = [size for size in (options.first, options.dossiers) if size and size <= options.dossiers]
        for size in dict.fromkeys(sizes):
            with _database(folder, loading=True):
                _fill(size, options.days, folder)
            with _database(folder, loading=False) as port:
                _measure(folder, port, options.json)
        _judge(folder)


def run_stored(options: argparse.Namespace) -> None:
    """Measure what an earlier load left. Raises Trouble for a folder that no load made."""
    folder = _folder(options)
    with _telling(folder / LOG), _database(folder, loading=False) as port:
        _measure(folder, port, options.json)
    _judge(folder)


def _folder(options: argparse.Namespace) -> Path:
    """Its own folder or a new one: nothing else is ever emptied."""
    folder = Path(getattr(options, "data", None) or ".bench").absolute()
    made_by = (folder / "rehearsal").read_text().strip() if (folder / "rehearsal").is_file() else ""
    empty = not folder.exists() or not any(folder.iterdir())
    if made_by != WHAT and not (empty and options.part == "load"):
        raise Trouble(
            f"{folder} không phải thư mục của `thongsuot bench load`. Chọn một thư mục mới: lệnh này xóa hết hồ sơ trong đó. "
            "(Not a folder made by bench load: choose a new one.)"
        )
    _settle_in(folder)
    return folder


def new_folder(options: argparse.Namespace, usual: str) -> Path:
    """A folder that is empty, for a played city of its own. Raises Trouble."""
    folder = Path(getattr(options, "data", None) or usual).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Trouble(f"{folder} không trống. Chọn một thư mục mới. (Not empty: choose a new folder.)")
    folder.mkdir(parents=True, exist_ok=True)
    _settle_in(folder)
    return folder


def _settle_in(folder: Path) -> None:
    os.environ.update(THONGSUOT_DATA=str(folder), THONGSUOT_ENV="demo", THONGSUOT_CITY="01")
    os.environ.setdefault("THONGSUOT_LOG_LEVEL", "ERROR")
    os.environ.pop("DATABASE_URL", None)


def _enough_room(folder: Path, dossiers: int) -> None:
    needed, free = dossiers * BYTES_PER_DOSSIER, shutil.disk_usage(folder).free
    _say(f"{dossiers:,} hồ sơ cần khoảng {needed / 2**30:.1f} GB, còn trống {free / 2**30:.1f} GB (disk needed, free)")
    if needed * SPARE > free:
        raise Trouble("Không đủ chỗ trên đĩa. (Not enough room on the disk.)")


@contextmanager
def _database(folder: Path, *, loading: bool) -> Iterator[int]:
    """The cluster with the settings of loading, or with those of serving and a web server; gives its port (0 while loading)."""
    from django.db import connections

    from thongsuot.config.bench.run import free_port, wait_for
    from thongsuot.config.database import NAME, holding
    from thongsuot.config.embedded_postgres import EmbeddedPostgres

    with holding(folder):
        cluster = EmbeddedPostgres(folder, settings=LOADING if loading else SERVING)
        port = 0
        try:
            cluster.start(tied=True)
            cluster.create_database(NAME)
            with ExitStack() as ends:
                if not loading:
                    port = free_port()
                    ends.enter_context(running("web", "--port", str(port)))
                    wait_for(port)
                _django()
                yield port
        finally:
            connections.close_all()
            cluster.stop()


@contextmanager
def running(*words: str) -> Iterator[None]:
    """A process of `thongsuot`, as `up` starts it; it ends with us."""
    process = subprocess.Popen(
        [sys.executable, "-m", "thongsuot.config.cli", *words],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _django() -> None:
    import django

    (Path(os.environ["THONGSUOT_DATA"]) / "static").mkdir(exist_ok=True)
    django.setup()


def _prepare() -> None:
    from django.core.management import call_command

    from thongsuot.config.bench.world import make_world
    from thongsuot.kernel import clock

    _say("cơ sở dữ liệu, đơn vị, thủ tục (database, units, procedures)")
    call_command("migrate", verbosity=0)
    make_world(at=clock.now())


def _fill(dossiers: int, days: int, folder: Path) -> None:
    from thongsuot.config.bench.copying import load
    from thongsuot.config.bench.stock import Stock
    from thongsuot.config.bench.world import make_world
    from thongsuot.config.replay.facts import read_city
    from thongsuot.config.replay.figures import part_of
    from thongsuot.kernel import clock
    from thongsuot.procedures import queries as procedures

    today = clock.today()
    world = make_world(at=clock.now())
    city = read_city("01", first=today, days=1, until=today)
    kinds = []
    for kind in city.kinds:
        version = procedures.version_in_force(kind.code, on=today)
        kinds.append((kind, version.id, version.procedure_id))
    officers = dict.fromkeys(world.unit_ids, world.officer.pk)
    stock = Stock(city, kinds, dossiers=dossiers, last=today, days=days, officers=officers)
    said = [0.0]

    def progress(done: int, seconds: float) -> None:
        if seconds - said[0] >= 10 or done >= dossiers:
            said[0] = seconds
            left = (dossiers - done) / max(done / max(seconds, 0.001), 1)
            _say(f"  {done:,}/{dossiers:,} hồ sơ, {done / max(seconds, 0.001):,.0f}/s, còn khoảng {left / 60:.1f} phút (left)")

    began = time.monotonic()
    took = load(stock, progress=progress, note=_say)
    if (counting := part_of("thongsuot.indicators.counting")) is not None:
        _say("  đếm số liệu từ đầu (counting the figures)")
        counting.recount(note=_say)
    for table, rows in took.rows.items():
        _say(f"  {table:<22} {rows:>12,} dòng (rows), COPY {rows / max(took.seconds[table], 0.001):>10,.0f}/s")
    _say(
        f"  {dossiers:,} hồ sơ trong {time.monotonic() - began:.0f} s, trong đó chỉ mục {took.indexes:.0f} s, "
        f"phân tích {took.analyse:.0f} s (of which indexes, vacuum and analyse); {_size()}"
    )


def _size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), (SELECT count(*) FROM dossiers_dossier)")
        size, dossiers = cursor.fetchone()
    return f"{size / 2**30:.2f} GB, {size / max(dossiers, 1):,.0f} byte/hồ sơ (bytes a dossier)"


def _measure(folder: Path, port: int, also: str) -> None:
    from thongsuot.config.bench.stored import measure, plain, shown
    from thongsuot.config.bench.world import make_world
    from thongsuot.kernel import clock

    reads = measure(make_world(at=clock.now()), port=port, now=clock.now())
    file = folder / FIGURES
    kept: dict[str, list[dict[str, Any]]] = json.loads(file.read_text()) if file.exists() else {}
    kept[str(reads[0].stored)] = plain(reads)
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    file.write_text(text)
    if also:
        Path(also).write_text(text)
    smallest = min((int(size) for size in kept), default=0)
    before = {row["work"]: row["ours"] for row in kept[str(smallest)]} if smallest != reads[0].stored else {}
    for read in reads:
        _say(shown(read, before.get(read.work)))


def _judge(folder: Path) -> None:
    """Budgets, and tracking against the time with little stored. Raises Trouble."""
    from thongsuot.config.bench.stored import MOST_TIMES

    kept: dict[str, list[dict[str, Any]]] = json.loads((folder / FIGURES).read_text())
    sizes = sorted(kept, key=int)
    missed = [row["work"] for row in kept[sizes[-1]] if not row["good"]]
    if len(sizes) == 1:
        _say("  Mới đo một cỡ: chưa so tra cứu với lúc còn ít hồ sơ. (One size: tracking is compared with nothing.)")
    track = [next(row["ours"] for row in kept[size] if row["work"].startswith("track")) for size in (sizes[0], sizes[-1])]
    if track[1] > track[0] * MOST_TIMES:
        missed.append(f"track by code, {track[1] / track[0]:.2f} x")
    if missed:
        raise Trouble(f"Chưa đạt: {', '.join(missed)}. (Over budget.)")


_log: list[Any] = []


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """What is said goes into the log of the folder too."""
    with file.open("a", encoding="utf-8") as log:
        _log.append(log)
        try:
            yield
        finally:
            _log.pop()


def _say(text: str) -> None:
    say(text)
    for log in _log:
        log.write(text + "\n")
        log.flush()


__all__ = ["add_load_options", "add_stored_options", "run_load", "run_stored"]
