"""Where the bars lead: the officer's desk, the counter, the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.queries.worklist import DUTIES
from thongsuot.web import navigation

navigation.staff("dossiers:inbox", _("Việc của tôi"), icon="dossier", duty=DUTIES, order=10)
navigation.staff("dossiers:intake", _("Tiếp nhận"), icon="ticket", duty="receive dossiers", order=20)
navigation.staff("dossiers:opinions", _("Ý kiến"), icon="chat", duty="process dossiers", order=30)
navigation.staff("dossiers:logbook", _("Sổ theo dõi"), icon="calendar", duty=DUTIES, order=40)
navigation.staff("dossiers:leading", _("Điều hành"), icon="unit", duty="see figures", order=50)
