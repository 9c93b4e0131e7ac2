"""One page per action on a ticket: what will happen, a short form, one button. Each POST is one command.

What is offered comes from `queries.ticket.next_actions`; what is allowed only the command decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from thongsuot.feedback import actions
from thongsuot.feedback import staff_words as words
from thongsuot.feedback.actions.common import HANDLE
from thongsuot.feedback.facts import PlaceFacts
from thongsuot.feedback.forms import staff as forms
from thongsuot.feedback.models import AnswerTemplate, FeedbackTicket
from thongsuot.feedback.queries.ticket import (
    Action,
    TicketPage,
    access_ticket,
    answering_units,
    next_actions,
    proposal,
    receiving_units,
    templates_for,
    wards,
)
from thongsuot.feedback.rules import masking
from thongsuot.feedback.views.staff import category_choices
from thongsuot.feedback.views.staff_ticket import here, public_photos
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound, must_exist
from thongsuot.people.queries import staff_with_duty
from thongsuot.units import queries as units
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import Asking, number_of


@dataclass(frozen=True, kw_only=True)
class Asked(Asking):
    """What a form is made for and a command is run with."""

    page: TicketPage
    request: HttpRequest

    @property
    def ticket(self) -> FeedbackTicket:
        return self.page.ticket


@dataclass(frozen=True, kw_only=True)
class Act:
    """One action.

    consequence  what will happen, and whether it can be undone
    form         what the form is called with besides the posted data
    run          the command; gets the checked form
    template     a page of its own, where a form alone does not do; about: what that page shows
    """

    consequence: str | Promise
    done: str | Promise
    run: Callable[[Asked, Any], object]
    form_class: type[forms.SeenForm] = forms.ConfirmForm
    form: Callable[[Asked], dict[str, Any]] = field(default=lambda asked: {})
    template: str = "feedback/staff/act.html"
    about: Callable[[Asked], dict[str, Any]] = field(default=lambda asked: {})


# -- what the forms are made of ------------------------------------------------------------------------------------------


def _classify_form(asked: Asked) -> dict[str, Any]:
    ticket = asked.ticket
    of_urgency = {"urgency": ticket.urgency, "claimed": ticket.urgent_claimed}
    initial = {"category": ticket.category.code if ticket.category else ""}
    return {"categories": category_choices(ticket.city_id, asked.today), **of_urgency, "initial": initial}


def _place_form(asked: Asked) -> dict[str, Any]:
    ticket = asked.ticket
    initial = {
        "unit": ticket.place_unit_id,
        "address": ticket.address,
        "latitude": ticket.latitude,
        "longitude": ticket.longitude,
    }
    return {"wards": wards(ticket.city_id, at=asked.now), "initial": initial}


def _dossier_form(asked: Asked) -> dict[str, Any]:
    about = asked.ticket.about_dossier
    return {"initial": {"dossier": (about.code or about.submission_code) if about else ""}}


def _units_form(asked: Asked) -> dict[str, Any]:
    ticket = asked.ticket
    initial = {"kind": ticket.suspected, "to_unit_id": ticket.place_unit_id or ticket.city_id}
    return {"units": receiving_units(ticket.city_id, at=asked.now), "initial": initial}


def _route_form(asked: Asked) -> dict[str, Any]:
    ticket, way = asked.ticket, proposal(asked.ticket, at=asked.now)
    why = words.why_here(way.because, way.place_by, way.basis)
    if way.unit_id is not None:
        why = _("Đề xuất: %(unit)s. %(why)s") % {
            "unit": units.unit_row(way.unit_id, as_of=asked.today).full_name,
            "why": why,
        }
    else:
        why = _("Chưa có đề xuất: chưa rõ lĩnh vực, nơi xảy ra, hoặc chưa có ai được giao lĩnh vực này.")
    chosen = None if way.unit_id == ticket.unit_id else way.unit_id
    return {"units": answering_units(ticket.city_id, at=asked.now), "why": why, "initial": {"unit_id": chosen}}


def _assign_form(asked: Asked) -> dict[str, Any]:
    people = staff_with_duty(HANDLE, asked.ticket.unit_id or 0, on=asked.today)
    return {"people": [(one.id, one.label) for one in people if one.id != asked.ticket.handler_id]}


def _templates(asked: Asked) -> list[AnswerTemplate]:
    ticket = asked.ticket
    mine = frozenset({ticket.unit_id} if ticket.unit_id else ())
    return templates_for(mine, city_id=ticket.city_id, category_id=ticket.category_id)


def _answer_form(asked: Asked) -> dict[str, Any]:
    """Begun with the template that was chosen, else with what was sent back."""
    wanted = number_of(asked.request.GET.get("mau", ""))
    template = next((one for one in _templates(asked) if one.pk == wanted), None) if wanted else None
    if template is not None:
        names = asked.page.names
        ticket = asked.ticket
        text = words.filled(
            template.words,
            ticket,
            unit=names.get(ticket.unit_id or 0, ""),
            place=names.get(ticket.place_unit_id or 0, ""),
        )
        return {"initial": {"words": text}}
    before = next((one for one in asked.page.replies if one.round == asked.ticket.round), None)
    return {"initial": {"words": before.words}} if before else {}


def _public_texts(asked: Asked) -> dict[str, str]:
    """What the fields begin with: what is public or was, else a proposal; of earlier answers what is public."""
    ticket, approved = asked.ticket, asked.page.approved
    texts = {
        "question": ticket.public_words or actions.proposed(ticket, ticket.words),
        "answer": actions.proposed(ticket, approved.words) if approved else "",
        "address": ticket.public_address or masking.public_address(ticket.address),
    }
    return texts | {
        forms.answer_field(one.round): one.public_words or (actions.proposed(ticket, one.words) if one.published_at else "")
        for one in asked.page.earlier
    }


def _publish_form(asked: Asked) -> dict[str, Any]:
    """With a field for a reason for each part that may only be said with one."""
    ticket, initial = asked.ticket, _public_texts(asked)
    texts = [asked.request.POST.get(name, text) for name, text in initial.items() if name != "address" or not ticket.masked]
    explained = [one.words for one in actions.revealed(ticket, texts) if one.explained]
    earlier = [one.round for one in asked.page.earlier]
    return {"masked": ticket.masked, "earlier": earlier, "explained": explained, "initial": initial}


def _publish_about(asked: Asked) -> dict[str, Any]:
    ticket, approved = asked.ticket, asked.page.approved
    said, posted = approved.words if approved else "", asked.request.POST
    hidden = {name: actions.proposed(ticket, posted.get(name, "")) for name in ("question", "answer")}
    return {
        "question": words.marked(ticket.words, actions.proposed(ticket, ticket.words)),
        "said": words.marked(said, actions.proposed(ticket, said)),
        "earlier": [(forms.answer_field(one.round), one) for one in asked.page.earlier],
        "address": words.marked(ticket.address, masking.public_address(ticket.address)),
        "hidden": [text for name, text in hidden.items() if text != posted.get(name, "").strip()],
        "photos": public_photos(asked.page),
    }


# -- the commands --------------------------------------------------------------------------------------------------------


def _plain(command: Callable[..., object]) -> Callable[[Asked, forms.SeenForm], object]:
    """A command whose arguments are the form's fields."""

    def run(asked: Asked, form: forms.SeenForm) -> object:
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        return command(asked.ticket.pk, **given, **asked.command)

    return run


