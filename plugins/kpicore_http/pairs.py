"""A certificate and key of the operator's own, looked at before the server starts: which file is wrong, and how."""

from __future__ import annotations

import ssl
from pathlib import Path

from kpicore import BadArgument

_PEM = "Name a file in PEM form."
_CERTIFICATE, _KEY = "-----BEGIN CERTIFICATE-----", "PRIVATE KEY-----"


def check_pair(certificate: Path, key: Path) -> None:
    """Raise BadArgument, which names the file, for what is no certificate, no key, or not the key of this one."""
    if _CERTIFICATE not in (text := _text(certificate)):
        raise BadArgument(f"{certificate} holds no certificate.", hint=f"Give the server's own, then its chain. {_PEM}")
    if _KEY not in (private := _text(key)):
        raise BadArgument(f"{key} holds no private key.", hint=f"Give that of the certificate. {_PEM}")
    if "ENCRYPTED" in private:
        message = f"Take its password off: openssl pkey -in {key} -out NEW.pem"
        raise BadArgument(f"the key in {key} asks for a password.", hint=message)
    try:
        # this reads the certificate alone, so that what fails next is the key
        ssl.create_default_context(cadata=text)
    except ssl.SSLError:
        raise BadArgument(f"the certificate in {certificate} cannot be read.", hint="Copy the file again.") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            message = f"the key in {key} does not belong to the certificate in {certificate}."
            raise BadArgument(message, hint="Give the key with which it was asked for.") from None
        raise BadArgument(f"the key in {key} cannot be read.", hint="Copy the file again.") from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="latin-1")
    except FileNotFoundError:
        raise BadArgument(f"there is no file {file}.", hint=_PEM) from None
    except OSError as error:
        raise BadArgument(f"{file} cannot be read: {error.strerror or error}.", hint=_PEM) from None
