"""Proves that the proxy connects this run's hosts, and answers nobody and nothing else."""

from __future__ import annotations

import base64
import gc
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from optout.browser.addresses import Address, is_public, may_connect, system_resolver
from optout.browser.host_classes import HostClass, HostClasses
from optout.browser.proxy import Proxy, Verdict
from optout.rules.hosts import BadAddress

LISTED = HostClasses(hosts=("broker.test", "broker.example.com"), assets=("cdn.test",))


class Far:
    """A server of ours behind the proxy: keeps what it got, answers each line with "far"."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self._came = threading.Condition()
        self._visitors: list[object] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, visitor = self._socket.accept()
            except OSError:
                return
            with self._came:
                self._visitors.append(visitor)
                self._came.notify_all()
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @property
    def connections(self) -> int:
        """How many came: they wait in line, so whoever is before our own visit has been counted."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=10)) as visit:
            ours = visit.getsockname()
            with self._came:
                assert self._came.wait_for(lambda: ours in self._visitors, timeout=10)
                self._visitors.remove(ours)
                return len(self._visitors)

    def _serve(self, connection: socket.socket) -> None:
        # Closed here too: one that is accepted while the server closes stands in nobody's list.
        with connection, suppress(OSError):
            while block := connection.recv(4096):
                self.got.append(block)
                if block.startswith((b"GET", b"POST", b"HEAD")):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nfar")
                    connection.shutdown(socket.SHUT_WR)
                else:
                    connection.sendall(b"far")

    def close(self) -> None:
        for one in (self._socket, *self._open):
            one.close()


@pytest.fixture
def far() -> Iterator[Far]:
    server = Far()
    yield server
    server.close()


@pytest.fixture
def start(far: Far) -> Iterator[Callable[..., Proxy]]:
    started: list[Proxy] = []

    def start(addresses: tuple[Address, ...] | None = None) -> Proxy:
        ours = addresses or (Address("127.0.0.1", far.port, ours=True),)
        proxy = Proxy(LISTED, lambda _host, _port: ours)
        proxy.__enter__()
        started.append(proxy)
        return proxy

    yield start
    for proxy in started:
        proxy.__exit__()


def password(proxy: Proxy) -> str:
    pair = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
    return f"Proxy-Authorization: Basic {pair}\r\n"


def ask(proxy: Proxy, head: str, *, with_password: bool = True) -> bytes:
    """Send one request to the proxy and return all it says."""
    with closing(socket.create_connection(("127.0.0.1", proxy.port), timeout=10)) as to_proxy:
        extra = password(proxy) if with_password else ""
        to_proxy.sendall(f"{head}\r\n{extra}\r\n".encode())
        answer = b""
        while block := to_proxy.recv(4096):
            answer += block
            if b"200 Connection established" in answer:
                break
        return answer


def test_it_listens_on_this_machine_only_on_a_port_nobody_can_know(
    start: Callable[..., Proxy],
) -> None:
    one, two = start(), start()
    assert one.address.startswith("http://127.0.0.1:")
    assert one.port != two.port
    assert one.password != two.password


def test_a_listed_host_is_connected(start: Callable[..., Proxy], far: Far) -> None:
    proxy = start()
    assert b"200" in ask(proxy, "CONNECT broker.example.com:443 HTTP/1.1")
    assert [p.verdict for p in proxy.passages] == [Verdict.ALLOWED]
    assert proxy.passages[0].kind is HostClass.BROKER
    assert far.connections == 1


@pytest.mark.parametrize(
    "head",
    ["CONNECT broker.example.com:443 HTTP/1.1", "GET http://broker.test/ HTTP/1.1"],
)
def test_without_this_runs_password_nothing_is_connected(
    start: Callable[..., Proxy], far: Far, head: str
) -> None:
    proxy = start()
    assert ask(proxy, head, with_password=False).startswith(b"HTTP/1.1 407")
    wrong = f"{head}\r\nProxy-Authorization: Basic cnVuOndyb25n"
    assert ask(proxy, wrong, with_password=False).startswith(b"HTTP/1.1 407")
    assert ask(start(), f"{head}\r\n{password(proxy)[:-2]}", with_password=False).startswith(
        b"HTTP/1.1 407"
    )
    assert far.connections == 0


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\r\nHost: broker.test",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1",
        "POST /x HTTP/1.1\r\nHost: evil.test",
        "OPTIONS * HTTP/1.1",
        "NONSENSE",
        "GET /",
    ],
)
def test_it_is_no_web_server(start: Callable[..., Proxy], far: Far, head: str) -> None:
    assert ask(start(), head).startswith(b"HTTP/1.1 403")
    assert far.connections == 0


