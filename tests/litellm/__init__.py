"""LiteLLM with us in it, against a provider on loopback: its SDK in this process, its proxy in one of its own."""
