"""Trying out what a procedure costs: quantities its rules count, exemptions they know, and how it is filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from thongsuot.procedures import words
from thongsuot.procedures.content import FeeRule
from thongsuot.procedures.forms.fields import Whole
from thongsuot.procedures.queries import VersionView
from thongsuot.procedures.rules import FeeLine, fees_due
from thongsuot.web.forms import Form

MOST = 2_000


def quantities_counted(rules: Sequence[FeeRule]) -> list[str]:
    """The quantities that change what is due, in the order in which a person thinks of them."""
    counted = {rule.quantity for rule in rules if rule.form != "fixed"} | {"pages" for rule in rules if rule.form == "per_page"}
    return sorted(counted, key=lambda name: (name != "pages", name != "copies", name))


class FeeForm(Form):
    """What is asked depends on the version: nothing that does not change the answer. Read from the address, never stored."""

    channel = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)

    def __init__(self, version: VersionView, data: Any = None) -> None:
        super().__init__(data, auto_id="phi_%s")
        self.version = version
        self.fields["channel"].label = _("Cách nộp")
        self.offer(channel=[(channel, words.channel_words(channel)) for channel in sorted(version.channels)])
        self.fields["channel"].initial = min(version.channels)
        for name in quantities_counted(version.fee_rules):
            least = 1 if name in ("pages", "copies") else 0
            self.fields[name] = Whole(least, MOST, label=words.quantity_words(name), initial=least)
        known = {exemption.code: exemption.name for rule in version.fee_rules for exemption in rule.exemptions}
        if known:
            self.fields["exemptions"] = forms.MultipleChoiceField(
                label=_("Bạn thuộc trường hợp"),
                choices=list(known.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def asks_anything(self) -> bool:
        """Whether an answer could change the sum."""
        rules = self.version.fee_rules
        by_channel = len(self.version.channels) > 1 and any(rule.online_percent != 100 for rule in rules)
        return bool(quantities_counted(rules)) or "exemptions" in self.fields or by_channel

    def lines(self, *, on: date) -> list[FeeLine]:
        """What is due. Only after `is_valid()`."""
        answers = self.cleaned_data
        return fees_due(
            self.version.fee_rules,
            channel=answers["channel"],
            exemptions=answers.get("exemptions", ()),
            on=on,
            quantities={name: answers[name] for name in quantities_counted(self.version.fee_rules)},
        )
