"""The fake provider is judged by the clients that read the real ones: what they can't read, no test may build on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anthropic
import httpx
import openai
import pytest

from tests.provider import Answer, Call, Failure, Provider, Request

MIXED = Answer("Let me look at both logs. ", (Call("read", {"path": "a.log"}), Call("read", {"path": "b.log", "n": 3})))
TURNS = [Answer("Hello, wörld: it was the disk."), Answer(calls=(Call("search", {"q": "error"}),)), MIXED]
ASK: list[Any] = [{"role": "user", "content": "What broke?"}]
CUTS = [None, 7]  # whole events, and pieces that end anywhere


@pytest.fixture
def chat(provider: Provider) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=provider.openai_url, api_key="any", max_retries=0) as client:
        yield client


@pytest.fixture
def claude(provider: Provider) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=provider.url, api_key="any", max_retries=0) as client:
        yield client


def calls_of(answer: Answer) -> list[tuple[str, Any]]:
    return [(call.name, call.arguments) for call in answer.calls]


@pytest.mark.parametrize("answer", TURNS)
def test_openai_reads_a_chat_answer(provider: Provider, chat: openai.OpenAI, answer: Answer) -> None:
    """Whole: text, calls and finish reason as scripted."""
    provider.script([answer])
    choice = chat.chat.completions.create(model="gpt-4o", messages=ASK).choices[0]
    assert (choice.message.content or "") == answer.text
    made = [call.function for call in choice.message.tool_calls or [] if call.type == "function"]
    assert [(call.name, json.loads(call.arguments)) for call in made] == calls_of(answer)
    assert choice.finish_reason == ("tool_calls" if answer.calls else "stop")


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("answer", TURNS)
def test_openai_reads_a_chat_stream(provider: Provider, chat: openai.OpenAI, answer: Answer, cut: int | None) -> None:
    """Streamed: the client's own accumulator arrives at the same message, and at the usage that was asked for."""
    provider.cut = cut
    provider.script([answer])
    options: Any = {"include_usage": True}
    with chat.chat.completions.stream(model="gpt-4o", messages=ASK, stream_options=options) as stream:
        read = stream.get_final_completion()
    message = read.choices[0].message
    assert (message.content or "") == answer.text
    assert [(c.function.name, json.loads(c.function.arguments)) for c in message.tool_calls or []] == calls_of(answer)
    assert read.choices[0].finish_reason == ("tool_calls" if answer.calls else "stop")
    assert read.usage is not None
    assert read.usage.total_tokens > 0


def test_a_chat_stream_bears_no_usage_unless_it_is_asked_for(provider: Provider, chat: openai.OpenAI) -> None:
    """A gateway that needs it has to ask: with a fake that always counts, forgetting it would go unseen."""
    chunks = list(chat.chat.completions.create(model="gpt-4o", messages=ASK, stream=True))
    assert [chunk.usage for chunk in chunks] == [None] * len(chunks)
    assert all(chunk.choices for chunk in chunks)
    assert len(provider.requests) == 1


@pytest.mark.parametrize("answer", TURNS)
def test_openai_reads_a_response(provider: Provider, chat: openai.OpenAI, answer: Answer) -> None:
    """Whole: output text and function calls as scripted."""
    provider.script([answer])
    read = chat.responses.create(model="gpt-4o", input="What broke?")
    assert read.output_text == answer.text
    made = [item for item in read.output if item.type == "function_call"]
    assert [(call.name, json.loads(call.arguments)) for call in made] == calls_of(answer)
    assert read.status == "completed"


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("answer", [*TURNS, Answer("So.", thinking="hm, the disk")])
def test_openai_reads_a_response_stream(
    provider: Provider, chat: openai.OpenAI, answer: Answer, cut: int | None
) -> None:
    """Streamed: the client's accumulator, which refuses events out of order, arrives at the same response."""
    provider.cut = cut
    provider.script([answer])
    with chat.responses.stream(model="gpt-4o", input="What broke?") as stream:
        deltas = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        read = stream.get_final_response()
    assert deltas == read.output_text == answer.text
    made = [item for item in read.output if item.type == "function_call"]
    assert [(call.name, json.loads(call.arguments)) for call in made] == calls_of(answer)
    assert sum(item.type == "reasoning" for item in read.output) == bool(answer.thinking)


