"""A made-up company to try kpicore on, as a source named `demo`, and the command `kpi demo`."""
