# it has no hook: none of its functions is called as one, such as kpi_metrics

x = 1
