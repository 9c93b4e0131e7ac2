"""What a production installation must have. Each missing thing is one line; nothing starts until all is there.

Each fault has an id of its own (SILENCED_SYSTEM_CHECKS goes by it); ids are never used again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Worry
from django.db import connections
from django.db.utils import DatabaseError

from thongsuot.config import env
from thongsuot.config.rehearsal import MARK
from thongsuot.feedback.mail_in.mailbox import address_of
from thongsuot.web.maps import is_template

DEMO_KEY = "demo-key-not-for-production"


@register(Tags.security)
def production_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    return list(_missing_settings()) if settings.PRODUCTION else []


def _missing_settings() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if key.startswith(DEMO_KEY) or len(key) < 50 or len(set(key)) < 10:
        yield _error(
            "THONGSUOT_SECRET_KEY",
            "chưa đặt, hoặc quá ngắn: cần ít nhất 50 ký tự ngẫu nhiên",
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
            1,
        )
    own = [host for host in settings.ALLOWED_HOSTS if host not in {"localhost", "127.0.0.1", "[::1]"}]
    if not own or "*" in own:
        yield _error(
            "THONGSUOT_HOSTS", "chưa có tên miền của hệ thống, hoặc là *", "ví dụ THONGSUOT_HOSTS=mot-cua.example.vn", 2
        )
    if not settings.TLS:
        yield _error(
            "THONGSUOT_TLS",
            "đã tắt: mật khẩu và dữ liệu cá nhân sẽ đi không mã hóa",
            "bỏ THONGSUOT_TLS=0; đặt máy chủ TLS ở trước và THONGSUOT_BEHIND_PROXY=1",
            3,
        )
    if not env.text("DATABASE_URL") and not env.flag("THONGSUOT_EMBEDDED_IN_PRODUCTION"):
        yield _error(
            "DATABASE_URL",
            "chưa đặt: cơ sở dữ liệu kèm theo chỉ dành cho dùng thử",
            "postgresql://...; hoặc THONGSUOT_EMBEDDED_IN_PRODUCTION=1 nếu một máy là đủ và đã lo sao lưu",
            4,
        )
    if not settings.EMAIL_HOST:
        yield _error("THONGSUOT_SMTP_HOST", "chưa đặt: người dân không nhận được thông báo", "tên máy chủ thư", 5)
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield _error("THONGSUOT_MAIL_FROM", "chưa đặt: thư cần một địa chỉ gửi có thật", "ví dụ mot-cua@example.vn", 6)
    try:
        address_of(settings.FEEDBACK_IMAP)
    except ValueError as fault:
        yield _error(
            "THONGSUOT_FEEDBACK_IMAP",
            f"không dùng được: {fault}",
            "ví dụ imaps://phananh%40example.vn@imap.example.vn/INBOX",
            30,
        )
    if (settings.FEEDBACK_IMAP or settings.FEEDBACK_MAIL) and not settings.FEEDBACK_AUTHSERV:
        yield Worry(
            "THONGSUOT_FEEDBACK_AUTHSERV: chưa đặt, không ai gửi phản ánh qua thư được trả lời tự động",
            hint="tên mà máy chủ thư ghi trong dòng Authentication-Results, ví dụ mx.example.vn",
            id="thongsuot.W004",
        )
    url = urlsplit(settings.PUBLIC_URL)
    if url.scheme != "https" or url.hostname in {None, "localhost", "127.0.0.1"}:
        yield _error(
            "THONGSUOT_URL",
            "chưa phải địa chỉ công khai bắt đầu bằng https://",
            "ví dụ THONGSUOT_URL=https://mot-cua.example.vn",
            7,
        )
    if settings.TEST_CA and not env.flag("THONGSUOT_TEST_CA_IN_PRODUCTION"):
        yield _error(
            "THONGSUOT_TEST_CA",
            "đang bật: chữ ký số THỬ NGHIỆM không có giá trị pháp lý",
            "bỏ THONGSUOT_TEST_CA; hoặc THONGSUOT_TEST_CA_IN_PRODUCTION=1 nếu chỉ tập dượt",
            12,
        )
    if settings.PKCS11_MODULE and not settings.TIMESTAMP_URL:
        yield _error(
            "THONGSUOT_TIMESTAMP_URL",
            "chưa đặt: chữ ký không có dấu thời gian mất giá trị khi chứng thư hết hạn",
            "địa chỉ dịch vụ dấu thời gian RFC 3161",
            13,
        )
    if not settings.STAND_INS_IN_PRODUCTION:
        played = {
            "THONGSUOT_PORTAL": settings.PORTAL,
            "THONGSUOT_VNEID": settings.VNEID,
            "THONGSUOT_PAYMENTS": settings.PAYMENTS,
        }
        for number, (name, value) in enumerate(played.items(), start=17):
            if value and (value == "stand-in" or not value.startswith("https://")):
                yield _error(
                    name,
                    "đang là bản giả lập, hoặc địa chỉ không mã hóa: hồ sơ thật không được đi qua đó",
                    "https://..., hoặc để trống nếu chưa nối; chạy thử có chủ ý: THONGSUOT_STAND_INS_IN_PRODUCTION=1",
                    number,
                )
    for number, (name, wanted, given) in enumerate(
        (
            ("THONGSUOT_PORTAL", settings.PORTAL, (settings.PORTAL_CLIENT_ID, settings.PORTAL_SECRET)),
            ("THONGSUOT_VNEID", settings.VNEID, (settings.VNEID_CLIENT_ID, settings.VNEID_SECRET)),
        ),
        start=14,
    ):
        if wanted.startswith("https://") and not all(given):
            yield _error(name, "thiếu mã khách và khóa", f"{name}_CLIENT_ID và {name}_SECRET (hoặc _SECRET_FILE)", number)
    yield from _gateways()
    yield from _exchange()
    if settings.PORTAL_TIMES not in {"compact", "iso"}:
        yield _error("THONGSUOT_PORTAL_TIMES", "không phải compact hay iso", "compact: yyyyMMddHHmmss; iso: ISO 8601", 16)
    if settings.DEBUG:
        yield _error("THONGSUOT_DEBUG", "đang bật: trang lỗi sẽ lộ mã và dữ liệu", "bỏ THONGSUOT_DEBUG", 8)
    if settings.SIMULATED_CLOCK or (settings.DATA_DIR / MARK).exists():
        yield _error(
            "THONGSUOT_SIMULATED_CLOCK",
            "thư mục dữ liệu của một lần diễn tập, hoặc đồng hồ giả định đang bật",
            "chọn thư mục dữ liệu mới và bỏ THONGSUOT_SIMULATED_CLOCK",
            19,
        )


@register(Tags.security)
def map_settings(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Asked everywhere: the address goes into the content policy of every page."""
    tiles, credit = settings.MAP_TILES, settings.MAP_CREDIT
    if tiles and not is_template(tiles):
        return [
            _error(
                "THONGSUOT_MAP_TILES",
                "không phải mẫu địa chỉ của ảnh bản đồ",
                "https, một tên máy chủ, có đủ {z}, {x}, {y}; ví dụ https://ban-do.example.vn/{z}/{x}/{y}.png; hoặc để trống",
                26,
            )
        ]
    if tiles and not credit:
        return [_error("THONGSUOT_MAP_CREDIT", "chưa đặt: phải ghi nguồn của ảnh bản đồ", "ví dụ © Sở Xây dựng", 27)]
    return []


