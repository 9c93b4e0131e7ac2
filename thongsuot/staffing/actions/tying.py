"""Which account is a person's: that of the address, under the name rule by which accounts are opened."""

from __future__ import annotations

from thongsuot.kernel.text import search_key
from thongsuot.people.actions.accounts import AccountOfAnother
from thongsuot.people.models import Person
from thongsuot.staffing.actions.errors import AccountTied
from thongsuot.staffing.models import StaffMember
from thongsuot.units.models import Unit


def tie(member: StaffMember) -> None:
    """Sets `person` where the account was opened after the person was listed. Raises AccountOfAnother, AccountTied."""
    if member.person_id is not None or not member.email:
        return
    locked_list(member.city_id)
    found = Person.objects.filter(email=member.email).first()
    if found is None:
        return
    if found.search_name != search_key(member.full_name):
        raise AccountOfAnother
    if StaffMember.objects.filter(person=found).exclude(pk=member.pk).exists():
        raise AccountTied
    member.person = found


def locked_list(city_id: int) -> None:
    """Who comes into the list of a city comes one after another. After a person's row, never before it."""
    Unit.objects.select_for_update(no_key=True).get(pk=city_id)
