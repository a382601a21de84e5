"""Diffs of every spelling that git and `diff -u` know, made by hand and small."""
# ruff: noqa: W291, W293  # blanks at line ends are part of a diff

PLAIN = """\
diff --git a/src/pool.py b/src/pool.py
index 1f2e3d4..5a6b7c8 100644
--- a/src/pool.py
+++ b/src/pool.py
@@ -3,6 +3,7 @@ import time
 import os
 
 class Pool:
+    size = 4
     def take(self):
         return self.queue.pop()
 
@@ -40,7 +41,7 @@ class Pool:
     def give(self, job):
         self.queue.append(job)
         self.count += 1
-        return None
+        return job
 
     def close(self):
         self.queue.clear()
@@ -60,3 +61,2 @@ class Pool:
     def close(self):
         self.queue.clear()
-        self.open = False
\\ No newline at end of file
"""

LOG = """\
commit 5285eecb9f6a6e1ec90478a525dd73aae7194888
Author: A Person <person@example.com>
Date:   Tue Apr 9 09:13:00 2031 +0000

    Say the size

 src/pool.py | 2 +-
 src/new.py  | 2 ++
 2 files changed, 3 insertions(+), 1 deletion(-)

diff --git a/src/pool.py b/src/pool.py
index 1f2e3d4..5a6b7c8 100644
--- a/src/pool.py
+++ b/src/pool.py
@@ -1 +1 @@
-size = 3
+size = 4
diff --git a/src/new.py b/src/new.py
new file mode 100644
index 0000000..9a8b7c6
--- /dev/null
+++ b/src/new.py
@@ -0,0 +1,2 @@
+first
+second

commit 0085eecb9f6a6e1ec90478a525dd73aae7194888

    Begin

diff --git a/src/pool.py b/src/pool.py
index 0a1b2c3..1f2e3d4 100644
--- a/src/pool.py
+++ b/src/pool.py
@@ -1,2 +1 @@
 size = 3
-old
"""

RENAMES = """\
diff --git a/old name.py b/new name.py
similarity index 87%
rename from old name.py
rename to new name.py
index 1f2e3d4..5a6b7c8 100755
--- a/old name.py\t
+++ b/new name.py\t
@@ -1,2 +1,2 @@
 same
-gone
+come
diff --git a/a.sh b/b.sh
similarity index 100%
rename from a.sh
rename to b.sh
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/both.sh b/both.sh
old mode 100644
new mode 100755
index 1f2e3d4..5a6b7c8
--- a/both.sh
+++ b/both.sh
@@ -1 +1 @@
-a
+b
diff --git a/gone.py b/gone.py
deleted file mode 100644
index 1f2e3d4..0000000
--- a/gone.py
+++ /dev/null
@@ -1,2 +0,0 @@
-one
-two
diff --git a/copy.py b/copied.py
similarity index 95%
copy from copy.py
copy to copied.py
index 1f2e3d4..5a6b7c8 100644
--- a/copy.py
+++ b/copied.py
@@ -9 +9 @@ def f():
-x
+y
diff --git a/logo.png b/logo.png
index 1f2e3d4..5a6b7c8 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/empty.txt b/empty.txt
new file mode 100644
index 0000000..e69de29
"""

MERGE = """\
commit 5285eecb9f6a6e1ec90478a525dd73aae7194888
Merge: 1f2e3d4 5a6b7c8

    Join

diff --cc src/pool.py
index 1f2e3d4,5a6b7c8..9a8b7c6
--- a/src/pool.py
+++ b/src/pool.py
@@@ -1,3 -1,3 +1,4 @@@ class Pool:
  same
- ours
 -theirs
++both
+ left
 +right
"""

UNIFIED = """\
--- old/pool.py\t2031-02-03 04:05:06.000000000 +0000
+++ new/pool.py\t2031-02-03 04:05:07.000000000 +0000
@@ -1,3 +1,3 @@
 a
-b
+B
 c
@@ -7,1 +7,1 @@
-spelled out
+with a count
"""

LOOKS_LIKE_OURS = """\
=== no head
@@ no hunk
| a bar
diff --git a/x b/x
index 1f2e3d4..5a6b7c8 100644
--- a/x
+++ b/x
@@ -1,4 +1,5 @@ @@
 === y
-=4
+=5
+|
 @@ -1 +1 @@

=3 lines
-- 
2.39.1
"""

CUT_OFF = PLAIN[: PLAIN.index("         return self.queue.pop()")]

COLOURED = """\
\x1b[1mdiff --git a/src/pool.py b/src/pool.py\x1b[m
\x1b[1mindex 1f2e3d4..5a6b7c8 100644\x1b[m
\x1b[1m--- a/src/pool.py\x1b[m
\x1b[1m+++ b/src/pool.py\x1b[m
\x1b[36m@@ -1,3 +1,3 @@\x1b[m class Pool:
 same
\x1b[31m-old\x1b[m
\x1b[32m+\x1b[m\x1b[32mnew\x1b[m
 
"""

STRIPPED = PLAIN.replace("\n \n", "\n\n")

ALL = {
    "plain": PLAIN,
    "log": LOG,
    "renames": RENAMES,
    "merge": MERGE,
    "unified": UNIFIED,
    "looks like ours": LOOKS_LIKE_OURS,
    "cut off": CUT_OFF,
    "coloured": COLOURED,
    "blanks stripped": STRIPPED,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CRLF within": PLAIN.replace("size = 4\n", "size = 4\r\n"),
    "orphan": "+++ b/src/pool.py\n" + PLAIN + "--- a/x\n",
    "no end": PLAIN.removesuffix("\n"),
    "ends on a blank": "@@ -1,2 +1,2 @@\n-a\n+b\n ",
    "twice": PLAIN + PLAIN,
}
