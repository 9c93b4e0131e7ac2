"""One run of the benchmark: build a city, fill it, measure the program against pgbench, print a table and JSON."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from thongsuot.config.bench import load

CLIENTS = 8
BUDGETS = {"receive": 0.30, "receive in batches of 100": 0.60, "track by code": 0.30}


@dataclass
class Line:
    """One line of the table. `ratio` is ours / reference, both measured one after the other in this run."""

    work: str
    stored: int
    ours: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    lowest: float | None = None
    highest: float | None = None
    note: str = ""


def run(options: argparse.Namespace) -> None:
    """Measure, print, and take everything away again."""
    folder = Path(tempfile.mkdtemp(prefix="thongsuot-bench-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    os.environ.update(
        THONGSUOT_DATA=str(folder),
        THONGSUOT_ENV="demo",
        DJANGO_SETTINGS_MODULE="thongsuot.config.settings",
        THONGSUOT_CITY="01",
    )
    os.environ.pop("DATABASE_URL", None)
    from thongsuot.config.embedded_postgres import EmbeddedPostgres

    cluster = EmbeddedPostgres(folder)
    try:
        cluster.start(tied=True)
        cluster.create_database("thongsuot")
        lines = Bench(cluster, options).run()
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(cluster.sockets, ignore_errors=True)
    if options.json:
        Path(options.json).write_text(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stored", default="10000,100000,1000000", help="số hồ sơ có sẵn (dossiers stored, measured at each): %(default)s"
    )
    parser.add_argument("--seconds", type=float, default=10, help="mỗi lần đo (of each measurement): %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="số vòng (ours and the reference in turn): %(default)s")
    parser.add_argument("--json", default="", help="ghi số liệu ra tệp (write the figures here too)")


class Bench:
    def __init__(self, cluster: Any, options: argparse.Namespace) -> None:
        self.cluster = cluster
        self.seconds, self.rounds = options.seconds, options.rounds
        self.sizes = [int(size) for size in options.stored.split(",")]
        self.lines: list[Line] = []
        self.random = random.Random(20251120)  # noqa: S311 - the same load every time
        self.port = free_port()

    def run(self) -> list[Line]:
        import django

        django.setup()
        from django.core.management import call_command

        _say("database, tables, city, procedures")
        call_command("migrate", verbosity=0)
        self._prepare()
        server = subprocess.Popen([sys.executable, "-c", _SERVE.format(port=self.port)], start_new_session=True)
        try:
            wait_for(self.port)
            for size in self.sizes:
                self._fill(size)
                self._measure(size)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
        return self.lines

    # -- what is there -------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        from thongsuot.config.bench.world import make_world
        from thongsuot.kernel import clock

        self.world = make_world(at=clock.now())
        self.stored = 0

    def _fill(self, size: int) -> None:
        from django.db import connection

        from thongsuot.dossiers.queries.leading import fold_tally

        _say(f"{size:,} dossiers")
        fill = (Path(__file__).parent / "fill.sql").read_text()
        with connection.cursor() as cursor:
            # Those that the loads before left at the desks: no ward has thousands open at once.
            cursor.execute(
                "UPDATE dossiers_steprun r SET finished_at = now(), outcome = 'ended' FROM dossiers_dossier d "
                "WHERE d.id = r.dossier_id AND d.status = 2 AND r.finished_at IS NULL"
            )
            cursor.execute("UPDATE dossiers_dossier SET status = 10, resolved_at = now(), ended_at = now() WHERE status = 2")
            while self.stored < size:
                last = min(self.stored + 50_000, size)
                cursor.execute(
                    fill,
                    {
                        "first": self.stored + 1,
                        "last": last,
                        "units": self.world.unit_ids,
                        "version": self.world.version_id,
                        "procedure": self.world.procedure_id,
                    },
                )
                self.stored = last
            fold_tally()  # as the worker does each minute
            cursor.execute("SELECT code FROM dossiers_dossier TABLESAMPLE SYSTEM (5) LIMIT 20000")
            self.codes = [row[0] for row in cursor.fetchall()]
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")  # or writing all that down would fall into the measurements
        from thongsuot.dossiers.queries.leading import fold_tally

        fold_tally()

    # -- what is measured ----------------------------------------------------------------------------------------------

    def _measure(self, size: int) -> None:
        world, head = self.world, {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        bodies = [
            json.dumps(world.body(self.random.choice(world.unit_codes), number), ensure_ascii=False).encode()
            for number in range(400)
        ]
        single = [load.request("POST", "/api/v1/dossiers", headers=head, body=body) for body in bodies]
        batch = [
            load.request(
                "POST",
                "/api/v1/dossiers/batch",
                headers=head,
                body=b'{"items":[' + b",".join(self.random.choices(bodies, k=100)) + b"]}",
            )
            for _ in range(20)
        ]
        track = [load.request("GET", f"/api/v1/track/{code}") for code in self.random.choices(self.codes, k=2000)]
        for line in world.in_process(size):  # before a load leaves some thousand open dossiers at each ward
            self.lines.append(Line(**line))
            _show(self.lines[-1])
        self._pages(size)
        self._against("receive", size, single, world.receive_sql(1), per=1)
        self._against("receive in batches of 100", size, batch, world.receive_sql(100), per=100)
        self._against("track by code", size, track, world.track_sql(self.codes), per=1)

    def _pages(self, size: int) -> None:
        """The reads that `bench stored` measures with millions, here in their short form."""
        from thongsuot.config.bench.stored import pages
        from thongsuot.kernel import clock

        for read in pages(self.world, now=clock.now()):
            note = f"{read.queries} queries" + (f", budget {read.most:.0f} ms" if read.most else "")
            line = Line(work=read.work, stored=size, ours=read.ours, unit=" ms", highest=read.slowest, note=note)
            self.lines.append(line)
            _show(line)

    def _against(self, work: str, size: int, requests: list[bytes], sql: list[str], *, per: int) -> None:
        ours, reference, times = [], [], []
        load.run(requests, port=self.port, clients=CLIENTS, seconds=2)
        for _ in range(self.rounds):
            self._look_at_the_queue()
            answers = load.run(requests, port=self.port, clients=CLIENTS, seconds=self.seconds)
            if answers.good < sum(answers.by_status.values()):
                raise RuntimeError(f"{work}: not all answered: {dict(answers.by_status)}")
            ours.append(answers.per_second * per)
            times.append(answers.percentile(0.95))
            reference.append(self._pgbench(sql) * per)
        ratios = [a / b for a, b in zip(ours, reference, strict=True)]
        line = Line(
            work=work,
            stored=size,
            ours=statistics.median(ours),
            unit="/s",
            reference=statistics.median(reference),
            ratio=statistics.median(ratios),
            lowest=min(ratios),
            highest=max(ratios),
            note=f"95 % of answers within {statistics.median(times):.1f} ms",
        )
        self.lines.append(line)
        _show(line)

    def _look_at_the_queue(self) -> None:
        """What the server does by itself within a minute. No worker empties the queue here, and a session whose plans were made
        when it was empty would read all of it at each reception (docs/performance.md)."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE procrastinate_jobs, procrastinate_events")

    def _pgbench(self, statements: list[str]) -> float:
        """Transactions per second of pgbench running these statements, chosen at random, with as many clients as we had."""
        with tempfile.TemporaryDirectory(prefix="thongsuot-pgbench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            files = []
            for number, statement in enumerate(statements):
                file = folder / f"{number}.sql"
                file.write_text(statement + ";\n")
                files += ["-f", str(file)]
            done = self.cluster._run(
                "pgbench",
                "-h",
                str(self.cluster.sockets),
                "-p",
                "5432",
                "-U",
                "thongsuot",
                "-n",
                "-c",
                str(CLIENTS),
                "-j",
                "2",
                "-M",
                "simple",
                "-T",
                str(int(self.seconds)),
                *files,
                "thongsuot",
            )
        return float(next(row for row in done.splitlines() if row.startswith("tps =")).split()[2])


_SERVE = "from thongsuot.config.serving import serve_web; serve_web('127.0.0.1', {port})"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Until the web server of that port takes connections. Raises RuntimeError after half a minute."""
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _show(line: Line) -> None:
    budget = BUDGETS.get(line.work)
    against = ""
    if line.ratio is not None and line.reference is not None:
        against = f"{line.reference:10,.0f}{line.unit} {line.ratio:6.1%} ({line.lowest:.1%} to {line.highest:.1%}"
        against += f", budget {budget:.0%})" if budget else ")"
    elif line.lowest is not None:
        against = f"({line.lowest:.1f} to {line.highest:.1f})"
    print(f"{line.work:<42} {line.stored:>11,} {line.ours:10,.1f}{line.unit} {against} {line.note}", flush=True)
