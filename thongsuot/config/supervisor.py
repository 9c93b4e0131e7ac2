"""`thongsuot up`: the database, the worker and the web server, started in order, kept alive, stopped together.

Nothing outlives it. A stop is orderly (jobs and requests under way may end); when the supervisor itself is killed,
the system signals each child in its place (kernel/die_with_parent.py).
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from thongsuot.config import local_node
from thongsuot.config.database import NAME, InUse, holding
from thongsuot.config.embedded_postgres import EmbeddedPostgres
from thongsuot.config.preparing import bring_up_to_date, load_what_is_missing, refuse_unready_production
from thongsuot.config.serving import LAST_SECONDS
from thongsuot.config.terminal import Trouble, say, step
from thongsuot.kernel.die_with_parent import with_parent

LONGEST_WAIT = 30.0
HEALTHY_AFTER = 60.0


class Stop(BaseException):
    """Someone asked us to end: Ctrl-C or SIGTERM. No Exception, so that nothing on the way swallows it."""


@dataclass
class Kept:
    """A child process that is started again when it ends unasked, each time after a longer wait."""

    title: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 1.0
    start_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "thongsuot.config.cli", *self.arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the children in order
            preexec_fn=with_parent(signal.SIGTERM),
        )
        self.started = time.monotonic()

    def look(self) -> None:
        """Start it when it is due; notice when it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.wait = 1.0 if now - self.started > HEALTHY_AFTER else min(self.wait * 2, LONGEST_WAIT)
        say(
            f"! {self.title} đã dừng (mã {code}), chạy lại sau {self.wait:.0f} s "
            f"({self.title} ended with {code}, starting again in {self.wait:.0f} s)"
        )
        self.kill_group()
        self.process, self.start_at = None, now + self.wait

    def kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, give_up: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, give_up - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"! {self.title} không dừng kịp, buộc dừng (did not end in time, killed)")
        self.kill_group()
        self.process.wait()


def up(*, url: str, data_dir: Path, host: str, port: int, city: str, node: bool = False) -> None:
    """Run until Ctrl-C or SIGTERM. node: of a hall; it has no city of its own. Raises Trouble when it cannot start."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with _alone(data_dir):
            _refuse_taken_port(host, port)
            os.environ.setdefault("THONGSUOT_URL", f"http://localhost:{port}")
            pulse_port = _port_of_pulses(host, port)
            refuse_unready_production(with_database=False)
            with ExitStack() as stack:
                embedded = None if url else stack.enter_context(_embedded(data_dir))
                bring_up_to_date()
                refuse_unready_production(with_database=True)
                children = [
                    Kept("node", ["follow-city"]) if node else Kept("worker", ["worker"]),
                    Kept("web", ["web", "--host", host, "--port", str(port)]),
                    Kept("pulses", ["pulses", "--host", host, "--port", str(pulse_port)]),
                ]
                stack.callback(_stop_all, children)
                if node:
                    local_node.fill(data_dir)
                for child in children:  # they need some seconds to come up: the loading goes on meanwhile
                    child.start()
                demo_accounts = [] if node else load_what_is_missing(city)
                with step("Khởi động máy chủ web và bộ xử lý việc nền", "starting web and worker"):
                    _wait_until_answering(host, port, children)
                own = f"http://localhost:{port}/nut-tai-cho/" if node else f"{os.environ['THONGSUOT_URL'].rstrip('/')}/"
                _greet(own, data_dir, embedded, demo_accounts)
                _watch(children, embedded)
    except Stop:
        say("Đã dừng hẳn. (Stopped; nothing is left running.)")


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is enough: the second must not cut the orderly end
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    raise Stop


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    try:
        with holding(data_dir):
            yield
    except InUse as use:
        raise Trouble(
            f"Thư mục dữ liệu {use.data_dir} đang được tiến trình {use.holder} dùng. Dừng tiến trình đó trước, "
            f"hoặc chọn thư mục khác: make up DATA=...\n"
            f"(The data folder is in use by process {use.holder}: stop it first, or choose another folder.)"
        ) from None


def _port_of_pulses(host: str, port: int) -> int:
    """The port that the settings name, or the one after ours, or any that is free; browsers are told which."""
    named = os.environ.get("THONGSUOT_PULSES", "")
    if named.startswith(":"):
        if not named[1:].isdecimal() or not 0 < int(named[1:]) < 65536:
            raise Trouble(f"THONGSUOT_PULSES={named}: không phải cổng, ví dụ :8001. (Not a port.)")
        _refuse_taken_port(host, int(named[1:]))
        return int(named[1:])
    with socket.socket(_family(host)) as probe:
        try:
            probe.bind((host, port + 1))
        except (OSError, OverflowError):
            probe.bind((host, 0))
        chosen: int = probe.getsockname()[1]
    if not named:
        os.environ["THONGSUOT_PULSES"] = f":{chosen}"
    return chosen


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise Trouble(
                f"Không dùng được cổng {port} ({reason.strerror}). Chọn cổng khác: make up PORT={port + 1}\n"
                f"(Port {port} cannot be used: choose another one.)"
            ) from None


@contextmanager
def _embedded(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(data_dir)
    try:
        with step("Khởi động cơ sở dữ liệu kèm theo", "starting the embedded PostgreSQL"):
            if embedded.running():
                embedded.stop()  # left behind by a supervisor that was killed: this one must be our child
            embedded.start(tied=True)
            embedded.create_database(NAME)
        yield embedded
    finally:
        embedded.stop()


def _wait_until_answering(host: str, port: int, children: list[Kept]) -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for child in children:
            child.look()
        connection = http.client.HTTPConnection(target, port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            if connection.getresponse().status < 500:
                return
            time.sleep(1)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise Trouble("Máy chủ web không trả lời sau một phút. (The web server does not answer after a minute.)")


def _greet(url: str, data_dir: Path, embedded: EmbeddedPostgres | None, demo_accounts: list[str]) -> None:
    say()
    say(f"Thông Suốt: {url}")
    say(f"Dữ liệu (data): {data_dir}")
    if embedded and embedded.cluster.parent != embedded.data_dir:
        say(f"Cơ sở dữ liệu (database): {embedded.cluster}")
    if demo_accounts:
        say("Tài khoản mẫu (demo accounts):")
        for line in demo_accounts:
            say(f"  {line}")
    say("Nhấn Ctrl-C để dừng. (Ctrl-C stops everything.)")


def _watch(children: list[Kept], embedded: EmbeddedPostgres | None) -> None:
    while True:
        if embedded and not embedded.running():
            say("! Cơ sở dữ liệu đã dừng, khởi động lại (the database ended, starting it again)")
            embedded.start(tied=True)
        for child in children:
            child.look()
        time.sleep(0.2)


def _stop_all(children: list[Kept]) -> None:
    say("Đang dừng… (stopping)")
    for child in children:
        if child.process and child.process.poll() is None:
            child.process.terminate()
    give_up = time.monotonic() + LAST_SECONDS + 2
    for child in children:
        child.stop(give_up)
