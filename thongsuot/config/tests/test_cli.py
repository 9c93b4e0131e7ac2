"""The command line: help at once, mistakes said plainly."""

from __future__ import annotations

import subprocess
import sys

import pytest

from thongsuot.config.cli import main, parser


def test_help_names_every_command_without_loading_django():
    asked = (
        "import sys; from thongsuot.config.cli import parser; print(parser().format_help()); assert 'django' not in sys.modules"
    )

    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    for name in ("up", "check", "load", "migrate", "backup", "restore", "verify-history"):
        assert f"\n    {name}" in done.stdout


@pytest.mark.parametrize("port", ["0", "65536", "tám nghìn", "-1"])
def test_a_port_that_cannot_be_is_refused(port, capsys):
    with pytest.raises(SystemExit) as refusal:
        parser().parse_args(["up", "--port", port])

    assert refusal.value.code == 2


def test_a_folder_of_another_account_is_said_in_one_sentence(monkeypatch, capsys):
    def refused(options):
        raise PermissionError(13, "Permission denied", "/srv/theirs/in-use")

    monkeypatch.setattr("thongsuot.config.cli._messages", refused)

    assert main(["messages"]) == 1
    assert "/srv/theirs/in-use" in capsys.readouterr().err
