"""Whom letters can reach and by which ways, when a delivery is tried again or waits, how long an SMS is. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.contact import is_email, phone_as_kept
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import DAY, VIET_NAM

SMTP, SMS, ZALO = "smtp", "sms", "zalo"
WAYS: dict[str, Promise | str] = {SMTP: _("Thư điện tử"), ZALO: _("Zalo"), SMS: _("SMS")}
BY_PHONE = frozenset({SMS, ZALO})

# Route -> chains. Each chain is tried for itself; within one the next way is tried when the one before failed for good.
ROUTES: dict[str, tuple[tuple[str, ...], ...]] = {
    "mail_first": ((SMTP, ZALO, SMS),),
    "phone_first": ((ZALO, SMS, SMTP),),
    "both": ((SMTP,), (ZALO, SMS)),
}
ROUTE_LABELS: dict[str, Promise | str] = {
    "mail_first": _("Thư điện tử; không gửi được thì Zalo, rồi SMS"),
    "phone_first": _("Zalo, rồi SMS; không gửi được thì thư điện tử"),
    "both": _("Thư điện tử, và thêm Zalo hoặc SMS"),
}

SMTP_SECONDS = 20
REPORT_AGE = timedelta(minutes=5)  # a signed report older than this may be an old one sent again
MOST_SEGMENTS = 3  # of an SMS, as its example reads: each is paid for
_MOBILE = re.compile(r"0[35789][0-9]{8}")

# After each failed attempt the next wait; after the last one it is given up: two days in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1_440))


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """To whom. `person_id` is the account, when there is one: the message then also stands on that person's own page."""

    name: str
    email: str = ""
    phone: str = ""
    person_id: int | None = None


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def clean_email(email: str) -> str:
    return one_line(email)[:254].lower()


def clean_phone(phone: str) -> str:
    """Digits and a leading plus: what search compares."""
    return re.sub(r"[^\d+]", "", phone)[:20]


def masked_email(email: str) -> str:
    """mi•••@thongsuot.example: the owner recognises it, nobody else can use it."""
    local, _at, domain = email.partition("@")
    return f"{local[: min(2, max(1, len(local) // 2))]}•••@{domain}" if domain else "•••"


def mobile(phone: str) -> str | None:
    """The number as kept when short messages reach it: ten digits, of a mobile network. A landline is none."""
    kept = phone_as_kept(phone)
    return kept if kept and _MOBILE.fullmatch(kept) else None


def addressed(*, email: str, phone: str) -> frozenset[str]:
    """By which ways somebody with these addresses can be reached at all."""
    by_mail = {SMTP} if email and is_email(email) else set()
    return frozenset(by_mail | (BY_PHONE if mobile(phone) else set()))


def planned(route: str, *, open_ways: Collection[str]) -> list[tuple[str, ...]]:
    """The chains of a route, of the ways that are open: the person has the address, the way is connected and not declined."""
    chains = [tuple(way for way in chain if way in open_ways) for chain in ROUTES[route]]
    return [chain for chain in chains if chain]


def places(route: str, *, open_ways: Collection[str]) -> dict[str, tuple[int, int]]:
    """Way -> (chain, place within it), of the ways that are open."""
    chains = enumerate(planned(route, open_ways=open_ways))
    return {way: (number, place) for number, chain in chains for place, way in enumerate(chain)}


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """From when until when nobody's telephone rings for us, on any day. Equal: there are no quiet hours."""

    starts: time
    ends: time
    ways: frozenset[str] = BY_PHONE

    def holds(self, way: str, at: datetime) -> datetime | None:
        """Until when what goes by this way waits; None: it goes now. The night may go over midnight."""
        if way not in self.ways or self.starts == self.ends:
            return None
        local = at.astimezone(VIET_NAM)
        clock = local.time()
        over_midnight = self.starts > self.ends
        quiet = clock >= self.starts or clock < self.ends if over_midnight else self.starts <= clock < self.ends
        if not quiet:
            return None
        day = local.date() + DAY if over_midnight and clock >= self.starts else local.date()
        return datetime.combine(day, self.ends, VIET_NAM)


# --- How long an SMS is (3GPP TS 23.038): seven bits a letter while all letters are of its table, else sixteen ---

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = frozenset("^{}\\[~]|€")  # an escape and a letter


@dataclass(frozen=True, kw_only=True)
class Segments:
    """`marked`: in the long alphabet, because of a Vietnamese mark or another letter outside the short one."""

    marked: bool
    letters: int
    count: int


def segments(text: str) -> Segments:
    """How many messages the networks make of it. A letter of two places is never cut in two."""
    if all(ch in _GSM or ch in _GSM_TWO for ch in text):
        return _counted([2 if ch in _GSM_TWO else 1 for ch in text], whole=160, part=153, marked=False)
    return _counted([len(ch.encode("utf-16-le")) // 2 for ch in text], whole=70, part=67, marked=True)


def _counted(sizes: list[int], *, whole: int, part: int, marked: bool) -> Segments:
    letters = sum(sizes)
    if letters <= whole:
        return Segments(marked=marked, letters=letters, count=1)
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return Segments(marked=marked, letters=letters, count=count)


def with_stop_line(words: str, address: str) -> str:
    """An SMS that may be declined says where; one without an address is what it is."""
    return f"{words} Thoi nhan: {address}" if address else words


def unmarked(text: str) -> str:
    """Vietnamese as it is written without marks: "Đã nhận" is "Da nhan"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


# --- What became of the ways together ---

_BEST = ("delivered", "sent", "queued", "held", "failed", "refused")


def standing(states: Mapping[str, str]) -> str:
    """How a notice stands, of {way: state of its delivery}: the best that was reached, else what is still under way."""
    found = next((state for state in _BEST if state in states.values()), "kept")
    return "failed" if found == "refused" else found
