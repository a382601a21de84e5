"""Exchange: how is a retrieval answered within one response, streamed or not? Opens no connection."""
