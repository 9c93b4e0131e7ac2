"""Settings from the environment and from files."""

from __future__ import annotations

import os

import pytest

from thongsuot.config import env
from thongsuot.config.database import database_settings


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("from-a-file\n")
    monkeypatch.setenv("THONGSUOT_SECRET_KEY", "from-the-environment")
    monkeypatch.setenv("THONGSUOT_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert env.text("THONGSUOT_SECRET_KEY") == "from-a-file"


@pytest.mark.parametrize(("said", "meant"), [("1", True), ("true", True), ("on", True), ("0", False), ("", False)])
def test_yes_and_no(monkeypatch, said, meant):
    monkeypatch.setenv("A_FLAG", said)

    assert env.flag("A_FLAG", default=not meant) is meant


def test_the_file_fills_in_and_the_environment_wins(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", {"SET": "before"})
    (tmp_path / ".env").write_text('# a remark=no\nSET=after\n NEW = "a value=with a sign" \nnothing\n')

    env.read_file(tmp_path / ".env")
    env.read_file(tmp_path / "not there")

    assert os.environ == {"SET": "before", "NEW": "a value=with a sign"}


def test_a_database_url_may_hold_marks_a_socket_and_options(tmp_path):
    made = database_settings("postgresql://th%C3%B4ng:m%40t@/su%E1%BB%91t?host=/run/postgresql&sslmode=verify-full", tmp_path)

    assert (made["USER"], made["PASSWORD"], made["NAME"]) == ("thông", "m@t", "suốt")
    assert made["HOST"] == "/run/postgresql"
    assert made["OPTIONS"] == {"sslmode": "verify-full"}


def test_another_kind_of_database_is_refused(tmp_path):
    with pytest.raises(ValueError, match="mysql"):
        database_settings("mysql://localhost/x", tmp_path)