def _place(asked: Asked, form: forms.PlaceForm) -> object:
    given = form.cleaned_data
    where = PlaceFacts(
        latitude=given["latitude"], longitude=given["longitude"], address=given["address"], unit_id=given["unit"]
    )
    return actions.place(asked.ticket.pk, where, why=given["why"], **asked.command)


def _extend(asked: Asked, form: forms.ExtendForm) -> object:
    calendar = units.working_calendar(asked.ticket.city_id, on=asked.today)
    closing = timezone.localtime(calendar.closing(form.cleaned_data["day"])).time()
    return actions.ask_extension(asked.ticket.pk, form.new_due_at(closing), reason=form.cleaned_data["reason"], **asked.command)


def _decide(asked: Asked, form: forms.DecideForm) -> object:
    given, waiting = form.cleaned_data, must_exist(asked.page.extension)
    return actions.decide_extension(waiting.pk, granted=given["granted"], note=given["note"], **asked.command)


def _publish(asked: Asked, form: forms.PublishForm) -> object:
    given = {name: form.cleaned_data.get(name, "") for name in ("question", "answer", "address")}
    return actions.publish(asked.ticket.pk, **given, earlier=form.earlier(), reasons=form.reasons(), **asked.command)


def _of_answer(command: Callable[..., object]) -> Callable[[Asked, forms.SeenForm], object]:
    """A command about the answer that waits."""

    def run(asked: Asked, form: forms.SeenForm) -> object:
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        return command(must_exist(asked.page.waiting).pk, **given, **asked.command)

    return run


