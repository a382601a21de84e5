"""Telling a page from XML, templates and code that merely holds tags."""

from __future__ import annotations

import re

HEAD_CHARS = 3_000  # claims run for every block: only the beginning is read
LEAST_TAGS = 8  # of a fragment without a head; fewer are a snippet in something else
LEAST_SHARE = 0.3  # of a fragment's characters that stand in tags

_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_OPENING = re.compile(
    r"<(?:!doctype|!--|html|head|body|div|section|main|article|nav|header|footer|aside|table|ul|ol|dl|form|p|h[1-6]|span|a)\b",
    re.IGNORECASE,
)
_OTHER_OPENING = re.compile(r"<\?xml|<!--", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:div|section|main|article|nav|header|footer|aside|table|tbody|thead|tr|td|th|ul|ol|li|dl|dt|dd|form|label"
    r"|input|button|select|option|p|h[1-6]|span|a|img|b|i|em|strong)(?:\s[^<>]{0,400})?/?>",
    re.IGNORECASE,
)
_FOREIGN = re.compile(  # templates, components and feeds, whose source is what the reader wants
    r"<(?:rss|feed|svg|urlset|sitemapindex|template|script\s+setup)[\s>]|className=|\sv-(?:if|for|model|bind)\b"
    r"|\s@click|\{%|\{\{|<%|<\?php|=>\s*[({<]",
    re.IGNORECASE,
)


def page_claim(text: str) -> float:
    """0.95 with a page's root near its beginning, 0.85 for a fragment that is mostly tags, else 0."""
    head = text[:HEAD_CHARS].lstrip("\ufeff \t\r\n")
    if not (_OPENING.match(head) or _OTHER_OPENING.match(head)):
        return 0.0
    root = _ROOT.search(head)
    if root is not None:
        before = head[: root.start()]
        return 0.0 if "{%" in head or "<?php" in head or _FOREIGN.search(before) else 0.95
    if not _OPENING.match(head) or _FOREIGN.search(head):
        return 0.0
    sizes = [len(found.group()) for found in _TAG.finditer(head)]
    return 0.85 if len(sizes) >= LEAST_TAGS and sum(sizes) >= LEAST_SHARE * len(head) else 0.0
