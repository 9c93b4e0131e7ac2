"""Commands: answers, drafted by one person and approved by another; what was told; what must be looked at again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.files.actions import store
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import judged, rows_in, told_by_row
from thongsuot.files.tables import TableRow
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line, search_key
from thongsuot.kernel.working_time import local_day
from thongsuot.knowledge import events, queries
from thongsuot.knowledge.models import AnswerUse, Article, ArticleVersion
from thongsuot.knowledge.rules import APPROVE, KEEP, LONGEST_ANSWER, About, Words, plain, unfit
from thongsuot.knowledge.sheets import COLUMNS
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.people import drafted
from thongsuot.people.drafted import LONGEST_AHEAD, OtherWords
from thongsuot.people.models import Person
from thongsuot.people.queries import staff_with_duty
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.web.forms import DayField

State, Kind = ArticleVersion.State, AnswerUse.Kind
MOST_ROWS = 2_000
_KNOWN = gettext_lazy("Câu hỏi này đã có trong kho. Hãy mở câu đó và soạn bản mới.")


class VersionUnderWay(TellPerson):
    code = "knowledge.version_under_way"
    says = gettext_lazy("Câu hỏi này đang có một bản chờ duyệt. Hãy duyệt, trả lại hoặc bỏ bản đó trước khi soạn bản mới.")


class ChangedMeanwhile(TellPerson):
    """Somebody kept other words between the reading and the writing."""

    code = "knowledge.changed_meanwhile"
    says = gettext_lazy(
        "Trong lúc bạn viết, người khác đã lưu bản khác của câu này. Chữ bạn viết còn ở đây: hãy so với bản vừa lưu ở cuối "
        "trang, ghép lại nếu cần, rồi lưu lần nữa."
    )


class NobodyKeeps(TellPerson):
    code = "knowledge.nobody_keeps"
    says = gettext_lazy("Chưa ai giữ kho câu hỏi và trả lời. Hãy giao nhiệm vụ giữ kho cho một người.")


class NotInUse(TellPerson):
    code = "knowledge.not_in_use"
    says = gettext_lazy("Câu trả lời này không còn dùng. Hãy tải lại trang để đọc bản đang dùng.")


@command
def draft_version(
    article_id: int | None,
    *,
    city_id: int,
    words: Words,
    about: About,
    unit_id: int | None = None,
    look_again_on: date | None = None,
    seen: str | None = None,
    actor: Actor,
    at: datetime,
) -> ArticleVersion:
    """A new question, a new version of a known one, or its open draft with other words.

    How it is found changes at once, what it says only when another person has approved it; the day on which an answer in use is
    looked at again is changed by who approves. `unit_id` counts for a new question. `seen` (`queries.seen_of`): what the writer
    began from. Raises NotYourDuty, NotFound, VersionUnderWay, ChangedMeanwhile, BadInput.
    """
    actor.must(KEEP, unit_id=city_id)
    kept = Article.objects.filter(pk=article_id or 0, city_id=city_id).values_list("look_again_on", flat=True).first()
    if problems := _problems(words, about, look_again_on, kept=kept, unit_id=unit_id, city_id=city_id, at=at):
        raise BadInput(problems)
    if article_id is None:
        article = Article(city_id=city_id, unit_id=unit_id, created_at=at)
        _call(article, words.question)
    else:
        article = must_exist(Article.objects.select_for_update().filter(pk=article_id, city_id=city_id).first())
        _must_be_new(article, words.question)
        if look_again_on != article.look_again_on and queries.was_approved(article.pk):
            actor.must(APPROVE, unit_id=city_id)
    own = ArticleVersion.objects.select_for_update().filter(article_id=article.pk)
    under_way = own.filter(state__in=ArticleVersion.OPEN).first() if article.pk else None
    if under_way and under_way.state == State.SUBMITTED:
        raise VersionUnderWay
    if seen is not None and seen != queries.seen_of(article, under_way):
        raise ChangedMeanwhile
    changed = _describe(article, about, look_again_on)
    _save(article)
    version = under_way or ArticleVersion(city_id=city_id, article=article)
    version.question, version.answer, version.spoken, version.basis = words.question, words.answer, words.spoken, words.basis
    version.question_key, version.answer_key = search_key(words.question), search_key(plain(words.answer))
    drafted.drafted(version, own, actor=actor, at=at)
    _make_findable(article)
    drafted.note(events.VERSION_CHANGED if under_way else events.VERSION_DRAFTED, version, actor=actor, at=at)
    if changed and article_id is not None:
        record(events.ARTICLE_CHANGED, article, actor=actor, at=at, unit_id=city_id)
    return version


def _problems(
    words: Words,
    about: About,
    look_again_on: date | None,
    *,
    kept: date | None = None,
    unit_id: int | None,
    city_id: int,
    at: datetime,
) -> dict[str, str]:
    """kept: the day that stands there already; it may have come, which is why a new version is written."""
    today = local_day(at)
    found = unfit(words, about)
    known = {row.code for row in procedures.these(about.procedure_codes, on=today)}
    if unknown := [code for code in about.procedure_codes if code not in known]:
        found.setdefault(
            "procedure_codes",
            _("Không có thủ tục đang dùng với mã %(codes)s. Hãy xem lại danh mục.") % {"codes": ", ".join(unknown[:3])},
        )
    if look_again_on and look_again_on != kept and (wrong := _not_ahead(look_again_on, at=at)):
        found["look_again_on"] = wrong
    if unit_id and unit_id not in {row.id for row in units.units_under(city_id, as_of=today)}:
        found["unit"] = _("Không có xã, phường này trong thành phố. Hãy chọn lại đơn vị.")
    return found


def _not_ahead(day: date, *, at: datetime) -> str:
    if local_day(at) < day <= local_day(at) + 10 * LONGEST_AHEAD:
        return ""
    return _("Ngày xem lại phải ở sau hôm nay và trong mười năm tới. Hãy chọn ngày khác.")


def _next_look(until: date | None, *, at: datetime) -> date:
    """Raises BadInput."""
    if until is None:
        raise BadInput({"until": _("Ngày xem lại câu này đã đến. Hãy ghi ngày xem lại lần tới.")})
    if wrong := _not_ahead(until, at=at):
        raise BadInput({"until": wrong})
    return until


def _call(article: Article, question: str) -> None:
    _must_be_new(article, question)
    article.question, article.question_key = question, search_key(question)


def _must_be_new(article: Article, question: str) -> None:
    """Two of the same words about the same unit would be answered apart. Raises BadInput."""
    same = Article.objects.filter(city_id=article.city_id, unit=article.unit, question_key=search_key(question))
    if same.exclude(pk=article.pk).exists():
        raise BadInput({"question": str(_KNOWN)})


def _save(article: Article) -> None:
    """Raises BadInput."""
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:  # another question took the same words meanwhile
        raise BadInput({"question": str(_KNOWN)}) from None


def _describe(article: Article, about: About, look_again_on: date | None) -> bool:
    """True when anything is other than before."""
    before = (article.topics, article.other_ways, article.procedure_codes, article.look_again_on)
    article.topics, article.other_ways = list(about.topics), list(about.other_ways)
    article.procedure_codes, article.look_again_on = list(about.procedure_codes), look_again_on
    if look_again_on != before[3]:
        article.told_at = None
    return before != (article.topics, article.other_ways, article.procedure_codes, look_again_on)


def _make_findable(article: Article) -> None:
    article.versions.update(other_key=search_key(" ".join([*article.other_ways, *article.topics, *article.procedure_codes])))


@command
def submit_version(version_id: int, *, actor: Actor, at: datetime) -> ArticleVersion:
    """For approval by another. Raises NotFound, NotYourDuty, NotInThisState."""
    return drafted.submit(_locked(version_id, KEEP, State.DRAFT, actor=actor), events.VERSION_SUBMITTED, actor=actor, at=at)


@command
def approve_version(
    version_id: int, *, digest: str, valid_from: date, until: date | None = None, actor: Actor, at: datetime
) -> ArticleVersion:
    """From that day on it is the answer; the one of before ends then. `digest`: of the words that were read. `until`: when
    it is looked at again; None: as was said, unless that day has come.

    Raises NotFound, NotYourDuty, NotInThisState, SamePerson, OtherWords, BadInput.
    """
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    drafted.must_not_be_own(version, actor, events.VERSION_DRAFTED, events.VERSION_CHANGED)
    if digest != queries.digest_of(version):
        raise OtherWords
    article = version.article
    if until is not None or (article.look_again_on and article.look_again_on <= local_day(at)):
        article.look_again_on = _next_look(until, at=at)
    _call(article, version.question)
    own = ArticleVersion.objects.filter(article=article)
    held = own.exclude(valid_to=F("valid_from"))  # what was withdrawn before it began held on no day
    drafted.approve(version, held, events.VERSION_APPROVED, valid_from=valid_from, actor=actor, at=at)
    goes_on = held.filter(Q(valid_to=None) | Q(valid_to__gt=valid_from), state=State.APPROVED)
    goes_on.exclude(pk=version.pk).update(valid_to=valid_from)
    article.told_at = None
    _save(article)
    return version


@command
def send_back_version(version_id: int, *, note: str, actor: Actor, at: datetime) -> ArticleVersion:
    """To be changed, with what is wrong. Raises NotFound, NotYourDuty, NotInThisState, BadInput."""
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    return drafted.send_back(version, events.VERSION_SENT_BACK, why=note, actor=actor, at=at)


@command
def drop_version(version_id: int, *, actor: Actor, at: datetime) -> ArticleVersion:
    """What is drafted or submitted is given up; it stays readable. Raises NotFound, NotYourDuty, NotInThisState."""
    version = _locked(version_id, KEEP, *ArticleVersion.OPEN, actor=actor)
    return drafted.drop(version, events.VERSION_DROPPED, actor=actor, at=at)


@command
def withdraw_version(version_id: int, *, reason: str, actor: Actor, at: datetime) -> ArticleVersion:
    """Not told any more from today on; it stays readable, with the reason. One that has not begun: that of before goes on.

    Raises NotFound, NotYourDuty, NotInThisState, NotInUse, BadInput.
    """
    version, today = _locked(version_id, APPROVE, State.APPROVED, actor=actor), local_day(at)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Chưa có lý do thu hồi. Hãy ghi lý do, người dân cũng đọc được.")})
    if version.valid_from is None or version.is_past(today):
        raise NotInUse
    if version.valid_from > today:
        own = ArticleVersion.objects.filter(article=version.article_id, state=State.APPROVED, withdrawn_because="")
        ended = own.filter(valid_to=version.valid_from).exclude(pk=version.pk).order_by("-valid_from", "-number")
        own.filter(pk__in=[one.pk for one in ended[:1]]).update(valid_to=version.valid_to)
    version.valid_to, version.withdrawn_because = max(today, version.valid_from), reason
    version.save(update_fields=["valid_to", "withdrawn_because"])
    drafted.note(events.VERSION_WITHDRAWN, version, actor=actor, at=at, valid_to=version.valid_to)
    return version


def _locked(version_id: int, duty: str, *states: str, actor: Actor) -> ArticleVersion:
    """The question first, then its version: every command locks in that order, so none waits for one that waits for it."""
    article_id = must_exist(ArticleVersion.objects.filter(pk=version_id).values_list("article_id", flat=True).first())
    article = Article.objects.select_for_update().get(pk=article_id)
    version = drafted.locked(ArticleVersion.objects.all(), version_id, duty, *states, actor=actor)
    version.article = article
    return version


@command
def looked_again(article_id: int, *, until: date, actor: Actor, at: datetime) -> Article:
    """Its answer was read again and is still right; the next time is `until`. Raises NotFound, NotYourDuty, BadInput."""
    article = must_exist(Article.objects.select_for_update().filter(pk=article_id).first())
    actor.must(APPROVE, unit_id=article.city_id)
    article.look_again_on, article.told_at = _next_look(until, at=at), None
    article.save(update_fields=["look_again_on", "told_at"])
    record(events.LOOKED_AGAIN, article, actor=actor, at=at, unit_id=article.city_id, until=until)
    return article


# -- a list that comes in ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the list."""

    words: Words
    about: About
    unit_id: int | None
    look_again_on: date | None


