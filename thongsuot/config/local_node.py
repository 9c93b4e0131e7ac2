"""`thongsuot node`: the same program in a hall, with a small database of its own. See local_nodes/README.md."""

from __future__ import annotations

import json
import os
import secrets
import signal
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from thongsuot.config.terminal import Trouble, say

FILE = "node.json"


def prepare(data_dir: Path, *, city: str, code: str) -> None:
    """Settings of a node from its file; the first time it joins by the code and writes that file. Before settings are read.

    Raises Trouble.
    """
    file = data_dir / FILE
    if code:
        _write(file, _join(city, code))
    if not file.exists():
        raise Trouble(
            "Máy này chưa ghép với điểm nào. Lấy mã ở trang Máy tại chỗ của điểm rồi chạy: "
            "thongsuot node --city-url https://... --code MÃ\n"
            "(This machine is joined to no point: take a code from the point's page first.)"
        )
    said = json.loads(file.read_text(encoding="utf-8"))
    host = urlsplit(said["address"]).hostname
    os.environ |= {
        "THONGSUOT_NODE": "1",
        "THONGSUOT_NODE_KEY": said["key"],
        "THONGSUOT_SECRET_KEY": said["secret"],
        "THONGSUOT_URL": said["city"],
        "THONGSUOT_HOSTS": f"localhost,127.0.0.1,[::1],{host}",
        "THONGSUOT_ENV": "node",
        "THONGSUOT_TLS": "",
        "DATABASE_URL": "",
    }


def _join(city: str, code: str) -> dict[str, Any]:
    from thongsuot.local_nodes.client import City, NoAnswer, RefusedByCity

    if urlsplit(city).scheme not in {"http", "https"}:
        raise Trouble("Thiếu địa chỉ của thành phố: --city-url https://... (The address of the city is missing.)")
    try:
        joined = City(city, timeout=20).join(code)
    except RefusedByCity as refused:
        raise Trouble(f"{refused} (The city refused the code.)") from None
    except NoAnswer as fault:
        raise Trouble(f"{city} không trả lời ({fault}). (The city does not answer.)") from None
    return {
        "city": city.rstrip("/"),
        "key": joined.key,
        "secret": secrets.token_urlsafe(48),
        "node_id": joined.node_id,
        "house_id": joined.house_id,
        "database": joined.database,
        "first_number": joined.first_number,
        "address": joined.address,
    }


def _write(file: Path, said: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
        json.dump(said, written)
    new.replace(file)


def fill(data_dir: Path) -> None:
    """The database becomes this node's. Raises Trouble: it is another one's, or a city's."""
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system
    from thongsuot.local_nodes import actions, queries
    from thongsuot.units.models import Unit

    said = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    row = queries.standing()
    if row is None:
        if Unit.objects.exists():
            raise Trouble("Cơ sở dữ liệu này là của một thành phố: chọn thư mục khác bằng --data. (Not an empty database.)")
        of_node = {name: said[name] for name in ("node_id", "house_id", "database", "first_number")}
        actions.become_node(said["city"], **of_node, actor=system("cli"), at=clock.now())
    elif row.database != said["database"]:
        raise Trouble(
            "Máy đã ghép lại, còn dữ liệu là của lần ghép trước: chọn thư mục trống bằng --data. "
            "(The data are of an earlier joining: choose an empty folder.)"
        )


def follow() -> None:
    """The node's loop, until SIGTERM or SIGINT."""
    from django.conf import settings

    from thongsuot.kernel import clock
    from thongsuot.local_nodes.client import City
    from thongsuot.local_nodes.following import follow as run
    from thongsuot.local_nodes.rules import ASKS_EVERY

    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    city = City(settings.PUBLIC_URL, settings.LOCAL_NODE_KEY)
    run(city, now=clock.now, stopped=lambda seconds: stopped.wait(seconds), every=ASKS_EVERY)
    say("Máy tại chỗ đã dừng. (The node has stopped.)")