def _gateways() -> Iterator[CheckMessage]:
    """SMS and Zalo: real and encrypted, or not at all; and with all by which both sides know each other."""
    asked = (
        ("THONGSUOT_SMS_URL", settings.SMS_URL, {"_KEY": settings.SMS_KEY, "_SENDER": settings.SMS_SENDER}, 20, 22),
        ("THONGSUOT_ZALO_URL", settings.ZALO_URL, {"_TOKEN": settings.ZALO_TOKEN or settings.ZALO_RENEWING_TOKEN}, 21, 23),
    )
    for name, address, needed, played, lacking in asked:
        partner = name.removesuffix("_URL")
        if address and not address.startswith("https://") and not settings.STAND_INS_IN_PRODUCTION:
            yield _error(
                name,
                "đang là bản giả lập, hoặc địa chỉ không mã hóa: tin báo thật không được đi qua đó",
                "https://..., hoặc để trống nếu chưa nối; chạy thử có chủ ý: THONGSUOT_STAND_INS_IN_PRODUCTION=1",
                played,
            )
        if address.startswith("https://") and (missing := [partner + end for end, value in needed.items() if not value]):
            yield _error(missing[0], "chưa đặt: cổng tin nhắn không biết ai gửi", ", ".join(missing), lacking)
    if settings.SMS_URL.startswith("https://") and not settings.SMS_REPORT_KEY:
        yield Worry(
            "THONGSUOT_SMS_REPORT_KEY: chưa đặt, báo cáo giao tin của cổng SMS sẽ bị từ chối",
            hint="khóa ký báo cáo, thỏa thuận với nhà cung cấp",
            id="thongsuot.W002",
        )
    if settings.ZALO_URL.startswith("https://") and not (settings.ZALO_APP_ID and settings.ZALO_SECRET):
        yield Worry(
            "THONGSUOT_ZALO_SECRET: chưa đặt, báo cáo giao tin của Zalo sẽ bị từ chối",
            hint="THONGSUOT_ZALO_APP_ID và THONGSUOT_ZALO_SECRET",
            id="thongsuot.W003",
        )
    if settings.ZALO_RENEWING_TOKEN and not (settings.ZALO_APP_ID and settings.ZALO_APP_SECRET):
        yield _error(
            "THONGSUOT_ZALO_RENEWING_TOKEN",
            "không gia hạn được khóa nếu thiếu mã và khóa của ứng dụng",
            "THONGSUOT_ZALO_APP_ID và THONGSUOT_ZALO_APP_SECRET",
            25,
        )
    if settings.SMS_AUTH not in {"bearer", "hmac"}:
        yield _error("THONGSUOT_SMS_AUTH", "không phải bearer hay hmac", "bearer: khóa trong tiêu đề; hmac: chữ ký", 24)


