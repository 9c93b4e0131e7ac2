"""Who may help: agents with their people, volunteers, lawyers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Dated
from thongsuot.kernel.text import search_key


class Agent(Dated):
    """A place registered to help with online services. Vietnamese: đại lý dịch vụ công trực tuyến."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    hours = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agent_decision_once", fields=["decision_number", "name"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="agent_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return self.name


class Helper(Dated):
    """A person who may help others, known to them by the number on a card. Vietnamese: người giúp.

    unit      where: the agent's, the volunteer's; a lawyer's is the city
    training  evidence: number of the certificate; an agent's person helps nobody before it is there
    is_head   sees the log of the whole agent
    """

    class Kind(models.TextChoices):
        AGENT = "agent", _("Nhân viên đại lý")
        VOLUNTEER = "volunteer", _("Tình nguyện viên")
        LAWYER = "lawyer", _("Luật sư")

    number = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="helpers")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    organisation = models.CharField(max_length=200, blank=True)
    bar_number = models.CharField(max_length=30, blank=True)
    training = models.CharField(max_length=120, blank=True)
    trained_on = models.DateField(null=True)
    may_scan = models.BooleanField(default=False)
    may_submit = models.BooleanField(default=False)
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="helper_once", fields=["person", "kind"], condition=Q(valid_to=None)),
            models.CheckConstraint(name="helper_of_agent", condition=Q(kind="agent", agent__isnull=False) | ~Q(kind="agent")),
            models.CheckConstraint(name="helper_lawyer_at_bar", condition=~Q(kind="lawyer") | ~Q(bar_number="")),
            models.CheckConstraint(name="helper_period", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.full_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_name = search_key(self.full_name)[:200]
        super().save(*args, **kwargs)

    @property
    def may(self) -> list[str]:
        """What a person who consents is told that this helper may do."""
        can = [_("Khai tờ khai giúp bạn")]
        can += [_("Chụp, quét giấy tờ bạn đưa và đính vào hồ sơ")] if self.may_scan else []
        can += [_("Bấm nộp hồ sơ, đứng tên bạn")] if self.may_submit else []
        return [str(one) for one in can]

    @property
    def called(self) -> str:
        """As a dossier names who helped."""
        of = self.agent.name if self.agent else self.organisation
        return ", ".join(part for part in (f"{self.full_name} ({self.number})", of) if part)[:200]
