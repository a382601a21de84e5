"""Where something of a configuration is left out, no secret is shown; and nothing but secrets is masked."""

from __future__ import annotations

import re

import pytest
from headroom_core.compressors.configuration import Configuration
from headroom_core.compressors.configuration.secret_signs import LONGEST, Signs
from headroom_core.compressors.configuration.secrets import mask
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Region, no_deadline

count = tokenizer_for("gpt-4o").count

FILLER = "".join(f"part{number}: the {number * 977} of {number * 31}\n" for number in range(400))
MARKUP_FILLER = "".join(f"  <part{number}>the {number * 977}</part{number}>\n" for number in range(400))


def elided(text: str, budget: int = 700) -> Region:
    """The region of an elided view in which the beginning, where the text stands, is shown."""
    text = f"<all>\n{text}\n{MARKUP_FILLER}</all>\n" if text.startswith("<") else f"{text}\n{FILLER}"
    [region] = Configuration().compress(text, Guidance(may_elide=True, budget=budget, count=count)).regions
    assert region.fidelity is Fidelity.ELIDED
    return region


SECRETS = [
    "password: hunter2",
    "a:\n  - hunter: 1\n    password: hunter2 and more of it",
    "DB_PASS=hunter2",
    "export MYSQL_PWD=hunter2",
    "db_pwd: hunter2",
    "smtpPass: hunter2",
    "admin_token: hunter2",
    "API key: hunter2",
    "requirepass hunter2",
    "# password: hunter2",
    "port: 80  # the password: hunter2",
    "database: {user: app, password: hunter2 hunter2, host: db}",
    'database: {"user": "app", "password": "hunter2", "host": "db"}',
    "- {name: DB_PASSWORD, value: hunter2}",
    "run: serve --password hunter2",
    'run: [serve, "--password", "hunter2"]',
    "run:\n  - serve\n  - --password\n  - hunter2",
    "//registry.example/:_authToken=hunter2",
    "psk=hunter2",
    "license_key: hunter2",
    "session-key: hunter2",
    '- "DB_PASSWORD=hunter2"',
    "url: postgres://app:hun/ter2:hunter2@db.example/app",
    "connection: Server=db;Password=hunter2;Timeout=3",
    'header: "Authorization: Basic aHVudGVyMg=hunter2"',
    "passwords:\n  - hunter2\n  - first: hunter2\n",
    "password: |\n  hunter2 is it\n  or: hunter2\n",
    "password: >-\n  is\n\n  hunter2\n",
    'password: "is\nhunter2"\nafter: 1',
    'password = """\nhunter2\n"""\nafter = 1',
    "password = <<EOF\nhunter2\nEOF\nafter = 1",
    "secret:\n  MIIhunter2==",
    "[credentials]\nuser = hunter2",
    'variable "db_password" {\n  type = string\n  default = "hunter2"\n}',
    "env:\n- name: DB_PASSWORD\n  value: hunter2\n- name: HOST\n  value: db",
    "env:\n- value: hunter2\n  name: DB_PASSWORD\n",
    "env:\n- name: DB_PASSWORD\n  value: |\n    hunter2\n",
    "kind: Secret\nstringData:\n  first: hunter2\n---\na: 1",
    "key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIhunter2==\n  hunter2: x\n  -----END RSA PRIVATE KEY-----\n",
    'KEY="-----BEGIN PRIVATE KEY-----\nMIIhunter2\n-----END PRIVATE KEY-----"\n',
    'key: "-----BEGIN PRIVATE KEY-----\\nMIIhunter2\\n-----END PRIVATE KEY-----\\n"\n',
    '<db user="app" password="hunter2" port="5432"/>',
    "<db user='app' password='hunter2'/>",
    '<add key="DbPassword" value="hunter2"/>',
    '<add value="hunter2" key="DbPassword"/>',
    '<add key="main" connectionString="Server=db;Password=hunter2;Timeout=3"/>',
    '<property name="password">hunter2</property>',
    "<property>\n  <name>db.password</name>\n  <value>hunter2</value>\n</property>",
    "<dict>\n  <key>Password</key>\n  <string>hunter2</string>\n</dict>",
    "<password><![CDATA[hun<ter2 hunter2]]></password>",
    "<credentials>\n  <user>hunter2</user>\n  <!-- hunter2 -->\n</credentials>",
    "<password>is\n  hunter2\n</password>",
    "run: mysql -u root -phunter2 shop",
    "run: mysqldump --all-databases '-phunter2'",
    'run: ["mysqladmin", "-phunter2", "ping"]',
    "run: mysqldump --password hunter2 shop",
    "run: sshpass -p hunter2 ssh host",
    "run: sshpass -phunter2 ssh host",
    "run: mongodump -u app -p hunter2",
    "run: docker login -u app -p hunter2 registry.example",
    "run: redis-cli -h cache -a hunter2 ping",
    "run: curl -s -u app:hunter2 https://db.example",
    "run: curl 'https://db.example?a=1&b=2' --user 'app:hunter2'",
    'run: ["curl", "-u", "app:hunter2"]',
    "machine db.example login app password hunter2",
    "default login app password hunter2",
    "run: set -gx SHOP_TOKEN hunter2",
    "set --export --global SHOP_TOKEN 'hunter2'",
    "- setx SHOP_TOKEN hunter2",
    "run: setenv SHOP_TOKEN hunter2; serve",
    "ENV SHOP_TOKEN hunter2",
    'run: $env:SHOP_API_KEY = "hunter2"',
    "$Env:SHOP_API_KEY='hunter2'",
    "url: https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/hunter2",
    "url: https://hooks.slack.com/workflows/T01ABCDEF/A01ABCDEF/123456/hunter2",
    "url: https://discord.com/api/webhooks/123456789012345678/hunter2-abc",
    "url: https://example.webhook.office.com/webhookb2/1a2b3c4d-hunter2/IncomingWebhook/hunter2",
    "url: https://hooks.zapier.com/hooks/catch/1234567/hunter2/",
    "url: https://api.telegram.org/bot123456789:hunter2-hunter2-hunter2/send",
    "url: https://store.blob.example/a?sv=2031-01-01&sr=b&sig=hunter2%3D",
    '<a at="https://store.blob.example/a?sr=b&amp;sig=hunter2"/>',
    "url: https://bucket.example/a?X-Amz-Date=20310203&X-Amz-Signature=hunter2",
]


