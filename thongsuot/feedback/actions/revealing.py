"""What of a text about to be published would tell who reported or where exactly: found before anything is public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils import timezone

from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import words_of
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.rules import masking
from thongsuot.kernel.text import search_key
from thongsuot.units import queries as units


class Found(NamedTuple):
    """`explained`: it may be said after all, by who writes why."""

    words: str
    explained: bool


def revealed(ticket: FeedbackTicket, texts: Sequence[str]) -> list[Found]:
    """Names and contacts of whoever reported it, exact houses; numbers of whoever; of a masked one every part of its address.

    A sender's name of one syllable may be a common word, a number an agency's: those may stay, with a reason.
    """
    text = "\n".join(texts)
    private, addresses = _of_senders(ticket)
    found = [Found(one, _may_be_a_word(one)) for one in masking.holds_private(text, private)]
    places = [part for address in addresses for part in masking.places_in(text, _near(ticket, address))]
    found += [Found(part.words, not part.house) for part in places if part.house or ticket.masked]
    found += [Found(one, True) for one in masking.numbers_in(text) if not masking.holds_private(one, private)]
    return list(dict.fromkeys(found))


def must_not_reveal(ticket: FeedbackTicket, texts: Sequence[str], reasons: Mapping[str, str]) -> dict[str, str]:
    """What stays all the same and why, as whoever publishes gives it. Raises StillPrivate, BadInput."""
    found = revealed(ticket, texts)
    given = {search_key(words): why for words, why in reasons.items() if why.strip()}
    never = [one.words for one in found if not one.explained]
    lacking = [one.words for one in found if one.explained and search_key(one.words) not in given]
    if never or lacking:
        raise errors.StillPrivate(never, lacking)
    return {one.words: words_of(given[search_key(one.words)], "reason", most=300) for one in found}


def proposed(ticket: FeedbackTicket, text: str) -> str:
    """A text with what everybody may not read hidden. A proposal: who publishes has the last word."""
    where = _near(ticket, ticket.address) if ticket.masked else ""
    return masking.public_words(text, names=(ticket.reporter.name,), without_place=where)


def _near(ticket: FeedbackTicket, address: str) -> str:
    """What of an address is nearer than the ward and the city that everybody is told."""
    day = timezone.localdate(ticket.reported_at)
    ids = {one for one in (ticket.city_id, ticket.place_unit_id, ticket.unit_id) if one is not None}
    told = [search_key(row.full_name) for row in units.unit_rows(ids, as_of=day).values()]
    parts = [part.words for part in masking.place_parts(address)]
    return ", ".join(one for one in parts if not any(f" {name}".endswith(f" {search_key(one)}") for name in told))


def _may_be_a_word(one: str) -> bool:
    return masking.is_one_syllable(one) and one.isalpha()


def _of_senders(ticket: FeedbackTicket) -> tuple[tuple[str, ...], list[str]]:
    """Of this sender, and of everybody whose report hangs on it."""
    of = FeedbackTicket.objects.filter(parent=ticket).values_list(
        "reporter__name", "reporter__phone", "reporter__email", "address"
    )
    sender = ticket.reporter
    rows = [(sender.name, sender.phone, sender.email, ticket.address), *of]
    return tuple(text for row in rows for text in row[:3] if text), list(dict.fromkeys(row[3] for row in rows if row[3]))
