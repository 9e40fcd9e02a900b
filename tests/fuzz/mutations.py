"""Ways to change a request into one that nobody should send."""

from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias

from tests.fuzz.requests import EXTRAS, FORM, TYPED, WRITER, Request
from theme.fields import FIELDS

Mutation: TypeAlias = Callable[[Random, Request], None]

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X")
LIMITS: Final = sorted({field.max_chars for field in FIELDS})
TEXTS: Final = (
    "", " ", "\0", "\r\nBcc: x@y.example", "\t", "\u202e", "\u2028", "\ufeff", "\ud800", "\ufffd", "é" * 60, "王小明",
    "محمد عبد الله", "😀" * 30, "A\u0301" * 30, "<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "%s%n%d",
    "'; DROP TABLE letters; --", '"', "\\", "nan", "inf", "-0", "1e309", "1_0", "\u0661\u0662", "99999999999999999999",
    "null", "true", "[]", "[Legislator]" * 50, "[Email]" * 900, "[Town", "]", "0" * 5, "02108-1234", "2108.0", "١٢٣٤٥",
    "a@b", "a@b.example", "a@[127.0.0.1]", "ü@ü.example", '"a b"@c.example', "x@" + "y." * 120 + "example",
    "12 1/2 Main St", "1-3 Main St Apt 4", "Main St 24", "24", "Boston, MA 02108, USA", "St", "Saint", "N", "-1 Main",
    f"{2**63} Main St", "http://127.0.0.1/", "../../etc/passwd", "town", "street", "full", "erase", "deny", "confirm",
)  # fmt: skip
HEADERS: Final = (
    (b"Content-Type", b""), (b"Content-Type", b"multipart/form-data; boundary=x"), (b"Content-Type", FORM.upper()),
    (b"Content-Type", FORM + b"; charset=utf-16"), (b"Content-Type", b"application/json"), (b"Content-Type", b"\xff"),
    (b"Content-Length", b"0"), (b"Content-Length", b"-1"), (b"Content-Length", b"9" * 30), (b"Content-Length", b"\xb2"),
    (b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b"gzip"), (b"Content-Encoding", b"gzip"),
    (b"Origin", b"null"), (b"Origin", b"https://troll.example"), (b"Origin", b"https://site.example"),
    (b"Origin", b"https://relay.example"), (b"Origin", b"\xff\xfe"), (b"Origin", b"://"), (b"Origin", b""),
    (b"Sec-Fetch-Site", b"cross-site"), (b"Sec-Fetch-Site", b"\xff"), (b"Accept", b"application/json"),
    (b"Accept", b"text/html"), (b"Accept", b"\xff"), (b"Accept-Language", b"es"), (b"Accept-Language", b"*;q=nan"),
    (b"Accept-Language", b"en;q=1e999,\xff;q=,;;,ar-" + b"x" * 200), (b"Accept-Language", b"zh-Hant-TW;q=0.1, ht"),
    (b"Host", b""), (b"Host", b"[::1"), (b"Host", b"evil.example:99999"), (b"Host", b"a@b"), (b"Host", b"\xff"),
    (b"Authorization", b"Bearer"), (b"Authorization", b"\xff\xfe"), (b"Authorization", b"Basic Og=="),
    (b"If-None-Match", b"*"), (b"If-None-Match", b'"' * 500), (b"If-Modified-Since", b"yesterday"),
    (b"Range", b"bytes=5-1"), (b"Cookie", b"a=b; " * 90), (b"Expect", b"100-continue"), (b"Upgrade", b"websocket"),
    (b"Access-Control-Request-Method", b"POST"), (b"X-Forwarded-For", b"::ffff:1.2.3.4, x"), (b"Forwarded", b"for=_"),
    (b"X-Forwarded-Proto", b"wss"), (b"X-HTTP-Method-Override", b"DELETE"), (b"Connection", b"upgrade"), (b"", b""),
)  # fmt: skip
PIECES: Final = (
    b"/", b"//", b"/..", b"/.", b"%2f", b"%00", b"%0d%0aX:1", b"%ff", b"%", b"%zz", b"%C3%A9", b"%ED%A0%80", b"\xff",
    b";a", b"\\", b"*", b"{slug}", b"x" * 300, b"%25252e", b"letters", b".json", b" ", b"+", b"?", b"#",
)  # fmt: skip
SOURCES: Final = ("127.0.0.1", "203.0.113.7", "::1", "::ffff:203.0.113.9", "unix:", "", "fe80::1%eth0", None)
NAMES: Final = (*WRITER, *EXTRAS, "street", "city", "zip", "__class__", "zip[]", "", "é")


