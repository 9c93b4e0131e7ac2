"""A real node beside a real city, and a line that is cut: kiosk, board and counter go on, and the city hears of it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from thongsuot.counters import actions as counters
from thongsuot.counters.models import Counter, Queue, Ticket
from thongsuot.counters.tests.make import make_office
from thongsuot.kernel import clock
from thongsuot.kernel.die_with_parent import with_parent
from thongsuot.kernel.history import history_of
from thongsuot.local_nodes import actions
from thongsuot.local_nodes.models import LocalNode, Spell
from thongsuot.people.tests.windows import look, opened, window
from thongsuot.units import queries as units
from thongsuot.web.tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_SECONDS = 120_000  # of a browser, in milliseconds: a node comes up while other tests run


class Line:
    """Passes bytes on to a port, until it is cut."""

    def __init__(self, to: int) -> None:
        self.to, self.whole, self.open = to, True, set[socket.socket]()
        self.ears = socket.create_server(("127.0.0.1", 0))
        self.port = self.ears.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        self.whole = False
        for end in list(self.open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.whole = True

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _from = self.ears.accept()
                if not self.whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.to))
                self.open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while (some := one.recv(65_536)) and self.whole:
                other.sendall(some)
        for end in (one, other):
            with suppress(OSError):
                end.close()
            self.open.discard(end)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def until(holds: Callable[[], bool], what: str, *, seconds: float = 90) -> None:
    give_up, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < give_up, what
        pause.wait(0.2)


def answers(port: int, words: str) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/nut-tai-cho/")
        return words in connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return False


def test_a_hall_goes_on_through_a_cut_line(live_server, settings, tmp_path: Path) -> None:
    settings.CITY_CODE = "98"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # which a node has as well
    cache.clear()
    office = make_office()
    now, point = clock.now(), office.point.pk
    hong, lan = office.actor("hong", now), office.actor("lan", now)
    queue = counters.open_queue(point, letter="A", name="Mọi việc", fields=[], actor=hong, at=now)
    counter = counters.open_counter(point, number=1, name="", queues=[queue.pk], actor=hong, at=now)
    counters.sit_down(counter.pk, actor=lan, at=now)
    before = counters.take_ticket(queue.pk, actor=lan, at=now)
    code = actions.make_hall_code(actor=lan, at=now)
    line, port = Line(int(live_server.url.rsplit(":", 1)[1])), free_port()
    city = f"http://127.0.0.1:{line.port}"
    here = {"name": "Máy ở kho", "address": f"http://127.0.0.1:{port}"}
    _node, joining = actions.set_up_node(point, **here, actor=hong, at=now)
    machine = counters.set_up_device(point, kind="kiosk", name="Cửa chính", actor=hong, at=now)

    words = ["--data", str(tmp_path / "node"), "node", "--city-url", city, "--code", joining]
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("THONGSUOT_", "DATABASE_URL", "PYTEST_"))
    }
    log = (tmp_path / "node.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "thongsuot.config.cli", *words, "--host", "127.0.0.1", "--port", str(port)],
        stdout=log,
        stderr=log,
        env=plain,
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),
    )
    try:
        until(lambda: answers(port, "đang theo thành phố"), (tmp_path / "node.log").read_text())
        with chromium() as browser:
            kiosk, _complaints = opened(window(browser, city), "/thiet-bi/")
            kiosk.set_default_timeout(MOST_SECONDS)
            expect.set_options(timeout=MOST_SECONDS)
            kiosk.get_by_label("Mã ghép").fill(machine.code)
            kiosk.keyboard.press("Enter")
            expect(kiosk.get_by_role("button", name="Mọi việc")).to_be_visible()
            board, _complaints = opened(window(browser, city), f"/bang-goi-so/{point}/")
            desk, of_desk = opened(window(browser, city, office.people["lan"]), reverse("counters:desk", args=[counter.pk]))
            at_node = LocalNode.objects.get().heard_at
            until(lambda: LocalNode.objects.get().heard_at != at_node or bool(at_node), "heard")

            line.cut()
            kiosk.wait_for_url(f"{here['address']}/lay-so/", timeout=MOST_SECONDS)
            kiosk.get_by_role("button", name="Mọi việc").click()
            expect(kiosk.get_by_text("A 501").first).to_be_visible()
            desk.wait_for_url(f"{here['address']}/nut-tai-cho/vao/**", timeout=MOST_SECONDS)
            of_desk.clear()
            look(desk, of_desk)
            desk.get_by_label("Cán bộ").select_option(label=lan.name)
            desk.get_by_label("Mã tại chỗ").fill("000")
            desk.keyboard.press("Enter")
            expect(desk.get_by_text("Mã tại chỗ không đúng").first).to_be_visible()
            desk.get_by_label("Mã tại chỗ").fill(code)
            desk.keyboard.press("Enter")
            desk.wait_for_url(f"{here['address']}{reverse('counters:desk', args=[counter.pk])}")
            for press, seen in (("Gọi số tiếp", before.code), ("Đã đến", before.code), ("Xong, gọi số tiếp", "A 501")):
                desk.get_by_role("button", name=press).click()
                expect(board.get_by_text(seen).first).to_be_visible()
            answered = desk.request.get(f"{here['address']}/can-bo/ho-so/")
            assert answered.status == 503
            assert "Đang mất đường truyền" in answered.text()
            assert Ticket.objects.count() == 1  # the city knows of nothing yet

            line.mend()
            until(lambda: Spell.objects.filter(ended_at__isnull=False).exists(), "told")
            for page in (kiosk, board, desk):
                page.wait_for_url(f"{city}/**", timeout=MOST_SECONDS)
        states = {one.code: (one.state, one.counter_id) for one in Ticket.objects.all()}
        assert states == {before.code: ("done", counter.pk), "A 501": ("called", counter.pk)}
        called = Ticket.objects.get(number=501)
        assert [one.name for one in history_of(called)] == ["counters.taken", "counters.called"]
        assert history_of(called)[1].actor_name == lan.name
        assert Counter.objects.count() == Queue.objects.count() == 1
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        log.close()
        units.clear_caches()
    assert LocalNode.objects.get().asleep
