"""What Headroom saves of retrieved passages, and how often the answer is still in the prompt.

    uv run --with bm25s python benchmarks/rag.py --corpus DIR [--passage 2000] [--levels balanced,strong] [--half]

DIR/qa holds passages with questions, `{"context", "questions": [{"q", "answers"}]}`. Their paragraphs are put together
to passages of about so many characters and searched by BM25; the best five, labelled `[1]` to `[5]`, are one tool
result after the question. Counted are the prompts that have the answer, as it stands in the data, before.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bm25s
from headroom_core import Headroom, Policy
from run import half_of

TOP = 5  # passages in a prompt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--passage", type=int, default=2_000, metavar="CHARS", help="of a passage, about")
    parser.add_argument("--levels", default="light,balanced,strong")
    parser.add_argument("--half", action="store_true", help="half of each question's words are gone")
    options = parser.parse_args()
    documents = [json.loads(path.read_text("utf-8")) for path in sorted((options.corpus / "qa").glob("*.json"))]
    passages = [passage for document in documents for passage in cut(document["context"], options.passage)]
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(passages, stopwords="en", show_progress=False), show_progress=False)
    prompts = []
    for document in documents:
        for asked in document["questions"]:
            question = half_of(asked["q"]) if options.half else asked["q"]
            context = retrieved(retriever, passages, question)
            if asked["answers"] and asked["answers"][0] in context:
                prompts.append((question, context, asked["answers"][0]))
    print(f"{len(passages)} passages, {len(prompts)} prompts with the answer in them")
    for level in options.levels.split(","):
        before = after = kept = labels = 0
        with Headroom("memory://", Policy(level=level)) as headroom:
            for question, context, answer in prompts:
                shown = headroom.shrink(context, question=question, retrieval="tool")
                before += shown.receipt.tokens_before
                after += shown.receipt.tokens_after
                kept += answer in shown.text
                labels += all(f"[{number}] " in shown.text for number in range(1, TOP + 1))
        print(
            f"{level}: {before / len(prompts):.0f} tokens a prompt, {100 * (before - after) / before:.1f} % saved, "
            f"answer kept in {100 * kept / len(prompts):.1f} %, all labels in {100 * labels / len(prompts):.1f} %"
        )


def cut(context: str, chars: int) -> Iterator[str]:
    """Whole paragraphs, put together until they are about so long."""
    passage = ""
    for paragraph in filter(None, context.split("\n")):
        passage += ("\n" if passage else "") + paragraph
        if len(passage) >= chars:
            yield passage
            passage = ""
    if passage:
        yield passage


def retrieved(retriever: Any, passages: list[str], question: str) -> str:
    """The best passages, as a search tool gives them back."""
    words = bm25s.tokenize([question], stopwords="en", show_progress=False)
    found, _ = retriever.retrieve(words, k=TOP, show_progress=False)
    return "\n\n".join(f"[{number}] {passages[index]}" for number, index in enumerate(found[0], 1))


if __name__ == "__main__":
    main()
