"""The process that reads foreign PDFs: `python -m thongsuot.signing.reading.worker`, talked to through its pipes.

It has the libraries loaded and makes a child for each file. A child may use so much memory and time and no more, opens no
file and writes none; whatever goes wrong in it is a refusal, and the next file finds everything as it was.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from datetime import datetime
from typing import Any

from thongsuot.kernel.errors import TellPerson
from thongsuot.signing import pades
from thongsuot.signing.reading.examine import examined

SECONDS = 8
MEMORY = 768 * 2**20
_LENGTH = struct.Struct(">I")


def serve(taken: int, given: int) -> None:
    """Requests until the other side hangs up: two blocks in (JSON, bytes), one block out (JSON)."""
    while (head := read_block(taken)) is not None:
        content = read_block(taken)
        if content is None:
            return
        write_block(given, _answered(head, content))


def _answered(head: bytes, content: bytes) -> bytes:
    ours, childs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _be_the_child(childs, json.loads(head), content)
    os.close(childs)
    answer, until = bytearray(), time.monotonic() + SECONDS
    try:
        while True:
            ready, _w, _x = select.select([ours], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                os.kill(child, signal.SIGKILL)
                answer.clear()
                break
            chunk = os.read(ours, 2**16)
            if not chunk:
                break
            answer += chunk
    finally:
        os.close(ours)
        os.waitpid(child, 0)
    return bytes(answer) or b'{"refused": "signing.pdf_too_complex"}'


def _be_the_child(out: int, head: dict[str, Any], content: bytes) -> None:
    """Never returns."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY + _used(), MEMORY + _used()))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (out + 8, out + 8))
        sys.setrecursionlimit(1_500)
        write_all(out, json.dumps(_work(head, content)).encode())
    except BaseException:
        os._exit(1)
    os._exit(0)


def _work(head: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        looked = pades.look(content, refuse_locked=head["what"] == "look")
        if head["what"] == "look":
            return {"looked": dataclasses.asdict(looked)}
        return {
            "signatures": examined(
                content,
                roots=head["roots"],
                crls=[bytes.fromhex(one) for one in head["crls"]],
                at=datetime.fromisoformat(head["at"]),
            )
        }
    except TellPerson as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "signing.pdf_too_complex"}
    except Exception:
        return {"refused": "signing.not_a_pdf"}


def _used() -> int:
    """Address space taken already, in bytes: the limit counts all of it."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def read_block(source: int) -> bytes | None:
    """One block with its length in front; None at the end."""
    length = _read_exactly(source, _LENGTH.size)
    return None if length is None else _read_exactly(source, _LENGTH.unpack(length)[0])


def _read_exactly(source: int, count: int) -> bytes | None:
    parts, left = [], count
    while left:
        chunk = os.read(source, min(left, 2**20))
        if not chunk:
            return None
        parts.append(chunk)
        left -= len(chunk)
    return b"".join(parts)


def write_block(target: int, block: bytes) -> None:
    write_all(target, _LENGTH.pack(len(block)) + block)


def write_all(target: int, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(target, view) :]


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)  # what a foreign file makes a library say belongs into no log
    serve(sys.stdin.fileno(), sys.stdout.fileno())
