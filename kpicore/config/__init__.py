"""The files in which an organisation says how it works: kpi.toml, targets.toml."""
