"""Playing acts against the program: many at once where they do not touch each other, in order where they do.

Acts that share a lane (a unit) run one after the other, by their instants: the numbers a unit gives are then the same in every
replay of one seed, however fast the machine is. No act begins more than WINDOW ahead of the earliest one still under way.
"""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from thongsuot.config.rehearsal import HEADER
from thongsuot.config.replay.arrivals import Arrival
from thongsuot.config.replay.doors import Doors, Known, Refused, Request
from thongsuot.config.replay.lives import Act

WINDOW = timedelta(minutes=20)
MOST_TRIES = 60
MOST_PROBLEMS = 50


class Transport(Protocol):
    def send(self, request: Request, headers: dict[str, str]) -> tuple[int, bytes]: ...


class OverHttp:
    """One kept connection per thread to a server on loopback."""

    def __init__(self, port: int) -> None:
        self.port, self._own = port, threading.local()

    def send(self, request: Request, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(request.method, request.path, request.body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._own.connection = None
            return 0, b""


@dataclass
class Score:
    """What happened so far. `intake`: (simulated hour, milliseconds) of each reception."""

    done: int = 0
    received: int = 0
    requests: int = 0
    again: int = 0
    playing: datetime | None = None
    problems: list[str] = field(default_factory=list)
    refused: int = 0
    intake: list[tuple[str, float]] = field(default_factory=list)


class Player:
    """Plays acts in order of time; `stop` ends it after what is under way.

    log      where each act done is written, so that a replay that was stopped goes on where it was
    replayed what an earlier run wrote there: {number of the act: its line}
    """

    def __init__(
        self,
        transport: Transport,
        doors: Doors,
        arrivals: list[Arrival],
        *,
        seed: int,
        workers: int,
        log: Path | None = None,
        replayed: dict[int, dict[str, Any]] | None = None,
    ) -> None:
        self.transport, self.doors, self.seed, self.workers = transport, doors, seed, workers
        self.arrivals = {arrival.number: arrival for arrival in arrivals}
        self.known: dict[int, Known] = {}
        self.score = Score()
        self._replayed = replayed or {}
        self._log = log.open("a", encoding="utf-8", buffering=1) if log else None
        self._ready: queue.SimpleQueue[Act | None] = queue.SimpleQueue()
        self._lock = threading.Condition()
        self._lanes: dict[int, deque[Act]] = {}
        self._under_way: dict[int, Act] = {}  # in order of time: acts are added in that order
        self._stopped = False

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def play(self, acts: Iterable[Act]) -> Score:
        threads = [threading.Thread(target=self._work, name=f"play {n}", daemon=True) for n in range(self.workers)]
        for thread in threads:
            thread.start()
        try:
            for act in acts:
                if not self._admit(act):
                    break
            with self._lock:
                while self._under_way and not self._stopped:
                    self._lock.wait(0.5)
        finally:
            self.stop()
            for _ in threads:
                self._ready.put(None)
            for thread in threads:
                thread.join(90)
            if self._log:
                self._log.close()
        return self.score

    # -- order ---------------------------------------------------------------------------------------------------------

    def _admit(self, act: Act) -> bool:
        """Into its lanes, once it is near enough in time. False when the play was stopped."""
        with self._lock:
            while not self._stopped and self._under_way and act.at - next(iter(self._under_way.values())).at > WINDOW:
                self._lock.wait(0.5)
            if self._stopped:
                return False
            self.score.playing = act.at
            self._under_way[act.number] = act
            for lane in act.lanes:
                self._lanes.setdefault(lane, deque()).append(act)
            self._start_if_first(act)
        return True

    def _start_if_first(self, act: Act) -> None:
        if all(self._lanes[lane][0] is act for lane in act.lanes):
            self._ready.put(act)

    def _finished(self, act: Act) -> None:
        with self._lock:
            del self._under_way[act.number]
            self.score.done += 1
            following = []
            for lane in act.lanes:
                waiting = self._lanes[lane]
                waiting.popleft()
                if waiting and waiting[0] not in following:
                    following.append(waiting[0])
            for first in following:
                self._start_if_first(first)
            self._lock.notify_all()

    # -- doing ---------------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while (act := self._ready.get()) is not None and not self._stopped:
            try:
                self._do(act)
            except Refused as refusal:
                self._trouble(act, str(refusal))
            except Exception as fault:  # a fault of the replay itself must not leave the others waiting for ever
                self._trouble(act, f"{type(fault).__name__}: {fault}")
            if not self._stopped:
                self._finished(act)

    def _do(self, act: Act) -> None:
        known = self.known.setdefault(act.dossier, Known())
        if known.broken:
            return
        if (line := self._replayed.get(act.number)) is not None:
            self._take_over(act, known, line)
            return
        began = time.perf_counter()
        self.doors.run(act, self.arrivals.get(act.dossier), known, self._sender(act))
        took = (time.perf_counter() - began) * 1000
        if act.door == "receive":
            self._count_intake(act, took)
        elif act.door == "accept":
            self.score.received += 1
        self._write(act, known, took)

    def _count_intake(self, act: Act, took: float) -> None:
        self.score.received += 1
        self.score.intake.append((f"{act.at:%Y-%m-%d %H}", took))

    def _sender(self, act: Act) -> Callable[[Request, str], dict[str, Any]]:
        secret = self.doors.keys.secrets.get(act.by)

        def send(request: Request, part: str) -> dict[str, Any]:
            headers = {HEADER: act.at.isoformat(), "Host": "localhost", "Content-Type": request.kind}
            if secret:
                headers["Authorization"] = f"Bearer {secret}"
            if request.method == "POST" and secret and not request.path.endswith("/files"):
                headers["Idempotency-Key"] = f"{self.seed}-{act.number}{part}"
            status, body = self._until_answered(request, headers)
            if not 200 <= status < 300:
                raise Refused(f"{status} {body[:300].decode(errors='replace')}")
            answer: dict[str, Any] = json.loads(body)
            return answer

        return send

    def _until_answered(self, request: Request, headers: dict[str, str]) -> tuple[int, bytes]:
        """Asked again until there is an answer that counts: the key makes sure that it is done once."""
        for tries in range(MOST_TRIES):
            self.score.requests += 1
            status, body = self.transport.send(request, headers)
            if 0 < status < 500:
                return status, body
            self.score.again += 1
            if self._stopped:
                break
            time.sleep(min(0.1 * 2**tries, 3.0))
        return status, body

    def _trouble(self, act: Act, text: str) -> None:
        self.known.setdefault(act.dossier, Known()).broken = act.dossier != 0
        self.score.refused += 1
        if len(self.score.problems) < MOST_PROBLEMS:
            self.score.problems.append(f"{act.number} {act.at:%d/%m %H:%M} {act.door} of {act.dossier} by {act.by}: {text}")

    # -- the log -------------------------------------------------------------------------------------------------------

    def _write(self, act: Act, known: Known, took: float) -> None:
        if self._log is None or act.door in ("look", "track"):
            return
        line: dict[str, Any] = {"n": act.number, "ms": round(took, 1), "s": known.status, "due": known.due_at}
        if act.door in ("receive", "submit", "accept"):
            line |= {"id": known.id, "code": known.code, "at": known.received_at, "fees": known.fees}
        with self._lock:
            self._log.write(json.dumps(line) + "\n")

    def _take_over(self, act: Act, known: Known, line: dict[str, Any]) -> None:
        """Done by an earlier run of this replay."""
        known.status, known.due_at = line["s"], line["due"]
        if "id" in line:
            known.id, known.code, known.received_at, known.fees = line["id"], line["code"], line["at"], line["fees"]
        if act.door == "receive":
            self._count_intake(act, line["ms"])
        elif act.door == "accept":
            known.moves.clear()
            self.score.received += 1
        elif act.door in ("request-supplement", "request-payment", "supplement", "confirm-payment"):
            known.moves.append((act.door, act.at.isoformat()))


def read_log(path: Path) -> dict[int, dict[str, Any]]:
    """What was done before; a last line cut in half by a kill is left out, its act is asked for again."""
    found: dict[int, dict[str, Any]] = {}
    if path.is_file():
        for text in path.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            found[line["n"]] = line
    return found
