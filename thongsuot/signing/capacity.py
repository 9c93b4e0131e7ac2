"""In what right someone signs: the lines above a signature by NĐ 30/2020/NĐ-CP Điều 13.

Pure; `queries.capacity` finds the posts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from thongsuot.kernel import text

# Parts of a commune's committee: who leads one signs by order of the committee's chair, not in the part's own name.
OFFICES = frozenset({"office", "economy_office", "culture_society_office"})
COMMITTEE = "people_committee"
_DEPUTY, _ACTING = "Phó ", "Quyền "


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post someone holds: 'Phó Chủ tịch' in a body of that kind and name."""

    title: str
    body_kind: str
    body_name: str

    @property
    def is_deputy(self) -> bool:
        return self.title.startswith(_DEPUTY)

    @property
    def head_title(self) -> str:
        """Of whom a deputy is the deputy: 'Chủ tịch'."""
        return _capital(self.title.removeprefix(_DEPUTY))


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What stands above a signature: 'TM. Ủy ban nhân dân', 'TUQ. Chủ tịch', 'Chánh Văn phòng'.

    basis   the written delegation with its last day; empty for who signs by a post of their own
    """

    heading: tuple[str, ...]
    basis: str = ""

    @property
    def in_one_line(self) -> str:
        return ", ".join(self.heading)


def own(post: Post, *, head_of_agency: str = "Chủ tịch") -> Capacity:
    """By a post of one's own: TM. for a committee, KT. for a deputy, Q. for who acts as head, TL. for the head of an office."""
    if post.body_kind in OFFICES:
        for_office = (f"KT. {post.head_title}",) if post.is_deputy else ()
        return Capacity(heading=(f"TL. {head_of_agency}", *for_office, post.title))
    together = (f"TM. {post.body_name}",) if post.body_kind == COMMITTEE else ()
    if post.is_deputy:
        return Capacity(heading=(*together, f"KT. {post.head_title}", post.title))
    if post.title.startswith(_ACTING):
        return Capacity(heading=(*together, f"Q. {_capital(post.title.removeprefix(_ACTING))}"))
    return Capacity(heading=(*together, post.title))


def standing_in(post: Post, *, for_post: Post, decision: str, until: date) -> Capacity:
    """By a written delegation. A deputy of the same body signs for the head as ever; the delegation says only for how long.

    until   the first day it does not hold any more
    """
    basis = delegation_words(_("Văn bản ủy quyền số %(number)s") % {"number": decision}, until=until)
    if post.is_deputy and (post.body_kind, post.body_name) == (for_post.body_kind, for_post.body_name):
        return Capacity(heading=own(post).heading, basis=basis)
    together = (f"TM. {for_post.body_name}",) if for_post.body_kind == COMMITTEE else ()
    return Capacity(heading=(*together, f"TUQ. {for_post.title}", post.title), basis=basis)


def delegation_words(basis: str, *, until: date | None) -> str:
    """'Theo ủy quyền tại Quyết định 12/QĐ-UBND, đến hết ngày 07/10/2025'; `until` is the first day after."""
    if until is None:
        return _("Theo ủy quyền tại %(basis)s") % {"basis": basis}
    return _("Theo ủy quyền tại %(basis)s, đến hết ngày %(day)s") % {
        "basis": basis,
        "day": text.day(until - timedelta(days=1)),
    }


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
