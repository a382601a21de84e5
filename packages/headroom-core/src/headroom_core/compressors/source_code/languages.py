"""What is known of each language, as data: its grammar, the nodes that have a body, the lines that matter in one."""

from __future__ import annotations

from dataclasses import dataclass


def words(spelled: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(spelled.split())


@dataclass(frozen=True, slots=True)
class Language:
    """One language. Node types are those of its grammar."""

    name: str
    module: str  # the package of its grammar
    endings: tuple[str, ...]  # of the names of its files
    functions: frozenset[str]  # nodes that are a head and a body
    errors: tuple[str, ...]  # letters of lines by which a body says that something went wrong
    definitions: tuple[str, ...]  # words with which a definition inside a body begins
    comment: str = "//"  # begins a comment that ends with its line
    filler: str = ""  # the statement without which an empty body is none
    factory: str = "language"  # the grammar's name in its package
    closed_calls: bool = False  # no comma may stand behind the last argument of a call


_SCRIPT_FUNCTIONS = words(
    "function_declaration function_expression generator_function generator_function_declaration arrow_function "
    "method_definition class_static_block"
)
_SCRIPT_ERRORS = ("throw ", "assert", "reject(", "process.exit(", "console.error(")
_SCRIPT_DEFINITIONS = ("function ", "function*", "async function", "class ", "interface ")
_THROWING = ("throw ", "assert")
_C_ERRORS = ("assert(", "abort(", "exit(", "perror(", "errno = ", "PyErr_Set", "#error")

LANGUAGES: tuple[Language, ...] = (
    Language(
        "python",
        "tree_sitter_python",
        ("py", "pyi", "pyw", "pyx"),
        words("function_definition"),
        ("raise", "assert ", "sys.exit("),
        ("def ", "async def ", "class "),
        comment="#",
        filler="...",
    ),
    Language(
        "javascript",
        "tree_sitter_javascript",
        ("js", "mjs", "cjs", "jsx"),
        _SCRIPT_FUNCTIONS,
        _SCRIPT_ERRORS,
        _SCRIPT_DEFINITIONS,
    ),
    Language(
        "typescript",
        "tree_sitter_typescript",
        ("ts", "mts", "cts"),
        _SCRIPT_FUNCTIONS,
        _SCRIPT_ERRORS,
        _SCRIPT_DEFINITIONS,
        factory="language_typescript",
    ),
    Language(
        "tsx",
        "tree_sitter_typescript",
        ("tsx",),
        _SCRIPT_FUNCTIONS,
        _SCRIPT_ERRORS,
        _SCRIPT_DEFINITIONS,
        factory="language_tsx",
    ),
    Language(
        "go",
        "tree_sitter_go",
        ("go",),
        words("function_declaration method_declaration func_literal"),
        ("panic(", "errors.New(", "fmt.Errorf(", "log.Fatal", "os.Exit("),
        ("func ", "type "),
    ),
    Language(
        "rust",
        "tree_sitter_rust",
        ("rs",),
        words("function_item closure_expression macro_definition"),
        ("panic!", "bail!", "Err(", "unimplemented!", "todo!", "unreachable!", "assert!", "assert_eq!", ".expect("),
        ("fn ", "async fn ", "struct ", "enum ", "impl ", "pub fn "),
    ),
    Language(
        "java",
        "tree_sitter_java",
        ("java",),
        words(
            "method_declaration constructor_declaration compact_constructor_declaration lambda_expression "
            "static_initializer"
        ),
        _THROWING,
        ("class ", "interface ", "enum ", "record "),
        closed_calls=True,
    ),
    Language(
        "c",
        "tree_sitter_c",
        ("c",),  # a header may be either language: its marks tell
        words("function_definition"),
        _C_ERRORS,
        (),
        closed_calls=True,
    ),
    Language(
        "cpp",
        "tree_sitter_cpp",
        ("cpp", "cc", "cxx", "hpp", "hh", "hxx", "cu", "ino"),
        words("function_definition lambda_expression"),
        (*_C_ERRORS, "throw "),
        ("class ", "struct "),
        closed_calls=True,
    ),
    Language(
        "csharp",
        "tree_sitter_c_sharp",
        ("cs",),
        words(
            "method_declaration constructor_declaration destructor_declaration operator_declaration "
            "conversion_operator_declaration local_function_statement accessor_declaration lambda_expression "
            "anonymous_method_expression"
        ),
        ("throw ", "Debug.Assert(", "Environment.Exit("),
        ("class ", "struct "),
        closed_calls=True,
    ),
    Language(
        "ruby",
        "tree_sitter_ruby",
        ("rb", "rake", "gemspec"),
        words("method singleton_method do_block block"),
        ("raise", "fail ", "abort", "exit "),
        ("def ", "class ", "module "),
        comment="#",
    ),
    Language(
        "php",
        "tree_sitter_php",
        ("php", "phtml"),
        words("function_definition method_declaration anonymous_function"),
        ("throw ", "trigger_error(", "die(", "exit("),
        ("function ", "class "),
        factory="language_php",
    ),
    Language(
        "kotlin",
        "tree_sitter_kotlin",
        ("kt", "kts"),
        words("function_declaration anonymous_function secondary_constructor anonymous_initializer lambda_literal"),
        ("throw ", "error(", "require(", "check(", "requireNotNull("),
        ("fun ", "class ", "object "),
    ),
    Language(
        "swift",
        "tree_sitter_swift",
        ("swift",),
        words("function_declaration init_declaration deinit_declaration lambda_literal computed_property"),
        ("throw ", "fatalError(", "precondition", "assert"),
        ("func ", "class ", "struct "),
        closed_calls=True,
    ),
    Language(
        "scala",
        "tree_sitter_scala",
        ("scala", "sc"),
        words("function_definition lambda_expression"),
        ("throw ", "sys.error(", "require(", "assert("),
        ("def ", "class ", "object ", "trait "),
    ),
    Language(
        "bash",
        "tree_sitter_bash",
        ("sh", "bash", "zsh", "ksh"),
        words("function_definition"),
        ("exit ", "return 1", ">&2", "die "),
        ("function ",),
        comment="#",
        filler=":",
    ),
)

BY_NAME = {language.name: language for language in LANGUAGES}
BY_ENDING = {ending: language for language in LANGUAGES for ending in language.endings}
