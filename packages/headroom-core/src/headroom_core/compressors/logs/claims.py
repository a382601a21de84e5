"""Which texts are logs: time stamps, levels, and the line shapes of builds, tests and tools.

Looks at a sample only, since claims run for every block. What belongs to other kinds (JSON, pages, diffs, search
hits, listings) is turned away first, for some of it carries time stamps too.
"""

from __future__ import annotations

import re

from headroom_core.compressors.logs.shapes import TOOL_LINE
from headroom_core.compressors.logs.terminal import on_terminal

_HEAD_CHARS, _PART_CHARS = 24_000, 8_000  # of the beginning, and of the middle and the end
_LINES = 300  # of the beginning, half of it of each other part
_FEW_LINES = 200  # of those, where a share is asked for
_LINE_CHARS = 300  # of a line: what tells its shape stands at its beginning
_STAMP_CHARS = 100  # a dated file name may stand before the stamp
_FEWEST_LINES = 4
_OBJECTS_SHARE = 0.9  # of the lines of a log that are JSON objects, where a line was cut or said by a tool
_ROWS_SHARE = 0.95  # of the lines of a table
_FEWEST_RECORDS = 3  # that begin with a stamp and a level, whatever stands between them

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_STAMP = re.compile(
    rf"""\d{{4}}[-/.]\d\d[-/.]\d\d[ T_:-]+\d{{1,2}}:\d\d          # 2031-02-03 04:05
      | \d\d?[/.-]\d\d?[/.-]\d\d(?:\d\d)?[ ,T]+\d{{1,2}}:\d\d     # 03/02/31 04:05
      | {_MONTH}[ ]+\d{{1,2}}(?:,?[ ]\d{{4}})?,?[ ]\d{{1,2}}:\d\d # Feb  3 04:05
      | \d{{1,2}}[-/ ]{_MONTH}[-/ ]\d{{2,4}}[: T]\d\d:\d\d        # 03/Feb/2031:04:05
      | ^\[?\d\d[-./]\d\d[ ]\d\d:\d\d:\d\d                        # 02-03 04:05:06
      | \b\d{{4}}-\d\d-\d\d-\d\d\.\d\d\.\d\d                       # 2031-02-03-04.05.06
      | ^\d{{8}}[-T ]\d{{1,2}}:?\d{{1,2}}:?\d{{1,2}}              # 20310203-4:5:6
      | ^\d{{6}}[ ]\d{{6}}[ ]                                     # 310203 040506
      | ^[IWEF]\d{{4}}[ ]\d\d:\d\d:\d\d                           # I0203 04:05:06
      | ^\[?[ ]*\d{{1,7}}\.\d{{3,6}}\]                            # [   12.345678]
      | ^[\[(]?\d\d:\d\d:\d\d                                     # 04:05:06
      | \btime="?\d{{4}}-\d\d-\d\dT
      | (?:^|[ ])[\[(]?1\d{{9}}(?:\.\d+|\d{{3}})?[\])]?[ ]         # seconds or milliseconds since 1970
    """,
    re.VERBOSE | re.ASCII,
)
_DIGITS = re.compile(r"\d(?::\d\d|-\d\d|\d{5}|\.\d{3})", re.ASCII)  # there are such in every stamp: seen sooner
_LEVEL = re.compile(
    r"""[\[(<*]?\s?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|debug|info|notice|warn|warning|error)
        (?:\]|\)|>|:|\s\s|\t|\s[|\[(-])
      | (?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR)[ ]\S
      | [VDIWEF]/[\w.:-]+[ ]*\([ ]*\d+\):[ ]
      | [\[(]\d\d:\d\d[\])][ ](?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\b""",
    re.VERBOSE,
)
_LEVEL_KEY = re.compile(r"\blevel=(?:trace|debug|info|warn|warning|error|fatal|panic)\b")
_RECORD = re.compile(rf"^\[?(?:\d{{4}}-\d\d-\d\d|{_MONTH}[ ]+\d).{{0,40}}\b(?:DEBUG|INFO|WARN|WARNING|ERROR)\b")
_POD_TABLE = re.compile(r"(?:NAMESPACE +)?NAME +(?:[A-Z()/-]+ +){2,}AGE\b")  # `kubectl get`
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*[\"}\n]|\[\s*[\[{\"\n\]]|\[\s*-?\d+\s*,)")
_LISTED = re.compile(r"^(?:\s*\d+\s+\d+\s+)?[-dlbcps][-rwxsStT]{9}[.+@]?\s+\d+\s")
_COMMIT = re.compile(r"commit [0-9a-f]{7,64}\b")  # `git log`
_CHANGED = re.compile(r" \d+ files? changed\b")  # `git log --stat`
_PROSE = re.compile(r"^(?:\S+ ){9,}\S*[.:]$|^(?:#{1,6} |```|[*-] \S+ \S+ \S)")
_SETTING = re.compile(r"\s*(?:- )?[\w.\"'-]+:(?:\s+\S+)*$")  # a line of YAML
_OTHER_LINE = re.compile(
    r"^\^?[0-9a-f]{7,40}\s[^(\n]{0,200}\(.{1,100}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [-+]\d{4}\s+\d+\)"  # `git blame`
    r"|^\d\d:\d\d:\d\d[,.]\d{3} --> "  # subtitles
    r"|^(?:INSERT INTO|UPDATE|DELETE FROM|SELECT|COPY) .*[;)]$"  # SQL
)
_HIT = re.compile(r"^((?:[A-Za-z]:\\)?[^\s:][^:\n]{0,200}?)([:-])(\d{1,6})\2(.*)")
_CLOCK_CHARS = "0123456789-./_T ["  # of these alone no path is made
_DIFF_HEAD = re.compile(r"^(?:diff --git |--- \S|\+\+\+ \S|@@@* -\d+)")
_ERROR_TEXT = re.compile(r"\s*(?:\d+:\s)?(?:fatal error|error|warning|note|info|remark|[A-Z]{1,4}\d{3,5})\b")