@pytest.mark.parametrize(
    "target",
    [
        "evil.test:443",
        "evilbroker.example.com.evil.test:443",
        "notbroker.example.com:443",
        "broker.example.com.:443",
        "broker.example.com:8443",
        "broker.example.com:80",
        "broker.example.com:22",
        "broker.example.com:0443",
        "broker.example.com",
        ":443",
        "127.0.0.1:443",
        "2130706433:443",
        "[::1]:443",
        "localhost:443",
        "xn--brker-jua.example.com:443",
        "user@broker.example.com:443",
    ],
)
def test_nothing_but_a_listed_name_on_the_usual_port_is_connected(
    start: Callable[..., Proxy], far: Far, target: str
) -> None:
    proxy = start()
    assert ask(proxy, f"CONNECT {target} HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert far.connections == 0
    assert proxy.refused()[0].verdict is Verdict.NOT_LISTED


def test_plain_http_is_for_practice_companies_only(start: Callable[..., Proxy], far: Far) -> None:
    proxy = start()
    assert ask(proxy, "GET http://broker.test/page?a=1 HTTP/1.1\r\nHost: x").endswith(b"far")
    assert b"GET /page?a=1 HTTP/1.1" in far.got[0]
    assert b"Host: broker.test" in far.got[0]
    assert b"Proxy-" not in far.got[0]
    before = far.connections
    for url in ("http://broker.example.com/", "https://broker.test/", "ftp://broker.test/"):
        assert ask(proxy, f"GET {url} HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert far.connections == before


def test_an_asset_host_is_only_read(start: Callable[..., Proxy], far: Far) -> None:
    proxy = start()
    assert ask(proxy, "GET http://cdn.test/x HTTP/1.1").endswith(b"far")
    assert ask(proxy, "POST http://cdn.test/x HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert far.connections == 1


PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "fe80::1%eth0",
    "not an address",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_an_address_that_is_not_public_is_never_connected(
    start: Callable[..., Proxy], far: Far, ip: str
) -> None:
    assert not is_public(ip)
    proxy = start((Address(ip, far.port),))
    assert ask(proxy, "CONNECT broker.example.com:443 HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert proxy.refused()[0].verdict is Verdict.PRIVATE_ADDRESS
    assert far.connections == 0


def test_one_private_address_among_public_ones_spoils_the_answer(
    start: Callable[..., Proxy], far: Far
) -> None:
    proxy = start((Address("1.1.1.1", 443), Address("127.0.0.1", far.port)))
    assert ask(proxy, "CONNECT broker.example.com:443 HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert far.connections == 0


def test_public_addresses_and_our_own_are_fine() -> None:
    assert is_public("1.1.1.1")
    assert is_public("2606:4700::1111")
    assert may_connect(Address("127.0.0.1", 1, ours=True))
    assert not any(address.ours for address in system_resolver("localhost", 443))


def test_a_host_that_nobody_serves_is_told_apart_from_a_refusal(
    start: Callable[..., Proxy],
) -> None:
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))  # and hears nobody: so nobody else gets the port
        proxy = start((Address("127.0.0.1", deaf.getsockname()[1], ours=True),))
        assert ask(proxy, "CONNECT broker.example.com:443 HTTP/1.1").startswith(b"HTTP/1.1 502")
    assert proxy.refused()[0].verdict is Verdict.UNREACHABLE
    assert proxy.sent_to_broker() == 0


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    def nowhere(_host: str, _port: int) -> tuple[Address, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with Proxy(LISTED, nowhere) as proxy:
        assert ask(proxy, "CONNECT broker.test:443 HTTP/1.1").startswith(b"HTTP/1.1 502")


@contextmanager
def knocking(port: int) -> Iterator[None]:
    """Connect again and again until nobody opens; the first three are in before this goes on."""
    held: list[socket.socket] = []
    three = threading.Event()

    def knock() -> None:
        with suppress(OSError):
            while len(held) < 60:  # fewer than may queue, or the rest wait a second for a place
                held.append(socket.create_connection(("127.0.0.1", port), timeout=10))
                if len(held) == 3:
                    three.set()

    thread = threading.Thread(target=knock)
    thread.start()
    try:
        assert three.wait(10)
        yield
    finally:
        thread.join()
        for one in held:
            one.close()


def test_whoever_knocks_while_it_closes_is_shown_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is accepted but not yet taken would stay open; Python tells when it is collected."""
    left_open: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", left_open.append)
    for _ in range(40):
        proxy = Proxy(LISTED, lambda _host, _port: ())
        proxy.__enter__()
        with knocking(proxy.port):
            proxy.__exit__()
        del proxy
        gc.collect()
    assert left_open == []


def test_shutting_cuts_open_tunnels_and_refuses_new_ones(
    start: Callable[..., Proxy], far: Far
) -> None:
    proxy = start()
    with closing(socket.create_connection(("127.0.0.1", proxy.port), timeout=10)) as tunnel:
        head = "CONNECT broker.example.com:443 HTTP/1.1\r\n"
        tunnel.sendall(f"{head}{password(proxy)}\r\n".encode())
        assert b"200" in tunnel.recv(4096)
        tunnel.sendall(b"before")
        assert tunnel.recv(4096) == b"far"
        proxy.shut()
        try:
            tunnel.sendall(b"after")
            rest = tunnel.recv(4096)
        except OSError:
            rest = b""
        assert rest == b""
    assert far.got == [b"before"]
    assert ask(proxy, "CONNECT broker.example.com:443 HTTP/1.1").startswith(b"HTTP/1.1 403")
    assert proxy.refused()[-1].verdict is Verdict.SHUT


def test_the_log_holds_hosts_and_bytes_and_no_content(
    start: Callable[..., Proxy], far: Far
) -> None:
    proxy = start()
    ask(proxy, "GET http://broker.test/?email=jordan.sample@example.com HTTP/1.1")
    told = repr(proxy.passages)
    assert "broker.test" in told
    assert "jordan" not in told
    assert proxy.passages[0].sent == len(far.got[0])
    assert proxy.passages[0].received > 0
    assert proxy.sent_to_broker() == len(far.got[0])


def test_the_proxy_does_not_print_its_password(start: Callable[..., Proxy]) -> None:
    proxy = start()
    assert proxy.password not in repr(proxy)


def test_an_endless_head_is_turned_away(start: Callable[..., Proxy]) -> None:
    proxy = start()
    head = "GET http://broker.test/ HTTP/1.1\r\nX: " + "a" * 200_000
    try:
        answer = ask(proxy, head)
    except OSError:
        answer = b""
    assert not answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("bad", ["*", "com", "127.0.0.1", "broker.test:80", "Brökèr.test", ""])
def test_a_list_that_is_not_made_of_names_is_refused(bad: str) -> None:
    with pytest.raises(BadAddress):
        HostClasses(hosts=("broker.test", bad))


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("https://broker.example.com/x", False),
        ("https://www.broker.example.com/x?y=1", False),
        ("https://broker.example.com", False),
        ("http://broker.test/x", False),
        ("http://www.broker.test#x", False),
        ("http://broker.example.com/x", True),
        ("https://broker.example.com:8443/x", True),
        ("https://broker.example.com@evil.test/x", True),
        ("https://broker.example.com.evil.test/x", True),
        ("https://evilbroker.example.com/x", True),
        ("https://brokerxexample.com/x", True),
        ("ftp://broker.example.com/x", True),
        ("wss://broker.example.com/x", True),
        ("data:text/html,https://broker.example.com/", True),
    ],
)
def test_only_the_brokers_own_addresses_skip_the_second_look(url: str, *, outside: bool) -> None:
    assert bool(LISTED.outside_pattern().search(url)) is outside
    if not outside:
        assert LISTED.is_broker(url)
