"""HTTP: `kpi serve` answers spreadsheets, `kpi token` says which workbooks may ask."""
