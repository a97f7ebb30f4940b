"""Stopped by a signal, and only one at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Thread

import pytest

from kpicore import KpiError, MachineClock, Stop, one_instance, stopped_by_signals
from tests.patience import PATIENCE_SECONDS

WAITS = f"""
from kpicore import MachineClock, stopped_by_signals
with stopped_by_signals() as stop:
    print("waits", flush=True)
    MachineClock(stop.is_set).wait({PATIENCE_SECONDS})
    print("goes on" if stop.is_set() else "was not stopped")
"""
HOLDS = """
import sys
from pathlib import Path
from kpicore import one_instance
with one_instance(Path(sys.argv[1])):
    print("holds", flush=True)
    sys.stdin.read()
"""


def test_a_signal_is_heard_and_a_second_one_stops_at_once():
    earlier = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stopped_by_signals() as stop:
        assert not stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        signal.raise_signal(signal.SIGTERM)  # in the background SIGINT may be ignored
    assert signal.getsignal(signal.SIGTERM) is earlier


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_a_terminal_that_closes_stops_it_and_ends_nothing_at_once():
    earlier = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # below nohup it is ignored
    try:
        with stopped_by_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert stop.is_set()
            signal.raise_signal(signal.SIGHUP)  # of the terminal, and of its shell
    finally:
        signal.signal(signal.SIGHUP, earlier)


def test_a_signal_that_was_ignored_stays_so():
    earlier = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopped_by_signals() as stop:
            signal.raise_signal(signal.SIGINT)
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGINT, earlier)


def test_in_another_thread_nothing_is_handled_and_all_works():
    stops: list[Stop] = []

    def use() -> None:
        with stopped_by_signals() as stop:
            stops.append(stop)

    thread = Thread(target=use)
    thread.start()
    thread.join()
    assert not stops[0].is_set()


def test_a_clock_whose_user_is_stopped_waits_no_longer():
    answers = iter([False, False, True])
    MachineClock(lambda: next(answers)).wait(PATIENCE_SECONDS)
    assert list(answers) == []
    MachineClock().wait(-1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGTERM to another process")
def test_who_waits_goes_on_after_a_signal():
    process = subprocess.Popen([sys.executable, "-c", WAITS], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "waits\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=PATIENCE_SECONDS)[0] == "goes on\n"
    assert process.returncode == 0


def test_a_second_one_is_refused_and_told_who_runs(tmp_path):
    file = tmp_path / "it.pid"
    command = [sys.executable, "-c", HOLDS, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "holds\n"
        with (
            pytest.raises(KpiError, match=f"it runs already, as process {other.pid}. Stop that one first."),
            one_instance(file),
        ):
            pass
        other.kill()  # who is killed leaves its file and no lock
        other.wait()
    assert file.read_text() == f"{other.pid}\n"
    with one_instance(file):
        assert file.read_text() == f"{os.getpid()}\n"
    assert not file.exists()


def test_what_no_process_wrote_is_not_repeated(tmp_path):
    file = tmp_path / "it.pid"
    with one_instance(file):
        file.write_bytes(b"\x1b[2J\xff")
        with pytest.raises(KpiError, match="it runs already"), one_instance(file):
            pass
    with pytest.raises(KpiError, match="cannot be written"), one_instance(tmp_path / "none" / "it.pid"):
        pass
