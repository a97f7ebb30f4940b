"""What runs inside LibreOffice, under its own Python: standard library and `uno` only, Python 3.8 and later.

The extension holds copies of these modules as the package `kpicore_libreoffice`, and `component.py` beside it.
"""
