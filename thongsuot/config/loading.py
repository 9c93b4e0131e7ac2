"""What a database is filled with, in order. Every step looks for what is missing and may run again at no cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from thongsuot.allowances import demo as demo_allowances
from thongsuot.allowances import loading as allowances
from thongsuot.allowances.actions.errors import RateIsUsed
from thongsuot.assistance import demo as demo_assistance
from thongsuot.citizen_reception import actions as reception
from thongsuot.citizen_reception import demo as demo_reception
from thongsuot.config.terminal import say
from thongsuot.counters import demo as demo_counters
from thongsuot.dossiers import demo as demo_dossiers
from thongsuot.dossiers import demo_agencies, demo_papers
from thongsuot.dossiers.actions import load_settings
from thongsuot.feedback import actions as feedback
from thongsuot.feedback import demo as demo_feedback
from thongsuot.handover import demo as demo_handover
from thongsuot.hotline import demo as demo_hotline
from thongsuot.indicators import counting
from thongsuot.indicators.actions import load_rules
from thongsuot.kernel.actor import system
from thongsuot.knowledge import demo as demo_answers
from thongsuot.meetings import demo as demo_meetings
from thongsuot.national_portal import demo as demo_portal
from thongsuot.notices import demo as demo_notices
from thongsuot.payments import demo as demo_payments
from thongsuot.people import demo
from thongsuot.procedures import loading as procedures
from thongsuot.registers import demo as demo_registers
from thongsuot.signing import demo as demo_certificates
from thongsuot.signing.models import Certificate
from thongsuot.staffing import demo as demo_staff
from thongsuot.staffing import loading as staffing
from thongsuot.units import loading as units
from thongsuot.units import queries

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Loading:
    """One step. `run` gets the city's code, the time, and where to tell how far it is."""

    vietnamese: str
    english: str
    run: Callable[[str, datetime, Progress], object]
    demo: bool = False  # made-up content: never in production


def _country(city: str, at: datetime, progress: Progress) -> object:
    return units.load_country(at=at, progress=progress)


def _city(city: str, at: datetime, progress: Progress) -> object:
    return units.load_city(city, at=at, progress=progress)


def _agencies(city: str, at: datetime, progress: Progress) -> object:
    return units.load_agencies(city, at=at)


def _departments(city: str, at: datetime, progress: Progress) -> object:
    return procedures.load_departments(_city_id(city, at), at=at)


def _catalogue(city: str, at: datetime, progress: Progress) -> object:
    return procedures.load_catalogue(_city_id(city, at), at=at, progress=progress)


def _settings(city: str, at: datetime, progress: Progress) -> object:
    return load_settings(actor=system("cli"), at=at)


def _reception_settings(city: str, at: datetime, progress: Progress) -> object:
    return reception.load_settings(actor=system("cli"), at=at)


def _index_rules(city: str, at: datetime, progress: Progress) -> object:
    return load_rules(actor=system("cli"), at=at)


def _feedback_rules(city: str, at: datetime, progress: Progress) -> object:
    return feedback.load_rules(_city_id(city, at), actor=system("cli"), at=at)


def _allowance_rates(city: str, at: datetime, progress: Progress) -> object:
    try:
        return allowances.load_rates(at=at)
    except RateIsUsed as refusal:  # nothing was changed; the rest of the house goes on
        say(f"  ! {refusal.message()}")
        return 0


def _positions(city: str, at: datetime, progress: Progress) -> object:
    return staffing.load(at=at)


def _allowances(city: str, at: datetime, progress: Progress) -> object:
    return demo_allowances.load_demo(_city_id(city, at), at=at)


def _conferences(city: str, at: datetime, progress: Progress) -> object:
    return demo_meetings.load_demo(_city_id(city, at), at=at)


def _feedback(city: str, at: datetime, progress: Progress) -> object:
    return demo_feedback.load_demo(_city_id(city, at), at=at)


def _receptions(city: str, at: datetime, progress: Progress) -> object:
    return demo_reception.load_demo(_city_id(city, at), at=at)


def _counters(city: str, at: datetime, progress: Progress) -> object:
    return demo_counters.load_demo(_city_id(city, at), at=at)


def _helpers(city: str, at: datetime, progress: Progress) -> object:
    return demo_assistance.load_demo(_city_id(city, at), at=at)


def _calls(city: str, at: datetime, progress: Progress) -> object:
    return demo_hotline.load_demo(_city_id(city, at), at=at)


