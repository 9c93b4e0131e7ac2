"""Half-open periods of days: from `starts_on` up to, not including, `ends_on`; None means open."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
