"""`kpi serve`: answers for spreadsheets over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from kpicore import workspace_option

_FILE = click.Path(path_type=Path, dir_okay=False)


class _Seconds(click.FloatRange):
    """So many seconds: a number, of which click takes "nan" for one that is in every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if seconds != seconds:
            self.fail(f"'{value}' is not a number.", param, ctx)
        return seconds


@click.command()
@workspace_option
@click.option("--host", default="localhost", show_default=True, help="Where to listen; localhost: this machine only.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(1, 65535))
@click.option("--https", is_flag=True, help="With a certificate for localhost, made when there is none.")
@click.option("--cert", type=_FILE, metavar="FILE", help="Certificate of your own, with its chain (PEM).")
@click.option("--key", type=_FILE, metavar="FILE", help="Its private key (PEM).")
@click.option("--url", default="", metavar="URL", help="Address that others call, where it is another: behind a proxy.")
@click.option("--allow-origin", multiple=True, metavar="ORIGIN", help="Let pages of this origin call. Default: none.")
@click.option(
    "--seconds", default=60.0, show_default=True, type=_Seconds(1, 86_400), help="How long one request may compute."
)
@click.option("--quiet", is_flag=True, help="Tell no requests on stderr.")
def serve(
    workspace: Path,
    host: str,
    port: int,
    https: bool,
    cert: Path | None,
    key: Path | None,
    url: str,
    allow_origin: tuple[str, ...],
    seconds: float,
    quiet: bool,
) -> None:
    """Answer spreadsheets over HTTP: the add-in for Excel on Windows, Mac and the web, and programs of your own.

    \b
    kpi token new "Forecast 2026"
    kpi serve --https

    Numbers are given to who sends a token of `kpi token new`. Only this machine is answered unless --host says more.
    """
    with _ended_well_by_sigterm():
        from kpicore_http.running import address
        from kpicore_http.running import serve as run

        place = address(host, port, url, has_https=https or cert is not None)
        files = _files(https, cert, key)
        run(workspace, place, allow_origin, files, _log, seconds, tells_requests=not quiet)


@contextmanager
def _ended_well_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block well, before it listens too: as Ctrl-C does, which is never a plugin's own error."""
    import signal
    from threading import current_thread, main_thread

    came = list[int]()

    def terminated(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    if current_thread() is main_thread():  # no other one may
        signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    except KeyboardInterrupt:
        # Ctrl-C, which the group of all commands tells
        if not came:
            raise


def _files(https: bool, cert: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    from kpicore import BadArgument

    if (cert is None) != (key is None):
        raise BadArgument("--cert and --key go together.", hint="Give both, or --https for a certificate of ours.")
    if cert is not None and key is not None:
        if https:
            raise BadArgument("--https makes a certificate, --cert gives one.", hint="Leave --https out.")
        from kpicore_http.pairs import check_pair

        check_pair(cert, key)
        return cert, key
    return _own_files() if https else None


def _own_files() -> tuple[Path, Path]:
    import sys
    from datetime import UTC, datetime

    from kpicore import MissingDependency
    from kpicore_http.certificate import how_to_trust, localhost_certificate

    try:
        certificate, key, is_new = localhost_certificate(Path(click.get_app_dir("kpicore")), datetime.now(UTC))
    except ImportError:
        raise MissingDependency("cryptography", "http") from None
    if is_new:
        click.echo(f"Made {certificate}, for localhost only. Let this machine trust it, once:", err=True)
        click.echo(f"  {how_to_trust(certificate, sys.platform)}", err=True)
    return certificate, key


def _log(line: str) -> None:
    from time import strftime

    click.echo(f"{strftime('%H:%M:%S')} {line}", err=True)
