"""The add-in for Excel on Windows, Mac and the web: Office.js functions and a task pane, from `kpi serve`."""

SIZES = (16, 32, 64, 80)
"""The widths and heights of its icons, in pixels: apart from what makes them, as every command lists its pages."""
