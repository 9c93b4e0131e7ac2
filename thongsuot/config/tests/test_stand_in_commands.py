"""The stand-in of SMS and Zalo on the command line: refused beside real people, a taken port is a sentence."""

from __future__ import annotations

import socket

import pytest

from thongsuot.config import stand_in_commands
from thongsuot.config.terminal import Trouble


def test_the_stand_in_of_telephones_is_refused_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(Trouble, match="THONGSUOT_STAND_INS_IN_PRODUCTION"):
        stand_in_commands.run_notices(0)


def test_a_port_that_is_taken_is_a_sentence(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Trouble, match="Không dùng được cổng"):
            stand_in_commands.run_notices(taken.getsockname()[1])
