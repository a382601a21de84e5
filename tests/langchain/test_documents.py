"""A document compressor behind a retriever."""

from __future__ import annotations

import copy

import pytest
from headroom_langchain import HeadroomDocumentCompressor, HeadroomSettings, HeadroomTransform
from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_classic.chains.retrieval import create_retrieval_chain
from langchain_classic.retrievers import ContextualCompressionRetriever
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

from tests.core.compressors.prose.material import ANSWER, QUESTION, manual
from tests.faults import disk_full
from tests.langchain.content import JSON, LOG
from tests.langchain.test_chain import model
from tests.provider import Provider

SETTINGS = HeadroomSettings(store="memory://")
PROMPT = ChatPromptTemplate.from_template("Answer from these.\n\n{context}\n\n{input}")


def documents() -> list[Document]:
    return [
        Document(JSON, id="one", metadata={"source": "orders.json", "page": 3}),
        Document("A short note.", id="two", metadata={"source": "note.txt"}),
        Document(LOG, metadata={"source": "worker.log"}),
        Document("", id="four"),
    ]


class Fixed(BaseRetriever):
    """Gives back the same objects each time, as a store in memory does."""

    kept: list[Document]
    k: int = 4

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return self.kept[: k or self.k]


def test_documents_keep_everything_but_their_text() -> None:
    came = documents()
    before = copy.deepcopy(came)
    made = HeadroomDocumentCompressor(settings=SETTINGS).compress_documents(came, "What failed?")
    assert came == before
    assert [document.id for document in made] == ["one", "two", None, "four"]
    assert (made[1], made[3]) == (came[1], came[3])
    assert made[1] is came[1]
    for number in (0, 2):
        note = made[number].metadata["headroom"]
        assert {**made[number].metadata, "headroom": None} == {**came[number].metadata, "headroom": None}
        assert len(made[number].page_content) < 0.6 * len(came[number].page_content)
        assert SETTINGS.open().retrieve(note["handle"]).text == came[number].page_content
    again = HeadroomDocumentCompressor(settings=SETTINGS).compress_documents(made, "What failed?")
    assert list(again) == list(made)
    marked = Document(JSON, metadata={"headroom": {}})
    assert HeadroomDocumentCompressor().compress_documents([marked], "?")[0] is marked


async def test_a_retriever_gives_smaller_documents_and_keeps_its_own() -> None:
    base = Fixed(kept=documents())
    retriever = ContextualCompressionRetriever(base_compressor=HeadroomDocumentCompressor(), base_retriever=base)
    for found in (retriever.invoke("What failed?"), await retriever.ainvoke("What failed?")):
        assert len(found[0].page_content) < 0.6 * len(JSON)
    assert base.kept == documents()


async def test_a_retrieval_chain_sends_less(provider: Provider) -> None:
    base = Fixed(kept=documents())
    retriever = ContextualCompressionRetriever(base_compressor=HeadroomDocumentCompressor(), base_retriever=base)
    chain = create_retrieval_chain(retriever, create_stuff_documents_chain(model(provider), PROMPT))
    answer = await chain.ainvoke({"input": "What failed?"})
    (request,) = provider.requests
    sent = request.body["messages"][0]["content"]
    assert answer["answer"] == "ok"
    assert len(sent) < 0.6 * (len(JSON) + len(LOG))
    assert "98765.43" in sent
    assert sent.startswith("Answer from these.\n\n")
    assert sent.endswith("\n\nWhat failed?")


def test_sources_keep_their_text_where_the_prompt_is_what_shrinks(provider: Provider) -> None:
    """With the transform behind the prompt, the chain's `context` holds the documents as they were retrieved."""
    answering = create_stuff_documents_chain(HeadroomTransform() | model(provider), PROMPT)
    answer = create_retrieval_chain(Fixed(kept=documents()), answering).invoke({"input": "What failed?"})
    assert answer["context"] == documents()
    assert len(provider.requests[0].raw) < 0.6 * (len(JSON) + len(LOG))


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
async def test_documents_in_a_plain_prompt_get_smaller_and_the_question_stays(provider: Provider, way: str) -> None:
    """Expression language alone, as most chains are written: the documents are a text within the human message."""

    def joined(found: list[Document]) -> str:
        return "\n\n".join(document.page_content for document in found)

    retriever = Fixed(kept=documents())
    asked = {"context": retriever | joined, "input": RunnablePassthrough[str]()}
    chain = asked | PROMPT | HeadroomTransform() | model(provider) | StrOutputParser()
    question = "Which order was refused?"
    assert (await chain.ainvoke(question) if way == "ainvoke" else chain.invoke(question)) == "ok"
    (message,) = provider.requests[0].body["messages"]
    assert message["content"].startswith("Answer from these.\n\n")
    assert message["content"].endswith(f"\n\n{question}")
    assert "98765.43" in message["content"]
    assert "\n\nA short note.\n\n" in message["content"]
    assert len(message["content"]) < 0.6 * (len(JSON) + len(LOG))
    assert retriever.kept == documents()


def test_an_agents_documents_may_leave_facts_out() -> None:
    made = HeadroomDocumentCompressor(settings=SETTINGS, retrieval="tool").compress_documents([Document(LOG)], "?")
    assert "headroom_retrieve" in made[0].page_content


def test_an_agents_documents_are_one_choice() -> None:
    """The page that answers takes the room of those that only share a word with the question."""
    parts = [f"## {part}" for part in manual().split("## ")[1:]]
    pages = [Document("".join(parts[start : start + 4])) for start in range(0, len(parts), 4)]
    ours = HeadroomDocumentCompressor(settings=SETTINGS, retrieval="tool")
    together = ours.compress_documents(pages, QUESTION)
    alone = [ours.compress_documents([page], QUESTION)[0] for page in pages]
    assert sum(ANSWER in page.page_content for page in together) == 1
    assert sum(len(page.page_content) for page in together) < 0.8 * sum(len(page.page_content) for page in alone)


def test_a_failure_leaves_the_documents_as_they_came(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("headroom_core.Headroom.compress_blocks", disk_full)
    came = documents()
    assert HeadroomDocumentCompressor().compress_documents(came, "?") == came
    assert caplog.text.count("disk full") == 1
    with pytest.raises(OSError, match="disk full"):
        HeadroomDocumentCompressor(on_error="raise").compress_documents(came, "?")


class Behind(ContextualCompressionRetriever):
    """Us behind a retriever of so many documents: one for one, we neither add nor drop any."""

    def __init__(self, k: int = 4) -> None:
        super().__init__(base_compressor=HeadroomDocumentCompressor(), base_retriever=Fixed(kept=documents(), k=k))


class TestRetriever(RetrieversIntegrationTests):
    """The suite that every retriever of LangChain is to pass."""

    retriever_constructor = Behind
    retriever_query_example = "What failed?"
