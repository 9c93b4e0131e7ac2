"""What is wrong with a draft conversion, as sentences; why a station was proposed as the central one."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from thongsuot.units.plan_words import Facts, codes_of, day_of
from thongsuot.units.rules.conversions import ChosenBy
from thongsuot.units.rules.reorganising import Fault

COUNTED: dict[str, Promise] = {
    "health_station": gettext_lazy("Trạm y tế trung tâm"),
    "health_point": gettext_lazy("Điểm y tế"),
    "point": gettext_lazy("Điểm phục vụ đổi cơ quan quản lý"),
}
CHOSEN_BY: dict[str, Promise] = {
    ChosenBy.ONLY: gettext_lazy("trạm duy nhất của đơn vị"),
    ChosenBy.PERSON: gettext_lazy("do người soạn chọn"),
    ChosenBy.NEAREST: gettext_lazy("gần trụ sở nhất"),
    ChosenBy.NAME: gettext_lazy("cùng tên với đơn vị; chưa có tọa độ để so"),
    ChosenBy.FIRST: pgettext_lazy("trạm trung tâm", "đứng đầu theo mã; hãy xem lại"),
}


SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    "empty": lambda about, facts: _("Quyết định chưa có dòng nào. Hãy lập đề xuất hoặc thêm từng dòng."),
    "twice": lambda about, facts: _("%(about)s có hai dòng. Hãy bỏ một dòng.") % {"about": about},
    "facility_unknown": lambda about, facts: (
        _("Cơ sở %(about)s không hoạt động vào ngày hiệu lực. Hãy bỏ dòng này hoặc xem lại ngày.") % {"about": about}
    ),
    "point_unknown": lambda about, facts: (
        _("Điểm phục vụ %(about)s không hoạt động vào ngày hiệu lực. Hãy bỏ dòng này hoặc xem lại ngày.") % {"about": about}
    ),
    "begins_then": lambda about, facts: (
        _("%(about)s có thông tin áp dụng từ ngày %(day)s, không trước ngày hiệu lực. Hãy chọn ngày hiệu lực sau ngày đó.")
        % {"about": about, "day": day_of(facts)}
    ),
    "changes_otherwise": lambda about, facts: (
        _("%(about)s đã có thay đổi khác từ ngày %(day)s. Hãy rút thay đổi đó, hoặc chọn ngày hiệu lực sau ngày đó.")
        % {"about": about, "day": day_of(facts)}
    ),
    "unit_unknown": lambda about, facts: (
        _("Đơn vị của cơ sở %(about)s không còn hoạt động vào ngày hiệu lực. Hãy ghi đơn vị mới, hoặc chuyển giao xong trước.")
        % {"about": about}
    ),
    "body_unknown": lambda about, facts: (
        _("Cơ quan quản lý mới của %(about)s không hoạt động vào ngày hiệu lực. Hãy chọn cơ quan khác.") % {"about": about}
    ),
    "body_elsewhere": lambda about, facts: (
        _("Cơ quan quản lý mới của %(about)s thuộc đơn vị khác. Hãy chọn cơ quan của xã, phường đó hoặc của thành phố.")
        % {"about": about}
    ),
    "same_manager": lambda about, facts: (
        _("%(about)s đã do đúng cơ quan ấy quản lý. Hãy bỏ dòng này hoặc chọn cơ quan khác.") % {"about": about}
    ),
    "no_central": lambda about, facts: (
        _("%(about)s không có trạm y tế nào từ ngày hiệu lực. Hãy chọn một cơ sở làm trạm trung tâm.") % {"about": about}
    ),
    "two_central": lambda about, facts: (
        _("%(about)s có nhiều trạm y tế từ ngày hiệu lực: %(codes)s. Hãy giữ một trạm, các trạm khác thành điểm.")
        % {"about": about, "codes": codes_of(facts)}
    ),
    "station_with_parent": lambda about, facts: (
        _("Trạm y tế %(about)s không thuộc trạm nào khác. Hãy bỏ trạm quản lý, hoặc đổi thành điểm y tế.") % {"about": about}
    ),
    "point_without_parent": lambda about, facts: (
        _("Điểm y tế %(about)s chưa thuộc trạm nào. Hãy ghi trạm quản lý.") % {"about": about}
    ),
    "parent_unknown": lambda about, facts: (
        _("Trạm quản lý của điểm y tế %(about)s không hoạt động vào ngày hiệu lực. Hãy chọn trạm khác.") % {"about": about}
    ),
    "parent_no_station": lambda about, facts: (
        _("Điểm y tế %(about)s thuộc %(parent)s, mà nơi đó cũng là một điểm. Hãy chọn trạm trung tâm.")
        % {"about": about, "parent": facts.get("parent")}
    ),
    "parent_elsewhere": lambda about, facts: (
        _("Điểm y tế %(about)s thuộc trạm %(parent)s ở đơn vị khác. Hãy chọn trạm của cùng đơn vị.")
        % {"about": about, "parent": facts.get("parent")}
    ),
    "count": lambda about, facts: (
        _("%(kind)s: bản soạn có %(planned)s, quyết định ghi %(expected)s.")
        % {"kind": COUNTED[str(facts["kind"])], "planned": facts.get("planned"), "expected": facts.get("expected")}
    ),
}


def conversion_fault(fault: Fault) -> str:
    """One sentence."""
    return SENTENCES[fault.key](fault.about, fault.facts)
