"""What a dossier costs: whole đồng, each line with its calculation in words and its basis."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import dong, number
from thongsuot.procedures.content import FeeKind, FeeRule
from thongsuot.procedures.rules.schemas import exemptions_in, quantities_in

ONLINE = 2
MOST_OF_ANYTHING = 10_000  # pages or copies of one paper; more is a slip of the finger
MOST_DONG = 10_000_000_000


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One amount to pay. `how` is the calculation in words; `to_check` = the amount was not read in the text named."""

    code: str
    name: str
    kind: FeeKind
    amount_dong: int
    how: str
    basis: str
    to_check: bool = False


def fees_due(
    fee_rules: Sequence[FeeRule], *, channel: int, quantities: Mapping[str, int], exemptions: Collection[str], on: date
) -> list[FeeLine]:
    """The lines to pay, one per rule in force on that day; an exempt line stays with 0 and says why.

    quantities  "pages" (of the original) and "copies" count as 1 when missing, what else a rule names as 0
    exemptions  codes the filer proved; of several the kindest holds
    raises      BadInput when a quantity is not from 0 to 10,000
    """
    wrong = {
        name: _("Số lượng phải từ 0 đến %(most)s.") % {"most": number(MOST_OF_ANYTHING)}
        for name, value in quantities.items()
        if not 0 <= value <= MOST_OF_ANYTHING
    }
    if wrong:
        raise BadInput(wrong)
    return [_line(rule, channel, quantities, exemptions) for rule in fee_rules if _holds(rule, on)]


def fees_for_form(
    fee_rules: Sequence[FeeRule],
    *,
    schema: Mapping[str, Any],
    data: Mapping[str, Any],
    channel: int,
    exemptions: Collection[str] = (),
    on: date,
) -> list[FeeLine]:
    """Fees of a filled-in form: quantities and exemptions are where its schema says (`x-quantity`, `x-exemption`).

    A form that lists several papers is charged for each; lines of one rule are added up. `exemptions` come on top.
    """
    proved = exemptions_in(schema, data, on=on) | set(exemptions)
    total: dict[str, FeeLine] = {}
    for quantities in quantities_in(schema, data):
        for line in fees_due(fee_rules, channel=channel, quantities=quantities, exemptions=proved, on=on):
            before = total.get(line.code)
            total[line.code] = (
                line
                if before is None
                else replace(line, amount_dong=before.amount_dong + line.amount_dong, how=f"{before.how}; {line.how}")
            )
    return list(total.values())


def check_fee_rules(fee_rules: Sequence[FeeRule]) -> list[str]:
    """What is wrong with them, as sentences; empty when they can be published."""
    problems: list[str] = []
    for rule in fee_rules:
        named = {"name": rule.name}
        amounts = [rule.amount_dong, *(tier.dong for tier in rule.tiers), rule.cap_dong or 0]
        if any(not 0 <= amount <= MOST_DONG for amount in amounts):
            problems.append(_("Mức thu “%(name)s” phải từ 0 đồng trở lên.") % named)
        if rule.form == "per_page" and not _tiers_climb(rule):
            problems.append(_("Mức thu “%(name)s” theo trang cần các bậc tăng dần, bậc cuối không giới hạn.") % named)
        if any(not 0 <= percent <= 100 for percent in (rule.online_percent, *(e.percent_due for e in rule.exemptions))):
            problems.append(_("Mức thu “%(name)s” có tỷ lệ ngoài 0 đến 100 %%.") % named)
        if not rule.basis or any(not exemption.basis for exemption in rule.exemptions):
            problems.append(_("Mức thu “%(name)s” thiếu căn cứ pháp lý.") % named)
        if rule.valid_to is not None and rule.valid_to <= rule.valid_from:
            problems.append(_("Mức thu “%(name)s” hết hiệu lực trước khi bắt đầu.") % named)
    for one, other in ((a, b) for i, a in enumerate(fee_rules) for b in fee_rules[i + 1 :] if a.code == b.code):
        if other.valid_from < (one.valid_to or date.max) and one.valid_from < (other.valid_to or date.max):
            problems.append(_("Hai mức thu cùng mã “%(code)s” trùng thời gian.") % {"code": one.code})
    return problems


def _holds(rule: FeeRule, on: date) -> bool:
    return rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)


def _tiers_climb(rule: FeeRule) -> bool:
    if not rule.tiers or rule.tiers[-1].up_to is not None:
        return False
    bounds = [0, *(tier.up_to or 0 for tier in rule.tiers[:-1])]
    return all(lower < upper for lower, upper in pairwise(bounds))


def _line(rule: FeeRule, channel: int, quantities: Mapping[str, int], exemptions: Collection[str]) -> FeeLine:
    amount, how = _full_amount(rule, quantities)
    basis = rule.basis
    granted = min((e for e in rule.exemptions if e.code in exemptions), key=lambda e: e.percent_due, default=None)
    if granted is not None:
        amount = _percent(amount, granted.percent_due)
        basis = granted.basis
        words = _("Miễn: %(who)s") if granted.percent_due == 0 else _("%(how)s; giảm cho: %(who)s")
        how = words % {"how": how, "who": granted.name}
    if channel == ONLINE and rule.online_percent != 100 and amount:
        amount = _percent(amount, rule.online_percent)
        words = _("Nộp trực tuyến: không thu") if rule.online_percent == 0 else _("%(how)s; nộp trực tuyến thu %(percent)s %%")
        how = words % {"how": how, "percent": rule.online_percent}
    return FeeLine(
        code=rule.code, name=rule.name, kind=rule.kind, amount_dong=amount, how=how, basis=basis, to_check=rule.to_check
    )


def _full_amount(rule: FeeRule, quantities: Mapping[str, int]) -> tuple[int, str]:
    match rule.form:
        case "fixed":
            return rule.amount_dong, dong(rule.amount_dong)
        case "per_copy":
            count = quantities.get(rule.quantity, 1 if rule.quantity in ("pages", "copies") else 0)
            how = _("%(count)s bản × %(dong)s") % {"count": number(count), "dong": dong(rule.amount_dong)}
            return rule.amount_dong * count, how
        case "per_page":
            copies = quantities.get(rule.quantity, 1)
            each, how = _one_copy(rule, quantities.get("pages", 1))
            if copies == 1:
                return each, how
            words = _("%(how)s; %(copies)s bản × %(dong)s")
            return each * copies, words % {"how": how, "copies": number(copies), "dong": dong(each)}


def _one_copy(rule: FeeRule, pages: int) -> tuple[int, str]:
    amount, done, parts = 0, 0, []
    for tier in rule.tiers:
        count = max(0, (pages if tier.up_to is None else min(pages, tier.up_to)) - done)
        if count:
            parts.append(_("%(count)s trang × %(dong)s") % {"count": number(count), "dong": dong(tier.dong)})
        amount += count * tier.dong
        done += count
    how = " + ".join(parts) or dong(0)
    if rule.cap_dong is not None and amount > rule.cap_dong:
        return rule.cap_dong, _("%(how)s, tối đa %(cap)s một bản") % {"how": how, "cap": dong(rule.cap_dong)}
    return amount, how


def _percent(amount: int, percent: int) -> int:
    """Whole đồng, a half rounded up."""
    return (amount * percent + 50) // 100
