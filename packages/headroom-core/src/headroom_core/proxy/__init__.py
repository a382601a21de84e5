"""The local proxy: what an agent sends to its provider becomes smaller on the way. Needs the extra `proxy`."""
