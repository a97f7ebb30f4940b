# kpi_settings: table 'my_sheet': it has two settings 'tab'. (table_twice.py, line 9)

from kpicore import Setting, SettingTable, Type, hookimpl


@hookimpl
def kpi_settings():
    tab = Setting("tab", Type.TEXT, "The tab.", "KPIs")
    yield SettingTable("my_sheet", "A sheet to write.", (tab, tab))
