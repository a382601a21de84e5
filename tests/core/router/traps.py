"""Texts that are easily taken for what they aren't, each with the kinds that are right.

A trap is a few lines, repeated: `{}` is the number of the repeat, `{:02}` the same below 60 as clocks write it.
`UNSURE` is right too where nobody need claim a text surely: then nothing of it is left out.
"""

from __future__ import annotations

REPEATS = 48

UNSURE = ""  # nobody claims it at 0.8 or more

LOGS = {
    "android": "02-03 04:05:{:02}.100  1702  2395 D WindowManager: window {} shown\n",
    "android, brief": "D/WindowManager( 1702): window {} shown\nW/AlarmClock( 911): alarm {} is late\n",
    "compact stamps": "20310203-4:5:{:02}:100|Step_LSC|30002312|onStandStepChanged {}\n",
    "HDFS": "310203 0405{:02} 143 INFO dfs.DataNode$PacketResponder: PacketResponder {} for block blk_38 ending\n",
    "Java with causes": "2031-02-03 04:05:{:02},100 ERROR [pool-{}] c.s.Pool - took nothing\n"
    "java.lang.IllegalStateException: closed\n\tat com.shop.Pool.take(Pool.java:{})\n"
    "Caused by: java.io.IOException: broken pipe\n\tat com.shop.Pipe.read(Pipe.java:{})\n\t... 12 more\n",
    "systemd": "Feb 03 04:05:{:02} host systemd[1]: Started Session {} of User ann.\n",
    "journal with hosts": "Feb 03 04:05:{:02} web-1.example.com kernel: [  12.34{}] eth0: link up\n",
    "nginx access": '10.0.0.{} - ann [03/Feb/2031:04:05:{:02} +0000] "GET /a/{} HTTP/1.1" 200 512 "-" "curl/8"\n',
    "nginx error": "2031/02/03 04:05:{:02} [error] 31#31: *{} connect() failed (111: Connection refused)\n",
    "syslog 5424": "<34>1 2031-02-03T04:05:{:02}.003Z host su - ID{} - 'su root' failed for ann\n",
    "apache error": "[Mon Feb 03 04:05:{:02} 2031] [error] [client 10.0.0.{}] File does not exist: /var/www/x\n",
    "klog": "I0203 04:05:{:02}.100000       1 main.go:12] synced {} pods\n",
    "logfmt": 'time="2031-02-03T04:05:{:02}Z" level=warning msg="slow query" id={} took=3s\n',
    "zap console": '2031-02-03T04:05:{:02}.100Z\tINFO\tserver/main.go:88\ttook job\t{{"id": {}}}\n',
    "Python logging": "2031-02-03 04:05:{:02},100 - shop.pool - INFO - took job {}\n",
    "Python traces": "ERROR:root:job {} failed\nTraceback (most recent call last):\n"
    '  File "/srv/pool.py", line {}, in take\n    raise ValueError(job)\nValueError: {}\n',
    "Rails": "I, [2031-02-03T04:05:{:02}.100 #31]  INFO -- : Completed 200 OK in {}ms\n",
    "Windows CBS": "2031-02-03 04:05:{:02}, Info                  CBS    Read out package {} state\n",
    "dated file name in front": "nova-api.log.1.2031-02-03_04:05:06 2031-02-03 04:05:{:02}.008 25746 INFO x took {}\n",
    "CJK": "2031-02-03 04:05:{:02} 信息 队列 处理 任务 {} 完成\n",
    "Japanese levels": "[2031/02/03 04:05:{:02}] [警告] ジョブ {} が遅れています\n",
    "CRLF": "2031-02-03 04:05:{:02} INFO pool: took job {}\r\n",
    "ls dates within": "2031-02-03 04:05:{:02} INFO run: ls -l\n-rw-r--r-- 1 me me 12 Feb  3 04:05 a{}.txt\n",
    "docker compose": "web-1  | 2031-02-03 04:05:{:02} INFO took job {}\n"
    "db-1   | 2031-02-03 04:05:{:02} LOG:  checkpoint {}\n",
    "kubectl events": "3m{}s       Warning   BackOff     pod/web-{}   Back-off restarting failed container\n",
    "GitHub Actions": "2031-02-03T04:05:{:02}.1234567Z ##[group]Run step {}\n2031-02-03T04:05:{:02}.2234567Z done\n",
    "GitLab CI": "section_start:1927800{}:step_script\n\x1b[0KRunning step {}\n\x1b[32;1m$ make\x1b[0;m\n"
    "2031-02-03 04:05:{:02} INFO built {}\n2031-02-03 04:05:{:02} INFO sent\n",
    "pytest": "tests/test_pool.py::test_take_{} PASSED                        [ {:02}%]\n",
    "pytest dots": "tests/test_pool_{}.py ..........F....                              [ {:02}%]\n",
    "jest": " PASS  src/pool_{}.test.ts\n  Pool\n    ✓ takes job {} (3 ms)\n    ✕ gives job {} (2 ms)\n",
    "vitest": " ✓ src/pool_{}.test.ts (12 tests) 31ms\n",
    "go test": "=== RUN   TestPool{}\n--- PASS: TestPool{} (0.00s)\n",
    "cargo build": "   Compiling serde_{} v1.0.{}\n",
    "cargo errors": "error[E0308]: mismatched types\n  --> src/pool.rs:{}:17\n   |\n{} |     take(job)\n"
    "   |          ^^^ expected `u8`\n",
    "rustc warnings": "warning: unused variable: `x{}`\n  --> src/pool.rs:{}:9\n   |\n   = note: on by default\n",
    "gcc": "src/pool.c:{}:10: warning: unused variable 'x{}' [-Wunused-variable]\n",
    "clang": "src/pool.c:{}:10: error: use of undeclared identifier 'x{}'\n   take(x);\n        ^\n",
    "mypy": "src/pool.py:{}: error: Missing return statement  [return]\n",
    "ruff": "src/pool.py:{}:1: F401 `os` imported but unused\n",
    "tsc": "src/pool.ts({},5): error TS2304: Cannot find name 'x{}'.\n",
    "eslint": "/srv/src/pool_{}.js\n  {}:10  error  'x' is not defined  no-undef\n\n",
    "make": "make[{}]: Entering directory '/srv/src'\ncc -O2 -c pool_{}.c -o pool_{}.o\n",
    "cmake": "[ {:02}%] Building CXX object src/CMakeFiles/pool.dir/pool_{}.cpp.o\n",
    "npm": "npm warn deprecated lib{}@1.0.{}: no longer kept\n",
    "pip": "Collecting lib{}\n  Downloading lib{}-1.0-py3-none-any.whl (3 kB)\n",
    "docker build": "#{} [2/7] RUN make\n#{} DONE 0.3s\n",
    "terraform apply": "aws_instance.web[{}]: Creating...\n"
    "aws_instance.web[{}]: Creation complete after 3s [id=i-{}]\n",
    "kubectl apply": "deployment.apps/web-{} configured\n",
    "ansible": "TASK [role : step {}] ********\nok: [host-{}]\n\n",
    "strace": 'openat(AT_FDCWD, "/etc/x{}", O_RDONLY) = {}\n',
    "maven": "[INFO] Building shop-{} 1.0\n[INFO] --- compiler:3.1:compile (default) @ shop-{} ---\n",
    "gradle": "> Task :shop{}:compileJava UP-TO-DATE\n> Task :shop{}:test FAILED\n",
    "redis": "31:M 03 Feb 2031 04:05:{:02}.100 * Background saving started by pid {}\n",
    "postgres": "2031-02-03 04:05:{:02}.100 UTC [{}] LOG:  duration: 3.1 ms  statement: SELECT {}\n",
    "squid": "19278001{}.123    187 10.0.0.{} TCP_MISS/200 4512 GET http://example.com/ - DIRECT/10.1.1.1 text/html\n",
    "clocks": "04:{:02}:06 took job {}\n",
    "haproxy": "Feb  3 04:05:{:02} lb haproxy[31]: 10.0.0.{}:5612 [03/Feb/2031:04:05:06.100] web web/a "
    "0/0/1/2/3 200 51\n",
}

