"""The tests of all four packages: `core`, adapters, laws, goldens, regressions, and the house itself."""
