"""Where the bar of officers leads: the sync, for those who look after it; and its part of a dossier's page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import panels
from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor
from thongsuot.national_portal import queries
from thongsuot.national_portal.actions import DUTY
from thongsuot.web import navigation

navigation.staff("national_portal:overview", _("Cổng quốc gia"), icon="up", duty=DUTY, order=90)


def _state(dossier: Dossier, actor: Actor, now: datetime) -> panels.Part:
    return panels.Part(template="national_portal/_state.html", part=queries.state_of(dossier, actor=actor, now=now))


panels.panel("national_portal.state", _state, order=10)
