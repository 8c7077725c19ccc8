import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.errors import DeliveryFailed
from notifications.guard import Allowed, is_public, read_allowed, read_place, require_public

NOTHING = Allowed()
HTTP = Allowed(http=True)

PRIVATE_4 = st.sampled_from(
    ("0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.0.9", "168.63.129.16",
     "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
     "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
     "239.255.255.255", "240.0.0.1", "255.255.255.255")
).map(IPv4Address)  # fmt: skip
ANY_PRIVATE_4 = PRIVATE_4 | st.ip_addresses(v=4).filter(
    lambda address: address.is_private or address.is_multicast or address.is_reserved
)
CARRIERS = ("::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "::")


def refusal(url: str, allowed: Allowed = NOTHING) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        read_place(url, allowed)
    return caught.value


def passes(host: str, addresses: list[str], allowed: Allowed = NOTHING) -> bool:
    try:
        require_public(host, addresses, allowed)
    except DeliveryFailed as error:
        assert error.permanent
        return False
    return True


def dialled(url: str) -> bool:
    """Whether anything would be dialled for ``url``, whose host is a number in some spelling."""
    try:
        place = read_place(url, HTTP)
    except DeliveryFailed:
        return False
    return passes(place.host, [resolved(place.host)])


def resolved(number: str) -> str:
    """What a lax resolver makes of a number: ``inet_aton`` takes octal, hex and short forms."""
    return number if ":" in number else socket.inet_ntoa(socket.inet_aton(number))


def spellings(address: IPv4Address) -> list[str]:
    """The forms of an address that some reader takes."""
    number = int(address)
    a, b, c, d = address.packed
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{number & 0xFFFF}",
        f"0{a:o}.{b}.{c}.{d}",
        f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}",
        f"{a}.{b}.{c}.0x{d:x}",
        f"00{a}.{b}.{c}.{d}",
    ]


def carriers(address: IPv4Address) -> list[str]:
    """IPv6 addresses that lead to an IPv4 address."""
    number = int(address)
    tunnels = [
        IPv6Address((0x2002 << 112) | (number << 80) | 1),  # 6to4
        IPv6Address((0x20010000 << 96) | (0xFFFFFFFF ^ number)),  # Teredo
    ]
    bases = [IPv6Address(int(IPv6Address(base)) | number) for base in CARRIERS]
    return [form for one in tunnels + bases for form in (str(one), one.exploded, str(one).upper())]


@given(ANY_PRIVATE_4)
def test_no_private_address_is_dialled_however_it_is_spelt(address: IPv4Address):
    urls = [f"https://{host}/x" for host in spellings(address)]
    urls += [f"https://[{host}]/x" for host in carriers(address)]

    assert [url for url in urls if dialled(url)] == []


@given(ANY_PRIVATE_4)
def test_no_name_that_resolves_to_a_private_address_is_dialled(address: IPv4Address):
    for found in (str(address), *carriers(address)):
        assert not passes("hooks.example.org", [found])
        assert not passes("hooks.example.org", ["93.184.215.14", found])


@given(st.ip_addresses())
def test_what_python_knows_as_special_is_never_public(address: IPv4Address | IPv6Address):
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or not address.is_global
    )

    assert not (special and is_public(address))


@pytest.mark.parametrize(
    "address", ["::", "::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "100::1",
                "2001:db8::1", "3fff::1", "5f00::1", "2001:2::1", "2001:20::1", "4000::1"],
)  # fmt: skip
def test_no_special_ipv6_is_public(address: str):
    assert not is_public(ip_address(address))
    assert not dialled(f"https://[{address}]/")


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "172.32.0.1", "100.128.0.1",
                                     "2606:4700::1111", "2a00:1450::1"])  # fmt: skip
def test_public_addresses_pass(address: str):
    assert passes("hooks.example.org", [address])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org/x",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://u:p@a.example/",
        "https://a.example@127.0.0.1/",
        "https://@a.example/",
        "https://a.example\\@127.0.0.1/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[v1.a]/",
        "https://127.0.0.1%2f/",
        "https://a.example/a b",
        "https://a.example/\r\nHost: b",
        "https://ⓛocalhost/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://a..example/",
        "https://-a.example/",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_https_url_is_refused_for_good(url: str):
    assert refusal(url).permanent


def test_http_wants_to_be_allowed():
    assert "ASSAY_WEBHOOK_HTTP" in refusal("http://a.example/").advice
    assert not read_place("http://a.example/", HTTP).secure


def test_a_url_is_taken_apart():
    place = read_place("https://Hooks.Example.org:8443/a/b?c=d#e", NOTHING)

    assert (place.secure, place.host, place.port) == (True, "hooks.example.org", 8443)
    assert (place.path, place.name) == ("/a/b?c=d", "hooks.example.org:8443")


def test_the_name_has_a_port_only_where_it_is_not_the_usual():
    assert read_place("https://a.example./", NOTHING).name == "a.example"
    assert read_place("https://a.example:443", NOTHING).name == "a.example"
    assert read_place("https://[2A00::1]/", NOTHING).name == "[2a00::1]"
    assert read_place("https://[2a00::1]:444/", NOTHING).name == "[2a00::1]:444"


def test_a_refused_address_says_which_and_what_to_set():
    with pytest.raises(DeliveryFailed) as caught:
        require_public("a.example", ["10.0.0.1"], NOTHING)

    assert str(caught.value) == "a.example resolves to 10.0.0.1, which is not a public address"
    assert "ASSAY_WEBHOOK_ALLOW" in caught.value.advice


def test_what_an_operator_allows_passes_and_nothing_beside_it():
    allowed = read_allowed(" hooks.intern, 10.1.0.0/16,fd00::/8 , 127.0.0.1")

    assert passes("hooks.intern", ["192.168.0.1"], allowed)
    assert passes("a.example", ["10.1.2.3", "fd00::1", "127.0.0.1"], allowed)
    assert not passes("a.example", ["10.2.0.1"], allowed)
    assert not passes("x.hooks.intern", ["192.168.0.1"], allowed)
    assert not passes("a.example", ["::ffff:10.1.2.3"], allowed)
    assert not passes("a.example", ["127.0.0.2"], allowed)


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.1.2.3/8", "a b", "https://a.example", "1.2.3"])
def test_what_can_be_no_host_and_no_network_is_told(text: str):
    with pytest.raises(ValueError, match="no host and no network"):
        read_allowed(text)


def test_nothing_is_allowed_by_default():
    assert read_allowed("") == NOTHING


def test_what_is_no_address_is_not_dialled():
    assert not passes("a.example", ["fe80::1%eth0"])
    assert not passes("a.example", ["nonsense"])
