"""The KPIs of the catalogue as data, one module a pack. A pack runs nothing."""