@command
def import_articles(
    city_id: int, content: bytes | Readable, *, name: str, submit: bool, actor: Actor, at: datetime
) -> list[ArticleVersion]:
    """All rows of a file as drafts, or none; `submit`: they wait for approval at once.

    Raises NotYourDuty, RowsRefused, NotATable and what `files.actions.store` refuses.
    """
    actor.must(KEEP, unit_id=city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose="knowledge.list", rule=TABLE_RULE)
    rows = rows_in(stored, COLUMNS, most_rows=MOST_ROWS, longest_cell=LONGEST_ANSWER, whole=("answer", "other_ways"))
    codes = {row.code: row.id for row in units.units_under(city_id, as_of=local_day(at))}

    def line(row: TableRow) -> Line:
        said = {column.key: row.cells.get(column.key, "") for column in COLUMNS}
        made = Line(
            words=Words.of(**{key: said[key] for key in ("question", "answer", "spoken", "basis")}),
            about=About.of(**{key: said[key] for key in ("topics", "other_ways", "procedure_codes")}),
            unit_id=codes.get(said["unit"], 0) if said["unit"] else None,
            look_again_on=_day(said["look_again_on"]),
        )
        wrong = _problems(made.words, made.about, made.look_again_on, unit_id=made.unit_id, city_id=city_id, at=at)
        if made.unit_id == 0:
            wrong["unit"] = _("Không có xã, phường này trong thành phố. Hãy chọn lại đơn vị.")
        if wrong:
            raise BadInput(wrong)
        return made

    made: dict[int, ArticleVersion] = {}
    with told_by_row(rows, COLUMNS):
        # By the words that must be new: of two lists with the same questions one waits for the other, whatever their order.
        lines = sorted(enumerate(judged(rows, COLUMNS, line)), key=lambda pair: search_key(pair[1].words.question))
        for place, one in lines:
            try:
                version = draft_version(
                    None,
                    city_id=city_id,
                    words=one.words,
                    about=one.about,
                    unit_id=one.unit_id,
                    look_again_on=one.look_again_on,
                    actor=actor,
                    at=at,
                )
            except BadInput as refusal:
                raise BadInput({f"{place}.{key}": words for key, words in refusal.problems.items()}) from None
            made[place] = submit_version(version.pk, actor=actor, at=at) if submit else version
    record(events.IMPORTED, stored, actor=actor, at=at, unit_id=city_id, rows=len(made))
    return [made[place] for place in sorted(made)]


