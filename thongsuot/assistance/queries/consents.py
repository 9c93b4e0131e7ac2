"""What somebody consented to, for them and for the helper; and the log, which names no one who was helped."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from thongsuot.assistance.actions.common import is_ready
from thongsuot.assistance.models import Consent, Helper, HelpRating
from thongsuot.assistance.rules import ARRANGE, LEAD_AID, SECRET
from thongsuot.counters.satisfaction import SATISFIED, SHOWN_FROM
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.units import queries as units

DUTIES = (ARRANGE, LEAD_AID)


def helpers_of(person_id: int, *, on: date) -> list[Helper]:
    """What somebody is registered as today. One query."""
    rows = Helper.objects.select_related("agent", "person").filter(in_force(on), person=person_id)
    return list(rows.order_by("kind", "pk"))


def filing_helpers(person_id: int, *, on: date) -> list[Helper]:
    """As whom they may help to file right now."""
    return [one for one in helpers_of(person_id, on=on) if is_ready(one, on)]


def _whole() -> QuerySet[Consent]:
    return Consent.objects.select_related("helper__agent", "draft", "rating")


def own_consent(consent_id: int, *, person_id: int) -> Consent:
    """Raises NotFound."""
    return must_exist(_whole().filter(pk=consent_id, person=person_id).first())


def own_consents(person_id: int) -> QuerySet[Consent]:
    """The latest first."""
    return _whole().filter(person=person_id).order_by("-made_at", "-pk")


def by_secret(secret: str) -> Consent:
    """Raises NotFound."""
    if not SECRET.fullmatch(secret):
        raise NotFound
    return must_exist(_whole().filter(secret=secret, person=None).first())


def of_helper(consent_id: int, *, person_id: int) -> Consent:
    """A session that this person works on, or worked on. Raises NotFound."""
    return must_exist(_whole().filter(pk=consent_id, helper__person=person_id).exclude(opened_at=None).first())


def on_paper(consent_id: int, *, person_id: int, now: datetime) -> Consent:
    """One of the helper's that was signed on paper and runs: its slip may be printed. Raises NotFound."""
    found = of_helper(consent_id, person_id=person_id)
    return must_exist(found if found.how == Consent.How.PAPER and found.runs(now) else None)


def running(person_id: int, *, now: datetime) -> list[Consent]:
    """Sessions this person has open right now. One query."""
    rows = _whole().filter(helper__person=person_id, state=Consent.State.OPEN, open_until__gt=now)
    return [one for one in rows.order_by("open_until") if not one.is_filed]


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One consent as its log tells it: nothing of whom was helped, nor of the dossier."""

    id: int
    number: str
    helper: str
    of: str
    procedure: str
    how: str
    made_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    state: str
    has_paper: bool


def log_of(actor: Actor, *, on: date) -> QuerySet[Consent]:
    """The helper's own; of an agent's head all of that agent."""
    mine = Helper.objects.filter(person=actor.person_id)
    heads = mine.filter(in_force(on), is_head=True).exclude(agent=None).values_list("agent", flat=True)
    return Consent.objects.filter(Q(helper__in=mine) | Q(agent__in=list(heads)))


def log_in(actor: Actor) -> QuerySet[Consent]:
    """All of the units whose helpers the actor manages, those of units that these keep included."""
    mine = actor.units_for(ARRANGE)
    if actor.day is not None:
        mine |= units.kept_by(mine, on=actor.day)
    return Consent.objects.filter(unit__in=mine)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What of a log is asked for: each of these narrows it."""

    agent_id: int | None = None
    number: str = ""
    first: date | None = None
    last: date | None = None


def narrowed(found: QuerySet[Consent], asked: Asked) -> QuerySet[Consent]:
    """By the agent of that time, the number on a helper's card, the days on which the consent was given."""
    if asked.agent_id is not None:
        found = found.filter(agent=asked.agent_id)
    if asked.number:
        found = found.filter(helper__number=asked.number)
    if asked.first is not None:
        found = found.filter(made_at__gte=_begin_of(asked.first))
    if asked.last is not None:
        found = found.filter(made_at__lt=_begin_of(asked.last + timedelta(days=1)))
    return found


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def agents_in(found: QuerySet[Consent]) -> list[tuple[int, str]]:
    """Agents of a log, by name, to choose from. One query."""
    return list(found.exclude(agent=None).order_by("agent__name", "agent").values_list("agent", "agent__name").distinct())