def _people(city: str, at: datetime, progress: Progress) -> object:
    return demo.load_demo(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _letters(city: str, at: datetime, progress: Progress) -> object:
    return demo_notices.load_demo(_city_id(city, at), at=at)


def _staff(city: str, at: datetime, progress: Progress) -> object:
    return demo_staff.load_demo(_city_id(city, at), at=at)


def _portal_rests(city: str, at: datetime, progress: Progress) -> object:
    demo_portal.rest(_city_id(city, at), at=at)
    return None


def _portal_is_told(city: str, at: datetime, progress: Progress) -> object:
    demo_portal.tell(_city_id(city, at), at=at)
    return None


def _dossiers(city: str, at: datetime, progress: Progress) -> object:
    return demo_dossiers.load_demo(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _papers(city: str, at: datetime, progress: Progress) -> object:
    return demo_papers.load_demo_papers(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _certificates(city: str, at: datetime, progress: Progress) -> object:
    demo_certificates.load_demo(_city_id(city, at), at=at)
    return None


def _fee_accounts(city: str, at: datetime, progress: Progress) -> object:
    return demo_payments.load_demo(_city_id(city, at), at=at)


def _agency_dossiers(city: str, at: datetime, progress: Progress) -> object:
    return demo_agencies.load_demo(_city_id(city, at), at=at)


def _registers(city: str, at: datetime, progress: Progress) -> object:
    return demo_registers.load_demo(_city_id(city, at), at=at, progress=lambda done, total: progress("", done, total))


def _handover(city: str, at: datetime, progress: Progress) -> object:
    return demo_handover.load_demo(_city_id(city, at), at=at)


def _answers(city: str, at: datetime, progress: Progress) -> object:
    return demo_answers.load_demo(_city_id(city, at), at=at)


def _figures(city: str, at: datetime, progress: Progress) -> object:
    return counting.bring_up_to_date()


def _city_id(city: str, at: datetime) -> int:
    return queries.unit_by_code(city, as_of=timezone.localtime(at).date()).id


STEPS = (
    Loading(vietnamese="Nạp đơn vị hành chính cả nước", english="all units of the country", run=_country),
    Loading(vietnamese="Nạp thành phố và các xã, phường", english="the city and its communes", run=_city),
    Loading(vietnamese="Lập sở, chi nhánh, cơ quan phối hợp", english="departments, branches and partners", run=_agencies),
    Loading(vietnamese="Nạp danh mục thủ tục", english="the catalogue of procedures", run=_catalogue),
    Loading(vietnamese="Giao thủ tục của các sở", english="the procedures of departments", run=_departments),
    Loading(vietnamese="Đặt thông số xử lý hồ sơ", english="the settings of dossiers", run=_settings),
    Loading(vietnamese="Đặt thông số tiếp công dân", english="the settings of receptions", run=_reception_settings),
    Loading(vietnamese="Đặt bộ chỉ số chất lượng phục vụ", english="the items of the quality index", run=_index_rules),
    Loading(vietnamese="Nạp lĩnh vực, thời hạn phản ánh", english="categories, limits of feedback", run=_feedback_rules),
    Loading(vietnamese="Nạp mức trợ cấp hằng tháng", english="rates of monthly allowances", run=_allowance_rates),
    Loading(vietnamese="Nạp vị trí việc làm, mức chế độ nghỉ", english="job positions, rates of leave", run=_positions),
    Loading(vietnamese="Lập tài khoản mẫu", english="demo accounts", run=_people, demo=True),
    Loading(vietnamese="Soạn mẫu tin mẫu", english="demo letters", run=_letters, demo=True),
    Loading(vietnamese="Soạn kho hỏi đáp mẫu", english="demo answers", run=_answers, demo=True),
    Loading(vietnamese="Lập quầy, hàng chờ mẫu", english="demo counters", run=_counters, demo=True),
    Loading(vietnamese="Lập tài khoản thu phí mẫu", english="demo receiving accounts", run=_fee_accounts, demo=True),
    Loading(vietnamese="Lập danh sách trợ cấp mẫu", english="demo allowances", run=_allowances, demo=True),
    Loading(vietnamese="Lập hội nghị trực tuyến mẫu", english="demo conferences", run=_conferences, demo=True),
    Loading(vietnamese="Lập lịch, sổ tiếp công dân mẫu", english="demo citizen reception", run=_receptions, demo=True),
    Loading(vietnamese="Lập phản ánh mẫu", english="demo feedback", run=_feedback, demo=True),
    Loading(vietnamese="Lập người giúp, lịch trực mẫu", english="demo helpers and rosters", run=_helpers, demo=True),
    Loading(vietnamese="Lập danh sách cán bộ mẫu", english="demo staff", run=_staff, demo=True),
    Loading(vietnamese="Tạm dừng đồng bộ mẫu", english="the demo sync rests", run=_portal_rests, demo=True),
    Loading(vietnamese="Lập hồ sơ mẫu", english="demo dossiers", run=_dossiers, demo=True),
    Loading(vietnamese="Lập hồ sơ mẫu liên thông", english="demo dossiers of agencies", run=_agency_dossiers, demo=True),
    Loading(vietnamese="Lập kho giấy tờ mẫu", english="demo papers", run=_papers, demo=True),
    Loading(vietnamese="Lập đợt bàn giao mẫu", english="a demo handover", run=_handover, demo=True),
    Loading(vietnamese="Nhập sổ hộ tịch mẫu", english="demo civil status registers", run=_registers, demo=True),
    # After the dossiers: those are signed on paper in their past, as units did before they had certificates.
    Loading(vietnamese="Cấp chứng thư THỬ NGHIỆM", english="TEST certificates", run=_certificates, demo=True),
    Loading(vietnamese="Báo hồ sơ mẫu cho Cổng giả lập", english="telling the stand-in", run=_portal_is_told, demo=True),
    Loading(vietnamese="Lập cuộc gọi tổng đài mẫu", english="demo calls", run=_calls, demo=True),
    Loading(vietnamese="Đếm số liệu", english="the figures", run=_figures),
)


def demo_accounts(at: datetime) -> list[str]:
    """A line per demo account for the greeting; empty in a city without them."""
    accounts = demo.demo_accounts(at=at)
    wide = max((len(account.email) for account in accounts), default=0)
    lines = [f"{account.email:<{wide}}  {account.name}, {account.post}" for account in accounts]
    if not lines:
        return []
    said = [*lines, f"Mật khẩu chung (password of all): {demo.PASSWORD}"]
    if Certificate.objects.filter(is_test=True).exists():
        said.append(f"Mã PIN ký số thử nghiệm (TEST signing PIN): {demo_certificates.PIN}")
    return said