def _day(text: str) -> date | None:
    try:
        return DayField(required=False).clean(text)  # type: ignore[no-any-return]  # a day or nothing
    except ValidationError as fault:
        raise BadInput({"look_again_on": " ".join(fault.messages)}) from None


# -- what was told, and what readers say: counts of a day, no events: hundreds a day would hide what happened to the answer ----


def note_told(version_id: int, *, where: str, actor: Actor, at: datetime) -> None:
    """An officer answered somebody by this version. `where`: of `AnswerUse.TOLD`. Raises NotFound, NotYourDuty, NotInUse."""
    if not (actor.trusted or actor.is_staff):
        raise NotYourDuty("answer calls")
    must_exist(where if where in AnswerUse.TOLD else None)
    _count(version_id, where, at=at)


def judge(version_id: int, *, useful: bool, at: datetime) -> None:
    """A reader found it useful, or not. Who it was is not kept, whoever is logged in. Raises NotFound, NotInUse."""
    _count(version_id, Kind.USEFUL if useful else Kind.USELESS, at=at)


def _count(version_id: int, kind: str, *, at: datetime) -> None:
    version = must_exist(ArticleVersion.objects.filter(pk=version_id, state=State.APPROVED).first())
    day = local_day(at)
    if version.valid_from is None or version.valid_from > day or version.is_past(day):
        raise NotInUse
    use, _made = AnswerUse.objects.get_or_create(version=version, kind=kind, day=day)
    AnswerUse.objects.filter(pk=use.pk).update(count=F("count") + 1)


