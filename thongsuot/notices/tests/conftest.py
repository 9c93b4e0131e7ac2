import threading
from unittest.mock import patch

import pytest

from thongsuot.kernel.tests.standing import standing
from thongsuot.notices import stand_in
from thongsuot.notices.stand_in import StandIn
from thongsuot.notices.stand_in.server import Server
from thongsuot.notices.tests.make import MailServer
from thongsuot.units import queries
from thongsuot.units.tests.make import make_city


@pytest.fixture(scope="module")
def standing_city(request, django_db_setup, django_db_blocker):
    yield from standing(request, django_db_blocker, make_city)


@pytest.fixture
def city(standing_city, db):
    return standing_city.own()


@pytest.fixture
def mail_server(settings):
    """A mail server of our own; the settings of the house point to it."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
        settings.DEFAULT_FROM_EMAIL = "Thông Suốt <bao-tin@vidu.vn>"
        yield server


@pytest.fixture(autouse=True)
def nothing_remembered():
    queries.clear_caches()


@pytest.fixture
def gateways(settings):
    """A stand-in of SMS and Zalo in this process, with a memory of its own; the settings of the house point to it."""
    core = StandIn()
    settings.SMS_URL = settings.ZALO_URL = "stand-in"
    settings.SMS_REPORT_KEY, settings.ZALO_SECRET, settings.ZALO_APP_ID = "khóa báo cáo", "bí mật", "98"
    settings.PUBLIC_URL = "https://vidu.vn"
    with (
        patch("thongsuot.notices.stand_in.near.in_this_process", lambda: core),
        patch.object(stand_in, "in_this_process", lambda: core),
        patch("thongsuot.notices.views.partners.in_this_process", lambda: core),
    ):
        yield core


@pytest.fixture
def gateway_server(settings):
    """The same over HTTP, on a free port of this machine; it reports when a test tells it to."""
    server = Server(StandIn(), hang_seconds=0.5)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.SMS_URL, settings.ZALO_URL = f"{server.address}/sms", f"{server.address}/zalo"
    settings.SMS_KEY, settings.ZALO_TOKEN, settings.SMS_SENDER = "khoa", "the-vao", "TP VIDU"
    settings.SMS_REPORT_KEY, settings.ZALO_SECRET, settings.ZALO_APP_ID = "khóa báo cáo", "bí mật", "98"
    settings.PUBLIC_URL, settings.GATEWAY_TIMEOUT = "https://vidu.vn", 0.2
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)
