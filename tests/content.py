"""Small content of our own, of the kinds that agents meet. Made by rule, so that a test can say what is in it."""

from __future__ import annotations

import json
from typing import Any


def records(count: int = 200) -> list[dict[str, Any]]:
    """Orders of a shop: one refused, one far too dear, the others alike."""
    rows = [
        {
            "id": 41_000 + number,
            "customer": f"customer-{number * 37 % 91:02d}",
            "state": "shipped" if number % 9 else "packed",
            "total": round(20 + number * 7.3 % 60, 2),
            "currency": "EUR",
            "address": {"city": ("Oslo", "Lyon", "Graz")[number % 3], "zip": f"0{number * 13 % 9000:04d}"},
        }
        for number in range(count)
    ]
    if count > 20:
        rows[count // 2] |= {"state": "refused", "total": 98_765.43}
    return rows


def records_json(count: int = 200, indent: int | None = 2) -> str:
    """The same as a tool would print them."""
    return json.dumps(records(count), indent=indent)


def log(count: int = 600) -> str:
    """A worker's log: jobs taken and done, and one that failed."""
    lines = []
    for number in range(count):
        stamp = f"2031-02-03 04:{number // 60 % 60:02d}:{number % 60:02d},{number * 37 % 1000:03d}"
        worker, job = number * 7 % 5, 7000 + number
        if number == count * 2 // 3:
            lines.append(f"{stamp} ERROR pool.worker-{worker} job {job} failed: disk quota exceeded on /var/spool/q7")
        elif number % 2:
            lines.append(f"{stamp} INFO pool.worker-{worker} job {job} done in {number * 13 % 90 + 5} ms")
        else:
            lines.append(f"{stamp} INFO pool.worker-{worker} took job {job} from queue /queue/red")
    return "\n".join(lines) + "\n"


def conversation(*results: str, question: str = "What went wrong?") -> list[dict[str, Any]]:
    """A chat in which each of the texts is what a tool gave back."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You are a careful operator."},
        {"role": "user", "content": question},
    ]
    for number, text in enumerate(results, start=1):
        function = {"name": "fetch", "arguments": json.dumps({"page": number})}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"call_{number}", "content": text})
    return messages
