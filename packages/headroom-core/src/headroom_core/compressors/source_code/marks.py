"""By which letters each language is told from others: groups of marks, by how much each of them tells.

They are counted in lines without their indentation, so that a line end in front means the beginning of a line.
"""

from __future__ import annotations

from collections.abc import Mapping

Marks = Mapping[float, tuple[str, ...]]

_SCRIPT: Marks = {
    3.0: ("module.exports", "use strict"),
    2.0: ("\nfunction ", "\nasync function ", "\nimport {", "\ndescribe(", "\nit(", "\nconstructor"),
    1.5: ("require('", 'require("', " from '", ' from "', " === "),
    1.0: ("\nconst ", "\nexport ", " => {", "\n});", "console.", " = () =>", "function (", "function("),
    0.7: ("\nlet ", "\nvar "),
    0.5: ("=> ", "this.", "\n})", "\nextends ", "undefined"),
    0.3: ("await ",),
    0.2: ("\nreturn ",),
    0.15: (";\n",),
}
_TYPED: Marks = {
    3.0: ("\nexport interface ", "\nexport type ", "import type ", "\nexport declare "),
    2.0: (
        ": string",
        ": number",
        ": boolean",
        ": Promise<",
        "\ninterface ",
        "\ndeclare ",
        "\nexport enum ",
        "\nexport abstract ",
        " as unknown",
    ),
    1.5: (": void", ": unknown", "?: ", "readonly "),
    1.0: (": any", "\ntype ", "\nprivate ", " implements ", "): "),
}
_C: Marks = {
    2.0: ("\n#include",),
    1.5: ("\n#define", "\n#pragma", "\ntypedef "),
    1.0: ("\n#if", "\n#endif", "\nstatic ", "\nstruct ", "\nint ", "\nvoid ", "\nchar ", "\nextern ", "char *"),
    0.5: ("->", "NULL", "unsigned ", "size_t ", "sizeof(", "\nfor (", "\nwhile (", "\nbreak;"),
    0.3: ("\nif (", "\n} else", "\nreturn ", "\ncase "),
    0.15: (";\n",),
}
_CPP: Marks = {
    3.0: ("\ntemplate", "\npublic:", "\nprivate:", "\nprotected:"),
    2.0: ("std::", "\nnamespace "),
    1.5: ("nullptr",),
    1.0: ("const auto&", "virtual ", " noexcept", "static_cast<"),
    0.7: ("\nclass ", " override"),
    0.5: ("auto ", "\nusing "),
    0.4: ("::",),
}

