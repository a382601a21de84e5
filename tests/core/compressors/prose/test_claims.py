"""Prose is claimed just surely enough; of anything else, as much as it takes to say repeats once."""

from __future__ import annotations

import pytest
from headroom_core.compressors.prose.claims import A_LITTLE, SURELY, claim

from tests.content import log
from tests.core.compressors.prose.material import manual
from tests.laws.texts import samples

HELP = "".join(
    f"    -{letter}, --option-{letter} <NUM>\n            Show so many lines before each match. This overrides\n"
    "            the other flags that say how much is shown around a match.\n\n"
    for letter in "abcdefgh"
)
RST = """
Testing
=======

We will use a test client to send requests without a server. Nothing is sent over
a wire, and nothing has to be started or stopped.

.. code-block:: python

    def test_it(client):
        assert client.get('/').status_code == 200

The fixture above comes from the library.
"""


@pytest.mark.parametrize(
    "text",
    [
        manual(),
        HELP,
        RST,
        "今天的会议讨论了三个问题。" * 20,
        " ".join(manual().split()),
        "\r\n".join(manual().split("\n")),
    ],
    ids=["manual", "help", "rst", "chinese", "one line", "crlf"],
)
def test_documents_are_claimed_surely(text: str) -> None:
    assert claim(text) == SURELY


PYTHON = """# Keeps the books. What is written here is kept for as long as anybody may ask for it.

import os

""" + "".join(
    f'''def entry_{number}(path):
    """Read one entry of the book and say what is in it.

    The book is read as a whole, since nobody knows where an entry ends.
    """
    return os.stat(path)

'''
    for number in range(9)
)
LISTING = "".join(
    f"-rw-r--r-- 1 root users {number * 77} Nov 24 08:54 notes of the day {number}.txt\n" for number in range(40)
)
PACKAGES = "".join(
    f"ii  lib{number}     1.{number}-2    amd64    a library that reads and writes files\n" for number in range(40)
)
YAML = "".join(
    f"service_{number}:\n  image: registry/app:{number}\n  restart: always\n  ports: [80{number}]\n"
    for number in range(20)
)


@pytest.mark.parametrize(
    "text",
    [
        PYTHON,
        LISTING,
        PACKAGES,
        YAML,
        log(),
        *(text for name in ("code", "table", "search_hits") for text in samples()[name]),
    ],
)
def test_other_texts_are_not(text: str) -> None:
    """Facts are left out of what is claimed surely: of code, listings and settings never by sentences."""
    assert claim(text) == A_LITTLE


def test_nothing_is_not_claimed() -> None:
    assert claim("") == claim(" \n\n\t") == 0.0
