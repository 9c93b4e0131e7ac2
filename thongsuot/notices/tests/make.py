"""Notices for tests, through the real command, and a mail server that can misbehave."""

from __future__ import annotations

import itertools
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import ClassVar
from zoneinfo import ZoneInfo

from thongsuot.kernel.actor import Actor, system
from thongsuot.notices import actions
from thongsuot.notices.delivery import message_of
from thongsuot.notices.kinds import LETTERS
from thongsuot.notices.models import Notice
from thongsuot.notices.rules import Recipient

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2025, 11, 17, 9, tzinfo=VIET_NAM)
MINH = Recipient(name="Nguyễn Đức Minh", email="minh@vidu.vn", phone="0912 000 048")
_numbers = itertools.count(1)

COMMON: dict[str, object] = {
    "code": "H98.1-251117-0011",
    "procedure": "Đăng ký khai sinh",
    "agency": "Trung tâm Phục vụ hành chính công phường Sông",
    "contact": "024 3825 0000",
    "link": "https://thongsuot.example/tra-cuu/?ma=H98.1-251117-0011",
}
MORE: dict[str, dict[str, object]] = {
    "submission_received": {"submitted_at": MONDAY, "answer_due_at": MONDAY + timedelta(hours=8)},
    "received": {"received_at": MONDAY, "due_at": MONDAY + timedelta(days=1), "return_place": "quầy số 2, 126 phố Bến"},
    "supplement_requested": {
        "points": ["Giấy chứng sinh: ảnh bị lóa.", "Tờ khai: thiếu họ tên mẹ."],
        "until": MONDAY + timedelta(days=30),
    },
    "payment_requested": {"amount_dong": 24_000, "how": "Nộp tại quầy số 2."},
    "due_moved": {"old_due_at": MONDAY, "due_at": MONDAY + timedelta(days=2), "calendar": False},
    "moved": {
        "from_unit": "Phường Bến",
        "to_unit": "Phường Sông",
        "address": "126 phố Bến",
        "due_at": MONDAY + timedelta(days=1),
        "due_moved": False,
    },
    "extended": {"old_due_at": MONDAY, "due_at": MONDAY + timedelta(days=2), "reason": "bản chính nhiều trang."},
    "refused": {"reasons": ["Đã đăng ký tại phường Đồi.", "Người nộp không được ủy quyền."], "guidance": "Xin trích lục."},
    "apology": {
        "due_at": MONDAY,
        "new_due_at": MONDAY + timedelta(days=3),
        "reason": "chờ xác minh nơi ở.",
        "return_place": "quầy số 2",
    },
    "result_ready": {"return_place": "quầy số 2"},
    "result_changed": {"what": "Kết quả đã được đính chính.", "number": "08", "reason": "sai ngày sinh"},
    "returned": {"returned_at": MONDAY},
    "rate_invited": {},
    "stopped": {"reason": "quá thời gian chờ bổ sung.", "papers_back": "nhận lại tại quầy số 2."},
    "withdrawn": {"papers_back": "nhận lại tại quầy số 2."},
    "answers_to_review": {"points": ["Đổi con dấu ở đâu?", "Làm căn cước ở đâu?"]},
    "named_to_hand_over": {"title": "Chủ tịch UBND Phường Bến", "heads": True},
    "certificate_ending": {"ends_at": MONDAY + timedelta(days=30), "days": 30},
    "deadline_near": {"due_at": MONDAY + timedelta(days=1), "step": "Thẩm định"},
    "help_code": {
        "digits": "482 913",
        "until": MONDAY + timedelta(minutes=10),
        "helper": "Lò Thị Mẫu (TG-2222-22), Cửa hàng Mẫu",
        "may": ["Khai tờ khai giúp bạn"],
    },
    "booking_called_off": {"starts_at": MONDAY + timedelta(days=1), "reason": "Sửa điện"},
    "reception_told": {"what": "Nội dung bạn trình bày đã được tiếp nhận để giải quyết."},
    "reception_due": {"what": "vừa chuyển đến đơn vị", "due_at": MONDAY},
    "reception_session": {"what": "Biên bản đã lập, chờ bạn ký.", "starts_at": MONDAY},
    "feedback_received": {},
    "feedback_routed": {"to_unit": "Phường Sông", "due_at": MONDAY + timedelta(days=3)},
    "feedback_asked": {"what": "Trước nhà số mấy?", "until": MONDAY + timedelta(days=5)},
    "feedback_refused": {"reason": "Nội dung chưa rõ. Hãy ghi rõ nơi xảy ra."},
    "feedback_handed_over": {
        "to_unit": "Phường Sông",
        "number": "12/2025",
        "what": "Bạn được báo cách xử lý chậm nhất ngày 27/11/2025.",
    },
    "feedback_late": {"to_unit": "Phường Sông", "due_at": MONDAY},
    "feedback_extended": {"due_at": MONDAY + timedelta(days=3), "reason": "Chờ vật tư."},
    "feedback_message": {"what": "Chiều nay đội sửa đường đến."},
    "feedback_answered": {
        "to_unit": "Phường Sông",
        "what": "Đã vá xong chỗ hỏng ngày 18/11.",
        "until": MONDAY + timedelta(days=15),
    },
    "feedback_withheld": {"what": "Phản ánh và trả lời", "reason": "Liên quan đời tư của người khác."},
    "feedback_merged": {"number": "PA01-25-000101"},
    "feedback_unmerged": {"number": "PA01-25-000101"},
    "feedback_reopened": {},
    "feedback_mail_refused": {"reason": "Nội dung quá ngắn. Hãy viết rõ hơn."},
    "feedback_rung": {"due_at": MONDAY, "step": "Sắp hết hạn", "to_unit": "Phường Sông"},
    "feedback_step": {"due_at": MONDAY, "step": "Sắp hết hạn", "what": "Phân loại và chuyển", "to_unit": "Phường Sông"},
    "feedback_urgent": {"due_at": MONDAY},
    "feedback_mail_held": {},
    "feedback_claimed": {"due_at": MONDAY},
    "partner_reminder": {
        "due_at": MONDAY + timedelta(days=1),
        "body": "Thuế cơ sở",
        "asker": "Phường Sông",
        "what": "Chặng của cơ quan chưa xong.",
    },
}


