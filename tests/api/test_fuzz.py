"""Every published operation, fed with what its own description allows and with what it does not: never a 5xx."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from thongsuot.config.api import api, operations
from thongsuot.config.wsgi import application
from thongsuot.dossiers.tests.make import make_town, receive
from thongsuot.dossiers.tests.test_api import key_of

OPERATIONS = [(method, path) for method, path, _operation in operations(api.get_openapi_schema())]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_input_makes_the_api_fail(transactional_db, method, path):
    town = make_town()
    receive(town)
    headers = {"Authorization": f"Bearer {key_of(town, 'lan').secret}"}
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)[path][method]
    good, bad = (operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

    @given(st.one_of(good, bad))
    @settings(max_examples=8, database=None, suppress_health_check=list(HealthCheck))
    def fuzz(case):
        response = case.call(headers=headers)
        assert response.status_code < 500, (case.as_curl_command(), response.text[:500])

    fuzz()
