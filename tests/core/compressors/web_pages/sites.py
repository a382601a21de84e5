"""Pages of our own, as shops, search, dashboards, applications and scripts draw them; with much that nobody sees."""

from __future__ import annotations

import json

_HEAD = (
    "<!doctype html><html><head><title>{title}</title><link rel=canonical href='https://{host}/here'>"
    "<style>.a{{color:red}}</style><script>var dataLayer = [];function track(x){{dataLayer.push(x)}}</script>"
    "</head><body>"
    "<input type=hidden name=csrf value=83cf1><div style='display:none'><input name=trap><button>Trap</button></div>"
    "<nav><ul><li><a href='/'>Home</a></li><li><a href='/help'>Help</a></li></ul></nav>"
)
_FOOT = "<footer><a href='/terms'>Terms</a><form action=/news><input type=email name=news><button>Join</button></form>"


def _page(title: str, body: str) -> str:
    host = f"{title.partition(' ')[0].lower()}.example"
    return _HEAD.format(title=title, host=host) + body + _FOOT + "</footer></body></html>"


def shop(items: int = 24) -> str:
    """Cards of products, each with a link, a price, a choice and a button; filters beside them."""
    cards = "".join(
        f"<li class=card><a href='https://shop.example/p/{n}'><img alt='' src='data:image/png;base64,{'A' * 90}'>"
        f"<h3>Shed {n}</h3><p>{n * 7} m of room</p></a><span class=price>{n * 100 + 9} EUR</span>"
        f"<select name=size-{n}><option>S<option selected>M</select>"
        f"<button data-testid=add-{n} type=button>Add to cart</button></li>"
        for n in range(1, items + 1)
    )
    filters = "".join(
        f"<label><input type=checkbox name=color value={c} checked> {c}</label>" for c in ("red", "green")
    )
    return _page("Shop of sheds", f"<aside><fieldset>{filters}</fieldset></aside><main><ul>{cards}</ul></main>")


def search(hits: int = 20) -> str:
    """A list of hits, and the field that found them."""
    found = "".join(
        f"<div class=g><a href='https://site{n}.example/a?utm_source=x'><h3>Hit number {n}</h3></a>"
        f"<p>The shed number {n} stands behind the house, and its door is as green as the grass in spring.</p></div>"
        for n in range(hits)
    )
    form = "<form action=/find><input name=q value='green sheds' aria-label=Search><button id=go>Search</button></form>"
    return _page("Search", f"{form}{found}<a href='/find?page=2'>Next</a>")


def dashboard(rows: int = 30) -> str:
    """A table with buttons in its rows, tabs and a switch."""
    body = "".join(
        f"<tr><td>job-{n}</td><td>{'failed' if n == 7 else 'done'}</td><td>{n * 13} s</td>"
        f"<td><button id=retry-{n} {'disabled' if n != 7 else ''}>Retry</button></td></tr>"
        for n in range(rows)
    )
    tabs = "<div role=tablist><div role=tab aria-selected=true>Jobs</div><div role=tab>Workers</div></div>"
    switch = "<span role=switch aria-checked=true aria-label='Live updates'></span>"
    return _page(
        "Dashboard", f"{tabs}{switch}<table><tr><th>Job</th><th>State</th><th>Time</th><th></th></tr>{body}</table>"
    )


def application() -> str:
    """A form with fields of all kinds, and an editor."""
    fields = "".join(
        f"<label for=f-{kind}>The {kind}</label><input id=f-{kind} name={kind} type={kind} required>"
        for kind in ("text", "email", "number", "date", "password", "file", "range", "radio", "tel", "url")
    )
    return _page(
        "Settings of the app",
        f"<h1>Settings</h1><form method=post action=/save>{fields}<textarea name=about>Hello</textarea>"
        "<div contenteditable=true aria-label=Notes>write here</div><input type=submit value=Save></form>"
        "<details><summary>More</summary><a role=button id=wipe>Wipe all</a></details>",
    )


def drawn_by_scripts() -> str:
    """Nothing to see before scripts have run, but all of it as data."""
    state = {"props": {"user": {"name": "Anna Berg"}, "orders": [{"id": n, "state": "shipped"} for n in range(60)]}}
    script = f"<script id=__DATA__ type='application/json'>{json.dumps(state)}</script>"
    return _page("Orders", f"<div id=root></div>{script}<script src=/app.js></script>")


SITES = {maker.__name__: maker for maker in (shop, search, dashboard, application)}
"""The makers of pages that show something, by name."""
