"""Reports: `kpi report` on screen, as one HTML file, and as a workbook."""
