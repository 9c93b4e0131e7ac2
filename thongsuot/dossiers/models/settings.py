"""Limits that the law leaves open or that were not seen in its text: dated, with their basis."""

from __future__ import annotations

from django.db import models

from thongsuot.kernel.periods import Dated


class Setting(Dated):
    """One number by which dossiers are handled, for a time. `checked` is false where the text was not seen."""

    key = models.CharField(max_length=40)
    value = models.IntegerField()
    basis = models.CharField(max_length=300)
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="dossier_setting_from", fields=["key", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
