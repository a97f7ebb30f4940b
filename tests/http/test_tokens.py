"""Tokens of workbooks: shown once, kept as hashes, revoked at once."""

from __future__ import annotations

import hashlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import Result

from kpicore import BadArgument, BadConfig, UnknownName
from kpicore.testing import run_kpi
from kpicore_http.tokens import FILE, Token, Tokens, expiry, new_token, read_tokens, revoke_token
from tests.http.conftest import NOW


def run(*args: str) -> Result:
    return run_kpi(*args)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    assert run("init", str(tmp_path / "ws")).exit_code == 0
    return tmp_path / "ws"


def test_a_token_is_long_and_random_and_only_its_hash_is_kept(tmp_path):
    first, second = new_token(tmp_path, "Book1", NOW), new_token(tmp_path, "Book2", NOW)
    assert first != second and len(first) == len("kpi_") + 43
    text = (tmp_path / FILE).read_text()
    assert first not in text and first[4:20] not in text
    [kept, _] = read_tokens(tmp_path)
    assert (kept.name, kept.sha256, kept.made) == ("Book1", hashlib.sha256(first.encode()).hexdigest(), NOW)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_the_file_is_for_its_owner_only_and_nothing_is_left_but_its_empty_lock(tmp_path):
    new_token(tmp_path, "Book1", NOW)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == [FILE, f"{FILE}.lock"]
    assert (tmp_path / f"{FILE}.lock").read_bytes() == b""


def test_a_token_opens_until_it_is_revoked(tmp_path):
    tokens = Tokens(tmp_path)
    text = new_token(tmp_path, "Book1", NOW)
    assert tokens.token_of(text) == read_tokens(tmp_path)[0]
    assert tokens.token_of(text + "x") is None and tokens.token_of("") is None
    assert revoke_token(tmp_path, "BOOK1") == "Book1"
    assert tokens.token_of(text) is None


def test_a_name_is_taken_once_whatever_the_case(tmp_path):
    new_token(tmp_path, "Book1", NOW)
    with pytest.raises(BadArgument, match="there is a token named 'book1'"):
        new_token(tmp_path, " book1 ", NOW)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_token_needs_a_name_of_its_own(tmp_path, name):
    with pytest.raises(BadArgument, match="a token needs a name"):
        new_token(tmp_path, name, NOW)


def test_an_odd_name_is_kept_as_text(tmp_path):
    new_token(tmp_path, '"""  token = <b>\N{NO-BREAK SPACE}\\x1b %s', NOW)
    [kept] = read_tokens(tmp_path)
    assert kept.name == '""" token = <b> \\x1b %s'


@pytest.mark.parametrize(
    "sign", ["[", "]", "\n", "\t", "\x00", "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066", "\ud800"]
)
def test_a_name_has_no_signs_that_look_like_fields_of_a_log_or_steer_it(tmp_path, sign):
    with pytest.raises(BadArgument) as refused:
        new_token(tmp_path, f"Book{sign}1", NOW)
    told = "a token's name has no brackets and no control signs: it stands in the log. Name the workbook."
    assert str(refused.value) == told
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_one_however_its_letters_are_composed(tmp_path):
    composed, apart = "Z\u00fcrich", "Zu\u0308rich"
    new_token(tmp_path, apart, NOW)
    assert [token.name for token in read_tokens(tmp_path)] == [composed]
    with pytest.raises(BadArgument, match="there is a token named"):
        new_token(tmp_path, composed, NOW)
    assert revoke_token(tmp_path, apart.upper()) == composed
    new_token(tmp_path, "Book  1", NOW)
    assert revoke_token(tmp_path, " book  1") == "Book 1"


def test_a_name_that_another_hand_wrote_is_one_line_for_a_log(tmp_path):
    new_token(tmp_path, "Book1", NOW)
    written = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(written.replace('"Book1"', r'"Book1]\n12:00:00 GET / 200\u001b[2J"'))
    [kept] = read_tokens(tmp_path)
    assert kept.name == r"Book1]\n12:00:00 GET / 200\x1b[2J"
    assert revoke_token(tmp_path, kept.name) == kept.name


