"""Where the bars lead: keys and terms, for who manages feedback of the city."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.open311.actions.keys import MANAGE
from thongsuot.web import navigation

navigation.staff("open311:keys", _("Open311"), icon="lock", duty=MANAGE, order=92)
