# stage_order: import question 'stage_order' is built in by 'crm'; choose another name.

from kpicore import ImportQuestion, hookimpl


@hookimpl
def kpi_import_questions():
    yield ImportQuestion("stage_order", "The order of stages.", tuple, print)
