"""`make conformance`: asks every host everything, writes docs/conformance.md, and fails when a host differs."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from kpicore_demo.making import make_demo
from tests.conformance.asked import cases
from tests.conformance.hosts import HOSTS
from tests.conformance.report import differences, page
from tests.conformance.told import Told

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory() as temporary:
        workspace, _ = make_demo(Path(temporary) / "demo", lambda step, done: None)
        with workspace:
            asked = cases(workspace)
            told: dict[str, list[Told]] = {}
            for name, host in HOSTS.items():
                began = time.monotonic()
                told[name] = host(workspace, asked)
                print(f"{name}: {len(asked)} calls in {time.monotonic() - began:.1f} s", flush=True)
    found = differences(asked, told)
    for each in found:
        print(each, file=sys.stderr)
    PAGE.write_text(page(asked, told), encoding="utf-8", newline="\n")
    print(f"{len(found)} differences; see {PAGE.relative_to(PAGE.parents[1])}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
