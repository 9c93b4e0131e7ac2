"""Where the bars lead, the home page's search line, and what people come for most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel import clock
from thongsuot.procedures import queries, words
from thongsuot.web import home, navigation


def common(request: HttpRequest) -> tuple[str, Mapping[str, Any]] | None:
    rows = queries.these(queries.COMMON, on=clock.today())
    return ("procedures/_common.html", {"rows": rows, "words": words}) if rows else None


navigation.citizen("procedures:index", _("Thủ tục"), icon="dossier", order=10, match="/thu-tuc/")
navigation.staff(
    "procedures:manage", _("Thủ tục"), icon="dossier", duty="manage procedures", order=70, match="/quan-tri/thu-tuc/"
)
navigation.search(
    "home",
    "procedures:index",
    param="q",
    label=_("Tên thủ tục hoặc giấy tờ bạn cần"),
    hint=_("Không cần gõ dấu, ví dụ: khai sinh, sao y"),
    button=_("Tìm thủ tục"),
)
home.section("procedures.common", common, place="main", order=20)
