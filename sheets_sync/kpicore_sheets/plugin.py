"""What kpi.toml may say of Google Sheets, as a plugin gives it."""

from __future__ import annotations