@pytest.mark.parametrize("answer", [*TURNS, Answer("So.", MIXED.calls, thinking="hm, the disk")])
def test_anthropic_reads_a_message(provider: Provider, claude: anthropic.Anthropic, answer: Answer) -> None:
    """Whole: blocks in order, thinking signed, stop reason as scripted."""
    provider.script([answer])
    check_message(claude.messages.create(model="claude", max_tokens=100, messages=ASK), answer)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("answer", [*TURNS, Answer("So.", MIXED.calls, thinking="hm, the disk")])
def test_anthropic_reads_a_message_stream(
    provider: Provider, claude: anthropic.Anthropic, answer: Answer, cut: int | None
) -> None:
    """Streamed: the client's accumulator arrives at the same message."""
    provider.cut = cut
    provider.script([answer])
    with claude.messages.stream(model="claude", max_tokens=100, messages=ASK) as stream:
        read = stream.get_final_message()
    check_message(read, answer)
    assert read.usage.output_tokens > 1


def check_message(read: anthropic.types.Message, answer: Answer) -> None:
    thought = [block for block in read.content if block.type == "thinking"]
    assert "".join(block.thinking for block in thought) == answer.thinking
    assert all(block.signature for block in thought)
    assert "".join(block.text for block in read.content if block.type == "text") == answer.text
    assert [(block.name, block.input) for block in read.content if block.type == "tool_use"] == calls_of(answer)
    assert read.stop_reason == ("tool_use" if answer.calls else "end_turn")


def test_a_script_may_look_at_the_request(provider: Provider, chat: openai.OpenAI) -> None:
    """A model asks back what a marker names: the handle isn't known before the request is there."""

    def ask_back(request: Request) -> Answer:
        return Answer(calls=(Call("headroom_retrieve", {"id": request.handles[0]}),))

    provider.script([ask_back, "It was the disk."])
    shown = "[headroom 3f9a1c07be42: rows 16-965 of 1000 not shown, original intact; headroom_retrieve]"
    first = chat.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": shown}])
    call = first.choices[0].message.tool_calls
    assert call is not None
    assert call[0].type == "function"
    assert json.loads(call[0].function.arguments) == {"id": "3f9a1c07be42"}
    second = [*ASK, first.choices[0].message, {"role": "tool", "tool_call_id": call[0].id, "content": "the rows"}]
    assert chat.chat.completions.create(model="gpt-4o", messages=second).choices[0].message.content
    assert provider.requests[1].tool_results == {call[0].id: "the rows"}


def test_a_script_at_its_end_refuses(provider: Provider, chat: openai.OpenAI) -> None:
    """A request that no test expected is not answered as if it were."""
    provider.script([])
    with pytest.raises(openai.BadRequestError, match="request 1 came after the end of the script"):
        chat.chat.completions.create(model="gpt-4o", messages=ASK)


