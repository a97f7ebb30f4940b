# kpi_settings: setting 'my_days': its type is Type.TEXT, Type.INTEGER, Type.NUMBER, Type.MONEY, Type.BOOLEAN,
# Type.DATE or Type.MOMENT, not <class 'int'>. (setting_type.py, line 9)

from kpicore import Setting, hookimpl


@hookimpl
def kpi_settings():
    yield Setting("my_days", int, "Days.", 5)
