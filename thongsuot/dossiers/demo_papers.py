"""Papers for a demo city: Minh's store with a paper used again, scans to look over, a corrected result, copies offered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import stores
from thongsuot.dossiers.demo import Story, _Ward, demo_pdf
from thongsuot.dossiers.models import Component, Digitisation, Dossier, Result, Status
from thongsuot.dossiers.queries import quotes
from thongsuot.files.actions import store
from thongsuot.kernel.actor import Actor, system
from thongsuot.people import queries as people
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures import queries as procedures

HOUSE = system("cli")
_TRIED = ("1.004873", "1.001612", "1.004884", "1.001776", "2.000286", "1.000894", "1.001193")


def load_demo_papers(city_id: int, *, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """How many papers and scans were made; none where there are some. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    unit = next(iter(demo_units(city_id, at=at)), None)
    minh = Person.objects.filter(email=email_of("minh", None)).first()
    if (
        unit is None
        or minh is None
        # Of his own: those of other people come by the worker, which may be at it already.
        or StoredPaper.objects.filter(account=minh).exists()
        or not Dossier.objects.filter(receiving_unit_id=unit.id).exists()
    ):
        return 0
    with transaction.atomic():
        tale = _Tale(_Ward(unit.id, now=at), minh)
        parts = (tale.own_papers, tale.scans_to_check, tale.corrected_result, tale.copies)
        for done, part in enumerate(parts, start=1):
            part()
            progress(done, len(parts))
    return StoredPaper.objects.count() + Digitisation.objects.count()


class _Tale:
    """What happens, in one ward."""

    def __init__(self, ward: _Ward, minh: Person) -> None:
        self.ward, self.minh = ward, minh
        found = (self.ward._version(code, ward.now) for code in _TRIED)
        self.version = next((one for one in found if one is not None and self._asked(one)), None)

    @staticmethod
    def _asked(version: procedures.VersionView) -> str:
        """The code of the first paper that must be handed in; empty without one."""
        return next((paper.code for paper in version.papers if paper.is_needed), "")

    def _papers(self, version: procedures.VersionView, **first: object) -> tuple[actions.PaperIn, ...]:
        """Every required paper; the first one as said."""
        asked = self._asked(version)
        return tuple(
            actions.PaperIn(
                code=paper.code, **(first if paper.code == asked else {"how": "shown" if paper.kind == "show" else "data"})
            )
            for paper in version.papers
            if paper.required
        )

    def _receive(
        self, at: datetime, owner: actions.Owner, *, account: int | None = None, consent: str = "", **first: object
    ) -> int:
        assert self.version is not None  # asked by the callers
        answer = actions.receive_dossier(
            actions.Intake(
                procedure=self.version.code,
                receiving_unit_id=self.ward.unit_id,
                resolving_unit_id=self.ward.unit_id,
                owner=owner,
                papers=self._papers(self.version, **first),
                quantities={name: 1 for name, _title, _usual in quotes.counted_by(self.version, timezone.localdate(at))},
                account_id=account,
                consent=consent,
            ),
            actor=self.ward._who("receive dossiers", "service_centre", at),
            at=at,
        )
        return int(answer["id"])

    def _scan(self, at: datetime, *, dpi: int) -> int:
        desk = self.ward._who("receive dossiers", "service_centre", at)
        return store(_picture(dpi), name="ban-quet.tif", actor=desk, at=at, purpose="dossiers.paper").pk

    def _second(self, scan: Digitisation, at: datetime) -> Actor | None:
        """Someone else of the desk who looks a scan over."""
        staff = people.staff_with_duty("receive dossiers", self.ward.unit_id, on=timezone.localdate(at))
        other = next((one.id for one in staff if one.id != scan.scanned_by_id), None)
        return people.actor_for(Person.objects.get(pk=other), at=at) if other is not None else None

    def own_papers(self) -> None:
        """Minh handed a paper in once and got a result; in his next dossier the paper is used again."""
        if self.version is None:
            return
        owner = actions.Owner(name=self.minh.full_name, id_number=self.minh.id_number or "001456789012", phone=self.minh.phone)
        at = self.ward._moment(11, "09:10")
        first = self._receive(at, owner, account=self.minh.pk, file_id=self._scan(at, dpi=300), how="scanned")
        scan = Digitisation.objects.get(component__dossier_id=first)
        if scan.state == Digitisation.State.WAITING and (second := self._second(scan, at)):
            actions.check_scan(scan.pk, accept=True, actor=second, at=at)
        for _at in self.ward._run(Story(code=self.version.code, days=11, at="09:10", pace=30), first, at):
            continue
        if Result.objects.filter(dossier_id=first, issued_on__isnull=False).exists():
            stores.keep_result(first, actor=HOUSE, at=self.ward.now)
        paper = StoredPaper.objects.filter(dossier_id=first, kind=StoredPaper.Kind.DIGITISED).first()
        if paper is not None:
            at = self.ward._moment(1, "10:20")
            self._receive(
                at, owner, account=self.minh.pk, consent="spoken", how=Component.How.REUSED, stored=paper.code, originals=0
            )

    def scans_to_check(self) -> None:
        """Scans of too low a resolution: always looked over by a second person."""
        if self.version is None:
            return
        for hour in ("08:18", "08:47", "09:33"):
            at = self.ward._moment(0, hour)
            self._receive(at, self.ward._owner(), how="scanned", file_id=self._scan(at, dpi=150))

    def corrected_result(self) -> None:
        """A result that was handed back was wrong in a date, and was corrected."""
        returned = Dossier.objects.filter(
            resolving_unit_id=self.ward.unit_id, status=Status.RETURNED, result__issued_on__isnull=False
        )
        dossier = returned.exclude(account=self.minh).order_by("ended_at").first()
        if dossier is None:
            return
        at = self.ward._moment(1, "14:05")

        def who(duty: str, body: str) -> Actor:
            return self.ward._who(duty, body, at)

        change = actions.open_change(
            dossier.pk,
            kind="correction",
            reason="Ngày cấp ghi nhầm, sửa theo sổ gốc",
            basis="Đơn của chủ hồ sơ, sổ gốc lưu tại phường",
            actor=who("process dossiers", "office"),
            at=at,
        )
        drafter = who("process dossiers", "office")
        file = store(demo_pdf("Văn bản đính chính"), name="dinh-chinh.pdf", actor=drafter, at=at, purpose="dossiers.result")
        title = f"Văn bản đính chính: {dossier.result.title}"[:300]
        actions.draft_change(change.pk, title=title, file_id=file.pk, actor=drafter, at=at)
        actions.review_change(change.pk, approve=True, actor=who("review dossiers", "office"), at=at)
        actions.sign_change(change.pk, actor=who("sign results", "people_committee"), at=at)
        actions.issue_change(change.pk, actor=who("issue results", "office"), at=at)

    def copies(self) -> None:
        at = self.ward._moment(5, "08:30")
        actions.offer_copies(
            self.ward.unit_id, offered=True, actor=self.ward._who("sign results", "people_committee", at), at=at
        )


@cache
def _picture(dpi: int) -> bytes:
    """An empty sheet as a scanner would send it."""
    out = io.BytesIO()
    Image.new("RGB", (dpi * 2, dpi * 3), (250, 249, 246)).save(out, "TIFF", dpi=(dpi, dpi), compression="tiff_lzw")
    return out.getvalue()
