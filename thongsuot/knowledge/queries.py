"""Reads: what is answered today, which question somebody means, what waits for whom, how often an answer was used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import search_key
from thongsuot.knowledge import events
from thongsuot.knowledge.models import AnswerUse, Article, ArticleVersion
from thongsuot.knowledge.rules import COUNTED, Block, Words, asked, blocks
from thongsuot.people import drafted
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

State = ArticleVersion.State


@dataclass(frozen=True, kw_only=True)
class AnswerRow:
    """An answer in force on a day. Whoever tells it keeps `version_id`, and says so by `actions.note_told`."""

    article_id: int
    version_id: int
    question: str
    answer: str
    spoken: str
    basis: str
    topics: tuple[str, ...]
    procedure_codes: tuple[str, ...]
    unit_id: int | None
    unit: str  # "" when it is about all of the city
    valid_from: date
    out_of_date: bool  # the day on which it had to be looked at again has come

    @property
    def blocks(self) -> list[Block]:
        return blocks(self.answer)


def answers(on: date) -> QuerySet[ArticleVersion]:
    """The versions that hold on a day."""
    return ArticleVersion.objects.filter(in_force(on), state=State.APPROVED)


_FOUND = """
SELECT id FROM (
    SELECT v.id, v.question_key, v.{column} AS words, a.unit_id, q
    FROM knowledge_articleversion v JOIN knowledge_article a ON a.id = v.article_id, to_tsquery('simple', %(asked)s) q
    WHERE v.{column} @@ q AND v.state = 'approved' AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s)
          AND (%(unit)s::bigint IS NULL OR a.unit_id IS NULL OR a.unit_id = %(unit)s)
    LIMIT %(most)s
) found
ORDER BY strpos(' ' || question_key, %(phrase)s) = 0, ts_rank('{{0.1, 0.2, 0.6, 1}}', words, q) DESC,
         (unit_id IS NULL) = (%(unit)s::bigint IS NOT NULL), length(question_key), id
LIMIT %(limit)s
"""
_IN_QUESTION, _IN_ANSWER = (_FOUND.format(column=column) for column in ("search", "search_answer"))
# What is in the questions is ranked whole; of what only the answers say, so much at most: a word in each of them means little.
_MOST_IN_QUESTIONS, _MOST_IN_ANSWERS = 20_000, 300


def search(text: str, *, on: date, unit_id: int | None = None, limit: int = 20) -> list[AnswerRow]:
    """The answers in force that have all the words, with or without marks: in the question or another way of asking it first,
    then in the answer; where none has all, those that have some. Best first.

    With `unit_id` those about the whole city and about that unit, else those about any unit. Two to six queries.
    """
    said: dict[str, str | int | date | None] = {
        "on": on,
        "unit": unit_id,
        "phrase": f" {search_key(text[:300])}",
        "limit": limit,
    }
    ids: list[int] = []
    for all_words in (True, False):
        if ids or not (words := asked(text, all_words=all_words)):
            break
        for sql, most in ((_IN_QUESTION, _MOST_IN_QUESTIONS), (_IN_ANSWER, _MOST_IN_ANSWERS)):
            if len(ids) < limit:
                with connection.cursor() as cursor:
                    cursor.execute(sql, {**said, "asked": words, "most": most})
                    ids += [pk for (pk,) in cursor.fetchall() if pk not in ids]
    found = ArticleVersion.objects.select_related("article").in_bulk(ids[:limit])
    return _rows([found[pk] for pk in ids[:limit]], on=on)


def answer_for(article_id: int, on: date) -> AnswerRow | None:
    """The version of a question in force on a day."""
    return next(iter(_rows(answers(on).filter(article_id=article_id).select_related("article"), on=on)), None)


def _rows(versions: Iterable[ArticleVersion], *, on: date) -> list[AnswerRow]:
    found = list(versions)
    names = units.unit_rows({one.article.unit_id for one in found if one.article.unit_id}, as_of=on)
    return [
        AnswerRow(
            article_id=one.article_id,
            version_id=one.pk,
            question=one.question,
            answer=one.answer,
            spoken=one.spoken,
            basis=one.basis,
            topics=tuple(one.article.topics),
            procedure_codes=tuple(one.article.procedure_codes),
            unit_id=one.article.unit_id,
            unit=names[one.article.unit_id].full_name if one.article.unit_id else "",
            valid_from=one.valid_from,
            out_of_date=one.article.look_again_on is not None and one.article.look_again_on <= on,
        )
        for one in found
        if one.valid_from
    ]


def topics(on: date) -> list[tuple[str, int]]:
    """(topic, how many answers), in Vietnamese order of what is usual. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic, count(*) FROM knowledge_articleversion v JOIN knowledge_article a ON a.id = v.article_id,"
            " unnest(a.topics) topic WHERE v.state = 'approved' AND v.valid_from <= %(on)s"
            " AND (v.valid_to IS NULL OR v.valid_to > %(on)s) GROUP BY topic ORDER BY count(*) DESC, topic",
            {"on": on},
        )
        return [(topic, count) for topic, count in cursor.fetchall()]


