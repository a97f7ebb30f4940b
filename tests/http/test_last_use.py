"""When tokens were last used, and until when they are good: by a clock of the test's own."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadArgument, KpiError
from kpicore.testing import run_kpi
from kpicore_http.admission import Admission
from kpicore_http.answering import RequestRefused
from kpicore_http.last_use import FILE, read_uses
from kpicore_http.tokens import FILE as TOKENS
from kpicore_http.tokens import expiry, new_token, read_tokens, revoke_token
from tests.http.conftest import NOW

HEAD = "Bearer "


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def after(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def words(error: KpiError, since: str) -> str:
    return str(error)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def used(folder: Path) -> dict[str, datetime]:
    """Return the last uses by name."""
    names = {token.sha256: token.name for token in read_tokens(folder)}
    return {names[sha256]: moment for sha256, moment in read_uses(folder).items()}


@pytest.mark.parametrize(
    ("given", "zone", "ends"),
    [
        ("2027-03-31", "UTC", datetime(2027, 4, 1, tzinfo=UTC)),
        ("2027-03-31", "Europe/Berlin", datetime(2027, 3, 31, 22, tzinfo=UTC)),
        ("2027-03-31", "America/New_York", datetime(2027, 4, 1, 4, tzinfo=UTC)),
        ("90d", "UTC", datetime(2026, 6, 13, tzinfo=UTC)),  # 14 March and 90 days: 12 June is the last
        ("0d", "UTC", datetime(2026, 3, 15, tzinfo=UTC)),
        ("2026-03-14", "UTC", datetime(2026, 3, 15, tzinfo=UTC)),
        ("0d", "Pacific/Auckland", datetime(2026, 3, 14, 11, tzinfo=UTC)),  # there it is 22:30 of the 14th
    ],
)
def test_a_token_ends_after_its_last_day_in_the_organisations_zone(given, zone, ends):
    assert expiry(given, zone, NOW) == ends


@pytest.mark.parametrize("given", ["", "soon", "90", "-1d", "1.5d", "2027-02-30", "999999d", "9999-12-31", "\x1b[2J"])
def test_what_is_no_day_is_refused(given):
    with pytest.raises(BadArgument, match="is no day and no number of days") as refused:
        expiry(given, "UTC", NOW)
    assert str(refused.value).isprintable()


def test_a_day_that_is_over_is_refused():
    with pytest.raises(BadArgument, match="2026-03-13 is over"):
        expiry("2026-03-13", "UTC", NOW)


def test_an_expired_token_is_refused_and_says_so(tmp_path, clock):
    text = new_token(tmp_path, "Book1", NOW, expires=NOW + timedelta(days=1))
    admission = Admission(tmp_path, words, clock)
    clock.after(24 * 3600 - 1)
    assert admission.admitted(HEAD + text).name == "Book1"
    clock.after(1)
    with pytest.raises(
        RequestRefused, match=r"This token has expired\. Ask who runs the server for a new one\."
    ) as refused:
        admission.admitted(HEAD + text)
    assert refused.value.status == 401


def test_a_file_written_before_tokens_could_expire_goes_on_working(tmp_path, clock):
    sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # of "test"
    (tmp_path / TOKENS).write_text(f'[[token]]\nname = "Book1"\nsha256 = "{sha256}"\nmade = 2026-01-01T00:00:00Z\n')
    assert Admission(tmp_path, words, clock).admitted("Bearer test").name == "Book1"
    new_token(tmp_path, "Book2", NOW, expires=NOW + timedelta(days=1))
    first, second = read_tokens(tmp_path)
    assert (first.name, first.expires) == ("Book1", None)
    assert (second.name, second.expires) == ("Book2", NOW + timedelta(days=1))


@pytest.mark.parametrize("expires", ["2027-03-31", '"2027-03-31"', "90", "2027-03-31T00:00:00"])
def test_an_end_that_is_no_moment_opens_nothing(tmp_path, expires):
    text = new_token(tmp_path, "Book1", NOW)
    with (tmp_path / TOKENS).open("a") as file:
        file.write(f"expires = {expires}\n")
    with pytest.raises(RequestRefused) as refused:
        Admission(tmp_path, words).admitted(HEAD + text)
    assert refused.value.status == 503


def test_the_last_use_is_written_at_most_once_a_minute_and_at_the_end(tmp_path, clock):
    text = new_token(tmp_path, "Book1", NOW)
    admission = Admission(tmp_path, words, clock)
    admission.admitted(HEAD + text)
    assert used(tmp_path) == {"Book1": NOW}
    clock.after(59)
    admission.admitted(HEAD + text)
    assert used(tmp_path) == {"Book1": NOW}
    clock.after(1)
    admission.admitted(HEAD + text)
    assert used(tmp_path) == {"Book1": NOW + timedelta(seconds=60)}
    clock.after(1)
    admission.admitted(HEAD + text)
    admission.close()
    assert used(tmp_path) == {"Book1": NOW + timedelta(seconds=61)}


def test_who_is_refused_has_used_nothing(tmp_path, clock):
    new_token(tmp_path, "Book1", NOW)
    admission = Admission(tmp_path, words, clock)
    for header in (None, "", "Bearer wrong", "Basic a"):
        with pytest.raises(RequestRefused):
            admission.admitted(header)
    admission.close()
    assert not (tmp_path / FILE).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_the_file_is_for_its_owner_only_and_holds_no_token(tmp_path, clock):
    text = new_token(tmp_path, "Book1", NOW)
    Admission(tmp_path, words, clock).admitted(HEAD + text)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert text not in (tmp_path / FILE).read_text() and "used" not in (tmp_path / TOKENS).read_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == [FILE, TOKENS, f"{TOKENS}.lock"]


def test_a_token_that_is_gone_is_forgotten(tmp_path, clock):
    first, second = new_token(tmp_path, "Book1", NOW), new_token(tmp_path, "Book2", NOW)
    admission = Admission(tmp_path, words, clock)
    admission.admitted(HEAD + first)
    clock.after(60)
    revoke_token(tmp_path, "Book1")
    admission.admitted(HEAD + second)
    assert list(read_uses(tmp_path)) == [read_tokens(tmp_path)[0].sha256]
    new_token(tmp_path, "Book1", NOW)
    assert used(tmp_path) == {"Book2": NOW + timedelta(seconds=60)}


@pytest.mark.parametrize(
    "text", ["", "x", "[]", '{"a": 1}', '{"a": "2026"}', '{"a": "2026-01-01"}', "\xff", "[" * 10_000]
)
def test_a_file_that_cannot_be_read_holds_nothing_and_stops_nobody(tmp_path, clock, text):
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    token = new_token(tmp_path, "Book1", NOW)
    assert read_uses(tmp_path) == {}
    assert Admission(tmp_path, words, clock).admitted(HEAD + token).name == "Book1"
    assert used(tmp_path) == {"Book1": NOW}


def test_a_file_that_cannot_be_written_is_no_error(tmp_path, clock):
    text = new_token(tmp_path, "Book1", NOW)
    (tmp_path / FILE).mkdir()
    admission = Admission(tmp_path, words, clock)
    assert admission.admitted(HEAD + text).name == "Book1"
    admission.close()
    (tmp_path / FILE).rmdir()
    admission.close()  # it was not lost
    assert used(tmp_path) == {"Book1": NOW}


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(1, 90)), max_size=12))
def test_whatever_two_servers_see_the_later_use_is_kept(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("two")
    clock = Clock()
    texts = [new_token(folder, f"Book{each}", NOW) for each in range(3)]
    servers = [Admission(folder, words, clock), Admission(folder, words, clock)]
    wanted = {}
    for server, token, seconds in steps:
        clock.after(seconds)
        servers[server].admitted(HEAD + texts[token])
        wanted[f"Book{token}"] = clock.time
    for each in servers:
        each.close()
    assert used(folder) == wanted


def test_the_command_shows_until_when_a_token_is_good_and_when_it_was_used(tmp_path):
    folder = tmp_path / "ws"

    def run(*args: str) -> str:
        ran = run_kpi(*args)
        assert ran.exit_code == 0, ran.stderr
        return ran.stdout

    run("init", str(folder), "--timezone", "Europe/Berlin")
    text = run("token", "new", "Book1", "--expires", "9000-12-31", "-w", str(folder)).strip()
    run("token", "new", "Book2", "-w", str(folder))
    new_token(folder, "Book3", NOW, expires=NOW + timedelta(hours=1))
    Admission(folder, words, lambda: NOW).admitted(HEAD + text)
    first, second, third = run("token", "list", "-w", str(folder)).splitlines()
    assert first.startswith("Book1  made 2") and first.endswith(
        ", good until 9000-12-31, last used 2026-03-14 10:30 Europe/Berlin"
    )
    assert second.startswith("Book2  made 2") and second.endswith(" Europe/Berlin, never used")
    assert third == "Book3  made 2026-03-14 10:30 Europe/Berlin, expired after 2026-03-14, never used"
    listed = json.loads(run("token", "list", "--json", "-w", str(folder)))
    assert [(each["name"], each["expires"], each["last_used"]) for each in listed] == [
        ("Book1", "9000-12-31T23:00:00+00:00", "2026-03-14T09:30:00+00:00"),
        ("Book2", None, None),
        ("Book3", "2026-03-14T10:30:00+00:00", None),
    ]


def test_a_request_is_logged_with_the_name_of_its_token_made_harmless(own):
    own.lines.clear()
    own.client.get("/v1/stamp", headers=own.headers)
    own.token = new_token(own.folder, "Book by hand", NOW)
    kept = own.folder / TOKENS
    kept.write_text(kept.read_text().replace('"Book by hand"', r'"x\"]\n\u001b[2J"'))
    own.client.get("/v1/stamp", headers=own.headers)
    own.client.get("/v1/stamp", headers={"authorization": "Bearer kpi_wrong"})
    assert [line.partition(" ms")[2] for line in own.lines] == [f" [{own.book}]", ' [x"]\\n\\x1b[2J]', ""]
    assert own.token not in "".join(own.lines)
