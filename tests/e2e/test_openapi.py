"""The OpenAPI description is the contract: whatever fits it or nearly fits it is never answered by a crash."""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance
from web.fake import FakeMagbot

from magbot.interfaces.api import create_app
from magbot.settings import load_settings

schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(FakeMagbot(), load_settings()))


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_no_request_crashes_the_service(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error, response_schema_conformance])
