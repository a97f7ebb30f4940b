"""The marks of pluggy on the hooks that there are, and on a plugin's own."""

from __future__ import annotations

import pluggy

hookspec = pluggy.HookspecMarker("kpicore")
hookimpl = pluggy.HookimplMarker("kpicore")
