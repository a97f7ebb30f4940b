"""A certificate for this machine, so that Excel takes the add-in from it: Office loads add-ins by HTTPS only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from kpicore import written_whole

CERTIFICATE, KEY = "localhost.crt", "localhost.key"
DAYS = 825
"""No longer: macOS trusts none that is valid for more."""
RENEW_DAYS = 30


def localhost_certificate(folder: Path, now: datetime) -> tuple[Path, Path, bool]:
    """Return the files of certificate and key, and whether they were made just now.

    The certificate is for localhost only and can sign nothing else: who trusts it trusts this server, no other.
    """
    certificate, key = folder / CERTIFICATE, folder / KEY
    if certificate.exists() and key.exists() and _valid_until(certificate) > now + timedelta(days=RENEW_DAYS):
        return certificate, key, False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signed, private = _new_pair(now)
    _write(key, private)
    _write(certificate, signed)
    return certificate, key, True


def _valid_until(certificate: Path) -> datetime:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)  # not one: make it anew


def _new_pair(now: datetime) -> tuple[bytes, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost (kpicore)")])
    hosts = [x509.DNSName("localhost"), *(x509.IPAddress(ip_address(address)) for address in ("127.0.0.1", "::1"))]
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), private


def _write(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    with written_whole(file, private=True) as draft:
        draft.write_bytes(content)


def how_to_trust(certificate: Path, system: str) -> str:
    """Return the command that makes the system of a user trust the certificate; `system` as sys.platform tells."""
    if system == "win32":
        return f'certutil -user -addstore Root "{certificate}"'
    if system == "darwin":
        return f'security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db "{certificate}"'
    return f'certutil -d sql:$HOME/.pki/nssdb -A -t "P,," -n kpicore -i "{certificate}"'
