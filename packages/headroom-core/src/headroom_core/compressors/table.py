"""The table of compressors: the one line that a new kind adds stands here.

The first in the table wins where two claim a text equally.
"""

from __future__ import annotations

from headroom_core.compressors.configuration import Configuration
from headroom_core.compressors.diffs import Diffs
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.prose import Prose
from headroom_core.compressors.search_hits import SearchHits
from headroom_core.compressors.source_code import SourceCode
from headroom_core.compressors.text_tables import TextTables
from headroom_core.compressors.web_pages import WebPages
from headroom_core.types import Compressor, Scorer

COMPRESSORS: tuple[Compressor, ...] = (
    SourceCode(),  # before JSON, for notebooks are both
    *(JsonDocs(), Diffs(), SearchHits()),
    TextTables(),  # before logs: separated values may bear a time in every row
    *(Logs(), WebPages(), Configuration()),
    Prose(),  # claims every text a little: the last
)


def compressors(scorer: Scorer | None = None) -> tuple[Compressor, ...]:
    """The table, its prose asking the scorer too."""
    return tuple(Prose(scorer) if isinstance(each, Prose) else each for each in COMPRESSORS)
