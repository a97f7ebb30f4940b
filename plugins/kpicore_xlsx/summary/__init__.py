"""The workbook of a whole workspace: the headlines, each family of KPIs, the definitions, the data behind them."""
