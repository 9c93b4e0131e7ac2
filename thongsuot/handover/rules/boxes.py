"""The way of a box: who does which step, from which state, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.handover.models import Box, HeadCount

State = Box.State
Side = HeadCount.Side


@dataclass(frozen=True, kw_only=True)
class Step:
    """`says`: the field that must be filled, with its label and how long it may be; `by`: the side that does it."""

    name: str
    label: Promise
    before: Box.State
    after: Box.State
    by: HeadCount.Side
    says: str = ""
    says_label: Promise | str = ""
    longest: int = 200


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            name="seal",
            label=_("Niêm phong"),
            before=State.OPEN,
            after=State.SEALED,
            by=Side.HANDING,
            says="seal_number",
            says_label=_("Số niêm phong"),
            longest=40,
        ),
        Step(
            name="carry",
            label=_("Giao vận chuyển"),
            before=State.SEALED,
            after=State.CARRIED,
            by=Side.HANDING,
            says="carrier",
            says_label=_("Người vận chuyển"),
        ),
        Step(name="unseal", label=_("Mở lại để xếp thêm"), before=State.SEALED, after=State.OPEN, by=Side.HANDING),
        Step(
            name="arrive",
            label=_("Đã đến, niêm phong còn nguyên"),
            before=State.CARRIED,
            after=State.ARRIVED,
            by=Side.RECEIVING,
        ),
        Step(
            name="arrive_broken",
            label=_("Đã đến, niêm phong không còn nguyên"),
            before=State.CARRIED,
            after=State.ARRIVED,
            by=Side.RECEIVING,
        ),
        Step(name="open", label=_("Mở niêm phong"), before=State.ARRIVED, after=State.OPENED, by=Side.RECEIVING),
        Step(
            name="shelve",
            label=_("Xếp lên giá"),
            before=State.OPENED,
            after=State.SHELVED,
            by=Side.RECEIVING,
            says="place",
            says_label=_("Nơi để"),
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    """What may be done next with a box."""
    return [step for step in STEPS.values() if step.before == state]