MARKS: Mapping[str, tuple[Marks, ...]] = {
    "python": (
        {
            3.0: ("\ndef ", "\nasync def ", "\nif __name__"),
            2.0: ("\nelif ", "\nexcept", "\ntry:\n"),
            1.5: ("\nraise ",),
            1.0: ("\nclass ", " import ", "\nelse:\n", "(self", "\nassert ", " is None", "\nyield "),
            0.7: ("\nfrom ", "\nimport ", "):\n", '"""', "\nwith "),
            0.5: (" not in ", "lambda "),
            0.4: ("self.", "\nreturn "),
            0.3: ("\n@", "\nfor "),
            0.2: (":\n", "\nif "),
        },
    ),
    "javascript": (_SCRIPT,),
    "typescript": (_SCRIPT, _TYPED),
    "go": (
        {
            3.0: ("\nfunc ",),
            2.0: ("\npackage ", "err != nil", "\ndefer ", "\nimport (", " error {"),
            1.5: (" := ",),
            1.0: ("\ntype ", " struct {", " interface {", " map[", "[]string"),
            0.5: ("fmt.",),
            0.3: ("\nreturn ", "\nfor ", "\ncase ", "\nvar "),
            0.2: ("\nif ",),
        },
    ),
    "rust": (
        {
            3.0: ("\nfn ", "\npub fn ", "\npub(crate) ", "\nasync fn ", "\n#![", "macro_rules!"),
            2.0: ("let mut ", "\nimpl", "&self"),
            1.5: ("\n#[",),
            1.0: ("\nuse ", "\npub ", "&mut ", "&str", "\nmatch ", "\nmod ", ".unwrap()", "\n//!"),
            0.7: ("\nlet ", ") -> "),
            0.5: ("Some(", "Ok(", "Err("),
            0.4: ("::",),
            0.3: (" => ", "\n///"),
            0.15: (";\n",),
        },
    ),
    "java": (
        {
            3.0: ("\nimport java", "@Override"),
            2.0: ("\nimport static ", ") throws ", "static final "),
            1.5: ("\nimport com.", "\nimport org.", "\npackage "),
            1.2: ("\npublic ", "\nprivate ", "\nprotected "),
            1.0: ("\n} catch (", "@Test", "(final "),
            0.7: (" = new ", "\nfinal ", "String ", "boolean "),
            0.5: ("\nfor (",),
            0.3: ("\nreturn ", "\nif (", "this."),
            0.15: (";\n",),
        },
    ),
    "csharp": (
        {
            3.0: ("\nusing System", "\nusing Microsoft", "{ get;", "async Task", "/// <summary>"),
            2.0: ("\nnamespace ", "\ninternal ", "static readonly ", "private readonly ", "\nforeach ("),
            1.0: ("\npublic ", "\nprivate ", "\nprotected ", " override "),
            0.7: ("\nusing ", "string ", "\nvar "),
            0.5: ("bool ", "\n{\n", " = new "),
            0.3: ("\nreturn ", "\nif ("),
            0.15: (";\n",),
        },
    ),
    "kotlin": (
        {
            3.0: ("\nfun ", "override fun ", "private fun ", "suspend fun ", "data class ", "companion object"),
            2.0: ("private val ",),
            1.2: ("\nval ",),
            1.0: (" ?: ", "?.", "\nwhen "),
            0.7: (": String", ": Int"),
            0.5: ("internal ", "\nvar ", "\npackage ", "fun "),
            0.3: ("\nimport ", " -> ", "\nreturn "),
        },
    ),
    "c": (_C,),
    "cpp": (_C, _CPP),
    "ruby": (
        {
            3.0: ("\nrequire_relative ", "# frozen_string_literal"),
            2.0: (" do |", "\nattr_", "\nelsif "),
            1.5: ("\ndef ", "\nrequire ", "\nmodule ", "\nunless ", "\nprivate\n", "\nrescue"),
            1.0: ("\nend\n", " do\n", ".each ", "\nputs ", ".nil?"),
            0.7: ("\ninclude ",),
            0.5: ("\nclass ", " unless "),
            0.2: ("\nreturn ", "\nif "),
        },
    ),
    "php": (
        {
            12.0: ("<?php",),
            3.0: ("public function ", "private function ", "protected function "),
            2.0: ("$this->",),
            1.0: ("\nfunction ", "\necho ", "foreach ("),
            0.7: ("($", "\n$", "\nnamespace ", "array("),
            0.5: ("\nuse ",),
            0.2: ("\nreturn ", "\nif (", "\n} else"),
            0.15: (";\n",),
        },
    ),
    "swift": (
        {
            4.0: ("\nimport Foundation", "\nimport UIKit", "\nimport SwiftUI"),
            3.0: ("\nprivate let ", "\nprivate var "),
            2.5: ("\nguard ",),
            2.0: ("\nfunc ", "\nextension ", "\nprotocol ", "if let ", "\ninit("),
            1.5: (" func ",),
            1.0: ("\nstruct ", "\ncase ."),
            0.7: ("\nlet ", ") -> ", ": String", ": Int", "?."),
            0.5: ("\nvar ",),
            0.3: ("\nimport ", "self.", "\nreturn "),
            0.2: ("\nif ",),
        },
    ),
    "scala": (
        {
            3.0: ("\ncase class ", "override def ", "sealed trait"),
            2.0: ("\ndef ", "\nobject ", "\ntrait ", "\nimplicit ", "lazy val "),
            1.5: (" match {",),
            1.2: ("\nval ",),
            1.0: (" def ", "Option[", "Seq["),
            0.7: (" => ",),
            0.5: ("\ncase ", " extends ", "\npackage ", ": String", ": Int"),
            0.3: ("\nimport ",),
        },
    ),
    "bash": (
        {
            5.0: ("#!/bin/bash", "#!/usr/bin/env bash", "#!/bin/sh", "#!/usr/bin/env zsh"),
            2.0: ("\nfi\n", "; then\n", "\ndone\n", "; do\n", "\nesac\n", "\nset -"),
            1.5: ("\nlocal ", "if [ "),
            1.0: ("\nthen\n", "\necho ", "() {\n", "[[ ", ";;\n"),
            0.5: ('"$', "\nexport "),
            0.4: ("${", "$("),
        },
    ),
}
