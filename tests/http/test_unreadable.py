"""A workspace that cannot be read for a moment: nobody's token is called invalid, and all is well when it is back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kpicore_http.tokens import FILE
from tests.http.conftest import Served, served

CELLS = {"calls": [["KPI_WON_DEALS", ["2025-Q1"]]]}
GENERAL = "The workspace cannot be read just now. Who runs the server finds the reason in its log."


@contextmanager
def moved(path: Path, instead: Callable[[Path], object] = lambda path: None) -> Iterator[None]:
    """Take a file or folder away for a while; `instead` makes what stands there meanwhile."""
    aside = path.with_name(f"{path.name} aside")
    path.rename(aside)
    instead(path)
    yield
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        path.rmdir()
    aside.rename(path)


@contextmanager
def refused(monkeypatch: pytest.MonkeyPatch, *methods: str) -> Iterator[None]:
    """Let the system refuse to read or look at the tokens, as it does who has no right to."""

    def shut(method: str) -> Callable[..., object]:
        sound = getattr(Path, method)

        def asked(path: Path, *given: object, **options: object) -> object:
            if path.name == FILE:
                raise PermissionError(13, "Permission denied")
            return sound(path, *given, **options)

        return asked

    with monkeypatch.context() as patched:
        for each in methods:
            patched.setattr(Path, each, shut(each))
        yield


WAYS = {
    "the folder is moved": lambda folder, _: moved(folder),
    "a share drops, its place is empty": lambda folder, _: moved(folder, Path.mkdir),
    "a file is in the folder's place": lambda folder, _: moved(folder, Path.touch),
    "a folder is in the place of the tokens": lambda folder, _: moved(folder / FILE, Path.mkdir),
    "the tokens are a link to nothing": lambda folder, _: moved(folder / FILE, lambda file: file.symlink_to("gone")),
    "the tokens are no text": lambda folder, _: moved(folder / FILE, lambda file: file.write_bytes(b"\xff")),
    "the tokens may not be read": lambda folder, patch: refused(patch, "read_bytes"),
    "the tokens may not be looked at": lambda folder, patch: refused(patch, "stat", "read_bytes"),
}


@pytest.fixture
def own(tiny_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """Give a served tiny company that the test may change."""
    shutil.copytree(tiny_folder, tmp_path / "own")
    yield from served(tmp_path / "own")


def statuses(of: Served, token: str) -> list[int]:
    headers = {"authorization": f"Bearer {token}"}
    return [of.client.post("/v1/cells", json=CELLS, headers=headers).status_code,
            of.client.get("/v1/stamp", headers=headers).status_code]  # fmt: skip


@pytest.mark.parametrize("is_known", [False, True], ids=["at the start", "while it runs"])
@pytest.mark.parametrize("way", WAYS)
def test_no_token_is_called_invalid_while_nobody_can_tell(own, monkeypatch, way, is_known):
    if is_known:
        assert statuses(own, own.token) == [200, 200]
    if way == "the tokens may not be read":
        new = own.folder / FILE
        new.write_text(new.read_text() + "# written again\n")  # what was read before still holds else
    with WAYS[way](own.folder, monkeypatch):
        assert statuses(own, own.token) == statuses(own, "kpi_unheard_of") == [503, 503]
        answer = own.client.post("/v1/cells", json=CELLS, headers=own.headers)
        assert (answer.json(), answer.headers["retry-after"]) == ({"refused": GENERAL}, "10")
    assert statuses(own, own.token) == [200, 200]
    assert statuses(own, "kpi_unheard_of") == [401, 401]


def test_a_workspace_without_a_tokens_file_has_no_tokens(own):
    (own.folder / FILE).unlink()
    assert statuses(own, own.token) == [401, 401]
