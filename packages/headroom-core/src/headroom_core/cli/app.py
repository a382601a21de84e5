"""The commands. Errors that a user can mend are one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Annotated

import typer

from headroom_core.ccr.stores import EXPECTED, name_of
from headroom_core.errors import HeadroomError, SettingError
from headroom_core.headroom import DEFAULT_TENANT, Headroom
from headroom_core.policy import Settings

app = typer.Typer(
    name="headroom",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Fewer tokens for your agents, nothing lost, every original kept.",
    epilog="Settings are read from HEADROOM_* variables: HEADROOM_STORE, HEADROOM_LEVEL, HEADROOM_EXCLUDE_TOOLS, ...",
)

PLUGINS = "headroom.commands"  # entry points that add a command: a function that is given this app

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store", help=f"Where originals wait: {EXPECTED}. Else a SQLite file in your data folder.", metavar="URL"
    ),
]
TenantOption = Annotated[str, typer.Option("--tenant", help="Whose originals these are.")]
FileArgument = Annotated[Path | None, typer.Argument(help="A file; nothing or - reads the standard input.")]


def main() -> None:
    """Run the command line."""
    for plugin in entry_points(group=PLUGINS):
        plugin.load()(app)
    try:
        app()
    except (HeadroomError, OSError) as error:
        typer.echo(f"headroom: {error}", err=True)
        sys.exit(2)


def opened(store: str | None) -> Headroom:
    """The `Headroom` that the environment and `--store` describe."""
    settings = Settings.from_env()
    return Headroom.from_settings(replace(settings, store=store or settings.store))


def read_text(file: Path | None) -> str:
    """The text of a file or of the standard input; bytes that aren't UTF-8 survive the way through."""
    raw = sys.stdin.buffer.read() if file is None or str(file) == "-" else file.read_bytes()
    return raw.decode("utf-8", "surrogateescape")


def write_text(text: str) -> None:
    """Write a text as it is: no line end added, bytes that weren't UTF-8 given back."""
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


@app.command()
def demo(store: StoreOption = None) -> None:
    """Compress a real conversation made on this machine, and give everything back. Takes seconds."""
    from headroom_core.cli.demo import run_demo

    with opened(store) as headroom:
        raise typer.Exit(0 if run_demo(headroom, lambda: opened(store)) else 1)


@app.command()
def shrink(  # noqa: PLR0913  # one parameter an option
    file: FileArgument = None,
    kind: Annotated[str | None, typer.Option(help="What it is (json, log, ...), where you know better.")] = None,
    question: Annotated[str, typer.Option(help="What it was fetched for.")] = "",
    budget: Annotated[int | None, typer.Option(min=1, help="Tokens it may take; needs --elide.")] = None,
    elide: Annotated[bool, typer.Option("--elide", help="Facts may be left out, behind a marker.")] = False,
    store: StoreOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
) -> None:
    """Print a file, or what comes through a pipe, in fewer tokens; what was saved goes to stderr.

    Without --elide nothing is left out. With it, what is hidden waits in the store: `headroom retrieve HANDLE`.
    """
    if budget is not None and not elide:
        raise SettingError("--budget leaves facts out; add --elide to allow that")
    with opened(store) as headroom:
        shown = headroom.shrink(
            read_text(file),
            kind=kind,
            question=question,
            budget=budget,
            tenant=tenant,
            retrieval="tool" if elide else "none",
        )
        write_text(shown.text)
        receipt = shown.receipt
        saved = f"{receipt.tokens_before} -> {receipt.tokens_after} tokens"
        notes = [receipt.kind, receipt.outcome, receipt.fidelity, receipt.handle, receipt.reason]
        typer.echo(f"headroom: {saved} ({', '.join(note for note in notes if note)})", err=True)