HITS = {
    "flat": "src/shop/pool_1.py:{}:    queue.put(job_{})\n",
    "around": "src/a/pool.py-{}1-    if full:\nsrc/a/pool.py:{}2:        queue.put(job)\n"
    "src/a/pool.py-{}3-    return\n--\n",
    "headed": "src/shop/pool_{}.py\n14:    queue.put(job)\n88:    queue.get({})\n\n",
    "Windows": "C:\\shop\\src\\pool.py:{}:    queue.put(job)\r\n",
    "hits in logs": "var/log/app.log:{}:2031-02-03 04:05:{:02} ERROR queue is full\n",
    "hits in dated logs": "var/log/2031-02-03/app.log:{}:04:05:{:02} ERROR queue is full\n",
    "hits in JSON": 'conf/app.json:{}:  "queue": {{"size": {}}},\n',
    "hits in Markdown": "docs/queue.md:{}:* the queue holds {} jobs\n",
    "hits in diffs": "patches/a.patch:{}:+    queue.put(job)\npatches/a.patch:{}:-    queue.push(job)\n",
    "hits in lists of errors": "docs/faq.rst:{}:the error is gone once the queue is empty ({})\n",
    "columns": "src/pool.py:{}:5:    queue.put(job)\n",
    "git grep at a commit": "v1.2:src/pool.py:{}:    queue.put(job)\n",
    "no folder": "pool.py:{}:    queue.put(job)\n",
    "colours": "\x1b[35msrc/pool.py\x1b[0m:\x1b[32m{}\x1b[0m:    \x1b[1m\x1b[31mqueue\x1b[0m.put(job)\n",
    "headed, colours": "\x1b[0m\x1b[35msrc/p{}.py\x1b[0m\n"
    "\x1b[0m\x1b[32m14\x1b[0m:    \x1b[0m\x1b[1m\x1b[31mqueue\x1b[0m.put\n\n",
    "CJK": "源码/队列.py:{}:    队列.put(任务_{})\n",
    "paths with blanks": "My Documents/shop notes.txt:{}:the queue is full\n",
}

