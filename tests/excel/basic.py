"""LibreOffice's VBA mode as the one place without Excel where our VBA can run.

It knows `CVErr`, `ParamArray` and ranges as VBA does; it shows an error value as the text "Error 2007", and of
`Application.Caller` it knows nothing.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.patience import PATIENCE_SECONDS

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:ooo="http://openoffice.org/2004/office"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>
<ooo:library-embedded ooo:name="Standard">{modules}</ooo:library-embedded>
</ooo:libraries></office:script></office:scripts>
<office:body><office:spreadsheet><table:table table:name="Sales">{rows}</table:table></office:spreadsheet></office:body>
</office:document>"""
_OPENER = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Main
    Dim given(1) As New com.sun.star.beans.PropertyValue, saved(0) As New com.sun.star.beans.PropertyValue
    given(0).Name = "Hidden"
    given(0).Value = True
    given(1).Name = "MacroExecutionMode"
    given(1).Value = 4
    book = StarDesktop.loadComponentFromURL({source}, "_blank", 0, given())
    saved(0).Name = "FilterName"
    saved(0).Value = "Text - txt - csv (StarCalc)"
    book.storeToURL({target}, saved())
    book.close(True)
    StarDesktop.terminate()
End Sub
</script:module>"""


def shown(office: str, folder: Path, modules: Mapping[str, str], formulas: Sequence[str]) -> list[list[str]]:
    """Return what cells with formulas show, a row each, in a document with these modules of VBA.

    Formulas are as OpenDocument writes them: `KPI("win_rate";[.B1])`. An empty one is an empty cell.
    """
    document, table = folder / "book.fods", folder / "book.csv"
    named = "".join(
        f"<ooo:module ooo:name={quoteattr(name)}><ooo:source-code>{escape(source)}</ooo:source-code></ooo:module>"
        for name, source in modules.items()
    )
    rows = "".join(f"<table:table-row>{_cell(formula)}</table:table-row>" for formula in formulas)
    document.write_text(_DOCUMENT.format(modules=named, rows=rows), encoding="utf-8")
    run = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    _run([*run, "--terminate_after_init"])  # makes the profile
    basic = folder / "profile" / "user" / "basic" / "Standard"
    opener = _OPENER.format(source=f"&quot;{document.as_uri()}&quot;", target=f"&quot;{table.as_uri()}&quot;")
    (basic / "Module1.xba").write_text(opener, encoding="utf-8")
    _run([*run, "macro:///Standard.Module1.Main"])
    with table.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _run(command: Sequence[str]) -> None:
    """Run LibreOffice; what hangs is ended with all its processes."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as ran:
        try:
            assert ran.wait(timeout=PATIENCE_SECONDS) == 0
        except subprocess.TimeoutExpired:
            os.killpg(ran.pid, signal.SIGKILL)
            raise


def _cell(formula: str) -> str:
    return f"<table:table-cell table:formula={quoteattr('of:=' + formula)}/>" if formula else "<table:table-cell/>"