@app.command()
def explain(
    file: FileArgument = None,
    level: Annotated[str | None, typer.Option(help="light, balanced or strong.")] = None,
    elide: Annotated[bool, typer.Option("--elide", help="Show what would be left out.")] = False,
) -> None:
    """Show every stage of one text: its parts, who claims them, what would be shown, and the tokens."""
    from headroom_core.explain import explain as explained
    from headroom_core.explain import spell_stages
    from headroom_core.policy import Policy

    policy = Policy.from_env({"HEADROOM_LEVEL": level}) if level else Settings.from_env().policy
    write_text(spell_stages(explained(read_text(file), policy.level, may_elide=elide)) + "\n")


@app.command()
def retrieve(  # noqa: PLR0913  # one parameter an option
    handle: Annotated[str, typer.Argument(help="The 12 to 24 hex digits of a marker or receipt.")],
    query: Annotated[str | None, typer.Option(help="Words to search for.")] = None,
    lines: Annotated[str | None, typer.Option(help="Lines or rows: 16-40,52.")] = None,
    fields: Annotated[str | None, typer.Option(help="Names of fields, separated by commas.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="How long the answer may be.")] = None,
    store: StoreOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
) -> None:
    """Print an original, whole and byte for byte, or a part of it."""
    named = [name.strip() for name in fields.split(",")] if fields else None
    with opened(store) as headroom:
        original = headroom.retrieve(
            handle, query=query, lines=lines, fields=named, max_tokens=max_tokens, tenant=tenant
        )
        write_text(original.text)


@app.command()
def doctor(
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program: a list of what was found.")] = False,
) -> None:
    """Try out what Headroom needs on this machine, and say how to mend what isn't well.

    Looks at the settings in HEADROOM_*; at the store: whether it keeps and gives back, how fast, the circuit
    breaker before it, its secret, encryption, permissions and room on the disk, and a Redis's eviction, persistence
    and version; at the tokenizer; at each extra, and grammars that are missing; at the frameworks and their versions.

    A line that begins with FIX is followed by what to do. The exit code is 0 when all is well, else 1. What it puts
    into the store to try it out is forgotten again.
    """
    from headroom_core.cli.doctor import examine

    findings = examine(store)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
        raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.well else 'FIX '} {finding.what}: {finding.found}")
        if not finding.well:
            typer.echo(f"     {finding.mend}")
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


@app.command()
def mcp(
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Serve HTTP on this port of the machine, not the streams.")
    ] = None,
    store: StoreOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
) -> None:
    """Serve headroom_retrieve to a client that speaks MCP: give it the command `headroom mcp`.

    With --port, over HTTP at http://127.0.0.1:PORT/mcp, to clients that bear the token of HEADROOM_MCP_TOKEN. What is
    served are the originals of the store and tenant that whatever compresses uses.
    """
    try:
        from headroom_core.cli import mcp as served
    except ImportError as error:
        raise SettingError(f"headroom mcp needs the mcp library ({error}): pip install 'headroom-core[mcp]'") from error
    import anyio

    with opened(store) as headroom:
        if port is None:
            anyio.run(served.serve_streams, headroom, tenant)
            return
        token = Settings.from_env().mcp_token
        if token is None:
            raise SettingError("headroom mcp --port needs a token: export HEADROOM_MCP_TOKEN=$(openssl rand -hex 24)")
        import uvicorn

        uvicorn.run(served.http_app(headroom, tenant, token), host=served.HOST, port=port, log_level="warning")


@app.command()
def purge(
    store: StoreOption = None,
    tenant: TenantOption = DEFAULT_TENANT,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Forget everything of a tenant. Markers in its conversations can't be answered afterwards."""
    with opened(store) as headroom:
        if not yes:
            typer.confirm(f"Forget everything of tenant {tenant!r} in {name_of(headroom.store_url)}?", abort=True)
        typer.echo(f"forgot {headroom.purge(tenant)} texts of tenant {tenant!r}")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headroom {version('headroom-core')}")
        raise typer.Exit


@app.callback()
def _options(
    wanted: Annotated[  # its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...
