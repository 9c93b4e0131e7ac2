"""One replay from an empty folder to its proof. Stops by itself; Ctrl-C leaves nothing running, the same command goes on."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from thongsuot.config.terminal import Trouble, say, step
from thongsuot.kernel.die_with_parent import with_parent
from thongsuot.kernel.working_time import VIET_NAM

PARAMETERS = "replay.json"
LOG = "replay.log"
SECONDS = "replay-seconds"  # of all runs of this replay so far
REPORT = "replay-report.json"
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FEW = 3000  # below it shares say little
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}


def run(options: argparse.Namespace) -> None:
    """Play, prove, print. Raises Trouble when something does not hold."""
    for number in _STOPS:
        signal.signal(number, _stop)
    folder = Path(os.environ["THONGSUOT_DATA"])
    os.environ.update(THONGSUOT_ENV="demo", THONGSUOT_SIMULATED_CLOCK="1", THONGSUOT_CITY=options.city)
    os.environ.setdefault("THONGSUOT_LOG_LEVEL", "ERROR")
    os.environ.pop("DATABASE_URL", None)
    from thongsuot.config.database import NAME, holding
    from thongsuot.config.embedded_postgres import EmbeddedPostgres
    from thongsuot.config.rehearsal import mark

    mark(folder, "replay")
    _same_as_before(folder / PARAMETERS, options)
    with holding(folder):
        cluster = EmbeddedPostgres(folder, settings=SETTINGS)
        try:
            with step("Khởi động cơ sở dữ liệu", "starting the database"):
                cluster.start(tied=True)
                cluster.create_database(NAME)
            good = Replay(folder, options).run()
        finally:
            cluster.stop()
    if not good:
        raise Trouble("Diễn tập có điểm không đạt, xem các dòng ✗ ở trên. (Something does not hold: see the lines marked ✗.)")


def _stop(number: int, frame: FrameType | None) -> None:
    for one in _STOPS:
        signal.signal(one, signal.SIG_IGN)  # one is enough: a second must not cut the orderly end
    raise KeyboardInterrupt


def _same_as_before(file: Path, options: argparse.Namespace) -> None:
    wanted = {"city": options.city, "from": options.first, "days": options.days, "seed": options.seed}
    wanted |= {"dossiers": options.dossiers, "units": options.units}
    wanted |= {"signing_units": options.signing_units, "portal_away": options.portal_away}
    if not file.exists():
        file.write_text(json.dumps(wanted) + "\n")
    elif (before := json.loads(file.read_text())) != wanted:
        raise Trouble(
            f"Thư mục này đang giữ một lần diễn tập khác: {before}. Chọn thư mục khác. (The folder holds another replay.)"
        )


class Replay:
    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options
        self.first = date.fromisoformat(options.first)
        self.until = self.first + timedelta(days=max(options.days + 2, 1) - 1)
        # When everybody has gone home on the last day.
        self.evening = datetime(self.until.year, self.until.month, self.until.day, 18, tzinfo=VIET_NAM)

    def run(self) -> bool:
        self._prepare()
        from thongsuot.config.replay.arrivals import arrivals
        from thongsuot.config.replay.facts import read_city
        from thongsuot.config.replay.lives import RECEIVING, Lives
        from thongsuot.config.replay.signing import certify
        from thongsuot.config.replay.staff import open_accounts, planned

        options = self.options
        with step("Lập kế hoạch: ai đến, khi nào, việc gì", "planning who comes, when, for what"):
            self.city = read_city(
                options.city, first=self.first, days=options.days, until=self.until, most_units=options.units or None
            )
            self.found = arrivals(self.city, options.dossiers, options.seed)
            doors = Counter(act.door for act in Lives(self.city, planned(self.city, self.found), options.seed).acts(self.found))
            self.total, self.planned = doors.total(), sum(doors[door] for door in RECEIVING)
        staff = planned(self.city, self.found)
        with step("Mở tài khoản cán bộ", "opening officers' accounts") as work:
            lasts = timedelta(days=options.days + 60)
            keys = open_accounts(
                self.city,
                staff,
                at=self.at,
                lasts=lasts,
                seed=options.seed,
                progress=lambda done, total: work.count("", done, total),
            )
        with step("Cấp chứng thư thử nghiệm", "issuing test certificates"):
            certify(self.city, staff, keys, how_many=options.signing_units, at=self.at, lasts=lasts)
        officers = sum(len(group) for roles in staff.values() for group in roles.values())
        say(
            f"  {len(self.city.places)} đơn vị, {len(self.city.kinds)} thủ tục, {officers} cán bộ, {len(self.found)} hồ sơ "
            f"nộp, {self.total} thao tác (units, procedures, officers, filings, acts)"
        )
        with self._processes() as port:
            taken = self.folder / SECONDS
            self.before = float(taken.read_text()) if taken.is_file() else 0.0
            self.began = time.monotonic()
            self._play(port, keys, Lives(self.city, staff, options.seed).acts(self.found))
            self.seconds = self._keep_seconds()
            jobs_seconds = 0.0 if options.without_jobs else self._drain()
        return self._prove(jobs_seconds)

    # -- what is there -------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        import django

        (self.folder / "static").mkdir(exist_ok=True)
        django.setup()
        from django.core.management import call_command

        from thongsuot.config import loading

        self.at = datetime(self.first.year, self.first.month, self.first.day, 6, tzinfo=VIET_NAM)
        self._tell_time(self.at)
        with step("Dựng cấu trúc dữ liệu", "migrating the database"):
            call_command("migrate", verbosity=0)
        for piece in loading.STEPS:
            if not piece.demo:
                with step(piece.vietnamese, piece.english) as work:
                    piece.run(self.options.city, self.at, work.count)

    def _tell_time(self, at: datetime) -> None:
        """For the jobs. Written aside and moved: a reader sees the old time or the new."""
        from thongsuot.config.rehearsal import NOW

        aside = self.folder / f"{NOW}.new"
        aside.write_text(at.isoformat())
        aside.replace(self.folder / NOW)

    @contextmanager
    def _processes(self) -> Iterator[int]:
        """Web server, worker and the portal's stand-in, on free ports of loopback; stopped at the end whatever ends it."""
        from thongsuot.config.bench.run import free_port, wait_for
        from thongsuot.config.replay.portal import PortalBeside, busiest_hour

        port, away = free_port(), busiest_hour(self.found, self.options.portal_away)
        self.portal = PortalBeside(self.folder, free_port(), away)
        os.environ["THONGSUOT_PORTAL"] = self.portal.address
        # No telephones: a message held until a morning of the play would be looked at again and again until it comes.
        os.environ["THONGSUOT_SMS_URL"] = os.environ["THONGSUOT_ZALO_URL"] = ""
        wanted = [["web", "--port", str(port)]]
        if not self.options.without_jobs:
            wanted += [["national-portal-stand-in", "--port", str(self.portal.port)], ["worker"]]
        started: list[subprocess.Popen[bytes]] = []
        try:
            with step("Khởi động máy chủ web và bộ xử lý việc nền", "starting web and worker"):
                for arguments in wanted:
                    command = [sys.executable, "-m", "thongsuot.config.cli", *arguments]
                    started.append(
                        subprocess.Popen(
                            command,
                            stdin=subprocess.DEVNULL,
                            start_new_session=True,
                            preexec_fn=with_parent(signal.SIGTERM),
                        )
                    )
                wait_for(port)
                if not self.options.without_jobs:
                    wait_for(self.portal.port)
                    self.portal.announce()
            yield port
        finally:
            for process in started:
                with suppress(ProcessLookupError):
                    process.terminate()
            for process in started:
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    with suppress(ProcessLookupError, PermissionError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    # -- playing -------------------------------------------------------------------------------------------------------

    def _play(self, port: int, keys: Any, acts: Any) -> None:
        from thongsuot.config.replay.doors import Doors
        from thongsuot.config.replay.play import OverHttp, Player, read_log

        log = self.folder / LOG
        replayed = read_log(log)
        if replayed:
            say(f"  Chạy tiếp: {len(replayed)} thao tác đã xong lần trước (going on: done before)")
        self.player = Player(
            OverHttp(port),
            Doors(keys),
            self.found,
            seed=self.options.seed,
            workers=self.options.workers,
            log=log,
            replayed=replayed,
        )
        over = threading.Event()
        teller = threading.Thread(target=self._tell, args=(over,), daemon=True)
        with step("Diễn tập", "playing"):
            teller.start()
            try:
                self.score = self.player.play(acts)
            finally:
                over.set()
                teller.join()

    def _keep_seconds(self) -> float:
        """What all runs took up to now, kept for a run that goes on from here."""
        taken = self.before + time.monotonic() - self.began
        (self.folder / SECONDS).write_text(f"{taken:.1f}\n")
        return taken

    def _tell(self, over: threading.Event) -> None:
        """The time for the jobs each half second and what is due for the portal, a line every ten."""
        from django.db import connection

        try:
            self._telling(over)
        finally:
            connection.close()

    def _telling(self, over: threading.Event) -> None:
        said, before = time.monotonic(), 0
        while not over.wait(0.5):
            score = self.player.score
            if score.playing is None:
                continue
            self._tell_time(score.playing)
            if not self.options.without_jobs:
                self.portal.turn(score.playing)
            now = time.monotonic()
            if now - said >= 10:
                rate = (score.done - before) / (now - said)
                left = (self.total - score.done) / max(rate, 0.001)  # by the last lines: what was done before passes in no time
                said, before = now, score.done
                self._keep_seconds()
                say(
                    f"  {score.playing:%d/%m %H:%M} | {score.received} hồ sơ | {score.done}/{self.total} thao tác | "
                    f"{rate:.0f}/s | còn khoảng {left / 60:.0f} phút (left)"
                    + (f" | ✗ {score.refused}" if score.refused else "")
                )

    def _drain(self) -> float:
        """Wait until the worker has written every letter and told the portal all. The seconds it took after the play."""
        from django.db import connection

        began, before = time.monotonic(), -1
        self._tell_time(self.evening)
        with step("Chờ bộ xử lý việc nền viết xong thư", "letting the worker finish") as work, connection.cursor() as cursor:
            still = 0
            while still < 120:
                cursor.execute(
                    "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'kernel.react'"
                )
                (left,) = cursor.fetchone()
                if left == 0:
                    break
                still = still + 1 if left == before else 0
                before = left
                work.note(f"{left} việc (jobs)")
                time.sleep(1)
        with step("Chờ báo hết lên Cổng", "telling the portal the rest") as work:
            self.portal.drain(self.evening, self._tell_time, work.note)
        return time.monotonic() - began

    # -- the end -------------------------------------------------------------------------------------------------------

    def _prove(self, jobs_seconds: float) -> bool:
        from thongsuot.config.replay import figures, proof, reading, signing

        options, score = self.options, self.score
        with step("Kiểm tra", "proving"):
            found = list(
                proof.checks(
                    self.city,
                    self.found,
                    self.player.known,
                    score,
                    asked=options.dossiers,
                    planned=self.planned,
                    acts=self.total,
                    jobs=not options.without_jobs,
                    share=options.dossiers >= FEW,
                )
            )
            found.append(signing.check(self.city, how_many=options.signing_units, at=self.evening))
            if not options.without_jobs:
                found.append(self.portal.check())
        with step("Đọc như lãnh đạo đọc", "reading as leaders do"):
            found += reading.looked_at(self.city, self.folder, at=self.evening, say=lambda line: say(f"  {line}"))
        for check in found:
            say(f"  {'✓' if check.holds else '✗'} {check.name}: {check.said}")
        for problem in score.problems[:10]:
            say(f"    {problem}")
        filed, seconds = len(self.found), max(self.seconds, 0.001)
        say(
            f"  {filed} hồ sơ trong {seconds:.0f} s: {filed / seconds:.1f} hồ sơ/s, {score.requests / seconds:.0f} yêu cầu/s, "
            f"{score.again} lần gửi lại; thư: {jobs_seconds:.0f} s sau đó (dossiers/s, requests/s, sent again; letters after)"
        )
        report = {
            "parameters": json.loads((self.folder / PARAMETERS).read_text()),
            "seconds": round(seconds, 1),
            "jobs_seconds": round(jobs_seconds, 1),
            "dossiers_per_second": round(filed / seconds, 2),
            "requests": score.requests,
            "sent_again": score.again,
            "busiest_hour": vars(proof.latency(score)) if score.intake else None,
            "checks": [vars(check) for check in found],
            "counted": figures.counted(self.city),
            "fifteen_days": figures.fifteen_days(self.city),
        }
        file = self.folder / REPORT
        file.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n")
        say(f"  Số liệu (figures): {file}")
        return all(check.holds for check in found)
