# kpi_settings: setting 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa … aaaaaaaaaaaaaaaaaaa': its name
# is too long: 256 of at most 255 characters. (setting_name_long.py, line 9)

from kpicore import Setting, Type, hookimpl


@hookimpl
def kpi_settings():
    yield Setting("a" * 256, Type.NUMBER, "Made.", 3)
