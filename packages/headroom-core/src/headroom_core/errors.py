"""The errors, all below one.

    HeadroomError
    ├── SettingError (also ValueError)     a setting or an argument is not what it must be
    ├── OriginalMissing (also LookupError) a handle that is unknown, expired or another tenant's
    ├── StoreUnavailable                   the store can't be reached, read or written
    └── OutOfTime                          a block took longer than `Policy.max_block_ms`; never leaves the library

`Headroom.compress` and `Headroom.answer` raise none of them for what a message holds: only for wrong arguments.
"""


class HeadroomError(Exception):
    """The root: one `except` catches everything that Headroom raises on purpose."""


class SettingError(HeadroomError, ValueError):
    """A setting or an argument is not what it must be; the message says what was expected."""


class OriginalMissing(HeadroomError, LookupError):
    """No original is kept under this handle for this tenant."""


class StoreUnavailable(HeadroomError):
    """The store can't be reached, read or written in the time it was given."""


class OutOfTime(HeadroomError):
    """A block's time is up; raised by `Guidance.tick`, caught in the pipeline."""