ACTS: dict[str, Act] = {
    "tiep-nhan": Act(
        consequence=gettext_lazy("Người khác thấy bạn đang xem phản ánh này."),
        done=gettext_lazy("Bạn đang xem phản ánh này."),
        run=_plain(actions.take),
    ),
    "nhan-thay": Act(
        consequence=gettext_lazy("Bạn xem phản ánh này thay người đang xem. Người khác thấy bạn đang xem."),
        done=gettext_lazy("Bạn đang xem phản ánh này."),
        run=_plain(actions.take_over),
        form_class=forms.TakeOverForm,
    ),
    "phan-loai": Act(
        consequence=gettext_lazy(
            "Khi thời hạn khác đi, hạn trả lời tính lại từ lúc chuyển đơn vị, riêng việc khẩn từ lúc thành khẩn; "
            "thời gian dừng và gia hạn được giữ."
        ),
        done=gettext_lazy("Đã phân loại."),
        run=_plain(actions.classify),
        form_class=forms.ClassifyForm,
        form=_classify_form,
    ),
    "khan": Act(
        consequence=gettext_lazy("Khẩn thì hạn ngắn chạy từ bây giờ. Không khẩn thì hạn hiện tại giữ nguyên."),
        done=gettext_lazy("Đã ghi mức độ khẩn."),
        run=_plain(actions.decide_urgency),
        form_class=forms.UrgencyForm,
    ),
    "noi-xay-ra": Act(
        consequence=gettext_lazy("Nơi xảy ra quyết định đơn vị được đề xuất. Việc này chưa chuyển phản ánh đi."),
        done=gettext_lazy("Đã ghi nơi xảy ra."),
        run=_place,
        form_class=forms.PlaceForm,
        form=_place_form,
    ),
    "khong-phai": Act(
        consequence=gettext_lazy("Phản ánh được xử lý tiếp như mọi phản ánh khác."),
        done=gettext_lazy("Đã ghi: không phải khiếu nại, tố cáo."),
        run=_plain(actions.clear_suspicion),
        form_class=forms.WhyForm,
    ),
    "nghi": Act(
        consequence=gettext_lazy("Phản ánh dừng lại và về nơi tiếp nhận để quyết định. Khiếu nại, tố cáo có trình tự riêng."),
        done=gettext_lazy("Đã chuyển về nơi tiếp nhận để quyết định."),
        run=_plain(actions.suspect),
        form_class=forms.KindForm,
    ),
    "chuyen": Act(
        consequence=gettext_lazy("Đơn vị được chọn có phản ánh này từ bây giờ, hạn trả lời tính từ lúc chuyển."),
        done=gettext_lazy("Đã chuyển phản ánh."),
        run=_plain(actions.route),
        form_class=forms.RouteForm,
        form=_route_form,
    ),
    "tu-choi": Act(
        consequence=gettext_lazy("Phản ánh khép lại, người gửi được báo lý do. Không mở lại được."),
        done=gettext_lazy("Đã báo không tiếp nhận."),
        run=_plain(actions.refuse),
        form_class=forms.RefuseForm,
    ),
    "chuyen-tiep-dan": Act(
        consequence=gettext_lazy("Phản ánh khép lại ở đây và vào sổ tiếp công dân. Người gửi được báo cách theo dõi."),
        done=gettext_lazy("Đã chuyển sang tiếp công dân."),
        run=_plain(actions.hand_over),
        form_class=forms.HandOverForm,
        form=_units_form,
    ),
    "nhan": Act(
        consequence=gettext_lazy("Đơn vị nhận phản ánh, bạn là người xử lý cho đến khi giao người khác."),
        done=gettext_lazy("Đã nhận phản ánh."),
        run=_plain(actions.accept),
    ),
    "tra-lai": Act(
        consequence=gettext_lazy("Phản ánh về nơi tiếp nhận để chuyển đơn vị khác. Số lần trả lại có giới hạn."),
        done=gettext_lazy("Đã trả lại nơi tiếp nhận."),
        run=_plain(actions.give_back),
        form_class=forms.ReturnForm,
    ),
    "ho-so": Act(
        consequence=gettext_lazy(
            "Phản ánh về quy định hành chính nói đến một hồ sơ thì hồ sơ ấy được tính ở mục 5.4 của bộ chỉ số, "
            "chỉ sau khi xác nhận."
        ),
        done=gettext_lazy("Đã ghi hồ sơ được nói đến."),
        run=_plain(actions.name_dossier),
        form_class=forms.DossierForm,
        form=_dossier_form,
    ),
    "giao": Act(
        consequence=gettext_lazy("Người được chọn giữ phản ánh từ bây giờ. Hạn không đổi."),
        done=gettext_lazy("Đã giao người xử lý."),
        run=_plain(actions.assign),
        form_class=forms.AssignForm,
        form=_assign_form,
    ),
    "bat-dau": Act(
        consequence=gettext_lazy("Người gửi thấy việc đang được xử lý."),
        done=gettext_lazy("Đã bắt đầu xử lý."),
        run=_plain(actions.start),
    ),
    "xac-nhan": Act(
        consequence=gettext_lazy(
            "Chỉ xác nhận khi đã chắc chủ địa chỉ gửi thư này, ví dụ đã gọi cho họ. Từ đó thư về phản ánh, kèm đường dẫn "
            "theo dõi, gửi đến địa chỉ ấy."
        ),
        done=gettext_lazy("Đã xác nhận địa chỉ, người gửi được báo."),
        run=_plain(actions.confirm_sender),
    ),
    "hoi": Act(
        consequence=gettext_lazy("Đồng hồ dừng cho đến khi người gửi trả lời. Chỉ hỏi điều chỉ người gửi biết."),
        done=gettext_lazy("Đã hỏi người gửi, đồng hồ dừng."),
        run=_plain(actions.ask),
        form_class=forms.AskForm,
    ),
    "nhan-tin": Act(
        consequence=gettext_lazy("Người gửi nhận lời nhắn, không có gì dừng lại."),
        done=gettext_lazy("Đã nhắn người gửi."),
        run=_plain(actions.message),
        form_class=forms.MessageForm,
    ),
    "ghi-chu": Act(
        consequence=gettext_lazy("Chỉ người xử lý đọc được. Không người dân nào thấy."),
        done=gettext_lazy("Đã ghi chú."),
        run=_plain(actions.note),
        form_class=forms.NoteForm,
    ),
    "gia-han": Act(
        consequence=gettext_lazy("Hạn chỉ đổi khi người duyệt đồng ý."),
        done=gettext_lazy("Đã xin gia hạn."),
        run=_extend,
        form_class=forms.ExtendForm,
    ),
    "duyet-gia-han": Act(
        consequence=gettext_lazy("Đồng ý thì người gửi được báo hạn mới."),
        done=gettext_lazy("Đã quyết định việc gia hạn."),
        run=_decide,
        form_class=forms.DecideForm,
    ),
    "tra-loi": Act(
        consequence=gettext_lazy("Trả lời được trình duyệt, chưa gửi cho người dân."),
        done=gettext_lazy("Đã trình trả lời để duyệt."),
        run=_plain(actions.submit_answer),
        form_class=forms.AnswerForm,
        form=_answer_form,
        about=lambda asked: {"templates": [(one.pk, one.title) for one in _templates(asked)]},
    ),
    "rut-tra-loi": Act(
        consequence=gettext_lazy("Trả lời không còn chờ duyệt, bạn sửa rồi trình lại."),
        done=gettext_lazy("Đã rút trả lời."),
        run=_of_answer(actions.take_back_answer),
    ),
    "duyet": Act(
        consequence=gettext_lazy("Trả lời được gửi ngay cho người phản ánh, và cho mọi người có phản ánh đã gộp vào đây."),
        done=gettext_lazy("Đã duyệt, trả lời đã gửi."),
        run=_of_answer(actions.approve_answer),
    ),
    "viet-lai": Act(
        consequence=gettext_lazy("Phản ánh trở lại người xử lý. Hạn không đổi."),
        done=gettext_lazy("Đã trả lại để viết lại."),
        run=_of_answer(actions.send_back_answer),
        form_class=forms.SendBackForm,
    ),
    "cong-khai": Act(
        consequence=gettext_lazy("Mọi người đọc được phần dưới đây cùng các ảnh không bị giữ lại."),
        done=gettext_lazy("Đã công khai."),
        run=_publish,
        form_class=forms.PublishForm,
        form=_publish_form,
        template="feedback/staff/publish.html",
        about=_publish_about,
    ),
    "che": Act(
        consequence=gettext_lazy(
            "Che thì không trang công khai nào nêu nơi xảy ra, phần đã công khai được gỡ để đọc lại. Thôi che thì nơi xảy ra "
            "chỉ được nêu khi có người công khai."
        ),
        done=gettext_lazy("Đã ghi việc che nơi xảy ra."),
        run=_plain(actions.mask),
        form_class=forms.MaskForm,
    ),
    "khong-cong-khai": Act(
        consequence=gettext_lazy("Không ai ngoài người gửi và người xử lý đọc được. Người gửi được báo lý do."),
        done=gettext_lazy("Đã ghi: không công khai."),
        run=_plain(actions.withhold),
        form_class=forms.WithholdForm,
    ),
    "thoi-cong-khai": Act(
        consequence=gettext_lazy("Phản ánh rời trang công khai ngay, có thể công khai lại sau khi xem lại."),
        done=gettext_lazy("Đã thôi công khai."),
        run=_plain(actions.unpublish),
    ),
    "tach": Act(
        consequence=gettext_lazy("Phản ánh này tách ra và về nơi tiếp nhận, hạn tính lại từ đầu."),
        done=gettext_lazy("Đã tách phản ánh."),
        run=_plain(actions.unmerge),
    ),
}
_PLACES = {"person": "person_id", "place": "latitude"}


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, ticket_id: int, key: str) -> HttpResponse:
    """The page of one action; POST runs it and goes back to the ticket. What was typed is never lost to a refusal."""
    wanted = must_exist(ACTS.get(key))
    actor, found = here(request, ticket_id)
    now = clock.now()
    asked = Asked(page=TicketPage(found, now), actor=actor, now=now, request=request)
    offered = next((one for one in next_actions(asked.page, actor=actor) if one.key == key), None)
    if request.method == "GET" and offered is None:
        messages.warning(request, _("Phản ánh không còn ở chỗ làm được việc này. Hãy xem việc tiếp theo."))
        return redirect("feedback:ticket", ticket_id)
    form = _form(asked, wanted)
    if form.is_bound and form.is_valid() and not _is_stale(asked, form):
        with refusals_on(form, places=_PLACES):
            wanted.run(asked, form)
            messages.success(request, str(wanted.done))
            return redirect(_where_to(asked))
    return render(request, wanted.template, _context(asked, wanted, key, offered, form), status=422 if form.errors else 200)