DIFFS = {
    "git": "diff --git a/x{}.py b/x{}.py\nindex 1a2b3c4..5d6e7f8 100644\n--- a/x{}.py\n+++ b/x{}.py\n"
    "@@ -1,3 +1,3 @@\n import os\n-take({})\n+take(job)\n give()\n",
    "unified": "--- pool.py\t2031-02-03 04:05:06\n+++ pool.py\t2031-02-03 04:06:06\n@@ -{0},2 +{0},2 @@\n"
    "-a = 1\n+a = 2\n b\n",
    "git log -p": "commit 1a2b3c4d5e6f{}\nAuthor: Ann <a@example.com>\nDate:   Mon Feb 3 04:05:{:02} 2031 +0000\n\n"
    "    Take jobs\n\ndiff --git a/x.py b/x.py\nindex 1a2b3c4..5d6e7f8 100644\n--- a/x.py\n+++ b/x.py\n"
    "@@ -1,3 +1,3 @@\n import os\n-take(1)\n+take(job)\n give()\n",
    "of a log": "diff --git a/x.log b/x.log\n--- a/x.log\n+++ b/x.log\n@@ -1,2 +1,2 @@\n"
    " 2031-02-03 04:05:{:02} INFO a\n-2031-02-03 04:05:{:02} INFO b\n+2031-02-03 04:05:{:02} ERROR b\n",
    "of JSON": "diff --git a/x.json b/x.json\n--- a/x.json\n+++ b/x.json\n@@ -1,2 +1,2 @@\n {{\n"
    '-  "a": {}\n+  "a": 0\n',
}

CONFIGURATION = {
    "YAML documents": "---\nname: web-{}\nport: 80{}\nhosts:\n  - a: 1\n  - b: 04:05\n",
    "YAML with times": "job_{}:\n  at: 2031-02-03 04:05:{:02}\n  queue: red\n  tries: 3\n",
    "TOML": '[pool.p{}]\nsize = {}\nname = "red"\n\n',
    "INI": "[pool {}]\nsize={}\nname=red\n\n",
    "env": "POOL_{}_SIZE={}\n",
    "XML": '<job id="{}"><queue>red</queue><tries>3</tries></job>\n',
}

PROSE = {
    "Markdown": "## Part {}\n\nThe pool takes job {} and gives it to whoever asks first, as it always "
    "did.\n\n* one\n* two\n\n",
    "prose": "The queue: it is long, and job {} waits in it as it did before.\n",
    "prose with dates": "On 2031-02-03 the pool took job {} and went to sleep, as it does every night of the year.\n",
    "change log": "## 1.{}.0 (2031-02-03)\n\n* The pool takes jobs faster than before.\n"
    "* An error is told in fewer words (#{}).\n\n",
}

