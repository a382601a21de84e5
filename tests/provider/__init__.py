"""A model provider on loopback that says what a test tells it to, in the wire formats of OpenAI and Anthropic.

It records every request, refuses what the real ones refuse, and streams when it is asked to. The fixture `provider`
starts one:

    provider.script([Answer(calls=(Call("search", {"q": "error"}),)), "It was the disk."])
    client = OpenAI(base_url=provider.openai_url, api_key="any")
    ...
    assert provider.requests[1].tool_results["call_1_0"] == "..."
"""

from tests.provider.script import Answer, Call, Failure, Request, Step
from tests.provider.server import Provider

__all__ = ["Answer", "Call", "Failure", "Provider", "Request", "Step"]
