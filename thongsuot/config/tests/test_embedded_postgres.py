"""The embedded database: where it may live, whom it trusts, what it does with what others left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from thongsuot.config.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, socket_dir

SMALL = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def home():
    """Not pytest's tmp_path: as root, the server's account must be able to walk there."""
    with tempfile.TemporaryDirectory(prefix="thongsuot-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def answer(embedded: EmbeddedPostgres, sql: str) -> object:
    with psycopg.connect(
        host=str(embedded.sockets), user="thongsuot", dbname="postgres", requirepeer=embedded.server_user
    ) as door:
        row = door.execute(sql).fetchone()
        return row and row[0]


def test_it_starts_answers_and_stops_and_both_may_be_asked_twice(home):
    embedded = EmbeddedPostgres(home, settings=SMALL)
    embedded.start()
    embedded.start()
    try:
        assert answer(embedded, "SHOW listen_addresses") == ""
        assert answer(embedded, "SHOW data_checksums") == "on"
        assert str(answer(embedded, "SHOW server_version")).startswith("18.")
    finally:
        embedded.stop()
    embedded.stop()

    assert not embedded.running()
    assert not embedded.sockets.exists()


def test_a_kill_loses_nothing_and_what_it_left_does_not_keep_it_from_starting(home):
    embedded = EmbeddedPostgres(home, settings={"shared_buffers": "16MB"})
    embedded.start()
    try:
        with psycopg.connect(host=str(embedded.sockets), user="thongsuot", dbname="postgres", autocommit=True) as door:
            door.execute("CREATE TABLE kept (n int)")
            door.execute("INSERT INTO kept VALUES (7)")
        os.kill(embedded.pid(), signal.SIGKILL)
        wait_for(lambda: not embedded.running())
        again = EmbeddedPostgres(home, settings=SMALL)
        again.start()
        try:
            assert answer(again, "SELECT n FROM kept") == 7
        finally:
            again.stop()
    finally:
        embedded.stop()


def test_a_number_that_now_belongs_to_another_process_is_not_taken_for_the_server(home):
    embedded = EmbeddedPostgres(home, settings=SMALL)
    embedded.cluster.mkdir()
    (embedded.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert not embedded.running()


def test_locks_of_a_killed_server_whose_number_another_process_has_by_now_do_not_keep_it_from_starting(home):
    embedded = EmbeddedPostgres(home, settings=SMALL)
    embedded.start()
    account = {"user": embedded.account.pw_uid} if embedded.account else {}
    other = subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account)
    try:
        number = embedded.pid()
        os.kill(number, signal.SIGKILL)
        wait_for(lambda: not embedded.running())
        for lock in (embedded.cluster / "postmaster.pid", embedded.sockets / ".s.PGSQL.5432.lock"):
            lock.write_text(lock.read_text().replace(str(number), str(other.pid), 1))

        EmbeddedPostgres(home, settings=SMALL).start()

        assert answer(embedded, "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()
        embedded.stop()


def test_a_socket_folder_that_is_open_to_others_is_refused(home):
    folder = socket_dir(home)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="open to others"):
            EmbeddedPostgres(home, settings=SMALL).start()
    finally:
        folder.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused_and_not_followed(home):
    target = home / "precious"
    target.mkdir(mode=0o755)
    folder = socket_dir(home)
    folder.symlink_to(target)
    try:
        with pytest.raises(EmbeddedPostgresError, match="belongs to another account"):
            EmbeddedPostgres(home, settings=SMALL).start()
        assert target.stat().st_mode & 0o777 == 0o755
        assert target.stat().st_uid == os.getuid()
    finally:
        folder.unlink()


def test_a_cluster_of_another_major_version_is_refused_with_a_way_out(home):
    embedded = EmbeddedPostgres(home, settings=SMALL)
    embedded.cluster.mkdir()
    (embedded.cluster / "PG_VERSION").write_text("15\n")

    with pytest.raises(EmbeddedPostgresError, match="restore a backup"):
        embedded.start()


TIED = """
import sys, time
from pathlib import Path
from thongsuot.config.embedded_postgres import EmbeddedPostgres
embedded = EmbeddedPostgres(Path(sys.argv[1]), settings={"shared_buffers": "16MB", "fsync": "off"})
embedded.start(tied=True)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can signal a child when its parent is killed")
def test_a_tied_server_ends_with_the_process_that_started_it_even_killed(home):
    parent = subprocess.Popen([sys.executable, "-c", TIED, str(home)], stdout=subprocess.PIPE, text=True)
    embedded = EmbeddedPostgres(home)
    try:
        assert parent.stdout.readline() == "ready\n"
        assert embedded.running()
        parent.kill()
        wait_for(lambda: not embedded.running())
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
        embedded.stop()


def wait_for(happened) -> None:
    give_up = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < give_up, "it did not happen in 20 seconds"
        time.sleep(0.05)
