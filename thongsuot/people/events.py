"""What happens to accounts, posts, delegations and keys."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.events import EventKind

REGISTERED = EventKind("people.registered", _("Đã mở tài khoản người dân"))
ACCOUNT_OPENED = EventKind("people.account_opened", _("Đã mở tài khoản công vụ"))
PROFILE_CHANGED = EventKind("people.profile_changed", _("Đã sửa thông tin tài khoản"))
IDENTITY_CONFIRMED = EventKind("people.identity_confirmed", _("Đã đối chiếu giấy tờ định danh"))
IDENTITY_SHOWN = EventKind("people.identity_shown", _("Đã vào bằng tài khoản định danh"))
IDENTITY_LINKED = EventKind("people.identity_linked", _("Đã gắn tài khoản định danh"))
PASSWORD_LINK_ISSUED = EventKind("people.password_link_issued", _("Đã cấp đường dẫn đặt mật khẩu"))
PASSWORD_SET = EventKind("people.password_set", _("Đã đặt mật khẩu"))
LOGGED_IN = EventKind("people.logged_in", _("Đã đăng nhập"))
SECOND_FACTOR_CHANGED = EventKind("people.second_factor_changed", _("Đã đổi lớp đăng nhập thứ hai"))
SECOND_FACTOR_RESET = EventKind("people.second_factor_reset", _("Đã gỡ lớp đăng nhập thứ hai"))
APPOINTED = EventKind("people.appointed", _("Đã bổ nhiệm"))
APPOINTMENT_ENDED = EventKind("people.appointment_ended", _("Đã thôi giữ chức"))
DUTIES_CHANGED = EventKind("people.duties_changed", _("Đã đổi nhiệm vụ"))
POST_FOLLOWED_POINT = EventKind("people.post_followed_point", _("Đã theo điểm phục vụ sang cơ quan quản lý mới"))
POSTS_ALIGNED = EventKind("people.posts_aligned", _("Đã soát chức vụ của người làm việc tại điểm"), public=False)
WORK_DELEGATED = EventKind("people.work_delegated", _("Đã giao người làm thay"))
DELEGATION_ENDED = EventKind("people.delegation_ended", _("Đã kết thúc làm thay"))
TOKEN_CREATED = EventKind("people.token_created", _("Đã tạo khóa kết nối"))
TOKEN_REVOKED = EventKind("people.token_revoked", _("Đã thu hồi khóa kết nối"))
SESSIONS_ENDED = EventKind("people.sessions_ended", _("Đã đăng xuất mọi nơi"))
DEACTIVATED = EventKind("people.deactivated", _("Đã khóa tài khoản"))
REACTIVATED = EventKind("people.reactivated", _("Đã mở lại tài khoản"))
DATA_LOOKED_UP = EventKind("people.data_looked_up", _("Đã xem dữ liệu cá nhân"))