@register(Tags.database)
def production_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Asked for with `check --database default`, and before production starts."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "SELECT current_setting('server_version_num')::int, "
                    "coalesce(nullif(datcollate, ''), 'C'), to_regclass('people_person') "
                    "FROM pg_database WHERE datname = current_database()"
                )
                version, collation, people = cursor.fetchone()
                demo = 0
                if settings.PRODUCTION and people:
                    cursor.execute("SELECT count(*) FROM people_person WHERE is_demo AND is_active")
                    demo = cursor.fetchone()[0]
        except DatabaseError as reason:
            found.append(
                _error("DATABASE_URL", f"không kết nối được: {str(reason).strip()[:200]}", "xem lại địa chỉ và quyền", 9)
            )
            continue
        if version < 150000:
            found.append(_error("DATABASE_URL", f"PostgreSQL {version // 10000} quá cũ", "dùng PostgreSQL 15 trở lên", 10))
        if demo:
            found.append(
                _error(
                    "demo",
                    f"còn {demo} tài khoản mẫu đăng nhập được",
                    "làm trên cơ sở dữ liệu mới, hoặc đóng các tài khoản đó",
                    11,
                )
            )
        if not collation.startswith(("C", "POSIX")):
            found.append(
                Worry(
                    f"Cơ sở dữ liệu sắp chữ theo {collation}; lệnh kiểm thử chỉ chạy với C.UTF-8.",
                    hint="createdb --locale=C.UTF-8 --template=template0",
                    id="thongsuot.W001",
                )
            )
    return found


def _exchange() -> Iterator[CheckMessage]:
    """The telephone exchange: real and encrypted, or none; and with the key by which it is known."""
    address, hint = settings.EXCHANGE, "https://..., hoặc để trống nếu chưa nối"
    if address and not address.startswith("https://") and not settings.STAND_INS_IN_PRODUCTION:
        yield _error(
            "THONGSUOT_EXCHANGE",
            "đang là bản giả lập, hoặc địa chỉ không mã hóa: số của người gọi thật không được đi qua đó",
            f"{hint}; chạy thử có chủ ý: THONGSUOT_STAND_INS_IN_PRODUCTION=1",
            31,
        )
    if address.startswith("https://") and not (settings.EXCHANGE_CLIENT_ID and settings.EXCHANGE_SECRET):
        asked = "THONGSUOT_EXCHANGE_CLIENT_ID và THONGSUOT_EXCHANGE_SECRET (hoặc _SECRET_FILE)"
        yield _error("THONGSUOT_EXCHANGE", "thiếu mã khách và khóa", asked, 32)


def _error(name: str, text: str, hint: str, number: int) -> Error:
    return Error(f"{name}: {text}", hint=hint, id=f"thongsuot.E{number:03}")
