"""A tool that wants its agent's context. LlamaIndex reads annotations as they are: no postponed ones in this file."""

from llama_index.core.workflow import Context

from tests.content import log


async def note(ctx: Context, text: str) -> str:
    """Note a text."""
    await ctx.store.set("noted", text)
    return log(2000)