def draw_text(random: Random) -> str:
    """Hostile, or about as long as a field may be."""
    if random.random() < 0.7:
        return random.choice(TEXTS)
    return random.choice(("x", "é", "\n", " ", "𝒳", "[Email]")) * (random.choice(LIMITS) + random.randint(-1, 1))


def change_value(random: Random, request: Request) -> None:
    if request.fields:
        place = random.randrange(len(request.fields))
        name, value = request.fields[place]
        request.fields[place] = name, draw_text(random) if random.random() < 0.8 else f"{value}{draw_text(random)}"


def add_field(random: Random, request: Request) -> None:
    name = random.choice(NAMES)
    request.fields.insert(random.randint(0, len(request.fields)), (name, EXTRAS.get(name) or draw_text(random)))


def drop_or_swap_fields(random: Random, request: Request) -> None:
    random.shuffle(request.fields)
    if request.fields and random.random() < 0.7:
        request.fields.pop()


def repeat_fields(random: Random, request: Request) -> None:
    request.fields *= random.choice((2, 2, 2, 2, 3, 3, 10, 60))


def damage_body(random: Random, request: Request) -> None:
    request.body = damage(random, bytearray(request.content))


def enlarge_body(random: Random, request: Request) -> None:
    size = random.choice((1_000, 65_535, 65_536, 65_537, 200_000, 1_100_000 if random.random() < 0.05 else 70_000))
    request.body = request.content + b"&message=" + random.choice((b"x", b"%", b"%E7%8E%8B", b"&", b"=", b"+")) * size
    request.body = request.body[: max(size, 200)]


def add_header(random: Random, request: Request) -> None:
    name, value = random.choice(HEADERS)
    if random.random() < 0.6:
        request.headers = [header for header in request.headers if header[0].lower() != name.lower()]
    request.headers.append((name, value))


def drop_header(random: Random, request: Request) -> None:
    if request.headers:
        request.headers.pop(random.randrange(len(request.headers)))


def damage_header(random: Random, request: Request) -> None:
    if request.headers:
        place = random.randrange(len(request.headers))
        name, value = request.headers[place]
        request.headers[place] = name, damage(random, bytearray(value)).translate(None, b"\r\n\0")


def change_method(random: Random, request: Request) -> None:
    request.method = random.choice(METHODS)


def change_path(random: Random, request: Request) -> None:
    parts = request.path.split(b"/")
    place = random.randrange(len(parts))
    parts[place] = random.choice((parts[place] + random.choice(PIECES), random.choice(PIECES), parts[place][:-1]))
    request.path = b"/".join(parts)


def change_query(random: Random, request: Request) -> None:
    if random.random() < 0.5:
        request.query += b"&lang=" + random.choice(PIECES) + b"&key=" + random.choice(PIECES)
    else:
        request.query = damage(random, bytearray(request.query))


def change_source(random: Random, request: Request) -> None:
    request.source = random.choice(SOURCES)


MUTATIONS: Final[tuple[Mutation, ...]] = (
    *[change_value] * 6, *[add_field] * 3, drop_or_swap_fields, repeat_fields, damage_body, enlarge_body,
    *[add_header] * 3, drop_header, damage_header, change_method, change_path, change_query, change_source,
)  # fmt: skip


def damage(random: Random, data: bytearray) -> bytes:
    """Change, insert, remove or cut a few bytes."""
    for _ in range(random.choice((1, 1, 2, 8))):
        place = random.randint(0, len(data))
        match random.randrange(5):
            case 0:
                data[place : place + 1] = random.randbytes(1)
            case 1:
                data[place:place] = random.choice(PIECES)
            case 2:
                del data[place : place + random.randint(1, 9)]
            case 3:
                data[place:place] = TYPED.encode()
            case _ if random.random() < 0.2:
                del data[place:]
    return bytes(data)
