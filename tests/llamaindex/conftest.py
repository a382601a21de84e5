"""What the tests of the LlamaIndex adapter share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from headroom_llamaindex import settings


@pytest.fixture(autouse=True)
def fresh_headrooms(data_folder: object) -> Iterator[None]:
    """No `Headroom` outlives the data folder that it was opened in."""
    settings._open.cache_clear()
    yield
    settings._open.cache_clear()