def context_for(key: str, **changes: object) -> dict[str, object]:
    """What a letter is told, with some of it changed."""
    return {**COMMON, **MORE[key], **changes}


def make_notice(
    unit_id: int,
    *,
    key: str = "received",
    to: Recipient = MINH,
    actor: Actor | None = None,
    at: datetime = MONDAY,
    send_key: str | None = None,
    useful_until: datetime | None = None,
    **changes: object,
) -> Notice:
    return actions.queue(
        key,
        to=to,
        about=None,
        unit_id=unit_id,
        context=context_for(key, **changes),
        send_key=send_key or f"test/{next(_numbers)}",
        useful_until=useful_until or (at + timedelta(minutes=10) if LETTERS[key].has_secrets else None),
        actor=actor or system("test"),
        at=at,
    )


def what_goes_out(notice: Notice, way: str = "smtp") -> str:
    """As its reader gets it, with what our own pages show as dots."""
    return message_of(notice.deliveries.get(way=way)).words


class MailServer:
    """A small SMTP server on a free port of this machine. It keeps what it took, and says "no" when told to.

    with MailServer() as server:
        server.answers["RCPT"] = ["450 later"]     # the next RCPT only; then it behaves again
        server.answers["MAIL"] = [server.HANG_UP]
    """

    HANG_UP = "hang up"
    _GOOD: ClassVar[dict[str, str]] = {
        "EHLO": "250 here",
        "HELO": "250 here",
        "MAIL": "250 ok",
        "RCPT": "250 ok",
        "DATA": "354 go on",
        "RSET": "250 ok",
        "QUIT": "221 bye",
        "BODY": "250 taken",
    }

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {}
        self.taken: list[Message] = []
        self.sessions = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> MailServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """From here on nobody answers at the port."""
        with suppress(OSError):  # stopped before
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for callers; closing alone would not
        self._listener.close()
        self._thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _answer(self, word: str) -> str:
        waiting = self.answers.get(word, [])
        return waiting.pop(0) if waiting else self._GOOD.get(word, "502 what?")

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:

            def say(line: str) -> None:
                stream.write(line.encode() + b"\r\n")
                stream.flush()

            say("220 here")
            for line in iter(stream.readline, b""):
                word = line.split()[0].decode("ascii", "replace").upper() if line.split() else ""
                answer = self._answer(word)
                if answer == self.HANG_UP:
                    return
                if word == "DATA" and answer.startswith("354"):
                    say(answer)
                    lines = list(iter(stream.readline, b".\r\n"))
                    answer = self._answer("BODY")
                    if answer.startswith("250"):
                        self.taken.append(message_from_bytes(b"".join(lines), policy=default))
                    if answer == self.HANG_UP:
                        return
                say(answer)
                if word == "QUIT":
                    return
