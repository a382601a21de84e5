"""How the lines of builds, tests and tools look, tool by tool. A line of one of these shapes speaks for a log."""

from __future__ import annotations

import re

_CODE = r"[A-Z]{1,4}\d{3,5}\b"  # of a finding: E501, PLR0913

_SHAPES = {
    "pytest": (
        r"={4,}(?: .{1,200} ={4,})?\s*$",
        r"_{4,} .{1,200} _{4,}\s*$",
        r"\S+\.py::\S.*\b(?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b",
        r"(?:FAILED|ERROR|PASSED|SKIPPED|XFAIL) \S",
        r"\S+\.py [.FEsxX]+(?: +\[ *\d+%\])?\s*$",
        r"E {3,}\S",
    ),
    "unittest": (
        r"\w+ \([\w.]+\)(?: .{1,80})? \.\.\. (?:ok|FAIL|ERROR|skipped|expected failure)",
        r"Ran \d+ tests? in ",
        r"(?:FAIL|ERROR): \w",
    ),
    "traces": (
        r"Traceback \(most recent call last\):",
        r'  File "[^"\n]+", line \d+',
        r"\s+at .{0,200}[(:]",
        r"Caused by: ",
        r"\s+\.\.\. \d+ (?:more|common)",
        r"goroutine \d+ \[",
    ),
    "jest": (
        r"\s*[✓✔√✗✘✕×○●] \S",
        r"(?:PASS|FAIL) \S",
        r"(?:Tests?|Test Suites|Test Files|Snapshots): +\d+ ",
    ),
    "go": (
        r"\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|FAIL|SKIP):) ",
        r"(?:ok|FAIL|\?) *\t\S",
        r"go: (?:downloading|finding|extracting) ",
    ),
    "cargo": (
        r"\s+(?:Compiling|Checking|Downloaded|Downloading|Finished|Running|Fresh|Blocking|Updating|Locking|Adding) \S",
        r"test \S.* \.\.\. (?:ok|FAILED|ignored|bench)",
        r"test result: ",
        r"(?:error|warning)(?:\[\w+\])?: \S",
        r"\s+--> \S+:\d+",
    ),
    "compilers": (
        r"(?:[A-Za-z]:)?[^\s:]+:\d+(?::\d+)?: (?:fatal )?(?:error|warning|note|info|remark)\b",
        r"[^\s:(]+\(\d+(?:,\d+)?\): (?:error|warning) ",
        r"[^\s:]+: In (?:member )?(?:function|constructor|destructor|instantiation)",
        r"In file included from ",
        r"[^\s:]+:\d+:\d+ - (?:error|warning) ",  # tsc, for eyes
        r" +\|(?: +[\^~-]|$)",  # above the code of a finding and below it, as rustc and ruff frame it
        r"Found \d+ errors?",
    ),
    "linters": (
        rf"(?:[A-Za-z]:)?[^\s:]+:\d+:\d+: {_CODE}",
        rf"\s+\d+:\d+\s+(?:error\s|warning\s|info\s|[✖⚠]|{_CODE})",
        r"[^\s:]+: line \d+, col \d+, (?:Error|Warning) - ",
        r"::(?:error|warning|notice|debug) \w+=",  # for GitHub's workflows
        r"[✖✔] \d+ problems?",
    ),
    "make": (
        r"g?make(?:\[\d+\])?: ",
        r"\[ *\d+%\] ",
        r"\[\d+ ?/ ?\d+\] ",
        r" {2}(?:CC|LD|AR|AS|CXX|HOSTCC|HOSTLD|GEN|INSTALL)[ (\[]",
        r"(?:gcc|g\+\+|cc|clang|clang\+\+) -",
        r"checking (?:for|whether|how|if) .*\.\.\. ",
    ),
    "npm": (
        r"npm (?:ERR!|WARN|warn|error|http|notice|info|timing|verb|sill) ",
        r"\d+ (?:silly|verbose|info|http|timing|warn|error|notice) \S",  # its log of a run
        r"➤ YN\d+: ",
        r"(?:added|removed|changed|audited) \d+ packages",
        r"(?:warning|error) (?:\S+@\S+|\".+\"|\S+ > \S+)",
    ),
    "pip": (
        r"(?:Collecting|Requirement already|Installing collected|Building wheels?) ",
        r"Successfully (?:installed|built|uninstalled) ",
        r" {2}(?:Downloading|Using cached|Preparing|Getting|Installing|Created wheel|Stored|Attempting) \S",
    ),
    "docker": (
        r"#\d+ (?:\[|DONE|CACHED|ERROR|sha256:|\d+\.\d+ |extracting|exporting|transferring|naming|resolve|writing)",
        r"Step \d+/\d+ : ",
        r" ---> ",
        r"Removing intermediate container",
        r"[0-9a-f]{12}: (?:Pull|Push|Wait|Down|Verif|Extract|Already|Layer|Prepar)",
    ),
    "compose": (
        r" ?[✔⠿]? ?(?:Container|Network|Volume|Image) \S+ +(?:Creat|Start|Stop|Remov|Health|Wait|Runn|Pull|Built)",
    ),
    "webpack": (
        r"(?:assets?|(?:runtime|cacheable|orphan|hidden|javascript) modules|modules by \w+) \S.* (?:bytes|[KM]iB)\b",
        r"\s+(?:\[\S+\] )?\.{0,2}[/~]\S+ .*\[built\]",
        r"(?:ERROR|WARNING) in \S",
    ),
    "terraform": (
        r"\S+\.\S+: (?:Creat|Refreshing|Destr|Modif|Still|Read)",
        r'\s+[#~+-] *(?:/[+-] )?(?:resource|data) "',
        r"(?:Plan|Apply complete!|Destroy complete!)[: ]",
        r"  # \S+ will be ",
    ),
    "kubectl": (
        r"[\w.]+/\S+ (?:created|configured|unchanged|deleted|patched|scaled|restarted|condition met)\b",
        r"NAME(?:SPACE)? {2,}.*\b(?:READY|STATUS|AGE|TYPE)\b",
        r"\S+ {2,}\d+/\d+ {2,}\w+ {2,}\d+",
        r" *(?:\d+\w+ +)?(?:Normal|Warning) {2,}\w+ {2,}",
    ),
    "apt": (
        r"(?:Get|Hit|Ign|Err):\d+ ",
        r"(?:Unpacking|Setting up|Selecting|Preparing to unpack|Processing triggers) \S",
    ),
    "cmake": (
        r"-- (?:Found|Checking|Looking|Performing|Configuring|The|Detecting|Generating|Build files)\b",
        r" *\d+/\d+ Test +#\d+: ",
        r"\S+(?:\.cmake|CMakeLists\.txt)\(\d+\): ",  # with --trace
    ),
    "googletest": (r"\[[ -=]{0,10}(?:RUN|OK|PASSED|FAILED|-{10}|={10}) *\] ",),
    "ruby": (
        r" {2}\d+\) \S",
        r"(?:Using|Fetching|Installing) [\w.-]+ \d",
        r" +Failure/Error: ",
        r" +# \./\S+:\d+",
        r"\d+ examples?, \d+ failures?",
    ),
    "php": (
        r"  - (?:Installing|Downloading|Locking|Upgrading|Removing) \S+/\S+ \(",
        r"PHPUnit \d",
        r"\d+\) \w+::\w+",
        r"Tests: \d+, Assertions: ",
    ),
    "dotnet": (r" {2}(?:Passed|Failed|Skipped) \S+ \[",),
    "ansible": (r"(?:TASK|PLAY|RUNNING HANDLER) (?:\[|RECAP)", r"(?:ok|changed|skipping|fatal|failed|unreachable): \["),
    "git": (r"remote: \S", r"(?:Receiving|Resolving|Counting|Compressing|Unpacking|Updating) \w+: +\d+%"),
    "uv": (r" [+~-] \S+==\S+", r"(?:Resolved|Prepared|Installed|Uninstalled|Audited) \d+ packages? in "),
    "strace": (r"(?:\[pid +\d+\] )?\w+\(.*\) += (?:-?\d|\?)", r"\d+ bytes from \S+: icmp_seq"),
    "xcode": (r"Test [Cc]ase '.{1,200}' (?:passed|failed|started)",),
    "gradle": (r"> Task :", r"BUILD (?:SUCCESSFUL|FAILED)"),
    "tap": (r" *(?:not )?ok \d+\b", r" *# Subtest: ", r"TAP version \d", r" +duration_ms: \d"),
    "progress": (r".*\r(?!$)",),
}

TOOL_LINE = re.compile("(?m:^)(?:" + "|".join(shape for shapes in _SHAPES.values() for shape in shapes) + ")")
"""Matches a line of any of the shapes, at its beginning."""
