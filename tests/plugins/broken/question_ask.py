# kpi_import_questions: import question 'doors': its ask is a function, not 'which?'. (question_ask.py, line 8)

from kpicore import ImportQuestion, hookimpl


@hookimpl
def kpi_import_questions():
    yield ImportQuestion("doors", "Which doors there are.", "which?", print)