def of_topic(topic: str, *, on: date) -> QuerySet[ArticleVersion]:
    return answers(on).filter(article__topics__contains=[topic]).select_related("article").order_by("question_key", "pk")


def rows_of(versions: Iterable[ArticleVersion], *, on: date) -> list[AnswerRow]:
    return _rows(versions, on=on)


def most_used(*, on: date, limit: int) -> list[AnswerRow]:
    """By how often they were told or found useful of late; before anybody was told any, the newest."""
    helped = Q(article__versions__uses__day__gt=on - COUNTED) & ~Q(article__versions__uses__kind=AnswerUse.Kind.USELESS)
    used = answers(on).annotate(used=Sum("article__versions__uses__count", filter=helped, default=0))
    return _rows(used.select_related("article").order_by("-used", "-valid_from", "-pk")[:limit], on=on)


def withdrawn(article_id: int, *, on: date) -> ArticleVersion | None:
    """What stands where an answer stood that is not given any more."""
    ended = ArticleVersion.objects.filter(article_id=article_id, state=State.APPROVED, valid_from__lte=on, valid_to__lte=on)
    return ended.exclude(withdrawn_because="").order_by("-valid_to", "-number").first()


# -- those who keep answers --------------------------------------------------------------------------------------------


def article(article_id: int) -> Article:
    """Raises NotFound."""
    return must_exist(Article.objects.filter(pk=article_id).first())


def versions_of(article_id: int) -> list[ArticleVersion]:
    """The latest first."""
    return list(ArticleVersion.objects.filter(article_id=article_id).order_by("-number"))


def version_for(version_id: int) -> ArticleVersion:
    """Raises NotFound."""
    return must_exist(ArticleVersion.objects.select_related("article").filter(pk=version_id).first())


def words_of(version: ArticleVersion) -> Words:
    return Words(question=version.question, answer=version.answer, spoken=version.spoken, basis=version.basis)


def digest_of(version: ArticleVersion) -> str:
    """Of all it says: what a page showed, and what is approved there, are the same."""
    return drafted.digest(asdict(words_of(version)))


def was_approved(article_id: int) -> bool:
    """Has an answer of it ever been let out? Then when it is looked at again is for who approves to say."""
    return ArticleVersion.objects.filter(article_id=article_id, state=State.APPROVED).exists()


def seen_of(article: Article, under_way: ArticleVersion | None) -> str:
    """What somebody has before them who begins to write: sent along, so that nobody writes over what came meanwhile."""
    about = (article.topics, article.other_ways, article.procedure_codes, str(article.look_again_on))
    begun = under_way or last_approved(versions_of(article.pk) if article.pk else [])
    return drafted.digest([begun.pk if begun else 0, digest_of(begun) if begun else "", about])


