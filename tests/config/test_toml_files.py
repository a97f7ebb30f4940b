"""Every TOML file that people write: a byte order mark is taken, and what is wrong is told in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpicore import BadConfig, read_config
from kpicore.testing import run_kpi
from kpicore_crm.stage_order import read_stage_order
from kpicore_http.tokens import read_tokens
from kpicore_sources.files.kept_mappings import kept_mappings

READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "kpi.toml": ('[workspace]\nname = "Acme"\n', read_config),
    "stages.toml": ('order = ["s1", "s2"]\n', read_stage_order),
    "tokens.toml": ("", read_tokens),
    "mappings/deals.toml": ('[[table]]\nentity = "opportunity"\nheader = ["id"]\n', kept_mappings),
}
BROKEN = {
    "digits": f"x = {'9' * 5000}\n".encode(),
    "depth": b"x = " + b"[" * 5000,
    "depth of tables": b"x = " + b"{a=" * 5000,
    "no TOML": b"x = = 1\n",
    "a key twice": b"x = 1\nx = 2\n",
    "no letters": b'x = "\xff\xfe"\n',
    "a zero": b"x = 1\x00\n",
    "no day": b"x = 2026-99-99\n",
}


def put(folder: Path, name: str, content: bytes) -> None:
    (folder / "kpi.toml").write_text("[workspace]\n", encoding="utf-8")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.mark.parametrize("name", READERS)
def test_a_byte_order_mark_is_no_letter_of_the_file(tmp_path: Path, name: str) -> None:
    text, read = READERS[name]
    put(tmp_path, name, text.encode())
    without = read(tmp_path)
    put(tmp_path, name, text.encode("utf-8-sig"))
    assert read(tmp_path) == without


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path, name: str, fault: str) -> None:
    put(tmp_path, name, BROKEN[fault])
    with pytest.raises(BadConfig) as refused:
        READERS[name][1](tmp_path)
    line = str(refused.value)
    assert name in line and "\n" not in line and len(line) < 400


@pytest.mark.parametrize("fault", BROKEN)
def test_kpi_check_tells_of_broken_targets_in_one_line(tmp_path: Path, fault: str) -> None:
    put(tmp_path, "targets.toml", BROKEN[fault])
    told = [line for line in run_kpi("check", "-w", str(tmp_path)).stdout.splitlines() if "targets.toml" in line]
    assert len(told) == 1
