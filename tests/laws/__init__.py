"""Laws: what must stay true of every compressor, store and dialect in the tables, whatever comes in."""