def test_requests_are_recorded_as_they_came(provider: Provider) -> None:
    """Byte for byte, with path, query and headers: adapters promise that untouched bodies stay untouched."""
    raw = b'{"model" : "m","max_tokens":5,\n"messages":[{"role":"user","content":"\\u00e9"}],"tools":[{"name":"read"}]}'
    httpx.post(f"{provider.url}/v1/messages?beta=true", content=raw, headers={"X-Api-Key": "k"})
    request = provider.requests[0]
    assert (request.method, request.path, request.raw) == ("POST", "/v1/messages?beta=true", raw)
    assert request.headers["x-api-key"] == "k"
    assert request.tool_names == ["read"]


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
USE = {"type": "tool_use", "id": "c1", "name": "f", "input": {}}
GIVEN = {"type": "tool_result", "tool_use_id": "c1", "content": "x"}
MADE = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "x"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("chat/completions", {"messages": [*ASK, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}, 400),
        ("chat/completions", {"messages": [*ASK, {"role": "assistant", "tool_calls": [CALL]}]}, 400),
        ("chat/completions", {"messages": [{"role": "assistant", "tool_calls": [CALL]}, *ASK]}, 400),
        ("chat/completions", {"messages": ASK, "tools": []}, 400),
        ("chat/completions", {"messages": []}, 400),
        ("messages", {"messages": ASK}, 400),
        ("messages", {"max_tokens": 1, "messages": [*ASK, {"role": "assistant", "content": [USE]}]}, 400),
        ("messages", {"max_tokens": 1, "messages": [{"role": "assistant", "content": [USE]}, *ASK]}, 400),
        ("messages", {"max_tokens": 1, "messages": [{"role": "user", "content": [GIVEN]}]}, 400),
        ("messages", {"max_tokens": 1, "messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}, 400),
        ("responses", {"input": [*ASK, MADE]}, 400),
        ("responses", {"input": [*ASK, OUTPUT]}, 400),
        ("responses", {"input": [OUTPUT], "previous_response_id": "resp_1"}, 200),
        ("responses", {"input": [*ASK, MADE, OUTPUT]}, 200),
        ("embeddings", {"input": "x"}, 404),
    ],
)
def test_it_refuses_what_the_real_ones_refuse(provider: Provider, path: str, body: Any, status: int) -> None:
    """A fake that takes everything would call a broken conversation well."""
    assert httpx.post(f"{provider.openai_url}/{path}", json=body).status_code == status


def test_a_stream_is_cut_where_it_is_told_to(provider: Provider) -> None:
    """Else the tests that read a cut stream would read whole events, and pass."""
    provider.cut = 7
    body = json.dumps({"stream": True, "messages": ASK}).encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", int(provider.url.rsplit(":", 1)[1]))) as asking:
        asking.sendall(head + body)
        read = b""
        while not read.endswith(b"0\r\n\r\n"):
            read += asking.recv(4096)
    assert b"\r\n7\r\ndata: {\r\n7\r\n" in read


def test_many_clients_are_served_at_once(provider: Provider) -> None:
    """Concurrency tests are about ours, not about a fake that queues."""

    def ask(_: int) -> int:  # one that reads no certificates: it is a connection of its own that counts
        return httpx.post(f"{provider.openai_url}/responses", json={"input": "x"}, verify=False).status_code

    with ThreadPoolExecutor(64) as pool:
        assert set(pool.map(ask, range(128))) == {200}
    assert sorted(request.serial for request in provider.requests) == list(range(1, 129))


def test_a_failure_is_said_in_the_dialect_of_the_path(
    provider: Provider, chat: openai.OpenAI, claude: anthropic.Anthropic
) -> None:
    """With its status, its message and its headers, as the clients expect them."""
    provider.script([Failure(429, "slow down", {"retry-after": "7"}), Failure(529)])
    with pytest.raises(openai.RateLimitError, match="slow down") as refused:
        chat.chat.completions.create(model="gpt-4o", messages=ASK)
    assert refused.value.response.headers["retry-after"] == "7"
    with pytest.raises(anthropic.APIStatusError, match="overloaded_error"):
        claude.messages.create(model="claude", max_tokens=10, messages=ASK)


def test_a_stream_may_break_off(provider: Provider) -> None:
    """Providers do, and what a gateway then hands on is something to test."""

    def hang_up(number: int) -> None:
        if number == 2:
            raise ConnectionAbortedError

    provider.script([Answer("a long answer that never ends", before_event=hang_up)])
    body = {"model": "m", "stream": True, "messages": ASK}
    with (
        pytest.raises(httpx.RemoteProtocolError),
        httpx.stream("POST", f"{provider.openai_url}/chat/completions", json=body) as answer,
    ):
        answer.read()


def test_closing_hangs_up_on_clients_that_stay() -> None:
    """A client that keeps its connection open must not hold up the end of a test."""
    own = Provider()
    with socket.create_connection(("127.0.0.1", int(own.url.rsplit(":", 1)[1]))) as waiting:
        waiting.sendall(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        assert waiting.recv(9) == b"HTTP/1.1 "
        own.close()
