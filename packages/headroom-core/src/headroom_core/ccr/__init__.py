"""CCR, compress, cache, retrieve: where does the original wait, and how is it asked back?"""
