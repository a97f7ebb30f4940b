"""What Google says in its fields becomes what to do."""

from __future__ import annotations

import pytest

from kpicore_sheets.google.outcomes import GoogleAnswer, Lost
from kpicore_sheets.google.problems import PROBLEMS, Asked, content_of, denied
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure
from tests.sheets.canned import error, info

READ = Asked("1AbC", "kpi@acme.iam.gserviceaccount.com")
BATCH = Asked("1AbC", "kpi@acme.iam.gserviceaccount.com", writes=True, repeatable=False)
SERVICE = {"service": "sheets.googleapis.com", "consumer": "projects/123456"}


def refusal(reply, asked=READ):
    http, _, body = reply
    with pytest.raises(Denied) as refused:
        content_of(GoogleAnswer.of(http, body), asked)
    return refused.value


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (error(401, "UNAUTHENTICATED", **info("ACCESS_TOKEN_EXPIRED")), "token"),
        (error(401, "UNAUTHENTICATED"), "token"),
        (error(403, "PERMISSION_DENIED"), "not_shared"),
        (error(403, "PERMISSION_DENIED", **info("SERVICE_DISABLED", **SERVICE)), "api_off"),
        (error(403, "PERMISSION_DENIED", errors=[{"reason": "accessNotConfigured"}]), "api_off"),
        (error(403, "PERMISSION_DENIED", **info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), "scope"),
        (error(403, "PERMISSION_DENIED", **info("USER_PROJECT_DENIED", **SERVICE)), "quota_project"),
        (error(403, "PERMISSION_DENIED", errors=[{"reason": "storageQuotaExceeded"}]), "drive_full"),
        (error(429, "RESOURCE_EXHAUSTED", **info("RATE_LIMIT_EXCEEDED", quota_unit="1/d/{project}")), "quota_of_a_day"),
        (error(404, "NOT_FOUND", "Requested entity was not found."), "wrong_id"),
        (error(400, "FAILED_PRECONDITION", "This operation is not supported for this document"), "office_file"),
        (error(418, "UNKNOWN"), "refused"),
        ((403, {}, b"<html>Blocked by the firewall</html>"), "not_google"),
        ((302, {}, b""), "not_google"),
        ((511, {}, b"<html>Please log in</html>"), "not_google"),
        ((407, {}, b""), "not_google"),
    ],
)
def test_a_refusal_has_the_reason_that_its_fields_give(reply, reason):
    assert refusal(reply).reason == reason


def test_words_are_never_read():
    misleading = error(403, "PERMISSION_DENIED", "Quota exceeded; the API has not been used; rate limit; not found")
    assert refusal(misleading).reason == "not_shared"


def test_who_may_read_and_not_write_is_no_editor():
    assert refusal(error(403, "PERMISSION_DENIED"), BATCH).reason == "no_edit"


def test_the_address_to_share_with_is_named():
    told = str(refusal(error(403, "PERMISSION_DENIED", "The caller does not have permission")))
    assert told == (
        "spreadsheet '1AbC' is not shared with this login (The caller does not have permission). "
        "Press Share in the spreadsheet and add kpi@acme.iam.gserviceaccount.com as Editor."
    )


def test_a_login_that_is_not_accepted_names_one_thing_to_do_for_who_it_is():
    account = denied("token", Asked(account="kpi@acme.iam.gserviceaccount.com")).hint
    assert account == (
        "In Google Cloud Console > IAM & Admin > Service Accounts press kpi@acme.iam.gserviceaccount.com: "
        "enable it where it is disabled, else Keys > Add key."
    )
    assert "Service Accounts" not in (person := denied("token").hint) and "kpi sheets login" in person


def test_the_console_is_opened_at_the_project():
    address = "https://console.cloud.google.com/apis/library/sheets.googleapis.com"
    assert f"Press Enable at {address}?project=123456" in str(
        refusal(error(403, "PERMISSION_DENIED", **info("SERVICE_DISABLED", **SERVICE)))
    )
    strange = info("SERVICE_DISABLED", consumer="projects/x&evil=https://a.example")
    assert str(refusal(error(403, "PERMISSION_DENIED", **strange))).endswith(address)


def test_a_login_by_gcloud_without_a_project_is_told_so():
    body = error(403, "PERMISSION_DENIED", **info("SERVICE_DISABLED", consumer="projects/764086051850"))
    assert refusal(body).reason == "quota_project"


def test_a_batch_that_is_not_valid_is_told_with_googles_line_shortened_and_harmless():
    http, _, body = error(400, "INVALID_ARGUMENT", "Invalid requests[0].\n\x1b[2J" + "x" * 1000)
    with pytest.raises(BatchRefused) as refused:
        content_of(GoogleAnswer.of(http, body), BATCH)
    assert refused.value.message.startswith("Google refuses: Invalid requests[0]. \\x1b[2Jxxx")
    assert len(refused.value.message) < 350


@pytest.mark.parametrize(
    "outcome",
    [
        GoogleAnswer.of(503),
        GoogleAnswer.of(200, b"<html>"),
        GoogleAnswer.of(302),
        GoogleAnswer.of(409),
        Lost("no answer"),
    ],
)
def test_a_change_whose_answer_is_lost_is_unsure(outcome):
    with pytest.raises(Unsure):
        content_of(outcome, BATCH)


def test_a_change_that_was_never_sent_is_no_change():
    with pytest.raises(Busy):
        content_of(Lost("no connection", sent=False), BATCH)
    with pytest.raises(Denied) as refused:
        content_of(Lost("the certificate is not trusted", sent=False, reason="certificate"), BATCH)
    assert refused.value.reason == "certificate"


@pytest.mark.parametrize("reason", PROBLEMS)
def test_every_problem_is_one_line_with_what_to_do(reason):
    facts = {"tab": "'KPIs'", "tabs": "Make one.", "table": "funnel", "place": "'Finance'", "cells": "10,000,000"}
    problem = denied(reason, READ, line="Google's line", **facts)
    assert problem.reason == reason and problem.hint.endswith((".", "?", "sheets.googleapis.com", "PROJECT"))
    assert "{" not in str(problem) and "\n" not in str(problem)
