"""What may be reported and what is asked about it, arranged by whoever manages the feedback of a city."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import MANAGE, locked_city
from thongsuot.feedback.actions.loading import PLACE_ANSWERS
from thongsuot.feedback.facts import CategoryFacts, LimitFacts, QuestionFacts
from thongsuot.feedback.models import Category, CategoryQuestion, Competence, FeedbackTicket, Setting, TimeLimit
from thongsuot.feedback.rules.numbers import KEYS
from thongsuot.feedback.words import PublicPoint, Stream, Urgency
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.dated import change_from
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.text import nfc, one_line, search_key
from thongsuot.people.drafted import LONGEST_AHEAD

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_LISTS = frozenset({CategoryQuestion.Kind.ONE_OF, CategoryQuestion.Kind.SOME_OF})
MOST_QUESTIONS, MOST_ANSWERS, MOST_KEYWORDS, MOST_PLACE = 20, 40, 60, 9999
MOST_METRES, MOST_DAYS = 20_000, 365
MOST_OF = {"minutes": 10_080, "working_hours": 400, "working_days": 365, "calendar_days": 365}


# -- categories ------------------------------------------------------------------------------------------------------------


@command
def add_category(city_id: int, code: str, facts: CategoryFacts, *, valid_from: date, actor: Actor, at: datetime) -> Category:
    """From a day on it can be chosen; the commune of the place answers for it until somebody else is named.

    code   stays for ever: programs of others report by it (the service_code of Open311). Raises NotYourDuty, BadInput.
    """
    actor.must(MANAGE, unit_id=city_id)
    city = locked_city(city_id)
    problems, values = _category_values(facts)
    _put(problems, "code", _code_problem(code))
    _put(problems, "valid_from", day_problem(valid_from, at))
    if "code" not in problems and Category.objects.filter(city=city, code=code).exists():
        problems["code"] = _("Mã này đã có. Hãy chọn mã khác, hoặc mở lĩnh vực mang mã ấy để dùng tiếp.")
    if problems:
        raise BadInput(problems)
    category = Category.objects.create(city=city, code=code, valid_from=valid_from, **values)
    Competence.objects.create(city=city, category=category, basis=PLACE_ANSWERS, valid_from=valid_from)
    record(events.CATEGORY_ADDED, category, actor=actor, at=at, unit_id=city_id, code=code, valid_from=valid_from)
    return category


@command
def change_category(category_id: int, facts: CategoryFacts, *, actor: Actor, at: datetime) -> Category:
    """What holds for reports from now on; tickets that are there keep what they were given, but for their points on the public
    map: where the kind is told less exactly, so are those that are there already (`cells.point_anew`).

    Raises NotFound, NotYourDuty, BadInput, NothingChanged, StreamIsUsed.
    """
    category = locked_category(category_id, actor)
    problems, values = _category_values(facts)
    if problems:
        raise BadInput(problems)
    changed = [name for name, value in values.items() if getattr(category, name) != value]
    if not changed:
        raise errors.NothingChanged
    if "stream" in changed and FeedbackTicket.objects.filter(category=category).exists():
        raise errors.StreamIsUsed
    for name in changed:
        setattr(category, name, values[name])
    category.save(update_fields=changed)
    record(events.CATEGORY_CHANGED, category, actor=actor, at=at, unit_id=category.city_id, fields=changed)
    return category


@command
def end_category(category_id: int, on: date | None, *, actor: Actor, at: datetime) -> Category:
    """From that day it can be chosen no more; None: it goes on. Tickets of it go their way.

    Raises NotFound, NotYourDuty, BadInput.
    """
    category = locked_category(category_id, actor)
    if on is not None:
        problem = day_problem(on, at, tomorrow=True)
        if not problem and on < category.valid_from:
            problem = _("Ngày thôi dùng ở trước ngày bắt đầu dùng. Hãy chọn ngày sau.")
        if problem:
            raise BadInput({"day": problem})
    category.valid_to = on
    category.save(update_fields=["valid_to"])
    kind = events.CATEGORY_ENDED if on else events.CATEGORY_KEPT
    record(kind, category, actor=actor, at=at, unit_id=category.city_id, valid_to=on)
    return category


def _category_values(facts: CategoryFacts) -> tuple[dict[str, str], dict[str, object]]:
    problems: dict[str, str] = {}
    values: dict[str, object] = asdict(facts)
    for name, most in (("name", 120), ("group", 80), ("description", 500)):
        values[name] = text = one_line(str(values[name]))
        _put(problems, name, _text_problem(text, most, blank=name == "description"))
    keywords = list(dict.fromkeys(key for word in facts.keywords if (key := search_key(word))))
    if len(keywords) > MOST_KEYWORDS or any(len(word) > 40 for word in keywords):
        problems["keywords"] = _("Nhiều nhất %(most)s từ khóa, mỗi từ khóa không quá 40 ký tự. Hãy bỏ bớt.") % {
            "most": MOST_KEYWORDS
        }
    values["keywords"] = keywords
    if facts.stream not in Stream.values:
        problems["stream"] = _("Không có luồng này. Hãy chọn lại.")
    if facts.urgency not in Urgency.values:
        problems["urgency"] = _("Không có mức độ này. Hãy chọn lại.")
    if facts.public_decimals not in PublicPoint.values:
        problems["public_decimals"] = _("Không có mức này. Hãy chọn lại.")
    for name, most in (("same_metres", MOST_METRES), ("same_days", MOST_DAYS), ("place", MOST_PLACE)):
        _put(problems, name, _number_problem(getattr(facts, name), 0, most))
    return problems, values


# -- questions of a category -------------------------------------------------------------------------------------------------


@command
def add_question(
    category_id: int, code: str, kind: str, facts: QuestionFacts, *, actor: Actor, at: datetime
) -> CategoryQuestion:
    """Asked of every report of the category from now on. Raises NotFound, NotYourDuty, BadInput."""
    category = locked_category(category_id, actor)
    problems, values = _question_values(facts, kind)
    _put(problems, "code", _code_problem(code))
    if kind not in CategoryQuestion.Kind.values:
        problems["kind"] = _("Không có kiểu này. Hãy chọn lại.")
    known = category.questions.values_list("code", "ended_on")
    if "code" not in problems and any(code == one for one, _ended in known):
        problems["code"] = _("Mã này đã có trong lĩnh vực. Hãy chọn mã khác.")
    if sum(ended is None for _code, ended in known) >= MOST_QUESTIONS:
        problems["asks"] = _("Một lĩnh vực có nhiều nhất %(most)s câu hỏi. Hãy thôi hỏi bớt một câu.") % {
            "most": MOST_QUESTIONS
        }
    if problems:
        raise BadInput(problems)
    question = category.questions.create(code=code, kind=kind, **values)
    record(events.QUESTION_ADDED, category, actor=actor, at=at, unit_id=category.city_id, code=code, datatype=kind)
    return question


@command
def change_question(question_id: int, facts: QuestionFacts, *, actor: Actor, at: datetime) -> CategoryQuestion:
    """Answers that were given stay readable: what can be chosen may be renamed and added to, not taken away.

    Raises NotFound, NotYourDuty, BadInput, NothingChanged.
    """
    question = _locked_question(question_id, actor)
    problems, values = _question_values(facts, question.kind)
    kept = {key for key, _name in facts.answers}
    if gone := [key for key, _name in question.answers if key not in kept]:
        problems.setdefault(
            "answers",
            _("Các mã đã dùng phải còn trong danh sách: %(gone)s. Muốn bỏ hẳn, hãy thôi hỏi câu này rồi thêm câu mới.")
            % {"gone": ", ".join(gone)},
        )
    if problems:
        raise BadInput(problems)
    changed = [name for name, value in values.items() if getattr(question, name) != value]
    if not changed:
        raise errors.NothingChanged
    for name in changed:
        setattr(question, name, values[name])
    question.save(update_fields=changed)
    category = question.category
    record(events.QUESTION_CHANGED, category, actor=actor, at=at, unit_id=category.city_id, code=question.code, fields=changed)
    return question


@command
def end_question(question_id: int, on: date | None, *, actor: Actor, at: datetime) -> CategoryQuestion:
    """From that day it is asked no more; None: it goes on. Raises NotFound, NotYourDuty, BadInput."""
    question = _locked_question(question_id, actor)
    if on is not None and (problem := day_problem(on, at)):
        raise BadInput({"day": problem})
    question.ended_on = on
    question.save(update_fields=["ended_on"])
    category = question.category
    record(events.QUESTION_ENDED, category, actor=actor, at=at, unit_id=category.city_id, code=question.code, ended_on=on)
    return question


def _question_values(facts: QuestionFacts, kind: str) -> tuple[dict[str, str], dict[str, object]]:
    problems: dict[str, str] = {}
    asks, hint = one_line(facts.asks), one_line(facts.hint)
    _put(problems, "asks", _text_problem(asks, 200))
    _put(problems, "hint", _text_problem(hint, 200, blank=True))
    _put(problems, "place", _number_problem(facts.place, 0, MOST_PLACE))
    answers = [[nfc(key), one_line(name)] for key, name in facts.answers]
    if kind in _LISTS:
        _put(problems, "answers", _answers_problem(answers))
    elif answers:
        problems["answers"] = _("Kiểu câu hỏi này không có danh sách để chọn. Hãy để trống phần này.")
    values: dict[str, object] = {
        "asks": asks,
        "hint": hint,
        "required": facts.required,
        "personal": facts.personal,
        "answers": answers,
        "place": facts.place,
    }
    return problems, values


def _answers_problem(answers: Sequence[Sequence[str]]) -> str:
    keys = [key for key, _name in answers]
    if not 2 <= len(answers) <= MOST_ANSWERS:
        return _("Danh sách để chọn có từ 2 đến %(most)s mục. Hãy xem lại.") % {"most": MOST_ANSWERS}
    if len(set(keys)) < len(keys):
        return _("Có mã đứng hai lần trong danh sách. Hãy đặt mã khác nhau.")
    if wrong := [key for key in keys if not _CODE.fullmatch(key)]:
        return _("Mã “%(code)s” chưa đúng: chỉ dùng chữ thường không dấu, chữ số và gạch nối.") % {"code": wrong[0][:40]}
    return next((problem for _key, name in answers if (problem := _text_problem(name, 120))), "")


# -- limits and numbers ------------------------------------------------------------------------------------------------------


@command
def set_limit(city_id: int, facts: LimitFacts, *, valid_from: date, actor: Actor, at: datetime) -> TimeLimit:
    """From a later day on, for what is reported from then on: what was promised to whoever reported before stays.

    Raises NotYourDuty, BadInput.
    """
    actor.must(MANAGE, unit_id=city_id)
    locked_city(city_id)
    problems: dict[str, str] = {}
    basis = one_line(facts.basis)
    for name, known in (
        ("stream", Stream.values),
        ("urgency", ["", *Urgency.values]),
        ("step", TimeLimit.Step.values),
        ("measure", TimeLimit.Measure.values),
    ):
        if getattr(facts, name) not in known:
            problems[name] = _("Không có mục này. Hãy chọn lại.")
    _put(problems, "basis", _text_problem(basis, 200))
    _put(problems, "value", _number_problem(facts.value, 1, MOST_OF.get(facts.measure, 1)))
    _put(problems, "valid_from", day_problem(valid_from, at, tomorrow=True))
    if problems:
        raise BadInput(problems)
    owner = {"city_id": city_id, "stream": facts.stream, "urgency": facts.urgency, "step": facts.step}
    values = {"value": facts.value, "measure": facts.measure, "basis": basis, "to_check": facts.to_check}
    row = change_from(TimeLimit.objects.filter(**owner), valid_from, owner, values)
    record(events.LIMIT_CHANGED, row, actor=actor, at=at, **(owner | values), unit_id=city_id, valid_from=valid_from)
    transaction.on_commit(forget_all)
    return row


@command
def set_setting(city_id: int, key: str, value: int, *, basis: str, valid_from: date, actor: Actor, at: datetime) -> Setting:
    """A number of the city from a day on. Raises NotFound, NotYourDuty, BadInput."""
    actor.must(MANAGE, unit_id=city_id)
    number = must_exist(KEYS.get(key))
    locked_city(city_id)
    basis, problems = one_line(basis), dict[str, str]()
    _put(problems, "value", _number_problem(value, number.least, number.most))
    _put(problems, "basis", _text_problem(basis, 200))
    _put(problems, "valid_from", day_problem(valid_from, at))
    if problems:
        raise BadInput(problems)
    owner = {"city_id": city_id, "key": key}
    row = change_from(Setting.objects.filter(**owner), valid_from, owner, {"value": value, "basis": basis})
    record(events.SETTING_CHANGED, row, actor=actor, at=at, unit_id=city_id, key=key, value=value, valid_from=valid_from)
    transaction.on_commit(forget_all)
    return row


# -- shared ------------------------------------------------------------------------------------------------------------------


def day_problem(day: date, at: datetime, *, tomorrow: bool = False) -> str:
    """Why something cannot begin on that day; nothing when it can."""
    today = timezone.localdate(at)
    if day < today:
        return _("Ngày này đã qua. Hãy chọn từ hôm nay trở đi.")
    if tomorrow and day == today:
        return _("Hãy chọn từ ngày mai trở đi, để phản ánh đã nhận hôm nay không bị đổi.")
    if day > today + LONGEST_AHEAD:
        return _("Ngày này còn hơn một năm nữa. Hãy xem lại năm.")
    return ""


def _put(problems: dict[str, str], field: str, problem: str) -> None:
    if problem:
        problems[field] = problem


def _text_problem(text: str, most: int, *, blank: bool = False) -> str:
    if not text and not blank:
        return _("Chưa điền phần này. Hãy điền.")
    return _("Phần này dài quá %(most)s ký tự. Hãy viết ngắn hơn.") % {"most": most} if len(text) > most else ""


def _number_problem(value: int, least: int, most: int) -> str:
    if least <= value <= most:
        return ""
    return _("Số phải từ %(least)s đến %(most)s. Hãy sửa lại.") % {"least": least, "most": most}


def _code_problem(code: str) -> str:
    return "" if _CODE.fullmatch(code) else _("Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, nhiều nhất 40 ký tự.")


def locked_category(category_id: int, actor: Actor) -> Category:
    category = must_exist(Category.objects.select_for_update().filter(pk=category_id).first())
    actor.must(MANAGE, unit_id=category.city_id)
    return category


def _locked_question(question_id: int, actor: Actor) -> CategoryQuestion:
    rows = CategoryQuestion.objects.select_for_update(of=("self",)).select_related("category")
    question = must_exist(rows.filter(pk=question_id).first())
    actor.must(MANAGE, unit_id=question.category.city_id)
    return question
