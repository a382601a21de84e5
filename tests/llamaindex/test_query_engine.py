"""`node_postprocessors=[HeadroomPostprocessor()]` in real query engines over a real index."""

from __future__ import annotations

from headroom_llamaindex import HeadroomPostprocessor, HeadroomSettings
from llama_index.core.schema import TextNode

from tests.llamaindex.content import echo, index


def test_a_query_engine_asks_with_less() -> None:
    """The whole way once: The model says back the prompt that it got."""
    made = index()
    settings = HeadroomSettings(store="memory://")
    plain = made.as_query_engine(llm=echo(), similarity_top_k=3).query("What failed?")
    engine = made.as_query_engine(
        llm=echo(), similarity_top_k=3, node_postprocessors=[HeadroomPostprocessor(settings=settings)]
    )
    answer = engine.query("What failed?")
    prompt = str(answer)
    assert len(prompt) < 0.6 * len(str(plain))
    assert "98765.43" in prompt
    assert "disk quota exceeded on /var/spool/q7" in prompt
    assert prompt.count("file: orders.json") == 1
    assert "headroom" not in prompt
    for ours, theirs in zip(answer.source_nodes, plain.source_nodes, strict=True):
        assert (ours.node_id, ours.score, ours.node.ref_doc_id) == (
            theirs.node_id,
            theirs.score,
            theirs.node.ref_doc_id,
        )
        assert ours.node.relationships == theirs.node.relationships
        assert isinstance(ours.node, TextNode)
        assert isinstance(theirs.node, TextNode)
        assert (ours.node.start_char_idx, ours.node.end_char_idx) == (5, 5 + len(theirs.node.text))
        original = made.docstore.get_node(ours.node_id)
        assert original.get_content() == theirs.node.text
        if ours.node_id != "note.txt":
            handle = ours.metadata["headroom"]["handle"]
            assert settings.open().retrieve(handle).text == theirs.node.text
