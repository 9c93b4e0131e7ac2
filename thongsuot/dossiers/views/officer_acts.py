"""One page per action on a dossier: what will happen, a short form, one button. Each POST is one command.

What is offered comes from `queries.case.next_actions`; what is allowed only the command decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from thongsuot.dossiers import actions, rules
from thongsuot.dossiers.forms import officer as forms
from thongsuot.dossiers.models import Component, Dossier, StepRun
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries import signing as signing_means
from thongsuot.dossiers.queries import steps
from thongsuot.dossiers.views.looking import note_look
from thongsuot.dossiers.views.officer import desk_actor
from thongsuot.dossiers.views.officer_case import due_of_case
from thongsuot.files.actions import store
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson, must_exist
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units
from thongsuot.web.forms import Form, refusals_on
from thongsuot.web.request import Asking


@dataclass(frozen=True, kw_only=True)
class Asked(Asking):
    """What a form is made for and a command is run with."""

    page: cases.CasePage

    @property
    def dossier(self) -> Dossier:
        return self.page.dossier

    def people(self, place: steps.StepPlace | None) -> list[tuple[int, str]]:
        """Who can be given that step; empty when there is none."""
        if place is None:
            return []
        return [(person.id, person.label) for person in steps.staff_of([place], on=self.today)[place.group]]

    def place(self, find: Callable[..., steps.StepPlace | None]) -> steps.StepPlace | None:
        dossier = self.dossier
        more = {"answers": steps.answers_of(dossier)} if find is steps.place_after else {}
        return find(
            dossier.version_id,
            dossier.step_no,
            receiving_unit_id=dossier.receiving_unit_id,
            resolving_unit_id=dossier.resolving_unit_id,
            **more,
            on=self.today,
            step_unit_id=dossier.step_unit_id,
        )


@dataclass(frozen=True, kw_only=True)
class Act:
    """One action.

    form         what the form is called with besides the posted data
    run          the command; gets the checked form
    consequence  what will happen, and whether it can be undone
    note         the name of a template with more to know, above the form
    """

    button: str | Promise
    consequence: str | Promise
    done: str | Promise
    run: Callable[[Asked, Any], object]
    form_class: type[Form]
    form: Callable[[Asked], dict[str, Any]] = field(default=lambda asked: {})
    danger: bool = False


# -- what the forms are made of ----------------------------------------------------------------------------------------


def _step_key(asked: Asked) -> str:
    return asked.page.open_run.step_key if asked.page.open_run else ""


def _forward_form(asked: Asked) -> dict[str, Any]:
    waiting = sum(opinion.answered_at is None for opinion in asked.page.opinions)
    means = _means(asked)
    return {
        "people": asked.people(asked.place(steps.place_after)),
        "opinions_open": waiting,
        "signs": means is not None,
        "has_key": means is not None and means.holder is not None,
        "chooses_place": means is not None and means.holder is not None and means.holder.kind == "person",
        "initial": {"step_key": _step_key(asked)},
    }


def _means(asked: Asked) -> signing_means.Means | None:
    """What the open step is signed with; None when it needs no signature."""
    return signing_means.means_for(asked.page, actor=asked.actor, at=asked.now)


def _return_form(asked: Asked) -> dict[str, Any]:
    done = [asked.page.version.steps[place] for place in asked.page.passed_places if place > 0]
    return {"steps": [(step.key, step.name) for step in reversed(done)], "initial": {"step_key": _step_key(asked)}}


def _reassign_form(asked: Asked) -> dict[str, Any]:
    holder = asked.dossier.assignee_id
    people = [person for person in asked.people(asked.place(steps.place_of)) if person[0] != holder]
    return {"people": people, "initial": {"step_key": _step_key(asked)}}


def _opinion_form(asked: Asked) -> dict[str, Any]:
    """The unit's own bodies, then the city's with its departments and partners, then the committees of the other communes."""
    unit_id, today = asked.dossier.resolving_unit_id, asked.today
    city_id = units.city_of(unit_id)
    own = [(body.id, body.name) for body in units.bodies_of(unit_id, as_of=today)]
    groups: list[tuple[str, list[tuple[int, str]]]] = [(units.unit_row(unit_id, as_of=today).full_name, own)]
    if city_id != unit_id:
        above = [(body.id, body.name) for body in units.bodies_of(city_id, as_of=today)]
        groups.append((units.unit_row(city_id, as_of=today).full_name, above))
    elsewhere = [(body_id, name) for one, body_id, name in steps.committees_of(city_id, on=today) if one != unit_id]
    if elsewhere:
        groups.append((_("Xã, phường khác"), elsewhere))
    return {"bodies": groups}


def _answer_form(asked: Asked) -> dict[str, Any]:
    step = asked.page.version.steps[asked.dossier.step_no] if asked.dossier.step_no is not None else None
    return {"asks_payment": bool(step and step.asks_payment), "initial": {"step_key": _step_key(asked)}}


def _supplement_form(asked: Asked) -> dict[str, Any]:
    return {"papers": [(paper.code, paper.name) for paper in asked.page.version.papers]}


def _reappoint_form(asked: Asked) -> dict[str, Any]:
    return {"calendar": units.working_calendar(asked.dossier.resolving_unit_id, on=asked.today)}


def _extend_form(asked: Asked) -> dict[str, Any]:
    version = asked.page.version
    return {"given": version.extension_days, "agreed_longer": rules.may_be_agreed_longer(version.field)}


def _hand_back_form(asked: Asked) -> dict[str, Any]:
    filer = asked.dossier.filer or {}
    return {"initial": {"handed_to": filer.get("name") or asked.dossier.owner_name}}


def _draft_form(asked: Asked) -> dict[str, Any]:
    result, results = asked.page.result, asked.page.version.results
    return {"initial": {"title": result.title if result else results[0].name if results else asked.page.version.name}}


# -- the commands ------------------------------------------------------------------------------------------------------


def _forward(asked: Asked, form: forms.ForwardForm) -> object:
    given = form.cleaned_data
    return actions.forward_signed(
        asked.dossier.pk,
        step_key=given["step_key"],
        pin=given.get("pin", ""),
        where=given.get("where", ""),
        paper_reason=given.get("paper_reason", ""),
        to_person=given.get("to_person"),
        note=given["note"],
        without_opinions=given.get("without_opinions", False),
        **asked.command,
    )


def _return(asked: Asked, form: forms.ReturnForm) -> object:
    return actions.return_step(asked.dossier.pk, **form.cleaned_data, **asked.command)


def _reassign(asked: Asked, form: forms.ReassignForm) -> object:
    return actions.reassign(asked.dossier.pk, **form.cleaned_data, **asked.command)


def _ask(asked: Asked, form: forms.AskOpinionForm) -> object:
    return actions.ask_opinion(asked.dossier.pk, **form.cleaned_data, **asked.command)


def _supplement(asked: Asked, form: forms.SupplementForm) -> object:
    return actions.request_supplement(
        asked.dossier.pk, items=form.all_items(), reason=form.cleaned_data["reason"], **asked.command
    )


def _reappoint(asked: Asked, form: forms.ReappointForm) -> object:
    return actions.reappoint(asked.dossier.pk, new_at=form.new_at(), reason=form.cleaned_data["reason"], **asked.command)


@transaction.atomic  # a file that came to nothing is not kept
def _draft(asked: Asked, form: forms.DraftForm) -> object:
    file_id = _stored(asked, form, "file", "dossiers.result")
    assert file_id is not None  # the form asks for one
    return actions.draft_result(asked.dossier.pk, title=form.cleaned_data["title"], file_id=file_id, **asked.command)


@transaction.atomic
def _bring(asked: Asked, form: forms.BringForm) -> object:
    """A paper with a file is scanned; a tick alone says that it was handed in on paper."""
    papers = []
    for code in form.codes:
        with refusals_on(form):
            file_id = _stored(asked, form, forms.paper_field_name(code), "dossiers.paper")
            if file_id is not None or form.cleaned_data[f"co-{code}"]:
                pages = form.cleaned_data[f"so-trang-{code}"]
                papers.append(actions.PaperIn(code=code, how=Component.How.SCANNED, file_id=file_id, pages=pages))
    if form.errors:
        transaction.set_rollback(True)  # those that were good are chosen again with the others
        return None
    return actions.complete_supplement(asked.dossier.pk, papers=papers, answer=form.cleaned_data["answer"], **asked.command)


def _stored(asked: Asked, form: Form, name: str, purpose: str) -> int | None:
    """The id of the file a form brought in that field, if it did. Raises BadInput, which stands beside it."""
    file = form.cleaned_data.get(name)
    if not file:
        return None
    try:
        return store(file, name=file.name, purpose=purpose, **asked.command).pk
    except TellPerson as refusal:
        raise BadInput({name: refusal.message()}) from refusal


def _notice(asked: Asked, form: forms.NoticeForm) -> object:
    given = form.cleaned_data
    return actions.issue_payment_notice(
        asked.dossier.pk,
        step_key=_step_key(asked),
        number=given["number"],
        amount_dong=given["amount_dong"],
        pay_by=given["pay_by"],
        file_id=_stored(asked, form, "file", "dossiers.payment_notice"),
        **asked.command,
    )


def _proof(asked: Asked, form: forms.ProofForm) -> object:
    file_id = _stored(asked, form, "file", "dossiers.payment_proof")
    return actions.confirm_payment(
        asked.dossier.pk, proof_number=form.cleaned_data["proof_number"], proof_file_id=file_id, **asked.command
    )


def _partner_answer(asked: Asked, form: forms.PartnerAnswerForm) -> object:
    file_id, given = _stored(asked, form, "file", "dossiers.payment_notice"), form.cleaned_data
    told = {"step_key": given["step_key"], "answered_by": given["answered_by"], "document": given["document"]}
    if given.get("number"):
        return actions.notice_for_partner(
            asked.dossier.pk,
            **told,
            number=given["number"],
            amount_dong=given["amount_dong"],
            pay_by=given["pay_by"],
            file_id=file_id,
            **asked.command,
        )
    return actions.answer_for_partner(asked.dossier.pk, **told, note=given["note"], **asked.command)


def _plain(command: Callable[..., object]) -> Callable[[Asked, Form], object]:
    """A command whose arguments are the form's fields."""
    return lambda asked, form: command(asked.dossier.pk, **form.cleaned_data, **asked.command)


