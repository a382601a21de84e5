"""By which letters languages are known that look like those that are read here, and aren't: see `marks`."""

from __future__ import annotations

from collections.abc import Mapping

from headroom_core.compressors.source_code.marks import Marks

OTHERS: Mapping[str, tuple[Marks, ...]] = {
    "perl": (
        {
            3.0: ("\nsub ", "\nuse strict;", "\nuse warnings", "\n=cut"),
            2.0: ("\nmy ", "\n=head"),
            1.5: (" qw(",),
            1.0: ("\nour ", "$_", "@_", "=~", "->{", "\n$"),
            0.4: ("::",),
            0.15: (";\n",),
        },
    ),
    "tcl": (
        {
            3.0: ("\nproc ", "\nnamespace eval "),
            2.0: ("\nif {",),
            1.5: ("\nset ", "\nvariable "),
            1.0: ("[list ", "\nputs ", "\nforeach "),
            0.5: ("::", "\n} else {"),
            0.3: ("\nreturn ",),
            0.2: ("$",),
        },
    ),
    "cmake": (
        {
            2.0: ("\nset(", "\nendif(", "\nfunction(", "\nelse()"),
            1.0: ("\nif(", "\nmessage("),
            0.5: ("${",),
        },
    ),
    "lua": (
        {
            3.0: ("\nlocal function ",),
            1.2: ("\nlocal ",),
            1.0: ("\nend\n", " then\n", "~=", "\nfunction ", "elseif "),
        },
    ),
    "vim": (
        {
            3.0: ("\nendfunction", "\nsyn "),
            2.0: ("\nhi ",),
            1.5: ("\nendif\n", "\ncall "),
            1.0: ("\nlet ", "\nset "),
        },
    ),
    "tablegen": (
        {
            3.3: ("\ndef ",),
            2.0: (">;\n", "bits<"),
            1.0: ("\nlet ", "\nclass ", "list<"),
            0.5: (" : ",),
        },
    ),
    "css": (
        {
            3.0: ("\n@media",),
            2.0: ("px;", "!important", "\ncolor:"),
            1.0: ("\n.", ": #", "\nmargin"),
            0.3: (";\n",),
        },
    ),
    "r": (
        {
            2.0: (" <- ", "\nlibrary(", "%>%"),
            0.7: ("function(",),
            0.5: ("TRUE", "FALSE"),
        },
    ),
    "makefile": (
        {
            3.0: ("\n.PHONY",),
            2.0: ("\nifeq", "\n@echo", "\nifdef"),
            1.6: (" := ",),
            1.5: ("\nendif\n",),
            0.7: ("$(", " += "),
        },
    ),
    "docker": (
        {
            3.0: ("\nRUN ", "\nCOPY ", "\nWORKDIR "),
            2.0: ("\nFROM ", "\nENV "),
            0.5: (" \\\n",),
        },
    ),
    "elixir": (
        {
            3.0: ("\ndefmodule ", "\ndefp ", "\n@spec"),
            2.0: ("\n@doc",),
            1.5: ("\ndef ", " do\n", "|> "),
            1.0: ("\nend\n",),
        },
    ),
    "hcl": (
        {
            3.0: ('\nresource "', '\nvariable "', '\ndata "'),
            2.0: ("\nmodule ", "\noutput "),
            0.7: (" = {\n",),
            0.5: (' = "',),
        },
    ),
    "sql": (
        {
            3.0: ("\nCREATE ", "\nSELECT ", "\nINSERT "),
            2.0: ("\nWHERE ",),
            1.0: ("\nFROM ", "VARCHAR", "NOT NULL"),
            0.15: (";\n",),
        },
    ),
    "proto": (
        {
            3.0: ("\nmessage ", "\nrpc ", "\nsyntax = "),
            2.0: ("\noptional ", "\nrepeated ", "\nservice "),
            0.15: (";\n",),
        },
    ),
    "fortran": (
        {
            3.0: ("\nsubroutine ",),
            2.0: ("\nend do", "\nend if", "\ninteger", "\nreal"),
            1.5: ("\ncall ",),
            1.0: (" :: ",),
        },
    ),
    "haskell": (
        {
            3.0: ("\nimport qualified",),
            2.0: ("\ninstance ",),
            1.5: (" :: ", " where\n"),
            1.0: ("\nmodule ", "\ndata "),
            0.5: (" -> ",),
        },
    ),
    "yaml": (
        {
            2.0: (": |\n", "\nkind: "),
            1.0: ("\nname: ", ": true\n", ": false\n"),
            0.7: ("\n- ",),
            0.5: (":\n", ": ["),
        },
    ),
    "settings": (
        {
            1.5: ("\n[",),
            1.0: ("=true\n", "=false\n", " = true\n", " = false\n"),
            0.5: ('\n"', ' = "'),
        },
    ),
}