def test_a_token_that_is_revoked_while_another_thread_reads_the_file_is_not_let_in_again(tmp_path, monkeypatch):
    text = new_token(tmp_path, "Book1", NOW)
    tokens = Tokens(tmp_path)

    def slowly(file: Path) -> tuple[Token, ...]:
        monkeypatch.undo()
        before = read_tokens(file.parent)
        revoke_token(tmp_path, "Book1")
        assert tokens.token_of(text) is None
        return before

    monkeypatch.setattr("kpicore_http.tokens._tokens_in", slowly)
    tokens.token_of(text)
    assert tokens.token_of(text) is None


def test_a_name_that_is_unknown_is_answered_with_the_near_one(tmp_path):
    new_token(tmp_path, "Forecast", NOW)
    with pytest.raises(UnknownName, match="Did you mean 'Forecast'"):
        revoke_token(tmp_path, "Forcast")


@pytest.mark.parametrize(
    "text",
    [
        *("[[token]]", "x", "token = 1", "token = {}", "[token]", "[[tokens]]", "version = 2", "\xff"),
        '[[token]]\nname = "a"\nsha256 = "short"\nmade = 2026-01-01T00:00:00Z',
        f'[[token]]\nname = 5\nsha256 = "{"a" * 64}"\nmade = 2026-01-01T00:00:00Z',
        *(
            f'[[token]]\nname = "a"\nsha256 = "{"a" * 64}"\nmade = {moment}'
            for moment in ("2026-01-01", "2026-01-01T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00-10:00")
        ),
    ],
)
def test_a_file_that_is_not_ours_is_refused_in_one_line(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(BadConfig, match=r"tokens\.toml"):
        read_tokens(tmp_path)
    with pytest.raises(BadConfig, match=r"tokens\.toml"):
        new_token(tmp_path, "Book1", NOW)
    assert (tmp_path / FILE).read_text(encoding="latin-1") == text


def test_a_file_with_the_mark_of_notepad_is_read(tmp_path):
    text = new_token(tmp_path, "Book1", NOW)
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbf" + (tmp_path / FILE).read_bytes().replace(b"\n", b"\r\n"))
    assert Tokens(tmp_path).token_of(text) == read_tokens(tmp_path)[0]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("last", ["2026-03-14", "9998-12-29", "9998-12-31", "9999-01-02", "9999-12-30", "9999-12-31"])
def test_a_token_is_never_given_a_day_that_its_file_could_not_hold(tmp_path, zone, last):
    try:
        ends = expiry(last, zone, NOW)
    except BadArgument as refused:
        assert last > "2027" and "is no day and no number of days" in str(refused)
    else:
        new_token(tmp_path, "Book1", NOW, ends)
        assert read_tokens(tmp_path)[0].expires == ends


def test_what_several_change_at_once_is_all_there_and_what_is_revoked_stays_so(tmp_path):
    for number in range(8):
        new_token(tmp_path, f"Old {number}", NOW)

    def change(number: int) -> None:
        new_token(tmp_path, f"New {number}", NOW)
        revoke_token(tmp_path, f"Old {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(8)))
    assert sorted(token.name for token in read_tokens(tmp_path)) == [f"New {number}" for number in range(8)]


def test_a_name_that_there_is_not_leaves_nothing_behind(tmp_path):
    with pytest.raises(UnknownName):
        revoke_token(tmp_path, "Book1")
    assert list(tmp_path.iterdir()) == []


def test_the_commands_make_list_and_revoke(workspace):
    made = run("token", "new", "Forecast 2026", "-w", str(workspace))
    assert made.exit_code == 0
    assert made.stdout.strip().startswith("kpi_") and made.stdout.count("\n") == 1  # so that a script can take it
    listed = run("token", "list", "--json", "-w", str(workspace))
    assert [load["name"] for load in json.loads(listed.stdout)] == ["Forecast 2026"]
    assert run("token", "revoke", "forecast 2026", "-w", str(workspace)).exit_code == 0
    assert json.loads(run("token", "list", "--json", "-w", str(workspace)).stdout) == []


def test_a_folder_that_is_no_workspace_gets_no_token(tmp_path):
    refused = run("token", "new", "Book1", "-w", str(tmp_path))
    assert refused.exit_code == 1 and "there is no such file" in refused.stderr
    assert list(tmp_path.iterdir()) == []
