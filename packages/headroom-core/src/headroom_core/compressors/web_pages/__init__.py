"""Web pages: what a visitor sees, as Markdown, with every field, button and form.

`claims` tells pages from other markup, `asked` whether one is for reading or for acting, `parsing` makes the tree and
`walking` blocks of it, `controls` spells what can be used, `folding` chooses what is shown, `state` reads pages that
scripts draw, `snapshots` the trees that browsers print for agents.
A page can't be rebuilt from its view, so without a way back it stays as it came, but for the policy's leave.
"""

from __future__ import annotations

from dataclasses import dataclass

from headroom_core.compressors.web_pages.asked import wants_to_act
from headroom_core.compressors.web_pages.claims import page_claim
from headroom_core.compressors.web_pages.folding import fold, show_all
from headroom_core.compressors.web_pages.parsing import tree_of
from headroom_core.compressors.web_pages.snapshots import draw_snapshot, snapshot_claim
from headroom_core.compressors.web_pages.state import FEW_LETTERS, state_of
from headroom_core.compressors.web_pages.walking import Walk
from headroom_core.types import Fidelity, Guidance, Region, View


@dataclass(frozen=True, slots=True)
class WebPages:
    """Shows the visible text of a page; scripts, styles and pictures' paths wait in the store."""

    @property
    def kind(self) -> str:
        """The name of the kind."""
        return "html"

    def claim(self, text: str) -> float:
        """How sure it is that the text is a page, by its first characters."""
        return page_claim(text) or snapshot_claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: the view for reading or for acting, or the page as it came."""
        if not (guidance.may_elide or guidance.pages == "visible"):
            return View.verbatim(text)
        guidance.tick()
        shown = _page(text, guidance) if page_claim(text) else ""
        if not shown and snapshot_claim(text):
            shown = draw_snapshot(text, guidance.tick, with_references=not guidance.may_elide)
        if not shown.strip() or len(shown) >= len(text):
            return View.verbatim(text)
        return View((Region(text, shown, Fidelity.ELIDED if guidance.may_elide else Fidelity.VISIBLE),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether both are the same: nothing is ever shown in other letters."""
        return shown == source


def _page(text: str, guidance: Guidance) -> str:
    """The page, for reading or for acting; empty where there is none."""
    root = tree_of(text, guidance.tick)
    if root is None:
        return ""
    acting = not guidance.may_elide or wants_to_act(guidance)
    walk = Walk(acting=acting)
    pieces = walk.run(root, guidance.tick)
    shown = show_all(pieces) if acting else fold(pieces, strong=guidance.level == "strong")
    if walk.seen_letters < FEW_LETTERS and (state := state_of(walk.scripts)):
        shown += f"data of the page:\n{state}\n"
    return shown
