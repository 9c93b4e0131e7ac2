"""A draft that somebody fills in for another person, who consented: who opens it, what a helper may do, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.dossiers import events
from thongsuot.dossiers.actions.errors import DraftNotFound
from thongsuot.dossiers.models import Draft, DraftHelp
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import search_key


class HelpOver(TellPerson):
    code = "dossiers.help_over"
    status = 403
    says = gettext_lazy(
        "Phiên nộp giúp này đã kết thúc nên không mở được tờ khai nữa. Muốn giúp tiếp, hãy xin người dân một mã đồng ý mới."
    )


class HelpNotGiven(TellPerson):
    code = "dossiers.help_not_given"
    status = 403
    says = gettext_lazy("Người dân chưa đồng ý để bạn làm việc này. Hãy để người dân tự làm, hoặc xin một mã đồng ý mới.")


@dataclass(frozen=True, kw_only=True)
class Help:
    """As whoever arranged it says (models.DraftHelp)."""

    helper_id: int
    assisted_by: str
    for_name: str
    identity_level: int
    may_scan: bool
    may_submit: bool
    back: str
    ends_at: datetime


def give_help(draft: Draft, given: Help) -> None:
    """Right after the draft was begun, inside the same command."""
    DraftHelp.objects.create(draft=draft, **asdict(given))


def must_open(draft: Draft, given: DraftHelp | None, *, actor: Actor, at: datetime) -> None:
    """Raises HelpOver, or DraftNotFound: whoever has nothing to do with it learns nothing."""
    if given is None or actor.trusted or (draft.account_id is not None and draft.account_id == actor.person_id):
        return
    if actor.person_id != given.helper_id:
        raise DraftNotFound
    if draft.submitted_as_id is not None or given.ends_at <= at:
        raise HelpOver


def is_helping(given: DraftHelp | None, person_id: int | None) -> bool:
    return given is not None and given.helper_id == person_id


def named_in(draft: Draft, at: datetime) -> str:
    """How the dossier names who helped: when the help still runs, or the helper has written something of it; else nobody."""
    given = draft.given_help
    if given is None:
        return ""
    wrote = {"subject": Draft._meta.label_lower, "subject_id": draft.pk, "name": events.DRAFT_SAVED.name}
    has_part = at < given.ends_at or Event.objects.filter(**wrote, actor_id=given.helper_id).exists()
    return given.assisted_by if has_part else ""


def must_be_theirs(given: DraftHelp, *, owner: Mapping[str, Any], filer: Mapping[str, Any] | None) -> None:
    """One consent is for one person's dossier, and news of it do not go to the helper. Raises BadInput."""
    reached = {owner["owner_email"].lower(), owner["owner_phone"], (filer or {}).get("phone", "")} - {""}
    if reached & {given.helper.email, given.helper.phone}:
        says = _("Thư hoặc điện thoại đã ghi là của bạn. Hãy ghi của người dân, hoặc để trống nếu họ không có.")
        raise BadInput({"lien-he.owner.phone": says})
    named, field = (filer["name"], "filer") if filer else (owner["owner_name"], "owner")
    if search_key(named) != search_key(given.for_name):
        says = _(
            "Phiên nộp giúp này là của %(name)s. Hãy ghi đúng tên người đó là chủ hồ sơ, hoặc là người nộp thay chủ hồ sơ."
        )
        raise BadInput({f"lien-he.{field}.name": says % {"name": given.for_name}})


def in_their_place(actor: Actor, given: DraftHelp | None) -> Actor:
    """A helper files as well known as who consented: the identity of an authorised filing is the authoriser's."""
    helps = given is not None and is_helping(given, actor.person_id)
    return replace(actor, identity_level=given.identity_level) if given is not None and helps else actor


@command
def end_help(draft_id: int, *, actor: Actor, at: datetime) -> Draft:
    """From now on the helper opens it no more. What belongs to an account stays there; what belongs to nobody goes.

    Who may ask for it is known to whoever arranged the help. Raises NotFound, HelpOver: it was submitted, or is over.
    """
    draft = must_exist(Draft.objects.select_for_update().filter(pk=draft_id).first())
    given = must_exist(DraftHelp.objects.filter(draft=draft).first())
    if draft.submitted_as_id is not None or given.ends_at <= at:
        raise HelpOver
    given.ends_at = at
    given.save(update_fields=["ends_at"])
    if draft.account_id is None:
        draft.expires_at = at
        draft.save(update_fields=["expires_at"])
    record(events.HELP_ENDED, draft, actor=actor, at=at)
    return draft
