"""The add-in for Excel on Windows, Mac and the web: Office.js functions and a task pane, from `kpi serve`."""
