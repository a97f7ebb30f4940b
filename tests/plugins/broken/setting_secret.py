# kpi_settings: setting 'crm_token': what its name says is a secret: write secret=True, and the name of the secret
# itself. (setting_secret.py, line 9)

from kpicore import Setting, Type, hookimpl


@hookimpl
def kpi_settings():
    yield Setting("crm_token", Type.TEXT, "The token of the CRM.", "abc")
