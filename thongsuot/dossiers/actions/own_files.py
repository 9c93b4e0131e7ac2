"""Which stored files a command may put into a dossier: ids follow each other, and whoever sees a dossier may read its files."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from thongsuot.dossiers.queries.case_papers import belongs
from thongsuot.files import queries as files
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput


def must_be_theirs(file_ids: Iterable[int | None], field: str, *, actor: Actor, dossier_id: int | None = None) -> None:
    """Each file was handed in by the actor, or lies in this dossier already. No query without files, one for own ones.

    Raises BadInput beside `field`, in the same words for a file that does not exist.
    """
    if says := not_theirs(file_ids, actor=actor, dossier_id=dossier_id):
        raise BadInput({field: says})


def not_theirs(file_ids: Iterable[int | None], *, actor: Actor, dossier_id: int | None = None) -> str:
    """The sentence of the refusal, for a command that gathers several; empty when all may be taken."""
    named = {one for one in file_ids if one is not None}
    foreign = named - files.handed_in_by(named, actor=actor) if named else named
    if all(dossier_id is not None and belongs(dossier_id, one) for one in foreign):
        return ""
    return _("Không có tệp này trong số tệp bạn đã tải lên. Hãy tải tệp lên bằng chính tài khoản đang dùng rồi gửi lại.")
