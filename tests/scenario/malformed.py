"""Files that are no scenarios: what is in them, on which line, and what must be said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple


class Malformed(NamedTuple):
    """A file. line: where the mistake stands. says: a part of the message."""

    name: str
    raw: bytes
    line: int
    says: str


def _yaml(name: str, text: str, line: int, says: str) -> Malformed:
    return Malformed(f"{name}.yaml", text.encode(), line, says)


def _json(name: str, text: str, line: int, says: str) -> Malformed:
    return Malformed(f"{name}.json", text.encode(), line, says)


def _step(name: str, text: str, says: str, line: int = 3) -> Malformed:
    """A file whose only step, on line 3, is wrong."""
    return _yaml(name, f"about: A mistake.\nwhen:\n  - {text}\n", line, says)


_BOMB: Final = "about: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

MALFORMED: Final = (
    # -- no text, or too much of it
    Malformed("empty.yaml", b"", 1, "The file is empty."),
    Malformed("comments.yaml", b"# nothing but a comment\n\n", 1, "The file is empty."),
    Malformed("spaces.json", b"   \n  \n", 1, "The file is empty."),
    Malformed("picture.yaml", b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not UTF-8: byte 0x89"),
    Malformed("zeros.yaml", b"about: x\nseed: \x00\x00\n", 2, "not text: character U+0000"),
    Malformed("escape.yaml", b"about: x\n\nseed: \x1b[31m\n", 3, "not text: character U+001B"),
    Malformed("utf16.yaml", "about: ja\n".encode("utf-16"), 1, "not UTF-8: byte 0xff"),
    Malformed("latin.yaml", "about: x\nseed: Grüße\n".encode("latin-1"), 2, "Save the file as"),
    Malformed("huge.yaml", b"about: " + b"x" * 4_200_000, 1, "larger than 4096 KiB"),
    Malformed("values.yaml", b"about: x\nseed: [" + b"1," * 200_001 + b"]", 2, "more than 200000"),
    # -- no YAML and no JSON
    _yaml("unclosed", "about: x\nwhen: [{get: /v1/balance}\n", 2, "This is no YAML"),
    _yaml("tabs", "about: x\nplatform:\n\tcountry: US\n", 3, "This is no YAML"),
    _yaml("colons", "about: a: b\n", 1, "mapping values are not allowed"),
    _yaml("quotes", 'about: "x\nseed: 1\n', 2, "This is no YAML"),
    _yaml("documents", "about: x\n---\nabout: y\n", 2, "A second document"),
    _yaml("twice", "about: x\nseed: 1\nabout: y\n", 3, "stands here twice; first on line 1"),
    _yaml("python", "about: !!python/object/apply:os.system [ls]\n", 1, "is not read here"),
    _yaml("dated", "about: x\nstart: !!timestamp 2026-03-02\n", 2, "is not read here"),
    _yaml("keys", "about: x\n? [a, b]\n: 1\n", 2, "must be a plain text"),
    _yaml("ring", "about: x\nplatform: &p {country: *p}\n", 2, "not complete here"),
    _yaml("nobody", "about: *nobody\n", 1, "not complete here"),
    _yaml("bomb", _BOMB, 6, "more than 200000 values"),
    _yaml("deep", "about: x\nseed: " + "[" * 60 + "]" * 60, 2, "more than 40 levels"),
    _yaml("deepest", "about: x\nseed: " + "{a: " * 50_000, 2, "more than 40 levels"),
    _yaml("number", "about: x\nseed: 123456789012345678901234567890\n", 2, "too large"),
    _yaml("infinite", "about: x\nplatform:\n  rates: {eur: 1e999}\n", 3, "too large"),
    _json("braces", '{"about": "x"', 1, "This is no JSON"),
    _json("halves", '{\n  "about": "\\ud83d"}', 2, "This is no JSON"),
    # -- something else than a scenario
    _yaml("list", "- about: x\n", 1, "A scenario is a hash"),
    _yaml("text", "just some words\n", 1, "A scenario is a hash"),
    _yaml("unsaid", "seed: 1\nwhen: []\n", 1, "about is missing"),
    _yaml("unknown", "about: x\nsteps: []\n", 2, "Nothing here is called 'steps'"),
    _yaml("typo", "about: x\nplatfrom: {}\n", 2, "Did you mean platform?"),
    _yaml("kinds", "about: x\nwhen: {get: /v1/balance}\n", 2, "must be a list, and is a hash"),
    _yaml("start", "about: x\nstart: yesterday\n", 2, "yesterday is no time"),
    _yaml("future", "about: x\nstart: 99999999999\n", 2, "at most 4102444800"),
    _yaml("null", "about:\n", 1, "must be a text, and is empty"),
    # -- steps that say nothing, too much or the wrong thing
    _step("idle", "{}", "A step does one thing: get, post"),
    _step("both", "{get: /v1/balance, post: /v1/customers}", "this one says get and post"),
    _step("verb", "{pots: /v1/customers}", "Did you mean post?"),
    _step("param", "{post: /v1/customers, wiht: {}}", "Did you mean with?"),
    _step("path", "{post: /v1/costumers}", "Did you mean /v1/customers?"),
    _step("method", "{post: /v1/balance}", "Did you mean GET /v1/balance?"),
    _step("relative", "{post: v1/customers}", "does not fit: 'v1/customers'"),
    _step("who", "{get: /v1/balance, as: publishabel}", "Did you mean publishable?"),
    _step("duration", "{advance: soon}", "does not fit: 'soon'"),
    _step("until", "{until: payout.payd}", "Did you mean payout.paid?"),
    _step("outcome", "{authenticate: pi_1, outcome: maybe}", "one of succeeded, failed"),
    _step("matcher", "{get: /v1/balance, is: {$abvoe: 1}}", "There is no matcher $abvoe"),
    _step("beside", "{get: /v1/balance, is: {$above: 1, a: 2}}", "cannot stand beside it"),
    _step("regex", "{get: /v1/balance, is: {$regex: '('}}", "wants a regular expression"),
    _step("event", "{events: [payout.payed]}", "Did you mean payout.paid?"),
    _step("pocket", "{balance: platform, is: {usd: {avail: 1}}}", "Did you mean available?"),
    _step("name", "{get: /v1/balance, name: 1st}", "does not fit: '1st'"),
    _step("taken", "{get: /v1/balance, name: world}", "cannot be a name"),
    _step("bodies", "{post: /v1/customers, with: {}, body: a=b}", "with cannot go with it"),
    _step("base", "{post: /v1/customers, base64: abc}", "This is no Base64"),
    # -- references and tables
    _step("reference", "{get: '/v1/accounts/${seller.id}'}", "nothing before this step is called"),
    _step("syntax", "{get: '/v1/accounts/${seller id}'}", "is no reference"),
    _step("row", "{get: '/v1/accounts/${row.id}'}", "There is no row here"),
    _step("column", "{each: [{a: 1}], get: '/v1/accounts/${row.b}'}", "row has no b"),
    _step("table", "{each: [[a, b], [1]], get: /v1/balance}", "must be a list of 2"),
    _step("rows", "{each: 100000, get: /v1/balance}", "at most 1000"),
    # -- what the world answers, and what fails
    _yaml(
        "question",
        "about: x\nanswers:\n  - {question: card.burn, answer: x}\n",
        3,
        "one of account.verify",
    ),
    _yaml(
        "answer",
        "about: x\nanswers:\n  - {question: card.charge, answer: aproved}\n",
        3,
        "Did you mean approved?",
    ),
    _yaml("fault", "about: x\nfaults:\n  - {fault: fire}\n", 3, "one of latency"),
    _yaml("setting", "about: x\nplatform:\n  contry: US\n", 3, "unknown parameters: contry"),
    _yaml("country", "about: x\nplatform:\n  country: Mars\n", 3, "Invalid country"),
    # -- files
    _yaml("gone", "about: x\ninclude: [nowhere.yaml]\n", 2, "nowhere.yaml cannot be read"),
    _yaml("folder", "about: x\ninclude: ['.']\n", 2, "is a folder"),
    _yaml("circle", "about: x\n\ninclude: [circle.yaml]\n", 3, "includes itself"),
    _yaml("nul", 'about: x\ninclude: ["a\\0b"]\n', 2, "cannot be read"),
    # -- fixtures of the Stripe CLI
    _json("fixtures", '{"fixtures": {}}', 1, "must be a list of requests"),
    _json("fixture", '{"fixtures": [\n{"path": "/v1/customers"}]}', 2, "method must be one of"),
    _json(
        "known",
        '{"fixtures": [\n{"method": "get", "path": "/v1/balance", "parms": {}}]}',
        2,
        "Did you mean params?",
    ),
)


def write(folder: Path, file: Malformed) -> Path:
    """Put the file into a folder."""
    path = folder / file.name
    path.write_bytes(file.raw)
    return path
