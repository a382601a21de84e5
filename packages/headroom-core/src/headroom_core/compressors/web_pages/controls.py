"""Fields, buttons and what pages dress up as such, each in one line: kind, name, label, value, state, reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

OPTIONS = 12  # of a choice that are named
VALUE_CHARS = 120  # of a field's text that are said
ID_CHARS = 40  # of an id that is a reference; a longer one is some framework's

ROLES = frozenset(
    [
        *("button", "checkbox", "combobox", "menuitem", "menuitemcheckbox", "menuitemradio", "radio", "searchbox"),
        *("slider", "spinbutton", "switch", "tab", "textbox"),
    ]
)
_SAID = ("name", "value", "placeholder", "aria-label", "title")
_STATES = ("checked", "disabled", "required", "readonly", "selected", "multiple")
_ARIA = ("expanded", "pressed", "checked", "selected", "disabled", "current", "invalid")
_LIMITS = ("min", "max", "maxlength", "pattern")
_UNSAID = (None, "", "false", "undefined")

Attributes = Mapping[str, str | None]


def is_control(tag: str, attributes: Attributes) -> bool:
    """Whether a visitor can use it, a link aside."""
    if tag == "button":
        return True
    plays = attributes.get("role") in ROLES or attributes.get("contenteditable") in ("", "true")
    return plays and tag != "li" and not (tag == "a" and attributes.get("href"))  # those hold links, or are some


def spell(tag: str, attributes: Attributes, said: str, reference: str = "") -> str:
    """A control, `<input email 'Your address' required #mail>`. A password that stands in a page is not said."""
    kind = (attributes.get("type") or "").lower()
    parts = [attributes.get("role") or tag if tag not in ("input", "select", "textarea", "button") else tag]
    parts += [kind] if kind != "text" else []
    for name in _SAID:
        if name != "value" or kind != "password":
            parts.append(" ".join((attributes.get(name) or "").split())[:VALUE_CHARS])
    parts += [f"'{said}'"] if said else []
    parts += [name for name in _STATES if name in attributes]
    if reference:
        parts += [f"{n}={attributes[n]}" for n in _LIMITS if attributes.get(n)]
        found = {name: attributes.get(f"aria-{name}") for name in _ARIA}
        said_states = {name: value for name, value in found.items() if value not in _UNSAID}
        parts += [name if value == "true" else f"{name}={value}" for name, value in said_states.items()]
        parts.append(reference)
    return "<" + " ".join(dict.fromkeys(part for part in parts if part)) + ">"


def options_of(node: LexborNode, *, acting: bool) -> str:
    """The choices of a `select`; for acting the chosen ones are marked by a star."""
    options = node.css("option")
    said = [
        ("*" if acting and "selected" in option.attributes else "") + " ".join(option.text().split())
        for option in options
    ]
    named = said[:OPTIONS] + [text for text in said[OPTIONS:] if text.startswith("*")]
    return " / ".join(named) + (f" +{len(said) - len(named)}" if len(said) > len(named) else "")


def reference_of(attributes: Attributes, number: int) -> str:
    """By what an agent can name it: its id, its test id, else its number among all that can be used on the page."""
    name = attributes.get("id") or ""
    if name and len(name) <= ID_CHARS and " " not in name:
        return f"#{name}"
    test = attributes.get("data-testid") or attributes.get("data-test") or ""
    return f"[{test}]" if test and len(test) <= ID_CHARS else f"@{number}"
