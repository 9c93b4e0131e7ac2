"""A mailbox of our own: speaks as much IMAP4rev1 as we ask for, keeps what it was told, and misbehaves on purpose."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """Letters by uid and which are read. What may go wrong:

    drop_after  the line breaks after so many letters were handed out
    twice       each letter is listed a second time under another uid
    forgets     marks are taken and not kept
    silent      it takes the connection and never says a word
    """

    letters: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    drop_after: int | None = None
    twice: bool = False
    forgets: bool = False
    silent: bool = False
    password: str = "mật khẩu"
    handed: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def uids(self) -> list[int]:
        return [*range(1, len(self.letters) + 1), *(range(1001, 1001 + len(self.letters)) if self.twice else ())]

    def letter(self, uid: int) -> bytes | None:
        place = uid % 1000 - 1
        return self.letters[place] if 0 <= place < len(self.letters) else None


class _Line(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        box = self.server.box
        if box.silent:
            box.closing.wait(30)
            return
        self.say(b"* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _blank, rest = line.strip().partition(b" ")
            verb = rest.split(b" ")[0].upper()
            if verb == b"CAPABILITY":
                self.say(b"* CAPABILITY IMAP4rev1")
            elif verb == b"LOGIN":
                if b'"wrong"' in rest:
                    self.say(tag + b" NO LOGIN failed")
                    continue
            elif verb in {b"SELECT", b"EXAMINE"}:
                if b"INBOX" not in rest:
                    self.say(tag + b" NO no such mailbox")
                    continue
                self.say(b"* %d EXISTS" % len(box.letters))
            elif verb == b"UID" and not self.uid(rest.split(b" ", 2)[1].upper(), rest):
                return
            elif verb == b"LOGOUT":
                self.say(b"* BYE")
                self.say(tag + b" OK done")
                return
            self.say(tag + b" OK done")

    def uid(self, verb: bytes, rest: bytes) -> bool:
        """False: the line breaks."""
        box = self.server.box
        if verb == b"SEARCH":
            unread = [uid for uid in box.uids() if uid not in box.seen]
            self.say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in unread))
            return True
        uid = int(re.findall(rb"\d+", rest)[0])
        letter = box.letter(uid)
        if verb == b"STORE":
            assert rb"\Seen" in rest
            if not box.forgets:
                box.seen.add(uid)
        elif letter is not None and b"RFC822.SIZE" in rest:
            self.say(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (uid, uid, len(letter)))
        elif letter is not None:
            if box.drop_after is not None and box.handed >= box.drop_after:
                self.wfile.write(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(letter)) + letter[: len(letter) // 2])
                return False
            box.handed += 1
            what = b"BODY[HEADER]" if b"HEADER" in rest else b"BODY[]"
            sent = letter.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if b"HEADER" in rest else letter
            self.wfile.write(b"* %d FETCH (UID %d %s {%d}\r\n" % (uid, uid, what, len(sent)) + sent + b")\r\n")
        return True

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: Box) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.box = box


@contextmanager
def mailbox_of(box: Box) -> Iterator[str]:
    """Its address, as the settings write it."""
    with _Server(box) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"imap://phananh%40vidu.vn@127.0.0.1:{server.server_address[1]}/INBOX"
        finally:
            box.closing.set()
            server.shutdown()
            thread.join()