def claim(text: str) -> float:
    """How sure it is that the text is a log, 0 to 1."""
    if _MARKUP.match(text):
        return 0.0
    if _JSON.match(text):
        return _of_objects(text)
    lines = _sample(on_terminal(text[:_HEAD_CHARS]) if "\x1b" in text[:_HEAD_CHARS] else text)
    if len(lines) < _FEWEST_LINES or _is_another(lines):
        return 0.0
    if _COMMIT.match(lines[0]):
        return 0.6  # its heads are alike, but nobody knows which of the messages matters
    if _POD_TABLE.match(lines[0]):
        return 0.7  # a table: whoever knows tables reads it better
    few = _few(lines)
    stamped = [_is_stamped(line) for line in few]
    stamps = sum(stamped)
    if stamps < 0.5 * len(few):
        if _RECORD.match(lines[0]) and sum(_RECORD.match(line) is not None for line in lines) >= _FEWEST_RECORDS:
            return 0.8
        return _without_stamps(few, stamps)
    if _is_table(lines):
        return 0.6
    third = len(few) // 3 + 1
    throughout = all(
        sum(piece) >= 0.2 * len(piece) for piece in (stamped[:third], stamped[third:-third], stamped[-third:])
    )
    return 0.95 if throughout else 0.85  # a document or what another tool printed may stand in it


def _of_objects(text: str) -> float:
    """How sure it is where a line is a JSON object: where all are, whoever knows JSON knows better."""
    lines = _sample(text)
    objects = sum(line[0] == "{" and (len(line) == _LINE_CHARS or line.rstrip()[-1:] == "}") for line in lines)
    if len(lines) < _FEWEST_LINES or objects < _OBJECTS_SHARE * len(lines):
        return 0.0
    others = any(line[:1] != "{" or line.rstrip()[-1:] != "}" for line in text.split("\n") if line)
    return 0.8 if others else 0.0


