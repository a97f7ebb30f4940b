# kpi_workspace_files: workspace file 'kpi.toml': kpicore reads a file of that name itself.
# (workspace_file_of_the_core.py, line 9)

from kpicore import WorkspaceFile, hookimpl


@hookimpl
def kpi_workspace_files():
    yield WorkspaceFile("kpi.toml", "settings", lambda folder: None, ("order",))
