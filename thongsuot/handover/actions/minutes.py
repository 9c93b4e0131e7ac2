"""Minutes: drafted from what is there, signed by both heads and the city, closed when all that they say still holds."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.handover import events, rules
from thongsuot.handover.actions.common import lock_sheets, locked_row, must_head, must_not_be_undoing, must_speak
from thongsuot.handover.actions.errors import (
    ChangeoverClosed,
    MinutesClosed,
    MinutesOutdated,
    NotAllSigned,
    NothingToAdd,
    NotInForceYet,
    NotReady,
    NotToSeal,
    SameSideCloses,
    SignedByThem,
)
from thongsuot.handover.models import Changeover, HandoverMinutes, HandoverSignature
from thongsuot.handover.printing import minutes_pdf
from thongsuot.handover.queries import minutes as queries
from thongsuot.handover.queries import speaking
from thongsuot.handover.queries.board import changeover_for
from thongsuot.handover.queries.inventory import receivers
from thongsuot.handover.queries.transfers import ended_by
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, must_exist
from thongsuot.kernel.text import nfc, one_line
from thongsuot.signing import actions as signing
from thongsuot.signing.appearance import Place, seal_place
from thongsuot.signing.queries import choosing
from thongsuot.units import queries as units

Side = HandoverSignature.Side
PURPOSE = "handover.minutes"
# Three places on the last page, where the printed form leaves room for a picture with a seal over its left third; points
# from the lower left corner of A4.
PLACES = {
    Side.HANDING: Place(page=-1, x=127, y=541, width=150, height=75),
    Side.RECEIVING: Place(page=-1, x=360, y=541, width=150, height=75),
    Side.WITNESS: Place(page=-1, x=243, y=370, width=150, height=75),
}


def draft_minutes(
    changeover_id: int, *, from_unit_id: int, to_unit_id: int, place: str, note: str = "", actor: Actor, at: datetime
) -> HandoverMinutes:
    """Make the paper from what is there now; a draft that nobody has closed is made anew, its signatures fall away.

    After the first was closed the next one is additional. The paper is set before the transaction; were something to change
    meanwhile, nothing is kept.
    Raises NotFound, NotYourDuty, ChangeoverClosed, NotReady, NothingToAdd, BadInput, MinutesOutdated.
    """
    changeover = _of_pair(changeover_id, from_unit_id, to_unit_id, actor)
    place, note = one_line(place)[:200], nfc(note)[:2000]
    if not place:
        raise BadInput({"place": _("Hãy ghi nơi lập biên bản.")})
    number = _next_number(changeover, from_unit_id, to_unit_id)
    content = queries.content_of(changeover, from_unit_id, to_unit_id, number=number)
    pdf = minutes_pdf(content, place=place, note=note, city=_city_name(changeover), made_at=at)
    return _keep_draft(
        changeover_id,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
        number=number,
        content=content,
        pdf=pdf,
        place=place,
        note=note,
        actor=actor,
        at=at,
    )


def _city_name(changeover: Changeover) -> str:
    return units.unit_row(changeover.city_id, as_of=changeover.effective_on).full_name


def _of_pair(changeover_id: int, from_unit_id: int, to_unit_id: int, actor: Actor) -> Changeover:
    changeover = changeover_for(changeover_id)
    if from_unit_id not in ended_by(changeover.decision) or to_unit_id not in receivers(changeover, from_unit_id):
        raise NotFound
    must_be_a_party(actor, changeover, from_unit_id, to_unit_id)
    return changeover


def must_be_a_party(actor: Actor, changeover: Changeover, from_unit_id: int, to_unit_id: int) -> None:
    """Who speaks for one of the two units, or steers for the city. Raises NotYourDuty."""
    if speaking.speaks_for(actor, changeover, to_unit_id):
        return
    must_speak(actor, changeover, from_unit_id, or_steer=True)


def _next_number(changeover: Changeover, from_unit_id: int, to_unit_id: int) -> int:
    """That of the draft that is there, or the one after the closed ones."""
    closed = HandoverMinutes.objects.filter(
        changeover=changeover, from_unit=from_unit_id, to_unit=to_unit_id, state=HandoverMinutes.State.CLOSED
    )
    return closed.count() + 1


@command
def _keep_draft(
    changeover_id: int,
    *,
    from_unit_id: int,
    to_unit_id: int,
    number: int,
    content: queries.Content,
    pdf: bytes,
    place: str,
    note: str,
    actor: Actor,
    at: datetime,
) -> HandoverMinutes:
    changeover = locked_row(changeover_id)
    lock_sheets(changeover, from_unit_id)
    must_not_be_undoing(changeover)
    if changeover.state == Changeover.State.CLOSED and number == 1:
        raise ChangeoverClosed
    if number != _next_number(changeover, from_unit_id, to_unit_id):
        raise MinutesOutdated
    if missing := queries.blockers(changeover, from_unit_id, to_unit_id):
        raise NotReady(missing)
    digest = queries.digest_of(queries.content_of(changeover, from_unit_id, to_unit_id, number=number))
    if digest != queries.digest_of(content):
        raise MinutesOutdated
    if number > 1 and not (content["differences"] or content["classes"] or content["living"]):
        raise NothingToAdd
    file = store(pdf, name=f"bien-ban-ban-giao-{number}.pdf", actor=actor, at=at, purpose=PURPOSE)
    minutes, _new = HandoverMinutes.objects.update_or_create(
        changeover=changeover,
        from_unit_id=from_unit_id,
        to_unit_id=to_unit_id,
        number=number,
        defaults={
            "content": content,
            "digest": digest,
            "place": place,
            "note": note,
            "file": file,
            "paper": None,
            "paper_sides": [],
            "drafted_at": at,
            "drafted_by_name": actor.name,
        },
    )
    minutes.signatures.all().delete()
    record(events.MINUTES_DRAFTED, minutes, actor=actor, at=at, unit_id=to_unit_id, number=number, digest=digest, file=file.pk)
    return minutes


def sign_minutes(minutes_id: int, *, side: str, pin: str, actor: Actor, at: datetime) -> HandoverMinutes:
    """One side signs with the actor's own certificate. Cryptography runs outside of any transaction.

    Raises NotFound, NotYourDuty, MinutesClosed, MinutesOutdated, SignedByThem and the refusals of `signing`.
    """
    minutes = queries.minutes_for(minutes_id)
    title = _must_sign_for(actor, minutes, side)
    _must_be_signable(minutes, side, actor)
    holder = choosing.of_person(actor.person_id, unit_id=None, at=at)
    prepared = signing.prepare(minutes.file_id, text_fields={}, is_test=holder.is_test, actor=actor, at=at)
    reason = _("%(side)s ký biên bản bàn giao") % {"side": Side(side).label}
    signed = signing.sign_as_person(
        prepared,
        pin=pin,
        reason=reason,
        place=PLACES[Side(side)],
        once=f"handover.minutes/{minutes.pk}/{minutes.digest[:16]}/{minutes.file_id}/{side}",
        actor=actor,
        at=at,
    )
    return _keep_signature(
        minutes.pk,
        side=side,
        digest=minutes.digest,
        before=minutes.file_id,
        after=signed.file_id,
        title=title,
        actor=actor,
        at=at,
    )


def _locked(minutes_id: int) -> HandoverMinutes:
    """Under its row lock. Raises NotFound."""
    rows = HandoverMinutes.objects.select_for_update(of=("self",)).select_related("changeover__decision")
    return must_exist(rows.filter(pk=minutes_id).first())


def _must_hold(minutes: HandoverMinutes) -> None:
    """Not closed, and what it says is what would be said now. Raises MinutesClosed, MinutesOutdated."""
    if minutes.state == HandoverMinutes.State.CLOSED:
        raise MinutesClosed
    if not queries.is_current(minutes):
        raise MinutesOutdated


def _must_sign_for(actor: Actor, minutes: HandoverMinutes, side: str) -> str:
    """The title under which the side is signed. Raises NotYourDuty."""
    changeover = minutes.changeover
    if side == Side.WITNESS:
        actor.must(rules.DUTY, unit_id=changeover.city_id)
        return actor.post
    return must_head(actor, changeover, _unit_of(minutes, side))


def _sides_of(actor: Actor, minutes: HandoverMinutes, *, heading: bool) -> set[str]:
    """For which sides somebody may act; `heading`: sign for them."""
    may = speaking.heads if heading else speaking.speaks_for
    found = {side for side in (Side.HANDING, Side.RECEIVING) if may(actor, minutes.changeover, _unit_of(minutes, side))}
    return found | ({Side.WITNESS} if actor.may(rules.DUTY, unit_id=minutes.changeover.city_id) else set())


def _must_be_signable(minutes: HandoverMinutes, side: str, actor: Actor) -> None:
    _must_hold(minutes)
    if minutes.paper_id is not None:
        raise MinutesOutdated
    if minutes.signatures.filter(Q(side=side) | Q(person=actor.person_id)).exists():
        raise SignedByThem


@command
def _keep_signature(
    minutes_id: int, *, side: str, digest: str, before: int, after: int, title: str, actor: Actor, at: datetime
) -> HandoverMinutes:
    minutes = _locked(minutes_id)
    if minutes.digest != digest or minutes.file_id != before:
        raise MinutesOutdated  # another side signed, or it was drafted anew, in between: sign what is there now
    _must_be_signable(minutes, side, actor)
    minutes.file = StoredFile.objects.get(pk=after)
    minutes.save(update_fields=["file"])
    HandoverSignature.objects.create(
        minutes=minutes, side=side, person_id=actor.person_id, name=actor.name, title=title[:200], signed_at=at
    )
    record(events.MINUTES_SIGNED, minutes, actor=actor, at=at, unit_id=minutes.to_unit_id, side=side, file=after)
    return minutes


def seal_minutes(minutes_id: int, *, side: str, pin: str, actor: Actor, at: datetime) -> HandoverMinutes:
    """The agency of one side puts its signature over that of its head, once all three have signed. Not needed to close.

    Raises NotFound, NotYourDuty, MinutesClosed, MinutesOutdated, NotToSeal and the refusals of `signing`: a unit that has ended
    has no certificate any more.
    """
    minutes = queries.minutes_for(minutes_id)
    must_be_a_party(actor, minutes.changeover, minutes.from_unit_id, minutes.to_unit_id)
    _must_be_sealable(minutes, side)
    unit_id = _unit_of(minutes, side)
    signed = signing.sign_as_agency(
        minutes.file_id,
        unit_id=unit_id,
        pin=pin,
        reason=_("%(side)s đóng dấu biên bản bàn giao") % {"side": Side(side).label},
        place=seal_place(PLACES[Side(side)]),
        once=f"handover.minutes/{minutes.pk}/{minutes.digest[:16]}/{minutes.file_id}/{side}/dau",
        actor=actor,
        at=at,
    )
    return _keep_seal(minutes.pk, side=side, before=minutes.file_id, after=signed.file_id, actor=actor, at=at)


def _unit_of(minutes: HandoverMinutes, side: str) -> int:
    units_of_sides = {Side.HANDING: minutes.from_unit_id, Side.RECEIVING: minutes.to_unit_id}
    return units_of_sides.get(Side(side), minutes.changeover.city_id)


def _must_be_sealable(minutes: HandoverMinutes, side: str) -> None:
    _must_hold(minutes)
    signed = {one.side: one for one in minutes.signatures.all()}
    if len(signed) < len(Side.values) or minutes.paper_id is not None or signed[side].sealed_at is not None:
        raise NotToSeal


@command
def _keep_seal(minutes_id: int, *, side: str, before: int, after: int, actor: Actor, at: datetime) -> HandoverMinutes:
    minutes = _locked(minutes_id)
    if minutes.file_id != before:
        raise MinutesOutdated  # another agency was faster: seal what is there now
    _must_be_sealable(minutes, side)
    minutes.file = StoredFile.objects.get(pk=after)
    minutes.save(update_fields=["file"])
    minutes.signatures.filter(side=side).update(sealed_at=at)
    record(events.MINUTES_SEALED, minutes, actor=actor, at=at, unit_id=minutes.to_unit_id, side=side, file=after)
    return minutes


@command
def sign_by_hand(
    minutes_id: int,
    *,
    scan: bytes,
    scan_name: str,
    signers: dict[str, tuple[str, str]],
    signed_on: date,
    actor: Actor,
    at: datetime,
) -> HandoverMinutes:
    """The paper was signed by hand by all three: its scan, and who signed for each side.

    Sent by who may sign for a side; somebody of another side closes. Not over signatures made on screen: draft anew first.
    signers   {side: (name, title)} of all three sides, three different persons
    Raises NotFound, NotYourDuty, MinutesClosed, MinutesOutdated, SignedByThem, BadInput and the refusals of `files`.
    """
    minutes = _locked(minutes_id)
    sides = _sides_of(actor, minutes, heading=True)
    if not sides:
        raise NotYourDuty(rules.HAND_OVER)
    _must_hold(minutes)
    if minutes.signatures.filter(by_hand=False).exists():
        raise SignedByThem
    said = {side: tuple(one_line(text)[:200] for text in signers.get(side, ("", ""))) for side in Side.values}
    problems = {}
    if any(not all(parts) for parts in said.values()):
        problems["signers"] = _("Hãy ghi họ tên và chức vụ của người ký bên giao, bên nhận và người chứng kiến.")
    elif len(set(said.values())) < len(said):
        problems["signers"] = _("Mỗi bên một người ký: ba người khác nhau.")
    if not timezone.localdate(minutes.drafted_at) <= signed_on <= timezone.localdate(at):
        problems["signed_on"] = _("Ngày ký là từ ngày lập biên bản đến hôm nay.")
    if problems:
        raise BadInput(problems)
    minutes.paper = store(scan, name=scan_name, actor=actor, at=at, purpose=PURPOSE)
    minutes.paper_sides = sorted(sides)
    minutes.save(update_fields=["paper", "paper_sides"])
    minutes.signatures.all().delete()
    HandoverSignature.objects.bulk_create(
        HandoverSignature(
            minutes=minutes, side=side, name=parts[0], title=parts[1], by_hand=True, signed_at=at, signed_on=signed_on
        )
        for side, parts in said.items()
    )
    record(events.MINUTES_SIGNED, minutes, actor=actor, at=at, unit_id=minutes.to_unit_id, by_hand=True, file=minutes.paper_id)
    return minutes


@command
def close_minutes(minutes_id: int, *, actor: Actor, at: datetime) -> HandoverMinutes:
    """From now on what they list does not change: handed = received + disputed, every difference owned, all three signed.

    Raises NotFound, NotYourDuty, MinutesClosed, NotAllSigned, SameSideCloses, MinutesOutdated, NotReady, NotInForceYet,
    AlreadyRunning (an undo).
    """
    first = must_exist(HandoverMinutes.objects.filter(pk=minutes_id).first())
    changeover = locked_row(first.changeover_id)
    lock_sheets(changeover, first.from_unit_id)
    minutes = _locked(minutes_id)
    must_be_a_party(actor, changeover, minutes.from_unit_id, minutes.to_unit_id)
    if minutes.state == HandoverMinutes.State.CLOSED:
        raise MinutesClosed
    if minutes.signatures.count() < len(Side.values):
        raise NotAllSigned
    if minutes.paper_id is not None and not _sides_of(actor, minutes, heading=False) - set(minutes.paper_sides):
        raise SameSideCloses
    if not queries.is_current(minutes):
        raise MinutesOutdated
    must_not_be_undoing(changeover)
    if not rules.in_force(changeover.effective_on, at):
        raise NotInForceYet(changeover)
    if missing := queries.blockers(changeover, minutes.from_unit_id, minutes.to_unit_id):
        raise NotReady(missing)
    minutes.state, minutes.closed_at, minutes.closed_by_name = HandoverMinutes.State.CLOSED, at, actor.name
    minutes.save(update_fields=["state", "closed_at", "closed_by_name"])
    record(events.MINUTES_CLOSED, minutes, actor=actor, at=at, unit_id=minutes.to_unit_id, number=minutes.number)
    return minutes
