"""Before a dossier exists: drafts that survive; and who tries to open whose."""

from __future__ import annotations

from typing import Any

from django.db import models


class Draft(models.Model):
    """An online filing in the making. Opened again by its code for 30 days; then swept away with its files."""

    code = models.CharField(max_length=16, unique=True)
    procedure_code = models.CharField(max_length=20)
    unit = models.ForeignKey("units.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict, help_text="answers by page, as typed: may still be wrong")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    submitted_as = models.OneToOneField("dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="draft")

    def __str__(self) -> str:
        return self.code

    @property
    def answers(self) -> dict[str, Any]:
        """The form as typed."""
        return self._page("to-khai")

    @property
    def contact(self) -> dict[str, Any]:
        """Owner, filer and way of return as typed."""
        return self._page("lien-he")

    @property
    def reused(self) -> dict[str, str]:
        """Component's code -> code of the stored paper that the filer ticked for it."""
        ticked: dict[str, str] = self._page("giay-to").get("reuse", {})
        return ticked

    @property
    def looked_up(self) -> set[str]:
        """Codes of the papers whose data the desk is asked to find."""
        return set(self._page("giay-to").get("look_up", ()))

    @property
    def seen(self) -> set[str]:
        """The parts that count as filled in, as `Part.mark` names them."""
        return set(self.data.get("seen", ()))

    def _page(self, name: str) -> dict[str, Any]:
        kept: dict[str, Any] = self.data.get(name, {})
        return kept

    @property
    def given_help(self) -> DraftHelp | None:
        """By whom it is filled in for somebody else; none: whoever knows the code does it themselves."""
        helped: DraftHelp | None = getattr(self, "help", None)
        return helped


class DraftHelp(models.Model):
    """Somebody fills in a draft for the person whose it is, by that person's consent and for a time. Vietnamese: nộp giúp.

    Knowing the code no longer opens such a draft: its account does, and the helper until `ends_at` or its submission.

    assisted_by     how the dossier names who helped
    for_name        who consented: the dossier's owner, or who files for its owner
    identity_level  how well who consented was known; the helper's own level says nothing
    back            address of the page from which the helper came
    """

    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="help")
    helper = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    assisted_by = models.CharField(max_length=200)
    for_name = models.CharField(max_length=200)
    identity_level = models.SmallIntegerField(default=0)
    may_scan = models.BooleanField()
    may_submit = models.BooleanField()
    back = models.CharField(max_length=200)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.draft_id} until {self.ends_at:%Y-%m-%d %H:%M}"


class DraftFile(models.Model):
    """A paper uploaded to a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    paper_code = models.CharField(max_length=40)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.draft_id} {self.paper_code}"


class TrackTry(models.Model):
    """A failed attempt to open a dossier's details. After some in an hour the dossier stays closed for a while."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="track_try_recent", fields=["dossier", "at"])]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.at:%Y-%m-%d %H:%M}"
