"""The marks of hooks, and of what plugins give for them."""

from __future__ import annotations

import pluggy

hookspec = pluggy.HookspecMarker("kpicore")
hookimpl = pluggy.HookimplMarker("kpicore")