@pytest.mark.parametrize(
    "value",
    [
        "sk_live_" + "51H8abcdefghijklmno",
        "sk-proj-" + "abc123DEF456ghi789",
        "sk-ant-api03-" + "abcdef123456",
        "github_pat_" + "11ABCDEFG0abcdefghij",
        "ghp_" + "abcdefghij1234567890",
        "glpat-" + "abcdefghij12345678",
        "xoxb-" + "1234567890-abcdef",
        "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxIn0.abc-def",
    ],
)
def test_what_looks_like_a_token_is_not_shown_at_any_key(value: str) -> None:
    """Who gives them out begins them so that they are found."""
    said = elided(f"x: {value}\nsay: use {value} here\n").shown
    assert value[-6:] not in said
    assert "x: …" in said


@pytest.mark.parametrize("line", ["password: password", "PASSWORD=PASS", "token: token", "secret = sec"])
def test_a_secret_that_its_key_holds_is_one_too(line: str) -> None:
    """The key ends where the shape of the line says so, not where the value first stands."""
    assert line not in elided(line).shown


PLAIN = [
    *("max_tokens: 4096", "maxOutputTokens: 4096", "tokenizer: bpe", "tokens_per_minute: 9000", "cost_per_token: 0.1"),
    *("id-token: write", "token: ${{ secrets.TOKEN }}", "password: ${DB_PASSWORD}", "password_file: /run/secrets/db"),
    *("bypass: 3", "compass: north", "pass_filenames: 3", "secrets: inherit", "requirePassword: true", "password: "),
    *(
        "js-tokens: 4.0.0",
        "author: Anna",
        "authority: main",
        "primary_key: number",
        "monkey: 1",
        "sk-learn: sk-learning",
    ),
    "image: registry.example:5000/auth-service:1.2",
    "auth:\n  image: registry.example/auth",
    "env:\n- name: HOST\n  value: db",
    '<add key="Host" value="db"/>',
    "server {\n    proxy_pass http://10.0.0.1:8080;\n}",
    *("run: mkdir -p /srv/app", "run: ssh -p 2222 host", "run: docker run -p 80:80 -u 1000:1000 mysql:8 -pre"),
    *("run: mysql -P 3306 -u root shop", "run: mysql -u root -p shop", "run: mysql -u root -p$MYSQL_PASSWORD shop"),
    *("run: docker login registry.example && docker run -p 80:80 app", "run: mysqldump shop | ssh -p 2222 host"),
    *("run: curl -u app https://db.example", "run: curl -sS https://db.example:8443/a", "run: curl -u $APP:$PASS x"),
    *("# set token limits", "# set API_KEY before you start", "set -gx EDITOR vim", "# login with a password only"),
    *("run: ssh-login -p 22", "$env:PATH = 'C:/bin'", "run: arn:aws:secretsmanager:eu-1:12:secret:shop-a1b2"),
    *("url: https://ci.example/webhooks/github", "url: https://ci.example/hook/v2/events?signal=9"),
    *("stop: sig=9", "url: https://x:${TOKEN}@db.example", "design: a=1&sign=2", "hook: pre-commit-hooks/v4.5.0-rc12"),
]


