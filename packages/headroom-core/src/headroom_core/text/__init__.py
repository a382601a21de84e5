"""Ground: plain functions over strings. Knows nothing of messages, kinds or stores."""
