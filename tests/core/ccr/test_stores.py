"""What every store promises. One suite, run over all of them."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.ccr.stores import name_of, open_store
from headroom_core.errors import SettingError, StoreUnavailable
from headroom_core.types import Store
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import AGES
from tests.core.ccr.conftest import House, verbs

DAY = timedelta(days=1)
ODD_TEXTS = {
    "empty": "",
    "crlf": "one\r\ntwo\r\n",
    "bom": "\ufeffstarts with a mark",
    "nul": "a\0b",
    "lone": "high \ud800 low \udfff end",
    "emoji": "🙂" * 1000,
    "long": "a line that repeats\n" * 50_000,
    "digits": "".join(str(n * 7919 % 10_007) for n in range(5_000)),
}


def in_processes(house: House, scripts: Sequence[str]) -> list[str]:
    """What each script prints; all run at once, each in a process of its own, with `store` open."""
    head = (
        "import sys; from datetime import timedelta; from headroom_core.ccr.stores import open_store\n"
        f"store = open_store(sys.argv[1], wait=10, encryption_keys={list(house.keys)!r}); keep = timedelta(days=1)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", head + script, house.url], stdout=subprocess.PIPE, text=True)
        for script in scripts
    ]
    printed = [process.communicate(timeout=AGES)[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(running)
    return printed


def test_a_store_is_a_store(store: Store) -> None:
    assert isinstance(store, Store)


def test_texts_come_back_letter_for_letter(store: Store) -> None:
    """Line ends, marks, and lone surrogates, which no encoding has room for, are part of a text."""
    store.put("me", ODD_TEXTS, keep_for=DAY)
    assert store.get("me", list(ODD_TEXTS)) == ODD_TEXTS


def test_names_may_be_any_text(store: Store) -> None:
    for tenant in ("", "a:b", "a\0b", "\ud800", "ä" * 500, "{x}", "*"):
        store.put(tenant, {tenant: tenant, "*": "star"}, keep_for=DAY)
    assert store.get("\ud800", ["\ud800", "*"]) == {"\ud800": "\ud800", "*": "star"}
    assert store.get("{x}", ["{x}", "{y}"]) == {"{x}": "{x}"}


def test_unknown_keys_are_left_out(store: Store) -> None:
    store.put("me", {"a": "1"}, keep_for=DAY)
    assert store.get("me", ["b", "a", "b"]) == {"a": "1"}
    assert store.get("me", []) == {}
    assert store.touch("me", ["b", "a"]) == {"a"}
    assert store.touch("me", []) == frozenset()


def test_nothing_to_put_is_no_error(store: Store) -> None:
    store.put("me", {}, keep_for=DAY)


def test_an_equal_key_is_written_over(store: Store) -> None:
    store.put("me", {"a": "old" * 2_000, "b": "stays"}, keep_for=DAY)
    store.put("me", {"a": "new"}, keep_for=DAY)
    assert store.get("me", ["a", "b"]) == {"a": "new", "b": "stays"}


def test_a_tenant_sees_nothing_of_another(store: Store) -> None:
    """The same key of two tenants is two texts; names that begin alike are no family."""
    store.put("alice", {"k": "hers"}, keep_for=DAY)
    store.put("bob", {"k": "his"}, keep_for=DAY)
    assert store.get("alice", ["k"]) == {"k": "hers"}
    assert store.get("bob", ["k"]) == {"k": "his"}
    assert store.get("al", ["k", "icek"]) == {}
    assert store.touch("carol", ["k"]) == frozenset()


def test_purge_forgets_one_tenant_and_says_how_much(store: Store) -> None:
    store.put("alice", {str(n): "x" * n for n in range(600)}, keep_for=DAY)
    store.put("bob", {"k": "his"}, keep_for=DAY)
    assert store.purge("alice") == 600
    assert store.get("alice", ["1", "599"]) == {}
    assert store.get("bob", ["k"]) == {"k": "his"}
    assert store.purge("alice") == 0
    store.put("alice", {"k": "hers"}, keep_for=DAY)
    assert store.get("alice", ["k"]) == {"k": "hers"}


def test_a_text_is_gone_when_its_time_is_up(house: House) -> None:
    store = house.open()
    store.put("me", {"short": "1"}, keep_for=timedelta(hours=1))
    store.put("me", {"long": "2"}, keep_for=timedelta(hours=3))
    house.advance(3_599)
    assert store.touch("me", ["short", "long"]) == {"short", "long"}
    house.advance(3_601)
    assert store.get("me", ["short", "long"]) == {"long": "2"}
    assert store.touch("me", ["short", "long"]) == {"long"}


@pytest.mark.parametrize("verb", ["get", "touch"])
def test_time_counts_from_the_last_use(house: House, verb: str) -> None:
    """A conversation that goes on keeps its originals, however old they are."""
    store = house.open()
    store.put("me", {"used": "1", "idle": "2"}, keep_for=DAY)
    for _ in range(10):
        house.advance(20 * 3600)
        assert list(getattr(store, verb)("me", ["used"])) == ["used"]
    assert store.get("me", ["used", "idle"]) == {"used": "1"}


def test_time_may_be_renewed_by_a_put(house: House) -> None:
    store = house.open()
    store.put("me", {"a": "1"}, keep_for=timedelta(hours=1))
    house.advance(3_000)
    store.put("me", {"a": "1"}, keep_for=DAY)
    house.advance(3_600 * 23)
    assert store.get("me", ["a"]) == {"a": "1"}


def test_use_within_minutes_of_the_end_is_enough(house: House) -> None:
    """Renewal may be lazy, but never so lazy that a text in use dies."""
    store = house.open()
    store.put("me", {"a": "1"}, keep_for=timedelta(minutes=2))
    for _ in range(30):
        house.advance(50)
        assert store.get("me", ["a"]) == {"a": "1"}


def test_the_secret_stays(house: House) -> None:
    first = house.open()
    assert len(first.secret()) == 32
    assert first.secret() == first.secret() == house.open().secret()


def test_two_stores_have_two_secrets() -> None:
    assert MemoryStore().secret() != MemoryStore().secret()


def test_a_closed_store_says_so(house: House) -> None:
    store = house.open()
    store.put("me", {"a": "1"}, keep_for=DAY)
    store.close()
    store.close()
    for verb in verbs(store):
        with pytest.raises(StoreUnavailable, match="closed"):
            verb()


def test_threads_share_a_store(house: House) -> None:
    """Same keys and different ones, several tenants: nobody gets what another put."""
    store = house.open()

    def work(number: int) -> None:
        tenant = f"tenant {number % 3}"
        for turn in range(25):
            mine = {f"{number}/{turn}/{part}": f"{number} {turn} {part} " * 40 for part in range(3)}
            store.put(tenant, {**mine, "common": tenant}, keep_for=DAY)
            assert store.get(tenant, [*mine, "common"]) == {**mine, "common": tenant}
            assert store.touch(tenant, list(mine)) == set(mine)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))


@given(
    texts=st.dictionaries(
        st.text(st.characters(codec=None), max_size=20), st.text(st.characters(codec=None), max_size=600), max_size=5
    )
)
def test_any_text_under_any_key(texts: dict[str, str]) -> None:
    """Over memory, as `test_sqlite` and `test_redis` do over theirs."""
    with_memory = MemoryStore()
    with_memory.put("me", texts, keep_for=DAY)
    assert with_memory.get("me", list(texts)) == texts


def test_a_restart_changes_nothing(lasting_house: House) -> None:
    store = lasting_house.open()
    store.put("me", ODD_TEXTS, keep_for=DAY)
    secret = store.secret()
    store.close()
    again = lasting_house.open()
    assert again.get("me", list(ODD_TEXTS)) == ODD_TEXTS
    assert again.secret() == secret


def test_another_process_sees_what_was_put(lasting_house: House) -> None:
    script = "store.put('me', {'k': 'from afar \\ud800'}, keep_for=keep); print(store.secret().hex())"
    printed = in_processes(lasting_house, [script])
    store = lasting_house.open()
    lasting_house.time = time.time()
    assert store.get("me", ["k"]) == {"k": "from afar \ud800"}
    assert printed == [store.secret().hex() + "\n"]


def test_processes_begin_at_once_on_one_store(lasting_house: House) -> None:
    """All of them make the file, the tables and the secret at the same moment; one of each comes out."""
    script = (
        "import os\n"
        "me = os.getpid()\n"
        "for n in range(50):\n"
        "    mine = {f'{me}/{n}/{part}': f'{me} {n} {part} ' * 50 for part in range(2)}\n"
        "    store.put('all', {**mine, 'common': str(me)}, keep_for=keep)\n"
        "    assert store.get('all', list(mine)) == mine\n"
        "print(store.secret().hex())"
    )
    printed = in_processes(lasting_house, [script] * 4)
    assert len(set(printed)) == 1
    assert len(printed[0].strip()) == 64


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///relative.db", "relative.db"),
        ("sqlite:////absolute/folder/store.db", "/absolute/folder/store.db"),
        ("sqlite:///with space/and%20percent?.db", "with space/and%20percent?.db"),
        ("sqlite:///~/store.db", "/home/of/somebody/store.db"),
    ],
)
def test_a_sqlite_url_names_a_path(url: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/of/somebody")
    store = open_store(url)
    assert isinstance(store, SqliteStore)
    assert store.path == Path(path)


def test_the_memory_url() -> None:
    assert isinstance(open_store("memory://"), MemoryStore)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "expected memory://"),
        ("store.db", "expected memory://"),
        ("postgres://host/db", "expected memory://"),
        ("sqlite://store.db", "three: sqlite:///store.db"),
        ("sqlite://", "three"),
        ("sqlite:///", "names no file"),
        ("sqlite:///folder/", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///a\0b", "names no file"),
        ("memory://x", "expected memory://"),
    ],
)
def test_a_url_that_names_no_store_is_refused_with_what_was_expected(url: str, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        open_store(url)


@pytest.mark.parametrize(
    "scheme", ["redis", "rediss", "redis+cluster", "redis+sentinel", "redis+x", "valkey", "redis:/"]
)
@pytest.mark.parametrize(
    "login",
    [
        ":q7x9@",
        "q7:x9@",
        ":q7@x9@",
        ":q7/x9@",
        ":41/q7/x9@",
        ":q7/x9@a:1/0@",
        ":q7#x9@",
        ":q7?x9@",
        "q7:41?q7=x9@",
        "q7:41#x9@x9@",
        ":q7@x9/1@",
        ":q7@x9?x@",
        ":q7@x9#x@",
    ],
)
def test_nothing_of_a_password_is_ever_said(scheme: str, login: str) -> None:
    """One that holds what divides a URL can't be told from its surroundings: such a URL is not repeated."""
    for url in (f"{scheme}://{login}host:6379/kept", f"{scheme}://{login}host:port/kept", f"{scheme}:/{login}host"):
        said = name_of(url)
        try:
            said += getattr(open_store(url), "_name", "")
        except SettingError as error:
            said += str(error)
        assert re.search("q7|x9|41", said) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("redis://:sesame@host:6379/0", "redis://host:6379/0"),
        ("redis://me:ses@me@host?db=1", "redis://host"),
        ("rediss://[::1]:6379/", "rediss://[::1]:6379/"),
        ("redis+cluster://:sesame@a:1,b:2", "redis+cluster://a:1,b:2"),
        ("redis+sentinel://a:1,b:2/kept", "redis+sentinel://a:1,b:2/kept"),
        ("redis://:ses/ame@host:6379/0", "redis://..."),
        ("redis://host/0?password=ses@me", "redis://..."),
        ("sqlite:////home/me@work/store.db", "sqlite:////home/me@work/store.db"),
        ("memory://", "memory://"),
        ("MemoryStore", "MemoryStore"),
    ],
)
def test_a_place_is_named_without_its_password(url: str, name: str) -> None:
    assert name_of(url) == name
