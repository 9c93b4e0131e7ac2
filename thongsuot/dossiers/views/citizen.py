"""What all pages for filing and following a dossier share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from thongsuot.dossiers.models import Draft
from thongsuot.dossiers.queries.drafts import DraftPage, Part
from thongsuot.people import queries as people
from thongsuot.web.request import actor_of


def account_facts(request: HttpRequest, draft: Draft) -> dict[str, str]:
    """What is known already of who fills in the draft, by the names of `x-prefill`; empty for a stranger.

    Of whom somebody helps no more than the name: an account's data are not shown to a helper.
    """
    actor, given = actor_of(request), draft.given_help
    if actor.person_id is None:
        return {}
    if given is not None and given.helper_id == actor.person_id:
        return {"full_name": given.for_name}
    person = people.person_for(actor.person_id, actor=actor)
    return {"full_name": person.full_name, "phone": person.phone, "email": person.email, "id_number": person.id_number}


_CONTACT_PAGES = {"owner": "", "filer": "nguoi-nop", "return": "nhan-ket-qua"}
CONTACT_PARTS = {slug: part for part, slug in _CONTACT_PAGES.items()}


def part_href(code: str, part: Part | None, *, back_to_check: bool = False) -> str:
    """The page of a part of the draft; without a part the page where all is checked. `back_to_check`: and then there again."""
    if part is None:
        return reverse("dossiers:draft_check", args=[code])
    name, extra = {
        "noi-nop": ("draft_place", None),
        "giay-to": ("draft_papers", None),
        "to-khai": ("draft_form", part.key),
        "lien-he": ("draft_contact", _CONTACT_PAGES.get(part.key, "")),
    }[part.page]
    address = reverse(f"dossiers:{name}", args=[code, extra] if extra else [code])
    return f"{address}?{BACK}={CHECK}" if back_to_check else address


BACK, CHECK = "ve", "kiem-tra"


def came_from_check(request: HttpRequest) -> bool:
    return request.GET.get(BACK) == CHECK


def draft_context(page: DraftPage, **more: Any) -> dict[str, Any]:
    """What every page of a draft shows around its own question."""
    code = page.draft.code
    return {"code": code, "page": page, "part_href": lambda part, **how: part_href(code, part, **how), **more}
