"""A plugin is installed here as pip would leave it: a module and a dist-info folder on the path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import dedent

import pytest

from kpicore.testing import EntryPoint, entry_points

METRIC = """
from kpicore import COUNT, Metric, count, hookimpl
"""

BUILT_IN = [point for point in entry_points("kpicore") if point.is_built_in]
"""The plugins that come with kpicore."""

InstallFiles = Callable[[Iterable[Path]], None]
Install = Callable[..., list[EntryPoint]]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Give `install(name, source, distribution=…)`, which returns the entry points installed so far."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def one(
        name: str, source: str, *, distribution: str = "", group: str = "kpicore", attr: str = ""
    ) -> list[EntryPoint]:
        distribution = distribution or f"kpicore-{name}"
        module = f"plugin_{distribution.replace('-', '_')}_{name}"
        (site / f"{module}.py").write_text(METRIC + dedent(source), encoding="utf-8")
        lay_info(site, distribution, f"[{group}]\n{name} = {module}{attr and ':' + attr}\n")
        monkeypatch.delitem(sys.modules, module, raising=False)
        return entry_points(group, [str(site)])

    return one


@pytest.fixture
def install_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InstallFiles:
    """Give `install_files(files)`, which installs modules as they stand, each as a plugin of its own."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def all_of(files: Iterable[Path]) -> None:
        for file in files:
            (site / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
            lay_info(site, f"broken-{file.stem}", f"[kpicore]\n{file.stem} = {file.stem}\n")
            monkeypatch.delitem(sys.modules, file.stem, raising=False)

    return all_of


def lay_info(site: Path, distribution: str, points: str) -> None:
    """Write the dist-info folder of a distribution with these entry points, or add them to it."""
    info = site / f"{distribution.replace('-', '_')}-1.2.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
    with (info / "entry_points.txt").open("a", encoding="utf-8") as out:
        out.write(points)
