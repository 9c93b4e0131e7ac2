"""Drafts of e-processes: kept, refused when stale, thrown away, published as a new version that changes nothing before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.procedures import actions, queries, rules
from thongsuot.procedures.actions import catalogue
from thongsuot.procedures.content import Paper, Step
from thongsuot.procedures.models import ProcedureVersion, ProcessDraft
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.procedures.tests.processes import SCHEMA, THREE_DAYS, branching, step, way
from thongsuot.units.tests.make import make_city

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
CODE = "9.000001"


@pytest.fixture(scope="module")
def begins_with():
    return make_city_with_a_procedure


def make_city_with_a_procedure():
    city = make_city()
    make_procedure(CODE, city_id=city.city.pk, limit=THREE_DAYS, form_schema=SCHEMA, unverified=frozenset({"steps", "fees"}))
    return city


def quan(made, name="Quân"):
    return Actor(person_id=1, name=name, duties={"manage procedures": frozenset({made.city.pk})})


def save(made, steps=None, token="", who="Quân"):
    steps = branching() if steps is None else steps
    return actions.save_process(CODE, steps=steps, token=token, city_id=made.city.pk, actor=quan(made, who), at=NOON)


def publish(made, token, valid_from=TODAY):
    return actions.publish_process(CODE, token=token, valid_from=valid_from, city_id=made.city.pk, actor=quan(made), at=NOON)


def test_a_draft_is_kept_even_when_it_is_not_right_yet(made):
    draft = save(made, [step("a", "receive dossiers", ways=(way("nowhere"),))])

    kept = queries.process_draft(CODE)
    assert kept.steps == (step("a", "receive dossiers", ways=(way("nowhere"),)),)
    assert kept.token == draft.token
    assert kept.changed_by == "Quân"
    assert Event.objects.filter(name="procedures.process_drafted", subject_id=draft.pk).count() == 1
    assert queries.version_in_force(CODE, on=TODAY).steps == rules.default_steps(THREE_DAYS)


def test_the_second_of_two_administrators_is_told_and_overwrites_nothing(made):
    first = save(made, who="Hoa")

    with pytest.raises(actions.DraftChanged) as refusal:
        save(made, [step("x", "receive dossiers")])
    assert "Hoa đã lưu bản thảo này" in refusal.value.message()
    assert ProcessDraft.objects.get().revision == 1

    second = save(made, [step("x", "receive dossiers")], token=first.token)
    with pytest.raises(actions.DraftChanged):
        save(made, token=first.token)
    assert queries.process_draft(CODE).token == second.token


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_the_same_moment_one_is_told(made):
    refused = at_once(*[lambda who=who: save(made, who=who) for who in ("Hoa", "Quân")])

    assert [type(one) for one in refused] == [actions.DraftChanged]
    assert ProcessDraft.objects.get().revision == 1


def test_a_draft_thrown_away_is_gone_and_a_page_that_shows_it_is_stale(made):
    first = save(made)
    actions.discard_process(CODE, token=first.token, city_id=made.city.pk, actor=quan(made), at=NOON)

    assert queries.process_draft(CODE) is None
    with pytest.raises(actions.NoDraft):
        save(made, token=first.token)
    with pytest.raises(actions.NoDraft):
        actions.discard_process(CODE, token="", city_id=made.city.pk, actor=quan(made), at=NOON)
    again = save(made)
    assert again.token != first.token


def test_publishing_makes_a_new_version_that_differs_in_its_steps_alone(made):
    before = queries.version_in_force(CODE, on=TODAY)
    draft = save(made)

    version = publish(made, draft.token)

    after = queries.version(version.pk)
    assert after.steps == tuple(branching())
    assert after.has_own_process
    assert after.unverified == {"fees"}
    assert after.number == before.number + 1
    same = ("name", "limit", "papers", "fee_rules", "results", "form_schema", "channels", "legal_basis")
    assert all(getattr(after, part) == getattr(before, part) for part in same)
    assert queries.version(before.id).steps == before.steps
    assert queries.version_in_force(CODE, on=date(2026, 3, 9)).id == before.id
    assert queries.process_draft(CODE) is None


def test_what_another_process_of_the_server_published_seconds_ago_is_not_undone(made, monkeypatch):
    token = save(made).token
    queries.version_in_force(CODE, on=TODAY)  # remembered by this one for some seconds
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(catalogue, "_forget", lambda: None)
        papers = [Paper(code="DON", name="Đơn đề nghị")]
        make_procedure(CODE, valid_from=TODAY, limit=THREE_DAYS, form_schema=SCHEMA, papers=papers)

    version = publish(made, token, valid_from=TODAY + timedelta(days=1))

    assert [paper["name"] for paper in version.papers] == ["Đơn đề nghị"]


def test_a_process_that_cannot_run_is_not_published_and_its_draft_stays(made):
    draft = save(made, branching(ky={"ways": (way("tra", "form.gone", "x"), way("in"))}))

    with pytest.raises(BadInput) as refusal:
        publish(made, draft.token)
    assert "không có" in refusal.value.problems["steps"]
    assert ProcedureVersion.objects.count() == 1
    assert queries.process_draft(CODE).token == draft.token

    empty = save(made, [], token=draft.token)
    with pytest.raises(BadInput):
        publish(made, empty.token)
    with pytest.raises(actions.PastStays):
        publish(made, save(made, token=empty.token).token, valid_from=date(2026, 3, 1))
    with pytest.raises(actions.DraftChanged):
        publish(made, "")


@pytest.mark.parametrize(
    "steps",
    [
        [step(f"k{n}", "process dossiers") for n in range(rules.MOST_STEPS + 1)],
        [step("a", "receive dossiers"), step("a", "sign results")],
        [Step(key="", name="x", duty="receive dossiers", minutes=1)],
        [Step(key="a b", name="x", duty="receive dossiers", minutes=1)],
        [Step(key="k" * 41, name="x", duty="receive dossiers", minutes=1)],
        [Step(key="a", name=" ", duty="receive dossiers", minutes=1)],
        [Step(key="a", name="x" * 201, duty="receive dossiers", minutes=1)],
        [Step(key="a", name="x", duty="receive dossiers", minutes=-1)],
        [Step(key="a", name="x", duty="receive dossiers", minutes=10**9)],
        [step("a", "receive dossiers", ways=tuple(way("b") for _ in range(rules.MOST_WAYS + 1)))],
        [step("a", "receive dossiers", ways=(way("b" * 41),))],
        [step("a", "receive dossiers", ways=(way("b", "form.x", "y" * 1000),))],
    ],
)
def test_what_is_beyond_all_measure_is_not_even_kept(made, steps):
    with pytest.raises(BadInput):
        save(made, steps)

    assert not ProcessDraft.objects.exists()
    assert not Event.objects.filter(name="procedures.process_drafted").exists()


def test_only_who_manages_procedures_draws(made):
    someone = Actor(person_id=2, name="Lan", duties={"receive dossiers": frozenset({made.city.pk})})
    token = save(made).token
    facts = {"token": token, "city_id": made.city.pk, "actor": someone, "at": NOON}

    for attempt in (
        lambda: actions.save_process(CODE, steps=branching(), **facts),
        lambda: actions.discard_process(CODE, **facts),
        lambda: actions.publish_process(CODE, valid_from=TODAY, **facts),
    ):
        with pytest.raises(NotYourDuty):
            attempt()
    assert queries.process_draft(CODE).token == token
    with pytest.raises(queries.UnknownProcedure):
        actions.save_process("9.999999", steps=[], token="", city_id=made.city.pk, actor=quan(made), at=NOON)
