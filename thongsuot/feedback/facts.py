"""What commands of feedback are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO


@dataclass(frozen=True, kw_only=True)
class SenderFacts:
    """Who reports and how they are reached. `network`: the address as the web server saw it; only its digest is kept.
    `unverified`: nobody vouches for the mail address.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    person_id: int | None = None
    network: str = ""
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class PhotoUpload:
    """`content` can be read twice: anything with `seek`."""

    name: str
    content: bytes | IO[bytes]


@dataclass(frozen=True, kw_only=True)
class PlaceFacts:
    """Where. Degrees in WGS 84; `unit_id`: the commune, or the agency, that the sender named."""

    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    unit_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReportFacts:
    """One report as it came.

    category     its code; blank: an operator finds it
    stream       of a report without a category
    answers      to the category's questions: code -> text, or list of keys
    dossier      the code of the dossier it speaks of
    same_as      the number of the ticket the sender says is about the same thing
    key          made by the sender's device: the same report sent twice is one ticket
    made_from    what of ours it was made of ("reception:12"): once for each, whoever sent it
    masked       the sender wants nothing published that tells who or where exactly
    note         what handlers must know beside it; nobody else reads it
    link         to a picture that lies elsewhere; kept for handlers alone, never opened by us
    """

    words: str
    category: str = ""
    stream: str = ""
    place: PlaceFacts = PlaceFacts()
    sender: SenderFacts = SenderFacts()
    photos: Sequence[PhotoUpload] = ()
    happened_at: datetime | None = None
    urgent: bool = False
    masked: bool = False
    answers: Mapping[str, object] = field(default_factory=dict)
    dossier: str = ""
    same_as: str = ""
    note: str = ""
    link: str = ""
    key: str = ""
    made_from: str = ""


@dataclass(frozen=True, kw_only=True)
class CategoryFacts:
    """What an administrator says of a category; its code is said once, when it is added."""

    name: str
    group: str
    stream: str
    description: str = ""
    keywords: Sequence[str] = ()
    urgency: str = "normal"
    straight: bool = True
    needs_place: bool = True
    masked: bool = False
    public_decimals: int = 4
    same_metres: int = 60
    same_days: int = 30
    place: int = 0


@dataclass(frozen=True, kw_only=True)
class QuestionFacts:
    """`answers` of lists: (key, name); what kind of question it is, is said once, when it is added."""

    asks: str
    hint: str = ""
    required: bool = False
    personal: bool = True
    answers: Sequence[tuple[str, str]] = ()
    place: int = 0


@dataclass(frozen=True, kw_only=True)
class LimitFacts:
    """`urgency` blank: whatever the urgency."""

    stream: str
    step: str
    value: int
    measure: str
    basis: str
    urgency: str = ""
    to_check: bool = False
