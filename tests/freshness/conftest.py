"""A shop of 28 June beside books of 8 June, loaded one after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kpicore import Workspace
from tests.freshness.shop import opened_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with opened_shop(tmp_path_factory.mktemp("shop")) as opened:
        yield opened
