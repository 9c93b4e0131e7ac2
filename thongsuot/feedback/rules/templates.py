"""What stands in braces in a template of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = ("số phản ánh", "nơi xảy ra", "lĩnh vực", "đơn vị", "ngày gửi", "hạn trả lời")
_BRACES = re.compile(r"\{([^{}]*)\}")


def unknown_placeholders(words: str) -> list[str]:
    return [name for name in _BRACES.findall(words) if name.strip().lower() not in PLACEHOLDERS]


def filled(words: str, values: Mapping[str, str]) -> str:
    """What has no value stays in braces, to be seen and written by hand."""
    return _BRACES.sub(lambda found: values.get(found[1].strip().lower()) or found[0], words)
