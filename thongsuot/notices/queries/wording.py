"""The words of letters: which version holds on a day, what waits for approval, what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.functional import Promise

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.notices import events, kinds, letters
from thongsuot.notices.models import LetterVersion
from thongsuot.notices.queries.choices import routes_of
from thongsuot.people import drafted

State = LetterVersion.State


@dataclass(frozen=True, kw_only=True)
class LetterRow:
    """One letter in the list of all: which version people get today, and what is under way."""

    key: str
    title: Promise | str
    optional: bool
    route: str
    version: int
    coming: LetterVersion | None  # approved, from a later day
    under_way: LetterVersion | None  # drafted or submitted


def version_in_force(city_id: int, key: str, *, on: date) -> LetterVersion | None:
    """The version approved last of those that have begun; None: the shipped one. One query."""
    rows = LetterVersion.objects.filter(city_id=city_id, key=key, state=State.APPROVED, valid_from__lte=on)
    return rows.order_by("-valid_from", "-number").first()


def words_of(version: LetterVersion) -> letters.Words:
    return letters.Words(
        subject=version.subject,
        body=version.body,
        sms=version.sms,
        zalo_template=version.zalo_template,
        zalo_values=version.zalo_values,
    )


def letter_rows(city_id: int, *, on: date) -> list[LetterRow]:
    """Two queries."""
    versions = list(LetterVersion.objects.filter(city_id=city_id).exclude(state=State.DROPPED).order_by("valid_from", "number"))
    routes = routes_of(city_id, on=on)

    def row(key: str, kind: kinds.Kind, own: Sequence[LetterVersion]) -> LetterRow:
        approved = [one for one in own if one.state == State.APPROVED and one.valid_from]
        now = [one for one in approved if one.valid_from and one.valid_from <= on]
        later = [one for one in approved if one not in now]
        return LetterRow(
            key=key,
            title=kind.title,
            optional=bool(kind.optional),
            route=routes[key],
            version=now[-1].number if now else letters.SHIPPED,
            coming=later[0] if later else None,
            under_way=next((one for one in own if one.state in {State.DRAFT, State.SUBMITTED}), None),
        )

    return [row(key, kind, [one for one in versions if one.key == key]) for key, kind in kinds.LETTERS.items()]


def digest_of(version: LetterVersion) -> str:
    """Of its words by every way: what a page showed, and what is approved there, are the same."""
    return drafted.digest(asdict(words_of(version)))


def versions_of(city_id: int, key: str) -> list[LetterVersion]:
    """Of one letter, the latest first; the shipped one is not among them."""
    return list(LetterVersion.objects.filter(city_id=city_id, key=key).order_by("-number"))


def version_for(version_id: int) -> LetterVersion:
    """Raises NotFound."""
    return must_exist(LetterVersion.objects.filter(pk=version_id, key__in=kinds.LETTERS).first())


def wrote(version: LetterVersion, actor: Actor) -> bool:
    """Did this person draft or change it, ever? Then another must approve it. One query."""
    return drafted.wrote(version, actor, events.VERSION_DRAFTED, events.VERSION_CHANGED)


def words_before(version: LetterVersion) -> tuple[int, letters.Words]:
    """(number, words) of the approved version before this one, or of the shipped one."""
    rows = LetterVersion.objects.filter(
        city_id=version.city_id, key=version.key, state=State.APPROVED, number__lt=version.number
    )
    before = rows.order_by("-number").first()
    return (before.number, words_of(before)) if before else (letters.SHIPPED, letters.shipped(version.key))


def changes_between(before: letters.Words, after: letters.Words) -> list[tuple[str, str]]:
    """("same", "gone" or "new", line) of what changed, each way under its own heading line."""
    return drafted.changed_lines(_lines(before), _lines(after))


def _lines(words: letters.Words) -> list[str]:
    values = [f"{name} = {text}" for name, text in sorted(words.zalo_values.items())]
    zalo = [f"Zalo: {words.zalo_template}", *values] if words.zalo_template else []
    return [words.subject, "", *words.body.split("\n"), "", f"SMS: {words.sms}", *zalo]
