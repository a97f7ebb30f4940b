"""Connections over real sockets: idle ones, half requests, slow clients, and what is no HTTP at all."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore_crm.testing import load_tiny_company
from kpicore_http.certificate import localhost_certificate
from kpicore_http.connections import MOST_CONNECTIONS, RESERVED_FILES, Limits, connections_allowed
from kpicore_http.guard import LARGEST_HEAD
from kpicore_http.tokens import new_token
from tests.excel.officejs.excel import Server
from tests.http.conftest import NOW, Listening, read_to_end, request
from tests.patience import wait_until

NEVER = 100_000.0
PATIENT = Limits(head_seconds=NEVER, body_seconds=NEVER, read_seconds=NEVER)
CLOSE = "connection: close"
JSON = "content-type: application/json"


@pytest.fixture(scope="module")
def server(tiny_folder: Path) -> Iterator[Listening]:
    """Give a server that waits for ever."""
    with Listening(tiny_folder, PATIENT, body_seconds=NEVER) as found:
        yield found


@pytest.fixture(scope="module")
def hasty(tiny_folder: Path) -> Iterator[Listening]:
    """Give a server that waits for a moment."""
    limits = Limits(head_seconds=1, body_seconds=1, read_seconds=1)
    with Listening(tiny_folder, limits, body_seconds=1) as found:
        yield found


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def refused_in(answer: bytes) -> str:
    found = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert list(found) == ["refused"] and "\n" not in found["refused"]
    return str(found["refused"])


@pytest.mark.parametrize("sent", [b"", b"G", b"GET /healthz HTTP/1.1\r\nhost: loc", request()[:-1]])
def test_a_connection_without_a_whole_head_is_closed(hasty, sent):
    assert read_to_end(hasty.connect(sent)) == b""


def test_a_connection_without_a_next_request_is_closed(hasty):
    answer = read_to_end(hasty.connect(request()))
    assert answer.endswith(b'{"status":"ok"}') and b"connection: close" not in answer


def test_one_byte_at_a_time_buys_no_more_time(hasty):
    connection = hasty.connect()

    def is_closed() -> bool:
        try:
            connection.sendall(b"a")
        except ConnectionError:
            return True
        return False

    wait_until(is_closed)
    connection.close()


def test_one_byte_at_a_time_is_answered_all_the_same(server):
    connection = server.connect()
    for each in request("/healthz", "GET", CLOSE):
        connection.sendall(bytes([each]))
    assert status_of(read_to_end(connection)) == 200


def test_half_a_body_is_refused_in_one_line_while_the_client_still_listens(hasty):
    asked = request("/v1/cells", "POST", JSON, "content-length: 100", f"authorization: Bearer {hasty.token}")
    answer = read_to_end(hasty.connect(asked, b'{"calls"'))
    assert (status_of(answer), refused_in(answer)) == (408, "The request was not whole within 1 seconds.")


def test_a_body_that_does_not_end_after_its_answer_is_let_go_of(hasty):
    answer = read_to_end(hasty.connect(request("/nowhere", "POST", "content-length: 100"), b"half"))
    assert status_of(answer) == 404


def test_who_leaves_in_the_middle_of_a_body_is_one_line_in_the_log(server):
    server.lines.clear()
    asked = request("/v1/cells", "POST", JSON, "content-length: 100", f"authorization: Bearer {server.token}")
    server.connect(asked, b'{"calls"').close()
    wait_until(lambda: bool(server.lines))
    assert [line.split(" ms ")[0].rsplit(" ", 1)[0] for line in server.lines] == ["POST /v1/cells 499"]


def test_900_idle_connections_hold_up_nobody(tiny_folder):
    raised_files(3_000)
    with Listening(tiny_folder, PATIENT) as server:
        idle = [server.connect() for _ in range(900)]
        assert status_of(read_to_end(server.connect(request("/healthz", "GET", CLOSE)))) == 200
        assert server.connections >= 900
        for each in idle:
            each.close()


def test_the_connection_that_is_idle_longest_goes_for_a_new_one(tiny_folder):
    limits = Limits(connections=3, head_seconds=NEVER, body_seconds=NEVER, read_seconds=NEVER)
    with Listening(tiny_folder, limits) as server:
        first = server.connect()
        wait_until(lambda: server.connections == 1)
        second, third = server.connect(request()), server.connect(request())
        assert second.recv(9) == third.recv(9) == b"HTTP/1.1 "
        fourth = server.connect(request())
        assert fourth.recv(9) == b"HTTP/1.1 "
        assert read_to_end(first) == b""
        second.sendall(request("/healthz", "GET", CLOSE))
        assert read_to_end(second).count(b'{"status":"ok"}') == 2  # the first answer, and one more
        for each in (third, fourth):
            each.close()


def test_a_connection_that_is_being_answered_is_never_closed_for_another(tiny_folder):
    limits = Limits(connections=1, head_seconds=NEVER, body_seconds=NEVER, read_seconds=NEVER)
    with Listening(tiny_folder, limits) as server:
        bearer = f"authorization: Bearer {server.token}"
        stamp = json.loads(
            read_to_end(server.connect(request("/v1/stamp", "GET", bearer, CLOSE))).partition(b"\r\n\r\n")[2]
        )["stamp"]
        wait_until(lambda: server.answering == server.connections == 0)
        waiting = server.connect(request(f"/v1/stamp?after={stamp}&wait=50", "GET", bearer, CLOSE))
        wait_until(lambda: server.answering == 1)
        others = [server.connect(request()) for _ in range(3)]
        assert [read_to_end(other) for other in others] == [b""] * 3
        server.watch.stopping = True
        assert stamp.encode() in read_to_end(waiting)


def test_one_token_that_waits_for_other_data_on_every_connection_locks_out_no_other(tiny_folder):
    limits = Limits(connections=16, head_seconds=NEVER, body_seconds=NEVER, read_seconds=NEVER)
    with Listening(tiny_folder, limits) as server:
        mine, other = (f"authorization: Bearer {each}" for each in (server.token, new_token(tiny_folder, "Other", NOW)))
        _, _, body = read_to_end(server.connect(request("/v1/stamp", "GET", mine, CLOSE))).partition(b"\r\n\r\n")
        ask = request(f"/v1/stamp?after={json.loads(body)['stamp']}&wait=50", "GET", mine)
        wait_until(lambda: server.answering == server.connections == 0)
        waiting = []
        for number in range(1, 11):  # five eighths of the connections
            waiting.append(server.connect(ask))
            wait_until(lambda number=number: server.answering == number)
        for _ in range(20):
            answer = read_to_end(server.connect(ask))
            assert (status_of(answer), b"retry-after: 5" in answer) == (503, True)
            assert refused_in(answer) == "Too many requests are being answered. Ask again in a moment."
        assert status_of(read_to_end(server.connect(request("/v1/stamp", "GET", other, CLOSE)))) == 200
        assert status_of(read_to_end(server.connect(request("/healthz", "GET", CLOSE)))) == 200
        server.watch.stopping = True
        for each in waiting:
            each.settimeout(None)
            assert b"200 OK" in each.recv(100)
            each.close()


def test_a_client_that_does_not_read_is_let_go_of(tiny_folder):
    limits = Limits(head_seconds=NEVER, body_seconds=NEVER, read_seconds=0.5)
    with Listening(tiny_folder, limits) as server:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(request("/v1/functions") * 200)  # 20 MB of answers, more than any buffer holds
        wait_until(lambda: server.connections == 1)
        wait_until(lambda: server.connections == 0)
        connection.close()
        assert not [line for line in server.lines if "error" in line]


def test_a_client_that_reads_slowly_gets_all_of_it(tiny_folder):
    limits = Limits(head_seconds=NEVER, body_seconds=NEVER, read_seconds=5)
    with Listening(tiny_folder, limits) as server:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(request("/v1/functions") * 14 + request("/v1/functions", "GET", CLOSE))
        assert read_to_end(connection).count(b"HTTP/1.1 200 OK") == 15


def test_who_is_longest_at_reading_goes_when_too_much_of_all_is_unread(tiny_folder):
    limits = Limits(head_seconds=NEVER, body_seconds=NEVER, read_seconds=NEVER, unread_bytes=150_000)
    with Listening(tiny_folder, limits) as server:
        connections = []
        for _ in range(5):
            connections.append(connection := socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(request("/v1/functions") * 100 + request("/v1/functions", "GET", CLOSE))
        wait_until(lambda: server.connections == 1)
        whole = [read_to_end(each).count(b"HTTP/1.1 200 OK") == 101 for each in connections]
        assert whole.count(True) == 1


def test_requests_behind_each_other_are_answered_in_order(server):
    sent = request("/healthz") + request("/nowhere") + request("/healthz", "GET", CLOSE)
    answer = read_to_end(server.connect(sent))
    assert [int(each[:3]) for each in answer.split(b"HTTP/1.1 ")[1:]] == [200, 404, 200]


HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(64)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes.fromhex("000000040000000000")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\xff\xfe" * 50 + b"\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/9.9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # without a host
        (b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n", 400),
        (b"GET /\x1b[2J HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
        (HELLO, 400),
        (PREFACE, 421),
        (b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * (LARGEST_HEAD + 10), 431),
        (b"a" * (LARGEST_HEAD + 10), 431),
    ],
    ids=["bytes", "no target", "version", "no host", "two hosts", "length", "escape", "tls", "http2", "head", "line"],
)
def test_what_is_no_request_gets_one_line_and_is_one_line_in_the_log(server, sent, status, capfd):
    server.lines.clear()
    answer = read_to_end(server.connect(sent))
    assert status_of(answer) == status
    assert refused_in(answer)
    assert b"x-content-type-options: nosniff" in answer and b"content-security-policy: " in answer
    wait_until(lambda: bool(server.lines))
    assert len(server.lines) == 1 and server.lines[0].isprintable()
    assert capfd.readouterr() == ("", "")
    assert status_of(read_to_end(server.connect(request("/healthz", "GET", CLOSE)))) == 200


@pytest.mark.parametrize("pieces", [1, 2, 3, 40])
@pytest.mark.parametrize("path", ["/healthz", "/healthz?a=%20b"])
def test_a_head_is_measured_alike_in_however_many_pieces_it_comes(server, path, pieces):
    for size, status in ((LARGEST_HEAD, 200), (LARGEST_HEAD + 1, 431), (LARGEST_HEAD + 6_000, 431)):
        empty = request(path, "GET", CLOSE, "x: ")
        whole = request(path, "GET", CLOSE, "x: " + "a" * (size - len(empty)))
        assert len(whole) == size
        step = -(-size // pieces)
        answer = read_to_end(server.connect(*(whole[at : at + step] for at in range(0, size, step))))
        assert status_of(answer) == status


def test_the_head_of_a_request_behind_another_is_measured_too(server):
    large = request("/healthz", "GET", "x: " + "a" * LARGEST_HEAD)
    answer = read_to_end(server.connect(request() + large + request()))
    assert [int(each[:3]) for each in answer.split(b"HTTP/1.1 ")[1:]] == [200, 431]


def test_a_body_in_broken_pieces_ends_the_connection_and_is_no_defect(server, capfd):
    server.lines.clear()
    asked = request("/v1/cells", "POST", JSON, "transfer-encoding: chunked", f"authorization: Bearer {server.token}")
    answer = read_to_end(server.connect(asked, b"zzz\r\n"))
    assert status_of(answer) == 400
    wait_until(lambda: len(server.lines) == 2)
    assert sorted(line.split(" ")[0] for line in server.lines) == ["POST", "unreadable"]
    assert capfd.readouterr() == ("", "")


def test_a_websocket_is_refused(server):
    asked = request("/", "GET", "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13")
    answer = read_to_end(server.connect(asked))
    assert (status_of(answer), refused_in(answer)) == (400, "There is no WebSocket here. See / for what there is.")


def test_another_protocol_that_is_offered_is_passed_over(server):
    asked = request("/healthz", "GET", "connection: upgrade, http2-settings, close", "upgrade: h2c")
    assert status_of(read_to_end(server.connect(asked))) == 200


def test_behind_tls_the_same_holds(tiny_folder, tmp_path):
    certificate, key, _ = localhost_certificate(tmp_path, NOW)
    limits = Limits(head_seconds=2, body_seconds=2, read_seconds=2)
    trust = ssl.create_default_context(cafile=certificate)
    with Listening(tiny_folder, limits, (certificate, key)) as server:
        assert read_to_end(server.connect(b"GET / HTTP/1.1\r\n\r\n" * 20)) == b""  # no TLS
        with server.connect() as plain, trust.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(request() * 2)
            found = b""
            while part := connection.recv(65_536):
                found += part
        assert found.count(b'{"status":"ok"}') == 2
        with server.connect() as plain, trust.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(request("/v1/functions") * 100)
            wait_until(lambda: server.connections == 1)
            wait_until(lambda: server.connections == 0)  # it does not read
        assert {line.split(" ")[0] for line in server.lines} == {"GET"}


def test_there_are_fewer_connections_where_fewer_files_may_be_open():
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, hard))
        assert connections_allowed() == 400 - RESERVED_FILES == 300
        raised_files(3_000)
        assert connections_allowed() == MOST_CONNECTIONS == 1_000
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_more_connections_than_files_are_no_more_than_a_queue(tmp_path):
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    load_tiny_company(tmp_path / "tiny")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, hard))
        server = Server(tmp_path / "tiny").start()
        raised_files(3_000)
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1_200)]
        assert server.ask("/healthz")[0] == 200
        for each in idle:
            each.close()
        assert server.stop() == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert [line.partition(" ")[2].split(" ")[:2] for line in server.log.read_text().splitlines()[1:]] == [
        ["GET", "/healthz"]
    ]


def raised_files(count: int) -> None:
    """Let this process, which is client and server, open so many files."""
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