ACTS: dict[str, Act] = {
    "tiep-nhan": Act(
        button=gettext_lazy("Tiếp nhận"),
        done=gettext_lazy("Đã tiếp nhận hồ sơ."),
        run=_plain(actions.accept_submission),
        form_class=forms.ConfirmForm,
        consequence=gettext_lazy("Hồ sơ nhận mã và ngày hẹn trả, người nộp được báo tin. Hãy xem đủ giấy tờ trước khi bấm."),
    ),
    "tu-choi": Act(
        button=gettext_lazy("Không tiếp nhận"),
        done=gettext_lazy("Đã báo không tiếp nhận."),
        run=_plain(actions.refuse_submission),
        form_class=forms.ReasonsForm,
        danger=True,
        consequence=gettext_lazy("Hồ sơ kết thúc ở đây, người nộp nhận phiếu từ chối. Chỉ nộp được hồ sơ mới."),
    ),
    "chuyen": Act(
        button=gettext_lazy("Chuyển bước"),
        done=gettext_lazy("Đã chuyển hồ sơ."),
        run=_forward,
        form_class=forms.ForwardForm,
        form=_forward_form,
        consequence=gettext_lazy("Bước của bạn được ghi là xong, hồ sơ sang người tiếp theo."),
    ),
    "tra-lai": Act(
        button=gettext_lazy("Trả lại"),
        done=gettext_lazy("Đã trả lại bước trước."),
        run=_return,
        form_class=forms.ReturnForm,
        form=_return_form,
        consequence=gettext_lazy("Hồ sơ về người đã làm bước đó. Nếu kết quả đã ký, chữ ký bị bỏ. Hạn trả không đổi."),
    ),
    "doi-nguoi": Act(
        button=gettext_lazy("Chuyển người khác"),
        done=gettext_lazy("Đã đổi người xử lý."),
        run=_reassign,
        form_class=forms.ReassignForm,
        form=_reassign_form,
        consequence=gettext_lazy("Người được chọn giữ bước này từ bây giờ. Hạn của bước không đổi."),
    ),
    "nhan-chang": Act(
        button=gettext_lazy("Nhận hồ sơ"),
        done=gettext_lazy("Đã nhận hồ sơ chuyển đến."),
        run=_plain(actions.take_over_leg),
        form_class=forms.ConfirmForm,
        consequence=gettext_lazy("Cơ quan của bạn xác nhận đã có hồ sơ, bước này do bạn giữ. Hạn của chặng không đổi."),
    ),
    "tra-chang": Act(
        button=gettext_lazy("Trả lại chặng trước"),
        done=gettext_lazy("Đã trả lại chặng trước."),
        run=_plain(actions.return_leg),
        form_class=forms.ReturnLegForm,
        consequence=gettext_lazy("Hồ sơ về nơi đã chuyển đến, chặng của bạn kết thúc. Hạn trả cho người dân không đổi."),
    ),
    "nhac-chang": Act(
        button=gettext_lazy("Gửi lời nhắc"),
        done=gettext_lazy("Đã nhắc cơ quan đang giữ hồ sơ."),
        run=_plain(actions.remind_leg),
        form_class=forms.ConfirmForm,
        consequence=gettext_lazy("Người của cơ quan đang giữ hồ sơ nhận một thư nhắc, lần nhắc được ghi vào lịch sử."),
    ),
    "thong-bao-nop": Act(
        button=gettext_lazy("Ra thông báo nộp tiền"),
        done=gettext_lazy("Đã ra thông báo, hồ sơ chờ người dân nộp tiền."),
        run=_notice,
        form_class=forms.NoticeForm,
        consequence=gettext_lazy("Chặng của bạn xong, đồng hồ dừng đến khi có chứng từ nộp tiền."),
    ),
    "nhap-thay": Act(
        button=gettext_lazy("Ghi trả lời"),
        done=gettext_lazy("Đã ghi trả lời của cơ quan phối hợp."),
        run=_partner_answer,
        form_class=forms.PartnerAnswerForm,
        form=_answer_form,
        consequence=gettext_lazy(
            "Hộp thư giả lập: cơ quan phối hợp chưa nối với hệ thống, bạn nhập lại văn bản của họ. Lịch sử ghi tên bạn."
        ),
    ),
    "hoi-y-kien": Act(
        button=gettext_lazy("Gửi câu hỏi"),
        done=gettext_lazy("Đã gửi câu hỏi. Đồng hồ vẫn chạy."),
        run=_ask,
        form_class=forms.AskOpinionForm,
        form=_opinion_form,
        consequence=gettext_lazy("Đồng hồ vẫn chạy trong lúc chờ. Cơ quan được hỏi thấy câu này trong danh sách việc của họ."),
    ),
    "du-thao": Act(
        button=gettext_lazy("Đính kèm"),
        done=gettext_lazy("Đã đính kèm dự thảo kết quả."),
        run=_draft,
        form_class=forms.DraftForm,
        form=_draft_form,
        consequence=gettext_lazy("Tệp này là bản sẽ được soát, ký và trả cho người dân."),
    ),
    "bo-sung": Act(
        button=gettext_lazy("Gửi yêu cầu bổ sung"),
        done=gettext_lazy("Đã yêu cầu bổ sung, đồng hồ dừng."),
        run=_supplement,
        form_class=forms.SupplementForm,
        form=_supplement_form,
        consequence=gettext_lazy(
            "Hãy ghi đủ mọi điểm: yêu cầu nhiều hơn một lần làm hồ sơ bị tính trễ. Đồng hồ dừng đến khi người nộp bổ sung."
        ),
    ),
    "nhan-bo-sung": Act(
        button=gettext_lazy("Nhận bổ sung"),
        done=gettext_lazy("Đã nhận bổ sung, đồng hồ chạy tiếp."),
        run=_bring,
        form_class=forms.BringForm,
        form=_supplement_form,
        consequence=gettext_lazy("Đồng hồ chạy tiếp từ phần thời gian còn lại, ngày hẹn trả được tính lại."),
    ),
    "nghia-vu": Act(
        button=gettext_lazy("Gửi yêu cầu"),
        done=gettext_lazy("Đã yêu cầu thực hiện nghĩa vụ tài chính, đồng hồ dừng."),
        run=_plain(actions.request_payment),
        form_class=forms.ReasonForm,
        consequence=gettext_lazy("Đồng hồ dừng đến khi có chứng từ nộp tiền."),
    ),
    "da-nop": Act(
        button=gettext_lazy("Xác nhận đã nộp"),
        done=gettext_lazy("Đã xác nhận, đồng hồ chạy tiếp."),
        run=_proof,
        form_class=forms.ProofForm,
        consequence=gettext_lazy("Bạn đã xem chứng từ nộp tiền. Đồng hồ chạy tiếp từ phần thời gian còn lại."),
    ),
    "keo-dai": Act(
        button=gettext_lazy("Kéo dài thời hạn"),
        done=gettext_lazy("Đã kéo dài thời hạn, người nộp được báo ngày hẹn mới."),
        run=_plain(actions.extend),
        form_class=forms.ExtendForm,
        form=_extend_form,
        consequence=gettext_lazy("Chỉ được kéo dài một lần. Hẹn trả lùi lại, hồ sơ trả trong hẹn mới là đúng hạn."),
    ),
    "hen-lai": Act(
        button=gettext_lazy("Gửi lời xin lỗi và hẹn lại"),
        done=gettext_lazy("Đã hẹn lại. Hãy in hoặc gửi phiếu xin lỗi."),
        run=_reappoint,
        form_class=forms.ReappointForm,
        form=_reappoint_form,
        consequence=gettext_lazy("Chỉ được hẹn lại một lần. Hồ sơ trả sau hạn cũ vẫn tính là trễ."),
    ),
    "tra-ket-qua": Act(
        button=gettext_lazy("Trả kết quả"),
        done=gettext_lazy("Đã trả kết quả."),
        run=_plain(actions.hand_back),
        form_class=forms.HandBackForm,
        form=_hand_back_form,
        consequence=gettext_lazy("Hồ sơ kết thúc. Hãy đối chiếu giấy tờ của người nhận trước khi giao."),
    ),
    "rut": Act(
        button=gettext_lazy("Rút hồ sơ"),
        done=gettext_lazy("Đã rút hồ sơ."),
        run=_plain(actions.withdraw),
        form_class=forms.OptionalReasonForm,
        danger=True,
        consequence=gettext_lazy("Dừng giải quyết và trả lại giấy tờ. Không mở lại được, người nộp vẫn nộp được hồ sơ mới."),
    ),
    "dung": Act(
        button=gettext_lazy("Dừng giải quyết"),
        done=gettext_lazy("Đã dừng giải quyết."),
        run=_plain(actions.stop),
        form_class=forms.ReasonForm,
        danger=True,
        consequence=gettext_lazy("Hồ sơ kết thúc không có kết quả và người nộp nhận thông báo. Không mở lại được."),
    ),
}


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, dossier_id: int, key: str) -> HttpResponse:
    """The page of one action; POST runs it and goes back to the dossier. What was typed is never lost to a refusal."""
    wanted = must_exist(ACTS.get(key))
    asked = _asked(request, dossier_id)
    offered = next((one for one in cases.next_actions(asked.page, actor=asked.actor) if one.key == key), None)
    if request.method == "GET" and (offered is None or offered.because):
        messages.warning(
            request, offered.because if offered else _("Hồ sơ không còn ở chỗ làm được việc này. Hãy xem việc tiếp theo.")
        )
        return redirect("dossiers:case", dossier_id)
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = wanted.form_class(**posted, **wanted.form(asked))
    if form.is_bound and form.is_valid():
        with refusals_on(form, places={"title": "title", "new_at": "day"}):
            if wanted.run(asked, form) is not None and not form.errors:
                messages.success(request, str(wanted.done))
                return redirect(_where_to(asked))
    label = offered.label if offered else str(wanted.button)
    return render(
        request,
        "dossiers/officer/act.html",
        {
            "page": asked.page,
            "dossier": asked.dossier,
            "due": due_of_case(asked.page),
            "act": wanted,
            "key": key,
            "label": label,
            "form": form,
            "next_step": _next_step(asked) if key == "chuyen" else None,
            "means": _means(asked) if key == "chuyen" else None,
            "outcomes": StepRun.Outcome,
            "limit": limit_words(asked.page.version.limit),
        },
        status=422 if form.errors else 200,
    )


def _where_to(asked: Asked) -> str:
    """Back to the dossier; to the list of those to do when it went on to where the actor does not see it."""
    try:
        dossier = cases.access_dossier(asked.dossier.pk, actor=asked.actor)
    except NotFound:
        return reverse("dossiers:inbox")
    return reverse("dossiers:case", args=[dossier.pk])


def _asked(request: HttpRequest, dossier_id: int) -> Asked:
    actor, now = desk_actor(request), clock.now()
    dossier = cases.access_dossier(dossier_id, actor=actor)
    note_look(dossier, actor=actor, at=now)
    return Asked(page=cases.case_page(dossier, now=now), actor=actor, now=now)


def _next_step(asked: Asked) -> tuple[str, str]:
    """(where it goes, to whom) when there is nothing to choose."""
    place = asked.place(steps.place_after)
    if place is None or not place.step.counted:
        return (_("Vào sổ, có kết quả"), "")
    people = asked.people(place)
    to = people[0][1] if len(people) == 1 else _("chưa có ai giữ nhiệm vụ này") if not people else ""
    return (place.step.name, to)