def _few(lines: list[str]) -> list[str]:
    """Some of the lines, evenly from all over: enough for a share, and half of the work."""
    return lines[:: -(-len(lines) // _FEW_LINES)]


def _is_stamped(line: str) -> bool:
    return bool(_DIGITS.search(line, 0, _STAMP_CHARS) and _STAMP.search(line, 0, _STAMP_CHARS))


def _without_stamps(lines: list[str], stamps: int) -> float:
    """How sure it is where less than half of the lines bear a time."""
    levels = sum(bool(_LEVEL.match(line) or _LEVEL_KEY.search(line)) for line in lines)
    if levels >= 0.4 * len(lines):
        return 0.9
    shapes = sum(TOOL_LINE.match(line) is not None for line in lines)
    if shapes >= 0.3 * len(lines):
        return 0.9
    said = sum(_PROSE.search(line) is not None for line in lines)
    told = shapes >= 0.1 * len(lines) or (stamps >= _FEWEST_RECORDS and stamps + levels >= 0.1 * len(lines))
    named = sum(_SETTING.match(line) is not None for line in lines)
    if told and said < 0.3 * len(lines) and named < 0.8 * len(lines):
        return 0.8
    return min(0.45, (stamps + levels + shapes) / len(lines))


def _sample(text: str) -> list[str]:
    """Lines that aren't blank, of the beginning, the middle and the end."""
    if len(text) <= _HEAD_CHARS + 2 * _PART_CHARS:
        lines = text.split("\n")
    else:
        middle = len(text) // 2
        head = text[:_HEAD_CHARS].split("\n")[:-1][:_LINES] or [text[:_LINE_CHARS]]
        within = text[middle : middle + _PART_CHARS].split("\n")[1:-1][: _LINES // 2]
        lines = [*head, *within, *text[-_PART_CHARS:].split("\n")[1:][-_LINES // 2 :]]
    return [line[:_LINE_CHARS] for line in lines if line and not line.isspace()]


def _is_another(lines: list[str]) -> bool:
    """Whether the lines are surely of another kind: a listing, blame, a diff or search hits."""
    if not _STAMP.match(lines[0]) and any(map(_LISTED.match, lines[:5])):
        return True
    if sum(_CHANGED.match(line) is not None for line in lines) > 1:
        return True
    if sum(_OTHER_LINE.search(line) is not None for line in lines) > len(lines) / 5:
        return True
    heads = [line for line in lines if _DIFF_HEAD.match(line)]
    if any(line.startswith("@@") for line in heads) and any(line.startswith("+++") for line in heads):
        return sum(line[:1] in "+- @\\" or line.startswith(("diff ", "index ")) for line in lines) >= 0.9 * len(lines)
    return _are_hits(lines)


def _are_hits(lines: list[str]) -> bool:
    """Whether the lines are `path:12:text`, and not clocks or what a compiler says."""
    lines = _few(lines)
    found = [match for match in map(_HIT.match, lines) if match]
    found = [match for match in found if match.group(1).strip(_CLOCK_CHARS) and not match.group(1)[-2:].isdigit()]
    hits = [match for match in found if not _STAMP.search(match.group(1) + ":" + match.group(3))]
    if len(hits) < 0.7 * len(lines):
        return False
    said = sum(_ERROR_TEXT.match(match.group(4)) is not None for match in hits)
    return said < 0.3 * len(hits)


def _is_table(lines: list[str]) -> bool:
    """Whether the lines are values cut by commas or bars: rows to read, with no noise between them."""
    line = lines[len(lines) // 2]  # in front of the rows a tool may say what it did
    bars = line.count(" | ")
    if bars > 1 and sum(line.count(" | ") == bars for line in lines) >= _ROWS_SHARE * len(lines):
        stamp = _STAMP.search(line)
        return stamp is not None and stamp.start() > line.index(" | ")
    commas = line.count(",")
    if commas < 2 or sum(line.count(",") == commas for line in lines) < _ROWS_SHARE * len(lines):
        return False
    return sum(line.count(" ") for line in lines) <= commas * len(lines)
