"""Pictures of a ticket: read and kept when they come, drawn without their facts by the worker, covered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import locked, must_handle
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import Answer, FeedbackTicket, Message, Photo
from thongsuot.feedback.pictures.blurs import Box
from thongsuot.feedback.pictures.copies import public_copy
from thongsuot.feedback.pictures.facts import PhotoFacts, read_photo
from thongsuot.feedback.pictures.fingerprints import fingerprint
from thongsuot.feedback.queries.settings import setting
from thongsuot.files.actions import store
from thongsuot.files.inspection.refusals import FileBroken, FileTypeRefused, FileUnsafe
from thongsuot.files.models import StoredFile
from thongsuot.files.queries import open_checked
from thongsuot.files.rules import PHOTO_RULE
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line

SHOWN = "feedback.shown"  # what a copy was stored for


def store_photos(photos: Sequence[PhotoUpload], *, actor: Actor, at: datetime) -> list[StoredFile]:
    """Within the caller's command, before it draws a number. Raises what `files.actions.store` refuses."""
    return [
        store(photo.content, name=photo.name, actor=actor, at=at, purpose="feedback.photo", rule=PHOTO_RULE) for photo in photos
    ]


def read_photos(photos: Sequence[PhotoUpload], *, city_id: int, at: datetime) -> list[PhotoFacts]:
    """Raises TooManyPhotos, and what cannot be a picture."""
    most = setting("photos_most", city_id=city_id, on=timezone.localdate(at))
    if len(photos) > most:
        raise errors.TooManyPhotos(most)
    return [read_photo(photo.content) for photo in photos]


def keep_photos(
    ticket: FeedbackTicket,
    stored: Sequence[StoredFile],
    read: Sequence[PhotoFacts],
    *,
    role: Photo.Role,
    at: datetime,
    message: Message | None = None,
    answer: Answer | None = None,
) -> list[Photo]:
    return Photo.objects.bulk_create(
        Photo(
            ticket=ticket,
            message=message,
            answer=answer,
            role=role,
            original=file,
            added_at=at,
            latitude=facts.position.latitude if facts.position else None,
            longitude=facts.position.longitude if facts.position else None,
            taken_at=facts.taken,
            signs=list(facts.signs),
        )
        for file, facts in zip(stored, read, strict=True)
    )


def publish_photos(ticket: FeedbackTicket) -> None:
    """Within the command that publishes: each picture nobody keeps back is shown as it was drawn and covered.

    Raises PhotosNotReady while the worker has not drawn one.
    """
    given = Q(answer=None) | Q(answer__state=Answer.State.APPROVED)  # those of an answer that was sent back go nowhere
    photos = list(ticket.photos.filter(given, kept_back=False, broken=False).exclude(role=Photo.Role.REPLY))
    if any(photo.shown_id is None for photo in photos):
        raise errors.PhotosNotReady
    for photo in photos:
        photo.public_id = photo.shown_id
    Photo.objects.bulk_update(photos, ["public"])


@command
def draw(photo_id: int, *, actor: Actor, at: datetime) -> Photo:
    """By the worker: the copy that is shown, without the picture's facts and with its covers; and what it looks like.

    Again with the same covers it changes nothing that anybody sees. Raises NotFound.
    """
    photo = must_exist(Photo.objects.select_for_update(of=("self",)).filter(pk=photo_id).first())
    boxes = [Box(*box) for box in photo.blurs]
    try:
        with open_checked(photo.original_id) as source:
            copy = public_copy(source, blurs=boxes)
            source.seek(0)
            photo.fingerprint = fingerprint(source)
    except (FileBroken, FileUnsafe, FileTypeRefused):
        photo.broken = True
    else:
        photo.broken = False
        photo.shown = store(copy, name="anh.jpg", actor=actor, at=at, purpose=SHOWN, rule=PHOTO_RULE)
        if photo.public_id is not None:
            photo.public = photo.shown
    photo.save()
    record(
        events.PHOTO_DRAWN, photo.ticket, actor=actor, at=at, unit_id=photo.ticket.unit_id, photo=photo.pk, broken=photo.broken
    )
    return photo


@command
def cover(photo_id: int, boxes: Sequence[Box], *, kept_back: bool = False, why: str = "", actor: Actor, at: datetime) -> Photo:
    """Faces and plates that nobody shall see, as somebody drew them; the copy is drawn anew before this returns.

    why   it is kept back, as its sender is told when the rest is published
    Raises NotYourDuty, NotFound, IsPublic, BadInput.
    """
    found = must_exist(Photo.objects.filter(pk=photo_id).values_list("ticket_id", flat=True).first())
    ticket = locked(found)
    must_handle(ticket, actor)
    photo = Photo.objects.get(pk=photo_id)
    if photo.public_id is not None:
        raise errors.IsPublic
    if kept_back and photo.role == Photo.Role.REPORT and not one_line(why):
        raise BadInput({"why": _("Hãy ghi vì sao giữ lại ảnh này. Người gửi đọc được lý do.")})
    Photo.objects.filter(pk=photo_id).update(
        blurs=[[box.left, box.top, box.width, box.height] for box in boxes],
        kept_back=kept_back,
        kept_why=one_line(why)[:300] if kept_back else "",
    )
    facts = {"photo": photo_id, "boxes": len(boxes), "kept_back": kept_back}
    record(events.PHOTO_COVERED, ticket, actor=actor, at=at, unit_id=ticket.unit_id, **facts)
    return draw(photo_id, actor=actor, at=at)
