"""Excel and LibreOffice: workbooks of KPIs, and KPI functions in their cells."""
