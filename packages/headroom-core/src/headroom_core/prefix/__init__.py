"""The prefix: which blocks has the provider already cached, and what did we show for a text before?"""
