"""The router: who should read this text, and does the result earn its place? Knows no kind by name."""