# -- every night -------------------------------------------------------------------------------------------------------


@command
def tell_keepers(city_id: int, article_ids: Collection[int], *, actor: Actor, at: datetime) -> int:
    """Those questions must be looked at again: who keeps answers is told of each once. How many letters were written.

    Raises NotInUse (told meanwhile), NobodyKeeps: whoever is appointed later is told.
    """
    today = local_day(at)
    found = list(Article.objects.select_for_update().filter(pk__in=article_ids, city_id=city_id, told_at=None).order_by("pk"))
    if not found:
        raise NotInUse
    city = units.unit_row(city_id, as_of=today)
    keepers = {row.doing.id for row in staff_with_duty(KEEP, city_id, on=today)}
    if not keepers:
        raise NobodyKeeps
    for person in Person.objects.filter(pk__in=keepers):
        notices.queue(
            "answers_to_review",
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=found[0],
            unit_id=city_id,
            context={
                "code": f"{len(found)}",
                "procedure": _("Kho câu hỏi và trả lời"),
                "agency": city.full_name,
                "contact": "",
                "link": f"{settings.PUBLIC_URL.rstrip('/')}{reverse('knowledge:stock')}?trang_thai=xem-lai",
                "points": [one.question for one in found[:20]],
            },
            send_key=f"knowledge.review/{at:%Y%m%d%H%M%S}/{found[0].pk}/{person.pk}",
            actor=actor,
            at=at,
        )
    for article in found:
        article.told_at = at
        article.save(update_fields=["told_at"])
        record(events.KEEPERS_TOLD, article, actor=actor, at=at, unit_id=city_id)
    return len(keepers)