OTHERS = {
    "git blame": "1f2e3d4c (Ann Person 2031-02-03 04:05:{:02} +0000 {}) x = {}\n",
    "git log": "commit 1a2b3c4d5e6f{}\nAuthor: Ann <a@example.com>\n"
    "Date:   Mon Feb 3 04:05:{:02} 2031 +0000\n\n    Take jobs\n\n",
    "git log --oneline": "1f2e3d{:02} Take job {} from the queue\n",
    "git status": "\tmodified:   src/pool_{}.py\n\tdeleted:    src/old_{}.py\n",
    "ps": "root       {}  0.0  0.1  12345  1234 ?        Ss   10:11   0:03 /usr/bin/thing --port {}\n",
    "top": " {} root      20   0  167{}   1152    812 S   0.0   0.1   0:01.23 systemd\n",
    "ls -l": "-rw-r--r-- 1 me me  120{} Feb  3 04:05 pool_{}.py\n",
    "find -ls": "  {}      4 -rw-r--r--   1 me   me     120{} Feb  3  2031 ./src/pool_{}.py\n",
    "find": "./src/shop/pool_{}.py\n",
    "tree": "│   ├── pool_{}.py\n│   └── test_{}.py\n",
    "df": "/dev/sda{}        41152736 17{}28 21976784  45% /srv/{}\n",
    "docker ps": '1a2b3c{:02}   shop:1.{}   "run"   3 hours ago   Up 3 hours   0.0.0.0:80{}->80/tcp   web-{}\n',
    "kubectl get": "web-{}-7d4b9   1/1     Running   0          3d{}h\n",
    "CSV": "{},ann,rome,31\n",
    "CSV with colons": "10:{:02}:30,web-{},GET:/a/b,200\n",
    "CSV with times": "2031-02-03 04:05:{:02},web-{},{},200\n",
    "TSV": "{}\tann\trome\t31\n",
    "SQL": "INSERT INTO jobs VALUES ({}, '2031-02-03 04:05:{:02}', 'done');\n",
    "psql": " {} | ann   | 2031-02-03 04:05:{:02} | done\n",
    "passwd": "user{}:x:{}:{}:Ann Person:/home/u{}:/bin/sh\n",
    "hosts and ports": "10.0.0.{}:8080: refused\n",
    "addresses": "https://example.com:443/shop/{}\n",
    "subtitles": "{}\n00:01:{:02},000 --> 00:01:{:02},400\nSome words are spoken.\n\n",
    "Markdown with code": "## Part {}\n\nThe pool takes a job and gives it to whoever asks first, as it "
    "always did.\n\n"
    "```python\ndef take(job):\n    return job\n```\n\n",
    "Markdown with a log": "## Part {}\n\nThe pool takes a job and gives it to whoever asks first, as it "
    "always did.\n\n"
    "```\n2031-02-03 04:05:{:02} INFO took job\n```\n\n",
    "Markdown with a diff": "## Part {}\n\nThe pool takes a job and gives it to whoever asks first, as it "
    "always did.\n"
    "It is said here once more, since nobody reads it.\n\n```diff\n@@ -1,2 +1,2 @@\n-a\n+b\n c\n```\n\n",
    "Markdown with hits": "Words that say what was looked for and why it matters ({}).\n\nsrc/a.py:{}:x\n\n"
    "More words.\n\n",
    "--help": "  --pool-{} SIZE        how many jobs the pool takes at once (default: {})\n",
    "a table in Markdown": "| web-{} | 2031-02-03 | {} | done |\n",
    "chat": "ann: did you see job {}?\nbob: no, and I don't want to\n",
    "base64": "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXBpc2Np{:02}==\n",
    "numbers": "{} {} {} {}\n",
    "steps with colons": "step:{}:take the job and go on with it\n",
    "numbered lines": "{}:x = {}\n",
    "lists with signs": "- job {}\n+ job {}\n",
    "a diff's statistics": " src/pool_{}.py | {} ++--\n",
    "headers without bodies": "@@ -1,3 +1,3 @@ pool {}\nwords\n",
    "regular expressions": "^src/[a-z]+:{}:.*$\n",
    "cron": "{:02} 4 * * * /srv/run.sh job-{} >/dev/null 2>&1\n",
    "gettext": '#: src/pool.c:{}\nmsgid "take job {}"\nmsgstr "nimm"\n\n',
    "ldif": "dn: uid=u{},dc=example\nuid: u{}\nsn: Person\n\n",
}


def repeated(pattern: str) -> str:
    """The lines of a trap as they are claimed: `REPEATS` times, each with its number."""
    spelled = pattern.replace("{0}", "{}").replace("{{", "\0").replace("}}", "\1")
    return "".join(
        spelled.replace("{:02}", f"{number:02}").replace("{}", str(number)).replace("\0", "{").replace("\1", "}")
        for number in range(10, 10 + REPEATS)
    )
