"""What is configuration, and what only looks like it."""

from __future__ import annotations

import pytest
from headroom_core.compressors.configuration import Configuration
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import LEAST_CLAIM, SURE, route

from tests.content import log, records_json
from tests.core.compressors.configuration.material import REPEATED

ENV = "# of the app\nAPP_ENV=prod\nexport APP_PORT=8080\nDATABASE_URL=postgres://db/app\nEMPTY=\nNAME='two words'\n"
WORKFLOW = "name: ci\non: [push]\njobs:\n  test:\n    steps:\n      - uses: x/y@v4\n      - run: |\n"
WORKFLOW += "          import sys\n          def f(): pass\n"
YARN = '"@a/b@^1.0.0", "@a/b@^1.2.0":\n  version "1.2.3"\n  resolved "https://r.example/b.tgz#12"\n\n'
YARN += 'c@~2:\n  version "2.0.1"\n'
UV = "version = 1\n\n" + "".join(
    f'[[package]]\nname = "shed{n}"\nversion = "{n}.0"\nwheels = [\n'
    + "".join(
        f'    {{ url = "https://r.example/{"ab" * 60}/shed{n}-{at}.whl", hash = "sha256:{"c" * 64}" }},\n'
        for at in range(4)
    )
    + "]\n\n"
    for n in range(9)
)
YARN_SUMS = "".join(
    f'shed{n}@^1.0.0:\n  version "1.{n}.0"\n  integrity sha512-{"aB+/" * 20}{n}==\n\n' for n in range(9)
)


@pytest.mark.parametrize("name", sorted(REPEATED))
def test_every_format_is_claimed_surely_and_by_nobody_else(name: str) -> None:
    """The router asks all kinds."""
    found = route(REPEATED[name](), COMPRESSORS)
    assert found is not None
    assert found[0].kind == "config"
    assert found[1] >= SURE


@pytest.mark.parametrize("text", [ENV, WORKFLOW, YARN, UV, YARN_SUMS])
def test_short_files_are_claimed_surely(text: str) -> None:
    """A script below a key is text, not code."""
    assert Configuration().claim(text) >= SURE


FRONT_MATTER = "---\ntitle: A shed\ndate: 2031-02-03\ntags: [garden, wood]\n---\n\n" + (
    "We built it in one afternoon, and it has stood there since. Nobody has opened its door for a year.\n\n" * 6
)
PROSE = "Anna: I think that we should open the door before it gets dark outside today.\nBen: No.\n" * 9
NOTES = "Date: Monday\nPlace: the old house\nPresent: Anna, Ben\nTopic: the shed\nDecision: paint it green\n"
CODE = "import os\n\nLIMIT = 3\n\n\nclass Shed:\n    def open(self):\n        return self.door\n\n    else_ = 1\n" * 4
PAGE = "<!doctype html>\n<html><body><p>x</p></body></html>"
COMPONENT = "<template>\n  <div v-if='x'>{{ y }}</div>\n</template>\n"


@pytest.mark.parametrize("text", [FRONT_MATTER, PROSE, CODE, PAGE, COMPONENT, log(), records_json(), "", "a\n", "\n\n"])
def test_other_texts_are_left_to_others(text: str) -> None:
    """Front matter is the head of a text; speakers aren't keys."""
    assert Configuration().claim(text) < LEAST_CLAIM


def test_reports_of_tests_are_xml() -> None:
    """`classname` is no attribute of a component's."""
    cases = "".join(
        f'  <testcase classname="shed" name="opens{number}" time="0.0{number}" />\n' for number in range(30)
    )
    report = f'<?xml version="1.0"?>\n<testsuite name="shed" tests="30">\n{cases}</testsuite>\n'
    assert Configuration().claim(report) >= SURE
    assert Configuration().claim(report.replace("classname", "className")) < LEAST_CLAIM


@pytest.mark.parametrize("text", [CODE, PROSE, log(), "- item\n+ other\n" * 30])
def test_what_a_tool_printed_between_tags_is_no_xml(text: str) -> None:
    """It was taken for one, and changed lines of a diff were left out."""
    assert Configuration().claim(f"<returncode>0</returncode>\n<output>\n{text}</output>\n") == 0


def test_flat_keys_of_people_lose_nothing() -> None:
    """They may be notes: said in rows perhaps, but never left out."""
    assert Configuration().claim(NOTES) < SURE


def test_sentences_that_go_on_below_their_key_are_values() -> None:
    """Schemas describe each of their keys."""
    fields = "".join(
        f"  field{number}:\n    type: string\n    description: The field number {number} says what the shed is made\n"
        f"      of, and nobody has to fill it before the shed stands.\n"
        for number in range(9)
    )
    assert Configuration().claim(f"title: a schema\nproperties:\n{fields}") >= SURE