def paper_for(consent_id: int, *, actor: Actor) -> tuple[Consent, int]:
    """A consent on paper in `log_in`, and its scan. Raises NotFound."""
    one = must_exist(log_in(actor).filter(pk=consent_id).first())
    return one, must_exist(one.scan_id)


def log_rows(found: QuerySet[Consent], *, now: datetime, first: int = 0, most: int | None = None) -> Iterator[LogRow]:
    """The latest first. One query."""
    rows = found.select_related("helper", "agent", "draft").order_by("-made_at", "-pk")
    for one in rows.iterator(chunk_size=2000) if most is None else rows[first : first + most]:
        yield LogRow(
            id=one.pk,
            number=one.number,
            helper=str(one.helper),
            of=one.agent.name if one.agent else one.helper.organisation,
            procedure=one.procedure_name,
            how=one.get_how_display(),
            made_at=one.made_at,
            opened_at=one.opened_at,
            ended_at=one.ended_at,
            state=state_words(one, now),
            has_paper=one.scan_id is not None,
        )


def state_words(one: Consent, now: datetime) -> str:
    """What became of it, also before the worker has noted it."""
    if one.is_filed:
        return str(Consent.State.FILED.label)
    if one.state in {Consent.State.WAITING, Consent.State.OPEN} and one.is_over(now):
        return str(Consent.EndedBy.TIME.label)
    return str(one.get_ended_by_display() or one.get_state_display())


@dataclass(frozen=True, kw_only=True)
class Sum:
    """`satisfied_percent` stays unknown while too few rated (satisfaction.SHOWN_FROM).

    It changes by so many at once: after each single rating, the difference would tell the helper what that person said.
    """

    rated: int
    satisfied_percent: int | None


def _sums(given: QuerySet[HelpRating], by: str, on_paper: bool) -> dict[int, Sum]:
    """{what `by` names: sum}. One query.

    The helper prints the link of who signed on paper, and could use it: what comes by it is shown to who manages alone.
    """
    given = given.filter(consent__how=Consent.How.PAPER) if on_paper else given.exclude(consent__how=Consent.How.PAPER)
    levels: dict[tuple[int, int], list[int]] = {}
    for of, helper, level in given.order_by("rated_at", "pk").values_list(by, "consent__helper", "level"):
        levels.setdefault((of, helper), []).append(level)
    found: dict[int, list[int]] = {}
    for (of, _helper), those in levels.items():
        # An agent's are those of its helpers' sums: what it has more would be the few ratings of one of them.
        found.setdefault(of, []).extend(those if on_paper else those[: len(those) // SHOWN_FROM * SHOWN_FROM])
    return {of: _sum(those) for of, those in found.items()}


def _sum(levels: Sequence[int]) -> Sum:
    good = sum(level in SATISFIED for level in levels)
    return Sum(rated=len(levels), satisfied_percent=round(100 * good / len(levels)) if len(levels) >= SHOWN_FROM else None)


NO_SUM = Sum(rated=0, satisfied_percent=None)


def sums_of_helpers(helper_ids: Collection[int], *, on_paper: bool = False) -> dict[int, Sum]:
    return _sums(HelpRating.objects.filter(consent__helper__in=list(helper_ids)), "consent__helper", on_paper)


def sums_of_agents(agent_ids: Collection[int], *, on_paper: bool = False) -> dict[int, Sum]:
    return _sums(HelpRating.objects.filter(consent__agent__in=list(agent_ids)), "consent__agent", on_paper)


def filed_by_day(units_of: Collection[int], *, first: date, last: date) -> list[tuple[date, int, int]]:
    """(day, unit, how many dossiers were filed with help). One query."""
    begins, ends = _begin_of(first), _begin_of(last + timedelta(days=1))
    filed = Consent.objects.filter(state=Consent.State.FILED, ended_at__gte=begins, ended_at__lt=ends, unit__in=units_of)
    rows = filed.values_list("ended_at__date", "unit").annotate(n=Count("pk")).order_by("ended_at__date", "unit")
    return list(rows)