@pytest.mark.parametrize(("text", "kept"), [*((text, "") for text in SECRETS), *((text, text) for text in PLAIN)])
def test_no_secret_is_shown_and_nothing_else_is_masked(text: str, kept: str) -> None:
    """Keys tell it, those above and beside too, in whichever notation; or the command, or an address.

    Names of variables, numbers of tokens, and words that only hold one of ours are no secrets.
    """
    said = elided(text).shown
    above = re.split("part[01]", said)[0]
    assert "hunter2" not in said
    assert ("…" in above) == ("hunter2" in text)
    assert all(line.strip() in said for line in kept.split("\n"))


def test_what_stands_beside_a_secret_is_shown() -> None:
    """The key, and what else the line says before it or behind its quotes."""
    said = elided('<db user="app" password="hunter2" port="5432"/>').shown
    assert '<db user="app" password="…" port="5432"/>' in said
    assert "url: postgres://app:…@db.example/app" in elided("url: postgres://app:hunter2@db.example/app").shown


def family(lines: str) -> str:
    """Blocks that are rows of one family."""
    return "".join(
        f"host{number}:\n  image: registry.example/host:{number * 7}\n  restart: always\n  retries: 3\n"
        + lines.format(number)
        for number in range(200)
    )


@pytest.mark.parametrize(
    "lines",
    [
        "  password: hunter2\n",  # what all share stands in the legend
        "  password: hunter2-{}\n",
        "  credentials:\n    user: hunter2-{}\n    first: hunter2\n",
        "  credentials:\n    - hunter2-{}\n",
        "  env:\n    - name: DB_PASSWORD\n      value: hunter2\n",
        "  env:\n    - name: DB_PASSWORD\n      value: hunter2-{}\n",
        "  key: |\n    -----BEGIN KEY-----\n    hunter2\n    hunter2-{}\n    -----END KEY-----\n",
        "  # password: hunter2-{}\n",
    ],
)
def test_rows_and_their_legend_hold_no_secret(lines: str) -> None:
    """They are drawn of what is masked already."""
    said = elided(family(lines), 1500).shown
    assert "restart: always" in said
    assert "A,host0," in said
    assert "hunter2" not in said


def test_lines_with_a_secret_can_be_asked_for() -> None:
    """Their numbers stand in the marker, whether they are shown as lines or as rows."""
    text = "first: 1\npassword: hunter2\nthird: 3\n" + family("  password: hunter2-{}\n")
    view = Configuration().compress(text, Guidance(may_elide=True, budget=1000, count=count))
    hidden = view.regions[0].hidden
    assert hidden is not None
    assert "A,host0," in view.shown
    numbers = {number for first, last in hidden.ranges for number in range(first, last + 1)}
    secret = {number for number, line in enumerate(text.split("\n"), 1) if "hunter2" in line}
    assert secret <= numbers
    assert not {1, 3, 4, 5, 6, 7} & numbers


def test_nothing_is_masked_where_nothing_is_left_out() -> None:
    """What is equivalent is rebuilt from what is shown, and what is shown as it came is that."""
    text = family("  password: hunter2-{}\n")
    for guidance in (Guidance(count=count), Guidance(may_elide=True, budget=100_000, count=count)):
        view = Configuration().compress(text, guidance)
        assert view.fidelity is Fidelity.EQUIVALENT
        assert "hunter2-7" in view.shown


def test_of_a_line_without_an_end_the_beginning_is_read_and_the_rest_masked() -> None:
    """Five million characters of `a=` took half a minute, and nobody asked for the time."""
    line = "value=1, " * LONGEST
    assert len(Signs.of(line).told) == len(Signs.of(line[:LONGEST]).told)
    [masked] = mask([f"{line} --password hunter2"], no_deadline)
    assert masked == line[:LONGEST] + "…"
