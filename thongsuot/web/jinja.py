"""The Jinja2 environment of all pages: helpers every template may use, nothing of any capability."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from thongsuot.kernel import text
from thongsuot.web.addresses import address
from thongsuot.web.fields import control, focus_id
from thongsuot.web.icons import icon


def environment(**options: Any) -> Environment:
    env = Environment(  # noqa: S701 - Django passes autoescape=True
        **{
            **options,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # put there by the extension i18n
    env.globals.update(_=_said, gettext=_said, ngettext=_said_of)
    env.globals.update(static=static, url=address, svg_icon=icon, control=control, focus_id=focus_id)
    env.filters.update(
        dong=text.dong,
        number=text.number,
        day=text.day,
        instant=text.instant,
        slug=text.slug,
        masked_id=text.masked_id,
        masked_phone=text.masked_phone,
        masked_name=text.masked_name,
    )
    return env


def _said(message: str, /, **values: Any) -> Markup:
    """As Jinja's own, which goes through the context three times for each of the two hundred things that a page says."""
    text = Markup(translation.gettext(message))  # noqa: S704 - written by us or by a translator, and values are escaped
    return text % values if values or "%" in text else text


def _said_of(one: str, many: str, number: int, /, **values: Any) -> Markup:
    return Markup(translation.ngettext(one, many, number)) % {"num": number, **values}  # noqa: S704
