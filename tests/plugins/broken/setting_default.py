# kpi_settings: setting 'my_days': default: expected a whole number, not 'five'. (setting_default.py, line 8)

from kpicore import Setting, Type, hookimpl


@hookimpl
def kpi_settings():
    yield Setting("my_days", Type.INTEGER, "Days.", "five")
