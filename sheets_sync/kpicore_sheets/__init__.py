"""Google Sheets: tables that refresh themselves beside the cells of people, and `=KPI_…` inside the sheet."""
