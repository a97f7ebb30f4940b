"""What a newcomer does to the process while it is loaded is undone: no answer depends on it."""

from __future__ import annotations

import builtins
import decimal
import json  # noqa: F401 - which a deed replaces
import locale
import logging
import os
import signal
import sys
import time
import warnings

import pytest

from kpicore import load_plugins
from kpicore.plugins.undone import undone
from kpicore.utils.isolation import Stopped, contained

GOOD = """
@hookimpl
def kpi_metrics():
    yield Metric("good", name="Good", unit=COUNT, inputs={"a": count("order", when="ordered_on")})
"""


def mask() -> int:
    found = os.umask(0o022)
    os.umask(found)
    return found


def state() -> dict[str, object]:
    return {
        "folder": os.getcwd(),
        "path": list(sys.path),
        "stdout": sys.stdout,
        "warnings": list(warnings.filters),
        "interrupt": signal.getsignal(signal.SIGINT),
        "ends": signal.getsignal(signal.SIGTERM),
        "alarm": 0 if sys.platform == "win32" else signal.getitimer(signal.ITIMER_REAL)[0],
        "locale": locale.setlocale(locale.LC_ALL),
        "precision": decimal.getcontext().prec,
        "rounding": decimal.getcontext().rounding,
        "depth": sys.getrecursionlimit(),
        "digits": sys.get_int_max_str_digits(),
        "streams": (sys.stdin, sys.stderr),
        "finders": (list(sys.meta_path), list(sys.path_hooks)),
        "variables": dict(os.environ),
        "zone": time.tzname,
        "logs": (logging.root.manager.disable, logging.root.level, list(logging.root.handlers)),
        "names": dict(vars(builtins)),
        "barred": [name for name, module in sys.modules.items() if module is None],
        "json": sys.modules["json"],
        "mask": mask(),
    }


@pytest.mark.parametrize("place", ["import", "hook"])
@pytest.mark.parametrize(
    "deed",
    [
        "import os; os.chdir('/')",
        "import sys; sys.path.clear()",
        "import sys; sys.path.reverse()",
        "import sys; sys.stdout = sys.stderr",
        "import warnings; warnings.simplefilter('error')",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        pytest.param(
            "import signal; signal.signal(signal.SIGALRM, print); signal.setitimer(signal.ITIMER_REAL, 3600)",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no alarms"),
        ),
        "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8'); locale.setlocale(locale.LC_NUMERIC, 'C')",
        "import decimal; decimal.getcontext().prec = 2; decimal.getcontext().rounding = decimal.ROUND_UP",
        "import sys; sys.setrecursionlimit(700)",
        "print('loud')",
        "import sys; sys.stdin = sys.stderr = None",
        "import sys; sys.set_int_max_str_digits(640)",
        "import sys; sys.meta_path.clear(); sys.path_hooks.clear()",
        "import os; os.environ.clear(); os.environ['KPI_DISABLE'] = 'winning'",
        pytest.param(
            "import os, time; os.environ['TZ'] = 'Asia/Tokyo'; time.tzset()",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no time zone"),
        ),
        "import logging; logging.disable(logging.CRITICAL); logging.basicConfig(level=0, force=True)",
        "import builtins; builtins.sorted = builtins.license = None",
        "import sys; sys.modules['no_such_module'] = sys.modules['json'] = None",
        "import os; os.umask(0o777)",
    ],
)
def test_what_a_plugin_does_to_the_process_is_undone(install, capsys, place, deed):
    before = state()
    source = deed + GOOD if place == "import" else GOOD.replace("    yield", f"    {deed}\n    yield")
    (report,) = load_plugins((), found=install("rude", source)).reports
    assert (report.status, report.problem) == ("ok", "")
    assert state() == before
    assert capsys.readouterr().out == ""


def test_a_folder_that_a_plugin_puts_first_on_the_path_stays_behind_all_others(install):
    before = list(sys.path)
    source = "import sys; sys.path.insert(0, '/vendored')" + GOOD
    try:
        load_plugins((), found=install("vendor", source))
        assert sys.path == [*before, "/vendored"]
    finally:
        sys.path[:] = before


def test_a_warning_that_is_an_error_breaks_its_plugin_alone(install):
    install("good", GOOD)
    plugins = load_plugins((), found=install("warns", "import warnings; warnings.warn('old')" + GOOD))
    assert [(report.name, report.status) for report in plugins.reports] == [("good", "ok"), ("warns", "broken")]
    assert plugins.reports[1].problem.startswith("UserWarning: old (plugin_kpicore_warns_warns.py, line 3")


def test_a_folder_that_is_gone_is_no_one_s_to_go_back_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    with undone():
        os.chdir("/")
    assert os.getcwd() == "/"


class Mute(Exception):
    def __str__(self) -> str:
        raise SystemExit


@pytest.mark.parametrize(
    "error", [SystemExit(), GeneratorExit(), StopIteration(), BaseException("x"), KeyboardInterrupt()]
)
def test_what_would_end_a_program_is_an_ordinary_exception(error):
    with pytest.raises(Stopped), contained():
        raise error


@pytest.mark.parametrize("error", [ValueError("x"), Mute()])
def test_an_ordinary_exception_stays_what_it_is_and_ctrl_c_too(error):
    with pytest.raises(type(error)), contained():
        raise error
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    try:
        with pytest.raises(KeyboardInterrupt), contained():
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_error_that_cannot_say_what_it_is_is_told_by_its_kind(install):
    source = "class Mute(Exception):\n    def __str__(self): raise SystemExit\nraise Mute"
    (report,) = load_plugins((), found=install("mute", source)).reports
    assert report.problem.startswith("Mute (plugin_kpicore_mute_mute.py, line ")
