"""schemathesis: requests made up from the server's own OpenAPI, good and bad ones; none may surprise."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

OPERATIONS = {("POST", "/v1/cells"), ("GET", "/v1/functions"), ("GET", "/v1/stamp"), ("GET", "/healthz")}
TAKES_NOTHING = {"/v1/functions", "/healthz"}


@pytest.fixture(scope="session")
def openapi(tiny) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/v1/openapi.json", tiny.app)


def test_every_operation_is_tried(openapi):
    found = [operation.ok() for operation in openapi.get_all_operations()]
    assert {(each.method.upper(), each.path) for each in found} == OPERATIONS


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), sorted(OPERATIONS))
def test_the_server_answers_as_it_says_it_does(tiny, openapi, method, path, mode):
    if mode is GenerationMode.NEGATIVE and path in TAKES_NOTHING:
        return  # there is nothing to get wrong

    # The token is ours here, not one that was made up for the case: test_cells tells what happens without it.
    excluded = [positive_data_acceptance] + ([ignored_auth] if mode is GenerationMode.NEGATIVE else [])

    @given(case=openapi[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        case.headers.update({"Authorization": f"Bearer {tiny.token}"})
        answer = case.call_and_validate(excluded_checks=excluded)
        assert mode is not GenerationMode.POSITIVE or answer.status_code != 400

    ask()