def last_approved(own: Sequence[ArticleVersion]) -> ArticleVersion | None:
    """Of these, the latest first: the one whose words hold today or will; what was dropped or withdrawn unused is none."""
    return next((one for one in own if one.state == State.APPROVED and one.valid_to != one.valid_from), None)


def history(subject: Article | ArticleVersion) -> list[HistoryRow]:
    """Without the many lines of before about each time an answer was told."""
    return history_of(subject, leaving_out=(events.TOLD, events.JUDGED))


def wrote(version: ArticleVersion, actor: Actor) -> bool:
    return drafted.wrote(version, actor, events.VERSION_DRAFTED, events.VERSION_CHANGED)


def versions_before(version: ArticleVersion) -> list[ArticleVersion]:
    """With which it may be compared: approved ones of before, the latest first."""
    own = ArticleVersion.objects.filter(article=version.article_id, state=State.APPROVED, number__lt=version.number)
    return list(own.order_by("-number"))


def changes_between(before: ArticleVersion, after: ArticleVersion) -> list[tuple[str, str]]:
    return drafted.changed_lines(words_of(before).lines(), words_of(after).lines())


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A question whose answer must be looked at again. `why`: codes `day`, `procedure`, `unit`."""

    article: Article
    why: tuple[str, ...]


def cities() -> list[int]:
    return list(Article.objects.order_by("city_id").values_list("city_id", flat=True).distinct())


def to_review(city_id: int, *, on: date) -> list[ReviewRow]:
    """Answers in force whose day has come, whose procedure is not in the catalogue any more, or whose unit has ended."""
    given = Article.objects.filter(Exists(answers(on).filter(article=OuterRef("pk"))), city_id=city_id)
    rows = list(
        given.filter(Q(look_again_on__lte=on) | ~Q(procedure_codes=[]) | Q(unit__isnull=False)).order_by("question_key")
    )
    known = {row.code for row in procedures.these({code for one in rows for code in one.procedure_codes}, on=on)}
    named = units.unit_rows({one.unit_id for one in rows if one.unit_id}, as_of=on)

    def why(one: Article) -> tuple[str, ...]:
        day = one.look_again_on is not None and one.look_again_on <= on
        ended = one.unit_id is not None and not named[one.unit_id].exists_on(on)
        found = {"day": day, "procedure": not known.issuperset(one.procedure_codes), "unit": ended}
        return tuple(code for code, holds in found.items() if holds)

    return [ReviewRow(article=one, why=reasons) for one in rows if (reasons := why(one))]


@dataclass(frozen=True, kw_only=True)
class StockRow:
    """One question as its keepers see it."""

    article: Article
    unit: str
    current: ArticleVersion | None
    under_way: ArticleVersion | None
    coming: ArticleVersion | None
    review: tuple[str, ...]


def stock(city_id: int, *, on: date, state: str = "", text: str = "", topic: str = "") -> QuerySet[Article]:
    """Questions of the city. `state`: "dung", "cho", "soan", "xem-lai", "het" as the page says it, or all."""
    found = Article.objects.filter(city_id=city_id)
    own = ArticleVersion.objects.filter(article=OuterRef("pk"))
    given = Exists(answers(on).filter(article=OuterRef("pk")))
    match state:
        case "dung":
            found = found.filter(given)
        case "cho":
            found = found.filter(Exists(own.filter(state=State.SUBMITTED)))
        case "soan":
            found = found.filter(Exists(own.filter(state=State.DRAFT)))
        case "xem-lai":
            found = found.filter(pk__in=[row.article.pk for row in to_review(city_id, on=on)])
        case "het":
            found = found.filter(~given, ~Exists(own.filter(state__in=ArticleVersion.OPEN)))
    for word in search_key(text[:300]).split()[:12]:
        found = found.filter(Exists(own.filter(Q(question_key__contains=word) | Q(other_key__contains=word))))
    return (found.filter(topics__contains=[topic]) if topic else found).order_by("question_key", "pk")


def stock_rows(articles: Sequence[Article], city_id: int, *, on: date) -> list[StockRow]:
    """Of one page of them."""
    own: dict[int, list[ArticleVersion]] = {one.pk: [] for one in articles}
    for version in ArticleVersion.objects.filter(article__in=own).exclude(state=State.DROPPED).order_by("number"):
        own[version.article_id].append(version)
    review = {row.article.pk: row.why for row in to_review(city_id, on=on)}
    names = units.unit_rows({one.unit_id for one in articles if one.unit_id}, as_of=on)

    def first(versions: list[ArticleVersion], approved: bool, begun: bool = True) -> ArticleVersion | None:
        for one in reversed(versions):
            if not approved and one.state in ArticleVersion.OPEN:
                return one
            holds = one.state == State.APPROVED and one.valid_from and not one.is_past(on)
            if approved and holds and (one.valid_from is not None and (one.valid_from <= on) == begun):
                return one
        return None

    return [
        StockRow(
            article=one,
            unit=names[one.unit_id].full_name if one.unit_id else "",
            current=first(own[one.pk], True),
            under_way=first(own[one.pk], False),
            coming=first(own[one.pk], True, begun=False),
            review=review.get(one.pk, ()),
        )
        for one in articles
    ]


def sheet(city_id: int, *, on: date) -> Iterable[tuple[str, ...]]:
    """All that is answered on a day, in the columns of `sheets.COLUMNS`."""
    found = answers(on).filter(city_id=city_id).select_related("article").order_by("question_key")
    codes = {pk: row.code for pk, row in units.unit_rows(_units_of(found), as_of=on).items()}
    for one in found:
        about = one.article
        yield (
            one.question,
            one.answer,
            one.spoken,
            one.basis,
            ", ".join(about.topics),
            "\n".join(about.other_ways),
            ", ".join(about.procedure_codes),
            codes.get(about.unit_id or 0, ""),
            f"{about.look_again_on:%d/%m/%Y}" if about.look_again_on else "",
        )


def _units_of(versions: QuerySet[ArticleVersion]) -> Collection[int]:
    return set(versions.exclude(article__unit=None).values_list("article__unit_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class UseRow:
    """How often the answer to one question was used since a day, in all its versions."""

    article_id: int
    question: str
    counts: dict[str, int]

    @property
    def told(self) -> int:
        return sum(self.counts[kind] for kind in AnswerUse.TOLD)

    @property
    def useful(self) -> int:
        return self.counts[AnswerUse.Kind.USEFUL]

    @property
    def useless(self) -> int:
        return self.counts[AnswerUse.Kind.USELESS]


def use_rows(city_id: int, *, since: date, on: date) -> list[UseRow]:
    """Of every question answered on a day, never used ones too; most told first. Two queries."""
    counts: dict[int, dict[str, int]] = {}
    used = AnswerUse.objects.filter(version__city_id=city_id, day__gte=since, day__lte=on)
    for article_id, kind, count in used.values_list("version__article_id", "kind").annotate(Sum("count")):
        counts.setdefault(article_id, dict.fromkeys(AnswerUse.Kind.values, 0))[kind] = count
    none = dict.fromkeys(AnswerUse.Kind.values, 0)
    found = answers(on).filter(city_id=city_id).order_by("question_key").values_list("article_id", "question")
    rows = [UseRow(article_id=pk, question=question, counts=counts.get(pk, none)) for pk, question in found]
    return sorted(rows, key=lambda row: -row.told)


def count_by_state(city_id: int, *, on: date, states: Iterable[str]) -> dict[str, int]:
    return {state: stock(city_id, on=on, state=state).aggregate(n=Count("pk"))["n"] for state in states}
