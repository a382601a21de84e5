"""What in a line of configuration is a secret: by the key that it stands at, by its own look, or if others say so.

Where it's unclear how far a value reaches, it is taken to reach further: what was no secret can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 20_000  # characters of a line that are read: what is behind them is data, and masked whatever it is

_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_NO_SECRET = re.compile(  # in keys whose words are joined with `_`
    r"(?<![a-z])(?:(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass|(?:by|com|over|sur|tres|under)pass"
    r"|pass_(?:filenames|through)|js_tokens?|tokeni[sz]|(?:max|min|num|n|per)_(?:[a-z]+_)?tokens?"
    r"|tokens?_(?:per|limit|count)|(?:total|input|output|prompt|completion|context|new|cached|reasoning|thinking)"
    r"_tokens(?![a-z]))|^.*_(?:type|ttl|lifetime|expir[a-z]*|timeout|length|policy|endpoint|path|file|name|ref)$"
)
_SECRET = re.compile(
    r"pass(?:word|wd|wort|phrase|_?code)|pass(?![a-z])|pwd(?![a-z])|secret|token|credential|dsn(?![a-z])"
    r"|(?:api|private|access|client|signing|encryption|master|account|shared|session|licen[cs]e)_?key"
    r"|(?<![a-z])psk(?![a-z])|connection_?string"
)
_SECRET_VALUE = re.compile(r"(?<![a-z])(?:auth|authorization)$|^(?:require|master)auth$")

_PAIR = re.compile(
    r"""(?:(?<![\w.$@/:-])|(?<=:)(?=\w++\s*+=))(?:  # `:_authToken=` of npm, `$env:NAME =`
        (?P<key>(?:[\w.$@/-]++\ (?=[\w.$@/-]))?+[\w.$@/-]++)["']?\s*+(?:=>?|:)\s*+
      | (?P<flag>--[\w-]++)["']?,?\s++(?=\S))""",
    re.VERBOSE,
)
_FLAG = re.compile(r"(?<![\w-])(--[\w-]++)[\"']?,?\s*\Z")  # whose value stands in the next line
_WORDS = re.compile(r"\s*+(?:- ++)*+(?P<key>[A-Za-z_][\w.-]*+)\s++(?=[^\s:={\[(])")  # `requirepass x`
_SET = re.compile(  # as shells of other families set a variable, and `.netrc` a password: one word, nothing behind it
    r"""(?<![\w-])(?:(?:set(?:x|env)?|ENV)\s++(?:--?[a-z]++\s++)*+(?P<key>[A-Z][A-Z0-9_]++)"""
    r"""|(?:machine\s++\S++|default)\s++login\s++\S++\s++(?P<login>password))\s++"""
    r"""(?=(?:"[^"]*+"|'[^']*+'|[^\s"';&|]++)["']?\s*+(?:[;&|]|\Z))"""
)
_OWN_KEY = re.compile(r"""\s*+(?:- ++)*+(?:(?:"[^"]*"|'[^']*'|[\w.$@/-]++)\s*+(?::(?=\s|\Z)|=(?!=*\s*\Z))\s*+)?""")
_LABELLED = re.compile(r"\s*+[\w-]++(?: ++\"[\w.-]*+\")*? ++\"(?P<name>[\w.-]++)\" *+\{")  # `variable "x" {`
_ELEMENT = re.compile(
    r"<(?P<key>[A-Za-z_][\w.:-]*+)(?P<attributes>\s[^<>]*+)?>(?=\s*+(?:[^<\s]|<!))"
    r"(?P<text>(?:[^<]|<!\[CDATA\[(?:[^\]]|\](?!\]>)){0,999}+\]\]>|<!)++)"
)
_QUOTED = re.compile(r"""(["'])(?P<value>(?:(?!\1)[^\\]|\\.)*+)\1(?=[\s,;:)\]/>?}]|\Z)""")
_OPEN = re.compile(  # of a value of many lines
    r"""\s*+(?P<quote>\"{3}|'{3}|"|')|\s*+<<[-~]?\s*+["']?(?P<word>\w++)["']?\s*\Z"""
)

_TITLE = re.compile(r"""\s*+(?:- ++)*+[<\["']*+(?P<key>[\w.-]++)["'\]]*+(?=[\s:={>]|\Z)""")
_ONLY_TITLE = re.compile(r":\s*+(?:[|>][+\d-]*+)?\s*\Z|>\s*\Z")
_SCALAR = re.compile(r"[:=]\s*+[^\s{\[(&]")  # a key with a value, so that what is below goes on with it
_MARKUP = re.compile(r"\s*+<[^!]")

_NAMING = frozenset(["name", "key", "id", "variable", "property", "field", "param", "parameter", "setting", "option"])
_NAMED = frozenset(["value", "val", "default", "string", "data", "content", "text"])  # keys of what such a name names
_NAME = re.compile(r"[\w./:-]++")
_TELLING = re.compile(  # no secrets at any key: nothing, switches, and names of variables
    r"""[\s"',;:|>{}()\[\]&+-]*(?:(?:true|false|null|none|yes|no|on|off|write|read|inherit|~|\$\{\{?[\w. -]*\}\}?"""
    r"""|\$?\$(?-i:[A-Z_]{2,}))"""
    r"""[\s"',;}\])]*)?""",
    re.IGNORECASE,
)

_PEM_END = "-----END"
_ARGUMENTS = r"[\s\"'](?:(?:[^|;&]|&(?![&\s])){0,200}?[\s\"'])?"  # of one command, up to an option
_ADDRESS = r"(?:[^\s\"'<>:]|:(?!//))"  # a letter of one
_LOOK = re.compile(
    rf"(?<![\w-])(?:(?:mysql|mariadb)[\w-]*+{_ARGUMENTS}-p[\"']?|redis-cli{_ARGUMENTS}-a[\s\"',]++"
    rf"|(?:sshpass|mongo\w*+|(?:docker|podman|az|oc) login){_ARGUMENTS}-p[\s\"',]*+"
    rf"|curl{_ARGUMENTS}(?:-u|--(?:proxy-)?user)[\s\"',=]*+[^\s:\"']++:)(?P<option>[^\s\"',][^\s\"']*+)"
    rf"|://{_ADDRESS}{{0,200}}?hook{_ADDRESS}{{0,100}}?/(?=[\w-]{{0,80}}\d)(?P<hook>[\w-]{{7}}[^\s\"'<>]*+)"
    r"|/bot\d{6,20}:(?P<bot>[\w-]{20,})|[?&;](?:[xX]-(?:Amz|Goog)-)?[sS]ig(?:nature)?=(?P<query>[^\s&\"'<>]++)"
    r"|://[^\s/:@\"']*+:(?P<login>\S{1,200})@"
    r"|-----BEGIN[A-Z0-9 ]{0,40}-----(?P<pem>.*)"
    r"|\b(?:Bearer|Basic)\s+(?P<header>[\w.~+/=-]{8,})"
    r"|(?<![A-Za-z0-9])(?P<token>(?:[spr]k[-_](?=[\w-]{0,99}\d)[\w-]{12,}|sk(?=[A-Za-z]{0,99}\d)[A-Za-z0-9]{16,}"
    r"|gh[pousr]_\w{12,}|github_pat_\w{12,}|gl[a-z]{2,4}-(?=[\w-]{0,99}\d)[\w-]{12,}|xox[a-z]-[\w-]{8,}"
    r"|A[KS]IA[A-Z0-9]{12,}|AIza[\w-]{20,}|npm_\w{20,}|pypi-[\w-]{20,}|hf_\w{20,}|shp[a-z]{2}_\w{16,}"
    r"|dop_v1_\w{16,}|whsec_\w{12,}|SG\.[\w-]{12,}|eyJ[\w-]{8,}\.[\w-]+)[\w.~+/=-]*)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a line a value stands."""

    start: int
    end: int
    until: str = ""  # what ends the value in a later line


@dataclass(frozen=True, slots=True)
class Signs:
    """What a line says of secrets, in itself and around it."""

    own: tuple[Span, ...]  # secrets, whatever stands around
    told: tuple[Span, ...]  # values of nothing but `value`: secrets where a name near by is that of one
    every: tuple[Span, ...]  # all values: secrets below a key that holds them
    names: bool | None  # whether it names a secret; None where it names nothing
    holds: bool  # whether what stands below are secrets
    holds_told: bool  # or is the value of nothing but `value`
    scalar: bool  # whether what stands below goes on with its value
    flag: bool  # whether the next line is the value of its end

    @classmethod
    def of(cls, line: str) -> Signs:
        """The signs in a line."""
        rest = [Span(LONGEST, len(line))] if len(line) > LONGEST else []
        line = line[:LONGEST]
        pairs = [(_words(key), span) for key, span in _pairs(line)]
        title = _TITLE.match(line)
        key = _words(title["key"]) if title else ""
        flag = _FLAG.search(line)
        names = [_NAME.match(line, span.start, span.end) for words, span in pairs if _last(words) in _NAMING]
        every = [span for _, span in pairs] if _MARKUP.match(line) else [_all_but_key(line)]
        return cls(
            own=(*_telling(line, [*(span for words, span in pairs if _is_secret(words)), *_by_look(line)]), *rest),
            told=_telling(line, (span for words, span in pairs if _last(words) in _NAMED)),
            every=_telling(line, every),
            names=any(name is not None and _is_secret(_words(name[0])) for name in names) if names else None,
            holds=_holds_secrets(key),
            holds_told=_last(key) in _NAMED and _ONLY_TITLE.search(line) is not None,
            scalar=_SCALAR.search(line) is not None and not is_item(line),
            flag=flag is not None and _is_secret(_words(flag[1])),
        )


def is_item(line: str) -> bool:
    """Whether the line begins an item of a list."""
    return line.lstrip().startswith("- ")


def _is_secret(words: str) -> bool:
    """Whether the value at the key is nobody else's business."""
    return _holds_secrets(words) or _SECRET_VALUE.search(words) is not None


def _holds_secrets(words: str) -> bool:
    """Whether that is so for all that stands below the key, too: `auth:` may be a service of that name."""
    return _SECRET.search(words) is not None and _SECRET.search(_NO_SECRET.sub("", words)) is not None


def _words(key: str) -> str:
    """The words of a key in small letters: `dbPassword` is `db_password`."""
    return _WORD_ENDS.sub("_", key).strip("_").lower()


def _last(words: str) -> str:
    return words.rpartition("_")[2]


def _telling(line: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Those that may tell a secret."""
    return tuple(span for span in spans if span.until or not _TELLING.fullmatch(line, span.start, span.end))


def _pairs(line: str) -> Iterator[tuple[str, Span]]:
    """Keys with their values, wherever in the line they stand."""
    markup = _MARKUP.match(line) is not None
    if (words := _WORDS.match(line)) is not None:
        yield words["key"], _reach(line, words.end(), markup=markup)
    if (labelled := _LABELLED.match(line)) is not None:
        yield "name", Span(*labelled.span("name"))
    for found in _SET.finditer(line):
        yield found[found.lastgroup or 0], _reach(line, found.end(), markup=markup)
    for found in _PAIR.finditer(line):
        yield found["key"] or found["flag"], _reach(line, found.end(), markup=markup)
    for found in _ELEMENT.finditer(line) if markup else ():
        span = Span(*found.span("text"), f"</{found['key']}" if found.end() == len(line) else "")
        yield found["key"], span
        if found["attributes"]:  # which may say what it is
            yield "value", span


def _all_but_key(line: str) -> Span:
    own = _OWN_KEY.match(line)
    start = own.end() if own else 0
    return Span(start, len(line), _until(line, start))


def _by_look(line: str) -> Iterator[Span]:
    """Where something stands that is a secret whatever its key."""
    for found in _LOOK.finditer(line):
        start, end = found.span(found.lastgroup or 0)
        if found.lastgroup == "pem":
            closing = line.find(_PEM_END, start)
            yield Span(start, len(line), _PEM_END) if closing < 0 else Span(start, closing)
        else:
            yield Span(start, end)


def _reach(line: str, start: int, *, markup: bool) -> Span:
    """Where a value stands that begins there: it ends with its quotes, or else with the line."""
    quoted = _QUOTED.match(line, start)
    if quoted is not None:
        return Span(*quoted.span("value"))
    end = line.find("<", start) if markup else -1
    return Span(start, end if end >= 0 else len(line), _until(line, start))


def _until(line: str, start: int) -> str:
    """What ends a value that begins there and in a later line ends; empty where it is of one line."""
    opening = _OPEN.match(line, start)
    if opening is None:
        return ""
    closing = opening["quote"] or opening["word"]
    return "" if opening["quote"] and line.find(closing, opening.end()) >= 0 else closing
