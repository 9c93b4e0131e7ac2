"""People who help, made by the commands that make real ones, in the town of the filing pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from thongsuot.assistance import actions
from thongsuot.assistance.facts import AgentFacts, HelperFacts
from thongsuot.assistance.models import Agent, Consent, Helper
from thongsuot.dossiers.tests.citizen import CODE, OWNER, fill_in, make_filing_town, page
from thongsuot.dossiers.tests.make import HOUSE, MONDAY, PDF, Town
from thongsuot.kernel.actor import Actor
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import logged_in, make_citizen

MINUTE = timedelta(minutes=1)
SINCE = date(2025, 7, 1)
NAME = OWNER["name"]


def an_agent(unit_id: int, **said: Any) -> Agent:
    facts = {
        "name": "Cửa hàng Bến",
        "address": "3 phố Bến",
        "hours": "8:00-17:00",
        "phone": "0912000003",
        "decision_number": "12/QĐ-TT",
        "decided_on": SINCE,
    }
    return actions.register_agent(unit_id, AgentFacts(**(facts | said)), valid_from=SINCE, actor=HOUSE, at=MONDAY)


def a_helper(unit_id: int, kind: str = "agent", **said: Any) -> Helper:
    """Of an agent: trained, may scan and submit."""
    facts: dict[str, Any] = {"kind": kind, "full_name": "Lò Thị Giúp", "email": f"giup-{Helper.objects.count()}@vidu.vn"}
    facts |= {"training": "5/CN", "trained_on": SINCE, "may_scan": True, "may_submit": True} if kind != "lawyer" else {}
    facts |= {"bar_number": "00001/LS"} if kind == "lawyer" else {}
    return actions.add_helper(unit_id, HelperFacts(**(facts | said)), valid_from=SINCE, actor=HOUSE, at=MONDAY)


@dataclass
class Aid:
    """The town, an agent of phường Sông with one helper, and the citizen who is helped."""

    town: Town
    agent: Agent
    helper: Helper
    citizen: Person

    def acts(self, person: Person, at: datetime = MONDAY) -> Actor:
        return actor_for(person, at=at)

    @property
    def helping(self) -> Actor:
        return self.acts(self.helper.person)

    def given(self, helper: Helper | None = None, at: datetime = MONDAY) -> actions.Given:
        """A consent of the citizen, with its code."""
        number = (helper or self.helper).number
        return actions.give_consent(number, procedure_code=CODE, actor=self.acts(self.citizen), at=at)

    def opened(self, at: datetime = MONDAY) -> Consent:
        return actions.open_with_code(self.helper.pk, self.given(at=at).code, actor=self.helping, at=at)

    def on_paper(self, name: str = NAME, at: datetime = MONDAY) -> Consent:
        return actions.take_paper(
            self.helper.pk, PDF, file_name="dong-y.pdf", name=name, procedure_code=CODE, actor=self.helping, at=at
        )

    def browser(self) -> Client:
        """The helper's."""
        return logged_in(self.helper.person)

    def filled(self, opened: Consent, unit: str = "98001") -> Client:
        """The helper has filled in everything; what is left is to submit."""
        return self.filled_by(self.browser(), opened, unit)

    def filled_by(self, browser: Client, opened: Consent, unit: str = "98001") -> Client:
        assert opened.draft is not None
        browser.post(page("draft_place", opened.draft.code), {"unit": unit})
        fill_in(browser, opened.draft.code)
        return browser

    def filed(self, opened: Consent) -> Consent:
        """Submitted by the helper; the worker has noted it."""
        assert opened.draft is not None
        browser = self.filled(opened)
        answer = browser.post(page("draft_check", opened.draft.code), {"promise": "on"})
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"] == reverse("assistance:session", args=[opened.pk])
        return actions.note_filed(opened.pk, actor=HOUSE, at=MONDAY)


def make_aid() -> Aid:
    town = make_filing_town()
    agent = an_agent(town.river)
    return Aid(town=town, agent=agent, helper=a_helper(town.river, agent_id=agent.pk), citizen=make_citizen(NAME))
