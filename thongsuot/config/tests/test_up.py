"""`thongsuot up` from an empty folder: it answers, refuses to run twice, mends what is killed, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from thongsuot.config.embedded_postgres import EmbeddedPostgres
from thongsuot.kernel.die_with_parent import with_parent

COMMAND = [sys.executable, "-m", "thongsuot.config.cli"]


def plain_environment() -> dict[str, str]:
    """As a new user has it: nothing set for us, also when the tests run on another database."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("THONGSUOT_", "DATABASE_URL", "PYTEST_"))}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=plain_environment(), timeout=60)


class Running:
    """One `thongsuot up` on its own folder and port."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.parent / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "--data", str(data), "up", "--port", str(port)],
                stdout=log,
                stderr=log,
                env=plain_environment(),
                start_new_session=True,
                preexec_fn=with_parent(signal.SIGTERM),
            )  # a test run that is killed leaves nothing

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def greeted(self) -> bool:
        """It is up, the city is loaded, and it has said where."""
        return f"http://localhost:{self.port}/" in self.log.read_text()

    def children(self, word: str) -> list[int]:
        return [pid for pid, parent, command in processes() if parent == self.process.pid and word in command]

    def left(self) -> list[str]:
        """What still runs on this folder or port."""
        marks = (str(self.data), f"--port\0{self.port}")
        return [command for _pid, _parent, command in processes() if any(mark in command for mark in marks)]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        EmbeddedPostgres(self.data).stop(mode="immediate")


def processes() -> list[tuple[int, int, str]]:
    """(pid, parent, command line with NUL between its words); zombies have no command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if command:
            found.append((int(folder.name), parent, command))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened, seconds: float, log: Path) -> None:
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up, log.read_text()[-3000:]
        time.sleep(0.1)


@pytest.fixture(scope="module")
def running():
    """Started once: the tests below follow one another as the life of one installation would."""
    with tempfile.TemporaryDirectory(prefix="thongsuot-up-") as folder:
        Path(folder).chmod(0o755)
        up = Running(Path(folder) / "data", free_port())
        try:
            wait_until(lambda: up.greeted() or up.process.poll() is not None, 180, up.log)
            assert up.process.poll() is None, up.log.read_text()[-3000:]
            yield up
        finally:
            up.end()


def test_from_an_empty_folder_to_a_home_page(running):
    assert running.status("/") == 200
    assert running.status("/readyz") == 200
    said = running.log.read_text()
    assert "migrating the database" in said


def test_a_second_one_on_the_same_folder_is_refused_politely(running):
    second = run("--data", str(running.data), "up", "--port", str(free_port()))

    assert second.returncode == 1
    assert str(running.process.pid) in second.stderr
    assert "Traceback" not in second.stderr
    assert running.status("/healthz") == 200


def test_a_taken_port_is_refused_politely(running, tmp_path):
    second = run("--data", str(tmp_path), "up", "--port", str(running.port))

    assert second.returncode == 1
    assert f"PORT={running.port + 1}" in second.stderr
    assert "Traceback" not in second.stderr


def test_check_finds_it_well(running):
    check = run("--data", str(running.data), "check")

    assert check.returncode == 0, check.stdout + check.stderr


def test_the_city_is_loaded_and_an_old_address_finds_its_ward(running):
    found = run("--data", str(running.data), "find-unit", "12", "hang", "bac,", "hoan", "kiem")

    assert found.returncode == 0, found.stderr
    assert "Phường Hoàn Kiếm, Thành phố Hà Nội" in found.stdout


def test_killed_processes_come_back(running):
    (web,), (worker,) = running.children("\0web\0"), running.children("\0worker\0")
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: web not in running.children("\0web\0"), 10, running.log)

    wait_until(lambda: running.children("\0worker\0") not in ([], [worker]), 60, running.log)
    wait_until(lambda: running.status("/readyz") == 200, 60, running.log)


def test_a_killed_database_comes_back(running):
    (database,) = running.children("bin/postgres")
    os.kill(database, signal.SIGKILL)
    wait_until(lambda: running.children("bin/postgres") not in ([], [database]), 30, running.log)

    wait_until(lambda: running.status("/readyz") == 200, 60, running.log)
    wait_until(lambda: running.status("/") == 200, 20, running.log)


def test_sigterm_stops_everything_and_leaves_nothing_running(running):
    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(timeout=60) == 0
    assert running.left() == []
    assert "Stopped" in running.log.read_text()


def test_the_second_start_is_quick_and_a_killed_supervisor_leaves_no_orphans(running):
    again = Running(running.data, running.port)
    try:
        wait_until(again.greeted, 60, again.log)
        again.process.kill()
        again.process.wait()
        wait_until(lambda: again.left() == [], 30, again.log)
    finally:
        again.end()
