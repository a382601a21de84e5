"""What holds for every test: a data folder of its own, no network but loopback, and no waiting for a clock."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else importing litellm asks the network, and waits

import pytest
from hypothesis import HealthCheck, settings

from tests.provider import Provider

NEEDED_UNDER_CI = ("redis",)  # a test that is skipped for want of one of these is a hole there, not an answer

# No test depends on how fast the machine is, and the same commit gives the same examples: a red run can be repeated.
_unhurried = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", _unhurried, derandomize=True, max_examples=50)
settings.register_profile("long", _unhurried, derandomize=False, max_examples=3000)
settings.load_profile("ci")  # `--hypothesis-profile=long` looks much further


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is shown today into tests/golden")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """For named files none: this process has run them before others have started; nor for long runs, which print.

    Else as many as there are cores.
    """
    folders = all(Path(argument.partition("::")[0]).is_dir() for argument in config.args)
    return None if folders and config.option.markexpr != "long" else 0


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The test's own data folder: nothing is read from, or left in, that of whoever runs it."""
    home = tmp_path / "home"
    home.mkdir()
    for name, value in own_folders(home).items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("HEADROOM_")]:
        monkeypatch.delenv(name)
    return home / "data"


def own_folders(home: Path) -> dict[str, str]:
    """The variables that make `home` the place of everything that is kept: for processes that a test starts, too."""
    inside = {
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
    }
    return {"HOME": str(home), **{name: str(home / folder) for name, folder in inside.items()}}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets of this process reach this machine only. Processes that a test starts aren't covered."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_strangers(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_strangers(self, address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def _refuse_strangers(used: socket.socket, address: Any) -> None:
    if used.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0]
    try:
        known = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        known = False
    if not known:
        raise ConnectionRefusedError(f"a test wanted to connect to {host}: tests reach loopback only")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A model provider on loopback that says what the test tells it to."""
    started = Provider()
    yield started
    started.close()
    assert started.failures == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_a_hole(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_a_hole(report)
    return report


def _fail_a_hole(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Under CI, a skip for want of what CI must have is a failure."""
    if not (os.environ.get("CI") and report.outcome == "skipped") or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if any(need in reason.lower() for need in NEEDED_UNDER_CI):
        report.outcome = "failed"
        report.longrepr = f"may not be skipped under CI: {reason}"
