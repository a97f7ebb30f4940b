"""A company of two reps with a quarter in progress, and a way to give it other targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from kpicore import Workspace, open_workspace
from kpicore.testing import TinySource, batch
from tests.crm import crm_registry

DATA_TIME = datetime(2026, 9, 9, 12, tzinfo=UTC)
"""A Wednesday: 51 of the 66 working days from Monday to Friday of 2026-Q3 are over or running."""

USERS = """
    id name    active_from
    u1 Ann~Lee 2024-01-01
    u2 Bob~Ray 2024-01-01
    u3 Cy~Dunn 2026-09-01
"""
DEALS = """
    id owner_id created_at first_contact_at closed_at  outcome amount channel
    d1 u1       2026-04-10 2026-04-10       2026-05-01 won     300    phone
    d2 u1       2026-04-11 2026-04-11       2026-05-02 lost    100    phone
    d3 u1       2026-07-01 2026-07-01       2026-07-20 won     400    phone
    d4 u2       2026-07-02 2026-07-02       2026-08-20 won     232    web
    d5 u2       2026-07-03 2026-07-03       2026-08-21 lost    500    web
"""
"""2026-Q3 so far: 632 sold, 400 by Ann and 232 by Bob, 2 deals won of 3 closed. 2026-Q2: 300 sold, 1 of 2 won."""

Company = Callable[..., Workspace]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Give `company(targets, toml, beside, **more)`: a workspace with these targets, this kpi.toml, this
    targets.toml and further tables. It is loaded once, and nothing may change it."""
    words = crm_registry()
    known: dict[object, Workspace] = {}

    def made(targets: str = "", toml: str = "", beside: str = "", **more: str) -> Workspace:
        key = (targets, toml, beside, tuple(more.items()))
        if key not in known:
            folder = tmp_path_factory.mktemp("company")
            (folder / "kpi.toml").write_text(f'[workspace]\nname = "Two reps"\n{toml}', encoding="utf-8")
            if beside:
                (folder / "targets.toml").write_text(beside, encoding="utf-8")
            tables = {"user": USERS, "opportunity": DEALS, **more} | ({"target": targets} if targets else {})
            known[key] = open_workspace(folder)
            rows = tuple(batch(words, name, text) for name, text in tables.items())
            known[key].load([TinySource("two reps", rows)], data_time=DATA_TIME)
        return known[key]

    yield made
    for each in known.values():
        each.close()
