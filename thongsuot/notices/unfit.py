"""What keeps a version of a letter from being used: said beside the field it is about."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thongsuot.notices import kinds, letters, rules

MOST_BODY = 4000
MOST_SMS = 600
MOST_VALUES = 20


def unfit(key: str, words: letters.Words) -> dict[str, str]:
    """{field: sentence}; empty: it can be used."""
    kind = kinds.LETTERS[key]
    parts = {"subject": words.subject, "body": words.body, "sms": words.sms, **_zalo_parts(words)}
    problems: dict[str, str] = {}
    for part, text in parts.items():
        if said := _wrong_places(key, text, alone=part != "body", listed=part == "subject"):
            problems.setdefault(part.partition(".")[0], said)
    if not words.subject:
        problems["subject"] = _("Chưa có tiêu đề thư. Hãy viết một dòng nói việc gì, của hồ sơ nào.")
    elif len(words.subject) > letters.SUBJECT_LENGTH:
        problems.setdefault("subject", _("Tiêu đề dài quá 200 chữ. Hãy viết ngắn lại."))
    if len(words.body) > MOST_BODY:
        problems.setdefault("body", _("Nội dung dài quá 4.000 chữ. Hãy viết ngắn lại."))
    if len(words.sms) > MOST_SMS:
        problems.setdefault("sms", _("SMS dài quá 600 chữ. Hãy viết ngắn lại."))
    mail = {word for word, _place in letters.known_places(key, letters.places_in(words.subject + "\n" + words.body))[0]}
    # The frame of the mail says the address by itself.
    if missing := [word for word in kind.must if word not in mail | {"link"}]:
        problems.setdefault("body", _must_say(key, missing))
    short = {word for word, _place in letters.known_places(key, letters.places_in(words.sms))[0]}
    if missing := [word for word in (kind.must[0], "link") if word not in short]:
        problems.setdefault("sms", _must_say(key, missing))
    if words.zalo_values and not words.zalo_template:
        problems.setdefault("zalo_template", _("Có tham số mà chưa có mã mẫu. Hãy ghi mã mẫu Zalo đã duyệt."))
    if words.zalo_template and not words.zalo_values:
        problems.setdefault("zalo_values", _("Mẫu Zalo cần tham số. Hãy ghi mỗi dòng một tham số."))
    if len(words.zalo_values) > MOST_VALUES:
        problems.setdefault("zalo_values", _("Có quá nhiều tham số Zalo. Mỗi mẫu nhiều nhất 20."))
    if not problems:
        found = rules.segments(letters.sms_in_all(key, letters.example(key, words).sms))
        if found.count > rules.MOST_SEGMENTS:
            problems["sms"] = _(
                "SMS dài %(count)s tin (%(letters)s ký tự); nhiều nhất %(most)s tin. Hãy viết ngắn lại, hoặc viết không dấu."
            ) % {"count": found.count, "letters": found.letters, "most": rules.MOST_SEGMENTS}
    return problems


def _zalo_parts(words: letters.Words) -> dict[str, str]:
    return {f"zalo_values.{number}": text for number, text in enumerate(words.zalo_values.values())}


def _wrong_places(key: str, text: str, *, alone: bool, listed: bool) -> str:
    """`alone`: one line that cannot be left out, so nothing in it may be empty or many lines long.

    `listed`: lists show it, where names are masked.
    """
    if letters.stray_braces(text):
        return _("Có dấu { hoặc } đứng một mình. Hãy viết chỗ điền như {mã hồ sơ}.")
    places, unknown = letters.known_places(key, letters.places_in(text))
    if unknown:
        return _("Không có chỗ điền %(names)s trong mẫu tin này. Hãy chọn trong danh sách bên dưới.") % {
            "names": ", ".join(f"{{{name}}}" for name in unknown)
        }
    if listed and (inner := [place.name for _word, place in places if place.names or place.secret]):
        return _("Tiêu đề hiện trong danh sách, nên không ghi %(names)s. Hãy đặt trong nội dung thư.") % {
            "names": ", ".join(f"{{{name}}}" for name in inner)
        }
    if alone and (loose := [place.name for _word, place in places if place.empty or place.many]):
        return _("Chỗ điền %(names)s có thể trống hoặc dài nhiều dòng, nên chỉ đặt trong nội dung thư.") % {
            "names": ", ".join(f"{{{name}}}" for name in loose)
        }
    return ""


def _must_say(key: str, words: list[str]) -> str:
    places = kinds.LETTERS[key].all_places()
    return _("Thiếu chỗ điền bắt buộc: %(names)s.") % {"names": ", ".join(f"{{{places[word].name}}}" for word in words)}
