#!/usr/bin/env python
"""Crash drill: kill -9 of web, worker and database in the middle of intake under load; then count.

    .venv/bin/python scripts/crash_drill.py --seconds 60

Builds a throw-away city with a durable database of its own, lets clients file dossiers over HTTP, each with its own
Idempotency-Key and repeated until it is acknowledged, and kills one of the three every few seconds. At the end:
nothing acknowledged is missing, no code is missing or doubled, no command is half done, every reaction has run,
the history is whole.
Ends with exit code 0 when all holds. Uses loopback and its own folder only; ends by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import math
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

SERVE = "from thongsuot.config.serving import serve_web; serve_web('127.0.0.1', {port})"
WORK = "import django; django.setup(); from thongsuot.config.serving import run_worker; run_worker()"


@dataclass
class Report:
    acknowledged: int = 0
    repeated: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Drill:
    def __init__(self, *, seconds: float, clients: int, seed: int) -> None:
        self.seconds, self.clients = seconds, clients
        self.random = random.Random(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="thongsuot-crash-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self.ends_at = 0.0
        self.report = Report()
        self.answers: dict[str, str] = {}
        self.lock = threading.Lock()

    def run(self) -> Report:
        os.environ.update(
            THONGSUOT_DATA=str(self.folder),
            THONGSUOT_ENV="test",
            THONGSUOT_LOG_LEVEL="CRITICAL",
            DJANGO_SETTINGS_MODULE="thongsuot.config.settings",
        )
        os.environ.pop("DATABASE_URL", None)
        from thongsuot.config.embedded_postgres import EmbeddedPostgres

        self.cluster = EmbeddedPostgres(self.folder)
        try:
            self.cluster.start()
            self.cluster.create_database("thongsuot")
            self._build()
            self.web, self.worker = self._start(SERVE.format(port=self.port)), self._start(WORK)
            self._wait_for_web()
            self._storm()
            self._settle()
            self._count()
        finally:
            for process in (getattr(self, "web", None), getattr(self, "worker", None)):
                if process is not None:
                    _kill(process)
            self.cluster.stop(mode="immediate")
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.cluster.sockets, ignore_errors=True)
        return self.report

    def _build(self) -> None:
        import django

        django.setup()
        from django.core.management import call_command
        from django.utils import timezone

        call_command("migrate", verbosity=0)
        from thongsuot.dossiers.tests.make import HOUSE, make_town
        from thongsuot.people.actions import create_token

        self.town = make_town()
        at = timezone.now()
        key = create_token(
            self.town.people["lan"].pk,
            name="drill",
            duties=["receive dossiers"],
            expires_at=at + timedelta(days=1),
            actor=HOUSE,
            at=at,
        )
        self.secret = key.secret

    # -- the storm -----------------------------------------------------------------------------------------------------

    def _storm(self) -> None:
        """Until the time is up and each of the three was killed, however slow the machine."""
        ends_at, self.ends_at = time.monotonic() + self.seconds, math.inf
        threads = [threading.Thread(target=self._client) for _ in range(self.clients)]
        for thread in threads:
            thread.start()
        kills = (self._kill_database, self._kill_web, self._kill_worker)
        turn = 0
        while turn < len(kills) or time.monotonic() < ends_at - 2:
            time.sleep(self.random.uniform(0.7, 1.6))
            self._keep()
            kills[turn % len(kills)]()
            turn += 1
        self.ends_at = max(ends_at, time.monotonic())
        for thread in threads:
            thread.join(120)
            if thread.is_alive():
                self.report.problems.append("a client never got its last answer")

    def _keep(self) -> None:
        """Start again what ended by itself, as `thongsuot up` does: the worker ends when the database goes away."""
        if self.web.poll() is not None:
            self.web = self._start(SERVE.format(port=self.port))
        if self.worker.poll() is not None:
            self.worker = self._start(WORK)

    def _client(self) -> None:
        while time.monotonic() < self.ends_at:
            key = str(uuid.uuid4())
            body = json.dumps(
                {
                    "procedure": "9.000001",
                    "receiving_unit": "98001",
                    "owner": {"name": "Nguyễn Văn Thử", "phone": "0912345678"},
                    "papers": [{"code": "giay-chung-nhan"}],
                    "quantities": {"copies": 1},
                }
            ).encode()
            tries = 0
            while time.monotonic() < self.ends_at + 60:
                code = self._send(key, body)
                if code is not None:
                    with self.lock:
                        self.answers[key] = code
                        self.report.repeated += tries > 0
                    break
                tries += 1
                time.sleep(0.05)

    def _send(self, key: str, body: bytes) -> str | None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/dossiers",
            data=body,
            method="POST",
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json", "Idempotency-Key": key},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return str(json.loads(answer.read())["code"])
        except urllib.error.HTTPError as error:
            if error.code < 500:
                self.report.problems.append(f"refused: {error.code} {error.read()[:300]!r}")
            return None
        except (OSError, ValueError, http.client.HTTPException):  # no answer, or one cut in half
            return None

    # -- killing -------------------------------------------------------------------------------------------------------

    def _kill_database(self) -> None:
        """The postmaster and every backend at once, as a power cut would."""
        postmaster = self.cluster.pid()
        for pid in [postmaster, *_children(postmaster)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._counted("database")
        for _ in range(50):
            if not _alive(postmaster):
                break
            time.sleep(0.05)
        try:
            self.cluster.start()
        except RuntimeError as trouble:
            self.report.problems.append(f"the database did not start again: {trouble}")

    def _kill_web(self) -> None:
        _kill(self.web)
        self._counted("web")
        self.web = self._start(SERVE.format(port=self.port))
        self._wait_for_web()

    def _kill_worker(self) -> None:
        _kill(self.worker)
        self._counted("worker")
        self.worker = self._start(WORK)

    def _counted(self, what: str) -> None:
        self.report.kills[what] = self.report.kills.get(what, 0) + 1

    def _start(self, code: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", code], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _wait_for_web(self) -> None:
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        self.report.problems.append("the web server did not start again")

    # -- counting ------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Let the worker finish what is queued; a job whose worker was killed is taken up again after its heart stopped."""
        from django.db import connection

        from thongsuot.kernel.tasks import take_up_left_jobs

        deadline, look_again = time.monotonic() + 90, 0.0
        while time.monotonic() < deadline:
            self._keep()
            connection.close()
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'kernel.react'"
                )
                if cursor.fetchone()[0] == 0:
                    return
            if time.monotonic() > look_again:  # every other second, and sooner: nothing is killed any more
                take_up_left_jobs.defer(timestamp=int(time.time()), silent_seconds=12)
                look_again = time.monotonic() + 2
            time.sleep(0.5)
        self.report.problems.append("jobs are still waiting")

    def _count(self) -> None:
        from django.db import connection

        from thongsuot.dossiers.models import Component, Dossier, FeeDue, StepRun, Tally, TallyChange
        from thongsuot.kernel.history import faults
        from thongsuot.kernel.models import Event
        from thongsuot.notices.models import Notice
        from thongsuot.numbering.models import Series

        connection.close()
        said = self.report.problems
        self.report.acknowledged = len(self.answers)
        codes = set(Dossier.objects.values_list("code", flat=True))
        if missing := [code for code in self.answers.values() if code not in codes]:
            said.append(f"acknowledged but missing: {missing[:5]}")
        if len(set(self.answers.values())) != len(self.answers):
            said.append("two requests were told the same code")
        dossiers = Dossier.objects.count()
        if dossiers != len(self.answers):
            said.append(f"{dossiers} dossiers for {len(self.answers)} requests")
        for series in Series.objects.filter(kind="dossier"):
            numbers = sorted(int(code.rsplit("-", 1)[1]) for code in codes if code.split("-")[1] == series.bucket)
            if numbers != list(range(1, series.last + 1)):
                said.append(f"the series of {series.bucket} has a gap or a double")
        counted = sum(Tally.objects.values_list("dossiers", flat=True)) + sum(
            TallyChange.objects.values_list("change", flat=True)
        )
        found_counts = {
            "steps": StepRun.objects.count(),
            "papers": Component.objects.count(),
            "fees": FeeDue.objects.count(),
            "counts": counted,
            "events": Event.objects.filter(name="dossiers.received").count(),
            "letters": Notice.objects.filter(key="received").count(),
        }
        said += [
            f"half a command: {count} {name} for {dossiers} dossiers"
            for name, count in found_counts.items()
            if count != dossiers
        ]
        if found := list(faults()):
            said.append(f"the history is broken: {found[:3]}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def _alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    report = Drill(seconds=options.seconds, clients=options.clients, seed=options.seed).run()
    print(f"acknowledged {report.acknowledged}, of which asked again {report.repeated}; killed {report.kills}")
    for problem in report.problems:
        print(f"PROBLEM: {problem}")
    print("all holds" if not report.problems else "it does not hold")
    return bool(report.problems)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    raise SystemExit(main())
