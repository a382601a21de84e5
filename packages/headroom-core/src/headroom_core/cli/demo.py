"""The demo: a real conversation, compressed, given back, and replayed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from headroom_core.ccr.stores import name_of
from headroom_core.cli.demo_content import conversation
from headroom_core.headroom import Headroom
from headroom_core.types import Fidelity, Result

TENANT = "demo"
SHOWN_LINES, SHOWN_CHARS = 12, 160  # of the block that is printed as the model sees it


def run_demo(headroom: Headroom, again: Callable[[], Headroom]) -> bool:
    """Compress a conversation, print what happened, and check that all of it can be undone.

    `again` opens the same store once more, as another process would.
    """
    console = Console(highlight=False)
    with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as progress:
        task = progress.add_task("asking this machine for real content", total=3)
        messages = conversation()
        progress.update(task, advance=1, description="compressing")
        result = headroom.compress(messages, tenant=TENANT, retrieval="tool")
        progress.update(task, advance=1, description="a second turn, in another Headroom on the same store")
        second = _second_turn(headroom, again, messages, result)
        progress.update(task, advance=1)
    console.print(_table(result))
    _print_view(console, messages, result)
    checks = [
        *_given_back(headroom, messages, result),
        ("the second turn begins with the same bytes as the first, as the provider's cache wants it", second),
        ("messages that are not tool results are the objects that came in", _untouched(messages, result)),
        (f"tokens were saved: {result.tokens_before:,} -> {result.tokens_after:,}", result.tokens_saved > 0),
    ]
    for sentence, well in checks:
        console.print(f"{'[green]yes[/]' if well else '[red]NO [/]'}  {sentence}")
    share = 100 * result.tokens_saved / result.tokens_before
    console.print(
        f"\n[bold]{result.tokens_saved:,} of {result.tokens_before:,} tokens saved ({share:.0f} %)[/], "
        f"{result.overhead} tokens for the retrieve tool's schema counted in; tokenizer {result.tokenizer}."
    )
    console.print(
        f"The originals wait in {name_of(headroom.store_url)}, for {headroom.policy.kept} from their last use."
    )
    console.print(f"Forget them: headroom purge --tenant {TENANT}", style="dim")
    return all(well for _, well in checks)


def _second_turn(
    headroom: Headroom, again: Callable[[], Headroom], messages: list[dict[str, Any]], first: Result
) -> bool:
    """Whether the next request, in what might be another process, begins with what was sent before."""
    later = [*messages, {"role": "assistant", "content": "Let me think."}, {"role": "user", "content": "And today?"}]
    if headroom.store_url.startswith("memory:"):
        return headroom.compress(later, tenant=TENANT, retrieval="tool").messages[: len(messages)] == first.messages
    with again() as another:
        return another.compress(later, tenant=TENANT, retrieval="tool").messages[: len(messages)] == first.messages


def _given_back(headroom: Headroom, messages: list[dict[str, Any]], result: Result) -> list[tuple[str, bool]]:
    """For every changed block, whether its handle gives back the exact original."""
    checks = []
    for receipt in result.receipts:
        if receipt.handle:
            original = messages[int(receipt.place[0])]["content"]
            given = headroom.retrieve(receipt.handle, tenant=TENANT).text
            sentence = f"retrieve {receipt.handle} gives back all {len(original):,} characters of {receipt.tool_name}"
            checks.append((sentence, given == original))
    return checks or [("some block was compressed", False)]


def _untouched(messages: list[dict[str, Any]], result: Result) -> bool:
    return all(
        ours is theirs for ours, theirs in zip(result.messages, messages, strict=True) if theirs["role"] != "tool"
    )


def _table(result: Result) -> Table:
    table = Table(title="What happened to each tool result", title_justify="left")
    for heading in ("tool", "kind", "fidelity", "handle"):
        table.add_column(heading, no_wrap=True)
    for heading in ("tokens", "shown", "saved"):
        table.add_column(heading, justify="right", no_wrap=True)
    for receipt in result.receipts:
        share = 100 * receipt.tokens_saved / receipt.tokens_before if receipt.tokens_before else 0
        numbers = (f"{receipt.tokens_before:,}", f"{receipt.tokens_after:,}", f"{share:.0f} %")
        table.add_row(receipt.tool_name, receipt.kind, receipt.fidelity, receipt.handle, *numbers)
    return table


def _print_view(console: Console, messages: list[dict[str, Any]], result: Result) -> None:
    """The head of one block as it came and as the model sees it."""
    chosen = max(result.receipts, key=lambda receipt: (receipt.fidelity is Fidelity.ELIDED, receipt.tokens_saved))
    index = int(chosen.place[0])
    for title, text in (
        (f"{chosen.tool_name} as it came", str(messages[index]["content"])),
        (f"{chosen.tool_name} as the model sees it", str(result.messages[index]["content"])),
    ):
        lines = text.split("\n")
        head = "\n".join(line[:SHOWN_CHARS] for line in lines[:SHOWN_LINES])
        more = f"\n... {len(lines) - SHOWN_LINES:,} more lines" if len(lines) > SHOWN_LINES else ""
        console.print(Panel(Text(head + more, no_wrap=True, overflow="ellipsis"), title=title, title_align="left"))
