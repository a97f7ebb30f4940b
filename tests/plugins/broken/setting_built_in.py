# settings.stuck_days: setting 'settings.stuck_days' is built in by 'crm'; choose another name.

from kpicore import Setting, Type, hookimpl


@hookimpl
def kpi_settings():
    yield Setting("stuck_days", Type.INTEGER, "Days without a touch.", 5)
