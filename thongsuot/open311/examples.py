"""The examples of the page `/open311/`. A test sends each of them and holds what comes against what is said here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KEY, NUMBER, TOKEN = "KHOA_CUA_BAN", "SO_PHAN_ANH", "MA_TAM"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One call. `root`: how the XML that comes begins; `form`: what is sent, None: it reads."""

    says: str | Promise
    path: str
    root: str
    form: Mapping[str, str] | None = field(default=None)

    def command(self, home: str) -> str:
        """As one types it."""
        if self.form is None:
            return f"curl '{home}{self.path}'"
        lines = [f"curl '{home}{self.path}'", *(f"  --data-urlencode '{name}={value}'" for name, value in self.form.items())]
        return " \\\n".join(lines)


EXAMPLES = (
    Example(says=_("Tìm địa chỉ của giao diện"), path="/open311/discovery.xml", root="discovery"),
    Example(says=_("Lĩnh vực nhận phản ánh"), path="/open311/v2/services.xml", root="services"),
    Example(says=_("Câu hỏi của một lĩnh vực"), path="/open311/v2/services/o-ga.xml", root="service_definition"),
    Example(
        says=_("Gửi một phản ánh"),
        path="/open311/v2/requests.xml",
        root="service_requests",
        form={
            "api_key": KEY,
            "service_code": "o-ga",
            "lat": "21.01",
            "long": "105.05",
            "address_string": "phố Bến, phường Sông",
            "first_name": "Mẫu",
            "last_name": "Lò Văn",
            "email": "mau@vidu.vn",
            "description": "Ổ gà sâu trước cổng trường, xe máy ngã hai lần trong tuần này",
            "attribute[rong]": "vua",
        },
    ),
    Example(
        says=_("Phản ánh đã trả lời của một lĩnh vực, 90 ngày gần nhất"),
        path="/open311/v2/requests.xml?status=closed&service_code=o-ga",
        root="service_requests",
    ),
    Example(says=_("Một phản ánh, theo số"), path=f"/open311/v2/requests/{NUMBER}.xml", root="service_requests"),
    Example(
        says=_("Phản ánh quanh một điểm, kèm tình trạng chi tiết"),
        path="/open311/v2/requests.xml?lat=21.01&long=105.05&radius=500&extensions=true",
        root="service_requests",
    ),
    Example(
        says=_("Người gửi bổ sung"),
        path="/open311/v2/servicerequestupdates.xml",
        root="service_request_updates",
        form={
            "api_key": KEY,
            "service_request_id": NUMBER,
            "update_id": "bo-sung-1",
            "status": "OPEN",
            "description": "Hôm nay chỗ hỏng đã rộng thêm",
        },
    ),
    Example(
        says=_("Các bước đã diễn ra, cũ trước mới sau"),
        path="/open311/v2/servicerequestupdates.xml",
        root="service_request_updates",
    ),
)
