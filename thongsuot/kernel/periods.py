"""Half-open periods of days: from `starts_on` up to, not including, `ends_on`; None means open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.working_time import DAY, start_of


class Dated(models.Model):
    """A row that holds for a time. Rules, names, posts and competences are dated; nothing is overwritten."""

    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_past(self, on: date) -> bool:
        """Its end has come; one that is only written down does not count."""
        return self.valid_to is not None and self.valid_to <= on


def not_over(on: date, prefix: str = "") -> Q:
    """The rows whose end has not come on that day, those still to begin among them."""
    return Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})


def in_force(on: date, prefix: str = "") -> Q:
    """The rows that hold on that day. `prefix` walks a relation: in_force(day, "version__")."""
    return Q(**{f"{prefix}valid_from__lte": on}) & not_over(on, prefix)


@dataclass(frozen=True, kw_only=True)
class Period:
    """What figures are asked about: days from `first` to `last`, both included, as they are known at `now`."""

    first: date
    last: date
    now: datetime

    @cached_property
    def starts_at(self) -> datetime:
        return start_of(self.first)

    @cached_property
    def ends_at(self) -> datetime:
        """The instant after the last day."""
        return start_of(self.last + DAY)

    @cached_property
    def as_of(self) -> datetime:
        """At which instant open dossiers are judged: the last of the last day, or now while it is not over."""
        return min(self.ends_at - timedelta(microseconds=1), max(self.now, self.starts_at))

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "last": self.last,
            "now": self.now,
            "as_of": self.as_of,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }

    @property
    def is_over(self) -> bool:
        return self.ends_at <= self.now

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1
