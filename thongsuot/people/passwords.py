"""What makes a password good enough, told in our words. The checks are Django's."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu ngắn hơn %(length)s ký tự. Hãy thêm vài từ.") % {"length": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu này nhiều người đã dùng nên dễ đoán. Hãy chọn cụm từ khác.")


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu chỉ có chữ số thì dễ đoán. Hãy thêm chữ.")


class NotLikeOneself(password_validation.UserAttributeSimilarityValidator):
    """Not one's own name, mail address or phone number."""

    DEFAULT_USER_ATTRIBUTES = ("full_name", "email", "phone", "id_number")

    def __init__(self) -> None:
        super().__init__(user_attributes=self.DEFAULT_USER_ATTRIBUTES)

    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
        except ValidationError as refusal:
            sentence = _("Mật khẩu quá giống tên, thư hoặc số điện thoại của bạn. Hãy chọn cụm từ khác.")
            raise ValidationError(sentence, code=refusal.code) from None
