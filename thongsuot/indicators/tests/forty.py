"""Forty dossiers made by the real commands at chosen instants: every sentence of item 2.1, two units, two fields, two months.

Phường Sông and phường Đồi of the made-up city. Procedure A (9.000001): five working days, one paper, a result, a levy; the
result of a dossier received on Monday the 6th is due on Monday the 13th, 17:00. Procedure B (9.000002): two working days, no
paper and no result, fully online, of another field. The results of 6, 7, 13 and 28 are signed digitally by Hạnh and by the
committee, that of 14 by Hạnh alone; all others on paper. The answers are worked out in test_forty.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from thongsuot.dossiers import actions
from thongsuot.dossiers.models import Dossier, Setting
from thongsuot.dossiers.tests.make import HOUSE, Town, a_file, make_officer, make_town, receive
from thongsuot.dossiers.tests.papers import PIN, SEAL_PIN, a_pdf, with_certificates
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.queries import actor_for
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.tests.make import make_procedure

A, B = "9.000001", "9.000002"
ALL_DUTIES = [
    "receive dossiers",
    "assign dossiers",
    "process dossiers",
    "review dossiers",
    "sign results",
    "issue results",
    "hand back results",
]
DOERS = {
    "receive dossiers": "lan",
    "assign dossiers": "viet",
    "process dossiers": "toan",
    "review dossiers": "viet",
    "sign results": "hanh",
    "issue results": "thu",
}


DIGITAL = frozenset({6, 7, 13, 28})
SEALED_ON_PAPER = frozenset({14})
ON_PAPER = actions.Way(paper_reason="Ký tay theo đề nghị của người nộp")


def at(text: str) -> datetime:
    """'10-13 17:00' in 2025, local time; 09:00 when no hour is named."""
    day, _, hour = text.partition(" ")
    return datetime.strptime(f"2025-{day} {hour or '09:00'}", "%Y-%m-%d %H:%M").replace(tzinfo=VIET_NAM)


@dataclass
class Forty:
    """The town and its dossiers by number."""

    town: Town
    dossiers: dict[int, Dossier] = field(default_factory=dict)

    def who(self, dossier: Dossier, duty: str, when: datetime, processor: str = "toan") -> Actor:
        if dossier.resolving_unit_id == self.town.hill:
            return actor_for(self.town.people["son"], at=when)
        return self.town.actor(processor if duty == "process dossiers" else DOERS[duty], when)

    def take(
        self, number: int, when: str, *, code: str = A, hill: bool = False, how: str = "scanned", **changes: Any
    ) -> Dossier:
        unit = self.town.hill if hill else self.town.river
        by = "son" if hill else "lan"
        own = self.town.actor(by, at(when))
        file_id = a_file(at(when), f"giay-{number}.pdf", by=own) if how == "uploaded" else None
        papers = (actions.PaperIn(code="giay-chung-nhan", how=how, file_id=file_id),) if code == A else ()
        dossier = receive(
            self.town,
            at=at(when),
            by=by,
            procedure=code,
            receiving_unit_id=unit,
            resolving_unit_id=unit,
            papers=papers,
            quantities={"copies": 2} if code == A else {},
            **changes,
        )
        self.dossiers[number] = dossier
        return dossier

    def run(self, dossier: Dossier, until: str, when: str, *, processor: str = "toan") -> None:
        """Forward until the open step has this duty; everything at one instant."""
        moment = at(when)
        version = procedures.version(dossier.version_id)
        while True:
            dossier = Dossier.objects.get(pk=dossier.pk)
            step = version.steps[dossier.step_no or 0]
            if step.duty == until:
                return
            actor = self.who(dossier, step.duty, moment, processor)
            number = next((number for number, one in self.dossiers.items() if one.pk == dossier.pk), 0)
            if step.duty == "process dossiers":
                file_id = (a_pdf if number in DIGITAL | SEALED_ON_PAPER else a_file)(moment, by=actor)
                actions.draft_result(dossier.pk, title="Giấy", file_id=file_id, actor=actor, at=moment)
            to = None
            if (
                version.steps[(dossier.step_no or 0) + 1].duty == "process dossiers"
                and dossier.resolving_unit_id == self.town.river
            ):
                to = self.town.people[processor].pk
            said: dict[str, Any] = {"step_key": step.key, "to_person": to, "actor": actor, "at": moment}
            if step.duty == "sign results" and number in DIGITAL | SEALED_ON_PAPER:
                actions.forward_signed(dossier.pk, pin=PIN, **said)
            elif step.duty == "issue results" and number in DIGITAL:
                actions.forward_signed(dossier.pk, pin=SEAL_PIN, **said)
            else:
                signs = step.duty in ("sign results", "issue results")
                actions.forward(dossier.pk, way=ON_PAPER if signs else None, **said)

    def resolve(self, number: int, when: str, *, processor: str = "toan") -> None:
        self.run(self.dossiers[number], "hand back results", when, processor=processor)

    def hand_back(self, number: int, when: str) -> None:
        actions.hand_back(self.dossiers[number].pk, handed_to="Hoàng Văn Minh", actor=HOUSE, at=at(when))

    def ask(self, number: int, when: str) -> None:
        actions.request_supplement(self.dossiers[number].pk, items=["Bản chính"], actor=HOUSE, at=at(when))

    def bring(self, number: int, when: str) -> None:
        actions.complete_supplement(self.dossiers[number].pk, papers=[], answer="Đã có", actor=HOUSE, at=at(when))

    def withdraw(self, number: int, when: str) -> None:
        actions.withdraw(self.dossiers[number].pk, reason="Đổi ý", actor=HOUSE, at=at(when))

    def stop(self, number: int, when: str) -> None:
        actions.stop(self.dossiers[number].pk, reason="Không đủ điều kiện", actor=HOUSE, at=at(when))

    def submit(self, number: int, when: str) -> None:
        """An online filing of B, as its pages would send it."""
        said: dict[str, Any] = {"actor": ANYONE, "at": at(when)}
        draft = actions.start_draft(B, unit_id=self.town.river, **said)
        owner = {"name": "Hoàng Văn Minh", "id_number": "001412345678", "phone": "0912345678", "address": "12 phố Bến"}
        actions.save_page(draft.code, "lien-he", {"owner": owner, "return_by": "counter"}, **said)
        self.dossiers[number] = actions.submit_draft(draft.code, **said)


def make_forty() -> Forty:
    town = with_certificates(make_town())
    make_procedure(
        B,
        city_id=town.city.city.pk,
        name="Đăng ký thử",
        field="Hộ tịch",
        limit=Limit(2, LimitUnit.WORKING_DAYS),
        results=[],
        channels=frozenset({1, 2}),
        fully_online=True,
    )
    town.people["son"] = make_officer(town.city, town.city.hill, "office", "son", "Chuyên viên", ALL_DUTIES)
    Setting.objects.create(key="supplement_requests", value=2, valid_from=date(2025, 7, 1), basis="Thử nghiệm")
    f = Forty(town)
    _before_october(f)
    _on_time_or_late(f)
    _supplements(f)
    _ended(f)
    _others(f)
    return f


def _before_october(f: Forty) -> None:
    f.take(1, "09-22"), f.resolve(1, "09-26")  # over before October: counts nowhere
    f.take(2, "09-30"), f.resolve(2, "10-06")  # due 7 October
    f.take(3, "09-29"), f.resolve(3, "10-06 17:01")  # due 6 October 17:00: late by a minute
    f.take(4, "09-29"), f.resolve(4, "10-06 17:00")  # at the very instant
    f.take(5, "09-26"), f.resolve(5, "11-12")  # due 3 October, open and late all October


def _on_time_or_late(f: Forty) -> None:
    f.take(6, "10-06", how="uploaded"), f.resolve(6, "10-08", processor="tam"), f.hand_back(6, "10-09")
    f.take(7, "10-06", how="data"), f.resolve(7, "10-13 16:00"), f.hand_back(7, "10-20")  # fetched late: the result counts
    f.take(8, "10-06"), f.resolve(8, "10-14 08:00", processor="tam")  # the morning after
    f.take(9, "10-31"), f.resolve(9, "11-05")  # due 7 November
    f.take(10, "10-30"), f.resolve(10, "11-10")  # due 6 November: in time in October, late in November
    f.take(11, "10-27")  # due 3 November, never resolved
    f.take(12, "10-20"), f.run(f.dossiers[12], "process dossiers", "10-21", processor="tam")  # due 27 October, lies with Tâm
    actions.rate(f.dossiers[6].pk, level=5, actor=HOUSE, at=at("10-10"))
    actions.rate(f.dossiers[8].pk, level=1, actor=HOUSE, at=at("10-15"))


def _supplements(f: Forty) -> None:
    f.take(13, "10-06", how="reused"), f.ask(13, "10-08"), f.bring(13, "10-10"), f.resolve(13, "10-15 16:30")  # due now 15th
    f.take(14, "10-06"), f.ask(14, "10-08"), f.bring(14, "10-10"), f.resolve(14, "10-16 08:00")  # due now 15th
    f.take(15, "10-27"), f.ask(15, "10-29"), f.bring(15, "11-05"), f.resolve(15, "11-10 15:00")  # due now 10 November
    f.take(16, "10-06"), f.ask(16, "10-15")  # asked for when it was late already
    f.take(17, "10-06"), f.ask(17, "10-09")  # waits for the owner ever since
    f.take(18, "10-06"), f.ask(18, "10-07"), f.bring(18, "10-08"), f.ask(18, "10-09")  # asked twice
    f.take(19, "10-06"), f.ask(19, "10-07"), f.bring(19, "10-08"), f.ask(19, "10-09"), f.bring(19, "10-10")
    f.resolve(19, "10-15")  # asked twice, but resolved, and the due date had moved to the 15th
    f.take(20, "10-27"), f.ask(20, "10-28"), f.bring(20, "10-29"), f.ask(20, "10-30"), f.bring(20, "10-31")
    f.resolve(20, "11-05")  # asked twice, no result in October; resolved on its moved due date in November
    f.take(21, "10-06"), f.ask(21, "10-07"), f.bring(21, "10-08"), f.ask(21, "10-09"), f.bring(21, "10-10")
    f.stop(21, "10-13")  # asked twice, ended without a result


def _ended(f: Forty) -> None:
    f.take(22, "10-06"), f.withdraw(22, "10-07")
    f.take(23, "10-06"), f.withdraw(23, "10-14")  # after the due date
    f.take(24, "10-13", channel=3), f.stop(24, "10-15")
    f.take(25, "10-06"), f.stop(25, "10-20")  # after the due date
    f.take(26, "10-06"), f.ask(26, "10-08"), f.stop(26, "10-31 16:00")  # nothing was brought: the wait is not the agency's
    f.take(27, "10-06"), f.ask(27, "10-14"), f.withdraw(27, "10-16")  # asked for when it was late already
    f.take(33, "10-06"), f.withdraw(33, "10-10")  # within five days
    f.take(34, "10-06"), f.stop(34, "10-14")  # after more than five days


def _others(f: Forty) -> None:
    f.take(28, "10-06")
    actions.request_payment(f.dossiers[28].pk, reason="Thuế", actor=HOUSE, at=at("10-07"))
    actions.confirm_payment(f.dossiers[28].pk, actor=HOUSE, at=at("10-10"))
    f.resolve(28, "10-16")  # due moved to the 16th
    f.take(29, "10-06")
    actions.request_payment(f.dossiers[29].pk, reason="Thuế", actor=HOUSE, at=at("10-08"))  # owes since, in time
    f.submit(30, "10-06")
    actions.refuse_submission(f.dossiers[30].pk, reasons=["Không thuộc thẩm quyền"], actor=HOUSE, at=at("10-07"))
    f.submit(31, "10-06"), f.withdraw(31, "10-06 15:00")  # never received
    f.submit(32, "10-30")
    actions.accept_submission(f.dossiers[32].pk, actor=HOUSE, at=at("11-03"))
    f.resolve(32, "11-05")  # received in November only, due on the 5th
    f.take(35, "10-06", hill=True), f.resolve(35, "10-07")
    f.take(36, "10-06", hill=True), f.resolve(36, "10-14")
    f.take(37, "10-20", hill=True, code=B, channel=2), f.resolve(37, "10-21")  # due 22nd
    f.take(38, "10-06", code=B, channel=2), f.resolve(38, "10-08 17:00")  # due 8th, at the very instant
    f.take(39, "10-07", code=B), f.resolve(39, "10-10 08:00")  # due 9th
    f.take(40, "10-06")
    actions.reappoint(f.dossiers[40].pk, new_at=at("10-17 16:00"), reason="Chưa xác minh xong", actor=HOUSE, at=at("10-10"))
    f.resolve(40, "10-16")  # an apology makes nothing on time


__all__ = ["A", "B", "Forty", "at", "make_forty"]
