"""What a tracing service is sent: LangSmith's own client, in front of an endpoint on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from headroom_langchain import HeadroomMiddleware, HeadroomTransform
from langchain_core.runnables import RunnableConfig
from langchain_core.tracers import LangChainTracer
from langsmith import Client

from tests.langchain.agents import ASKED, Heard, agent, dumps
from tests.langchain.content import JSON
from tests.langchain.test_chain import GIVEN, PROMPT, model
from tests.provider import Provider


class Service(ThreadingHTTPServer):
    """Takes down every run that it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.runs: dict[str, dict[str, Any]] = {}  # by name: all that was said of it, early and late


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["content-length"])) or b"{}")
        if "name" in said:
            self.server.runs.setdefault(said["name"], {}).update(said)
        self.send_response(202)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_PATCH = do_GET = do_POST  # noqa: N815  # the names that the base class looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    thread = Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_the_original_is_traced_where_it_came_in_and_never_where_it_was_sent(
    provider: Provider, service: Service
) -> None:
    """On the chain's run and ours one sees what was there; on the model's, what it really got."""
    client = Client(f"http://127.0.0.1:{service.server_port}", api_key="any", auto_batch_tracing=False)
    tracer = LangChainTracer(client=client, project_name="tests")
    (PROMPT | HeadroomTransform() | model(provider)).invoke(GIVEN, {"callbacks": [tracer]})
    tracer.wait_for_futures()
    original = json.dumps(JSON)[1:-1]
    spelled = {name: (json.dumps(run["inputs"]), json.dumps(run["outputs"])) for name, run in service.runs.items()}
    held = {name: (original in inputs, original in outputs) for name, (inputs, outputs) in spelled.items()}
    assert held == {
        "RunnableSequence": (True, False),
        "ChatPromptTemplate": (True, True),
        "HeadroomTransform": (True, False),
        "ChatOpenAI": (False, False),
    }
    assert "tokens_before" in spelled["HeadroomTransform"][1]
    assert "98765.43" in spelled["ChatOpenAI"][0]


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
async def test_the_receipts_are_metadata_of_our_run(provider: Provider, service: Service, way: str) -> None:
    """A tracer isn't told of custom events; metadata is what its searches and charts can read."""
    client = Client(f"http://127.0.0.1:{service.server_port}", api_key="any", auto_batch_tracing=False)
    tracer, heard = LangChainTracer(client=client, project_name="tests"), Heard()
    made = PROMPT | HeadroomTransform() | model(provider)
    config: RunnableConfig = {"callbacks": [tracer, heard]}
    await made.ainvoke(GIVEN, config) if way == "ainvoke" else made.invoke(GIVEN, config)
    tracer.wait_for_futures()
    noted = {name: run["extra"]["metadata"].get("headroom_compression") for name, run in service.runs.items()}
    assert {name for name, report in noted.items() if report} == {"HeadroomTransform"}
    assert noted["HeadroomTransform"] == heard.events[0]
    assert noted["HeadroomTransform"]["tokens_saved"] > 0


def test_the_receipts_of_an_agent_are_metadata_of_our_run(provider: Provider, service: Service) -> None:
    client = Client(f"http://127.0.0.1:{service.server_port}", api_key="any", auto_batch_tracing=False)
    tracer = LangChainTracer(client=client, project_name="tests")
    provider.script([dumps("orders"), "Fine."])
    agent(provider, HeadroomMiddleware()).invoke(ASKED, {"callbacks": [tracer]})
    tracer.wait_for_futures()
    ours = service.runs["HeadroomMiddleware.wrap_model_call"]
    assert ours["extra"]["metadata"]["headroom_compression"]["tokens_saved"] > 0
