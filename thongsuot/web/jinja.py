"""The Jinja2 environment of all pages: helpers every template may use, nothing of any capability."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

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
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # put there by the extension i18n
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