def _form(asked: Asked, wanted: Act) -> forms.SeenForm:
    about = wanted.form(asked)
    initial = {**about.pop("initial", {}), "seen": asked.page.seen}
    if asked.request.method != "POST":
        return wanted.form_class(initial=initial, **about)
    return wanted.form_class(asked.request.POST, asked.request.FILES, initial=initial, **about)


def _is_stale(asked: Asked, form: forms.SeenForm) -> bool:
    """Somebody acted while this page was open: said once, and what was typed stays. Pressed again it is meant."""
    seen = form.cleaned_data["seen"]
    if not seen or seen == asked.page.seen:
        return False
    form.add_error(
        None,
        _("Trong lúc bạn mở trang này, phản ánh đã đổi: %(state)s. Hãy xem lại rồi bấm lần nữa nếu vẫn muốn làm.")
        % {"state": asked.ticket.get_state_display()},
    )
    data = asked.request.POST.copy()
    data["seen"] = asked.page.seen
    form.data = data
    return True


def _context(asked: Asked, wanted: Act, key: str, offered: Action | None, form: forms.SeenForm) -> dict[str, Any]:
    ticket, names = asked.ticket, asked.page.names
    return {
        "page": asked.page,
        "ticket": ticket,
        "act": wanted,
        "key": key,
        "label": offered.label if offered else _("Việc này không còn làm được"),
        "danger": bool(offered and offered.danger),
        "form": form,
        "due": words.due_of(ticket.city_id, asked.now)(ticket),
        "tag": words.TAGS[ticket.state],
        "unit": names.get(ticket.unit_id or 0),
        "place": names.get(ticket.place_unit_id or 0),
        **wanted.about(asked),
    }


def _where_to(asked: Asked) -> str:
    """Back to the ticket; to the list when it went on to where the actor does not see it."""
    try:
        access_ticket(asked.ticket.pk, actor=asked.actor)
    except NotFound:
        return reverse("feedback:inbox")
    return reverse("feedback:ticket", args=[asked.ticket.pk])
