# kpi_workspace_files: workspace file '../rooms.toml': its name is one such as 'shelves.toml', in lower case.
# (workspace_file_name.py, line 9)

from kpicore import WorkspaceFile, hookimpl


@hookimpl
def kpi_workspace_files():
    yield WorkspaceFile("../rooms.toml", "rooms", lambda folder: None, ("order",))
