"""What is wrong with a draft decision, as sentences: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from thongsuot.kernel.text import day
from thongsuot.units.models import UnitName
from thongsuot.units.rules.reorganising import Fault

Facts = Mapping[str, object]


def day_of(facts: Facts, name: str = "day") -> str:
    """A day among the facts of a fault, as it is written."""
    value = facts.get(name)
    return day(value) if isinstance(value, date) else str(value)


def codes_of(facts: Facts) -> str:
    """The first ten codes among the facts of a fault."""
    codes = facts.get("codes")
    shown = list(codes) if isinstance(codes, list | tuple) else []
    return ", ".join(str(code) for code in shown[:10]) + ("…" if len(shown) > 10 else "")


SENTENCES: dict[str, Callable[[str, Facts], str]] = {
    "empty": lambda code, facts: _("Quyết định chưa có đơn vị nào. Hãy nhập tệp hoặc thêm từng dòng."),
    "left_out": lambda code, facts: (
        _("%(count)s dòng của tệp không đọc được nên chưa vào quyết định. Sửa tệp, gửi lại, hoặc bấm “Đã xem các dòng bị bỏ”.")
        % {"count": facts.get("count")}
    ),
    "changes_later": lambda code, facts: (
        _("Đơn vị %(code)s còn thay đổi ở ngày sau theo quyết định đã duyệt. Hãy rút quyết định ấy trước.") % {"code": code}
    ),
    "begins_later": lambda code, facts: (
        _("Mã %(code)s đã dành cho đơn vị thành lập ở ngày sau theo quyết định đã duyệt.") % {"code": code}
    ),
    "ends_unknown": lambda code, facts: (
        _("Mã %(code)s không có đơn vị nào đang hoạt động trước ngày hiệu lực. Hãy kiểm tra mã.") % {"code": code}
    ),
    "ends_otherwise": lambda code, facts: (
        _("Đơn vị %(code)s đã có quyết định kết thúc từ ngày %(day)s.") % {"code": code, "day": day_of(facts)}
    ),
    "ends_before_it_began": lambda code, facts: (
        _("Đơn vị %(code)s bắt đầu từ ngày %(day)s, không kết thúc trước ngày đó được.") % {"code": code, "day": day_of(facts)}
    ),
    "ends_before_its_parts": lambda code, facts: (
        _("Đơn vị %(code)s kết thúc nhưng còn đơn vị trực thuộc: %(codes)s. Hãy đưa các đơn vị đó vào quyết định.")
        % {"code": code, "codes": codes_of(facts)}
    ),
    "no_successor": lambda code, facts: (
        _("Đơn vị %(code)s kết thúc mà dân cư chưa có nơi kế tục. Hãy thêm đơn vị nhận.") % {"code": code}
    ),
    "code_taken": lambda code, facts: (
        _("Mã %(code)s đang là của %(name)s. Hãy dùng mã khác, hoặc cho đơn vị đó kết thúc.")
        % {"code": code, "name": facts.get("name")}
    ),
    "nameless": lambda code, facts: _("Đơn vị %(code)s chưa có tên.") % {"code": code},
    "kind_of_other_level": lambda code, facts: _("Loại của đơn vị %(code)s không hợp với cấp của mã.") % {"code": code},
    "code_form": lambda code, facts: _("Mã %(code)s sai dạng: cấp tỉnh 2 chữ số, cấp xã 5 chữ số.") % {"code": code},
    "no_parent": lambda code, facts: (
        _("Đơn vị %(code)s chưa rõ thuộc tỉnh, thành phố nào (mã “%(parent)s”). Hãy duyệt quyết định sắp xếp cấp tỉnh trước.")
        % {"code": code, "parent": facts.get("parent")}
    ),
    "no_origin": lambda code, facts: _("Đơn vị mới %(code)s chưa ghi được lập từ đâu.") % {"code": code},
    "changes_unknown": lambda code, facts: (
        _("Mã %(code)s không có đơn vị nào tiếp tục hoạt động để đổi tên, đổi loại.") % {"code": code}
    ),
    "changes_nothing": lambda code, facts: _("Đơn vị %(code)s đã có đúng tên và loại ấy.") % {"code": code},
    "succeeds_who_stays": lambda code, facts: (
        _("Đơn vị %(code)s có nơi kế tục nhưng không kết thúc. Hãy thêm dòng kết thúc.") % {"code": code}
    ),
    "successor_unknown": lambda code, facts: (
        _("Đơn vị %(code)s về mã %(to)s, nhưng mã đó không có đơn vị nào từ ngày hiệu lực.")
        % {"code": code, "to": facts.get("code")}
    ),
    "whole_and_others": lambda code, facts: _("Đơn vị %(code)s đã về toàn bộ một nơi mà còn ghi nơi khác.") % {"code": code},
    "people_twice": lambda code, facts: (
        _("Toàn bộ dân của đơn vị %(code)s đã về một nơi mà còn ghi nơi khác có dân.") % {"code": code}
    ),
    "rest_without_successor": lambda code, facts: (
        _("Đơn vị %(code)s chỉ ghi một phần; phần còn lại chưa có nơi kế tục.") % {"code": code}
    ),
    "two_likeliest": lambda code, facts: (
        _("Đơn vị %(code)s có hai nơi cùng ghi là khả năng nhất. Hãy chọn một.") % {"code": code}
    ),
    "place_twice": lambda code, facts: (
        _("“%(place)s” của đơn vị %(code)s được ghi cho hai nơi nhận.") % {"code": code, "place": facts.get("place")}
    ),
    "name_twice": lambda code, facts: (
        _("Đơn vị %(code)s trùng tên, trùng loại với %(other)s trong cùng tỉnh, thành phố.")
        % {"code": code, "other": facts.get("other")}
    ),
    "count": lambda code, facts: (
        _("Số %(kind)s thành lập là %(planned)s, quyết định ghi %(expected)s.")
        % {
            "kind": UnitName.Kind(str(facts["kind"])).label,
            "planned": facts.get("planned"),
            "expected": facts.get("expected"),
        }
    ),
}


def plan_fault(fault: Fault) -> str:
    """One sentence."""
    return SENTENCES[fault.key](fault.about, fault.facts)
