"""Configuration of our own, made by rule, in the formats that agents read."""

from __future__ import annotations

import re
from random import Random

_NAMES = "auth,billing,cart,catalog,checkout,email,feed,gateway,inventory,ledger,media,notify,orders,payments"
NAMES = re.findall("[a-z]+", _NAMES)


def services(count: int = 80) -> str:
    """A compose file: most services alike, some with more ports, limits or other settings."""
    rng = Random(7)
    lines = ["# the shop's services", 'version: "3.9"', "services:"]
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]}-{number:02d}"
        lines += [
            f"  {name}:",
            f"    image: registry.example/shop/{name}:{rng.randint(1, 4)}.{rng.randint(0, 20)}.{number % 7}",
            f"    restart: {'on-failure' if number == 41 else 'always'}",
            "    environment:",
            f"      LOG_LEVEL: {rng.choice(['info', 'debug', 'warn'])}",
            f"      DB_PASSWORD: hunter-{number}",
        ]
        lines += ['      FEATURE_X: "true"'] if number == 17 else []
        lines += ["    ports:", *(f'      - "{8000 + 3 * number + port}:8080"' for port in range(rng.randint(1, 2)))]
        lines += ["    healthcheck:", "      interval: 30s", "      timeout: 5s", "      retries: 3"]
        lines += ["    deploy:", f"      cpus: 0.{rng.randint(1, 9)}"] if number % 2 else []
    return "\n".join([*lines, "networks:", "  backend:", "    driver: bridge"]) + "\n"


def manifests(count: int = 20) -> str:
    """Deployments and services of Kubernetes, in documents by turns."""
    documents = []
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]}-{number}"
        documents.append(
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  labels:\n    app: {name}\nspec:\n"
            f"  replicas: {number % 3}\n  template:\n    spec:\n      containers:\n      - name: {name}\n"
            f"        image: registry.example/{name}:1.{number}\n        ports:\n"
            f"        - containerPort: {8000 + number}\n"
            "        resources:\n          limits:\n            cpu: 500m\n            memory: 256Mi\n"
        )
        documents.append(
            f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n"
            f"  ports:\n  - port: 80\n    targetPort: {8000 + number}\n"
        )
    return "---\n".join(documents)


def lock(count: int = 60) -> str:
    """A Cargo lock file."""
    rng = Random(3)
    parts = ["version = 3\n"]
    for number in range(count):
        needs = "".join(f' "{NAMES[(number + step) % 14]}",\n' for step in range(number % 4))
        parts.append(
            f'\n[[package]]\nname = "{NAMES[number % 14]}{number}"\nversion = "{number}.{rng.randint(0, 9)}.0"\n'
            'source = "registry+https://index.example/crates"\n' + (f"dependencies = [\n{needs}]\n" if needs else "")
        )
    return "".join(parts)


def feed(count: int = 40) -> str:
    """An RSS feed."""
    items = (
        f"    <item>\n      <title>{NAMES[number % 14]} {number * 37}</title>\n      <link>https://news.example/{number}"
        f'</link>\n      <guid isPermaLink="false">{7000 + number}</guid>\n'
        "      <category>shop</category>\n    </item>\n"
        for number in range(count)
    )
    return f'<?xml version="1.0"?>\n<rss version="2.0">\n  <channel>\n{"".join(items)}  </channel>\n</rss>\n'


def sitemap(count: int = 60) -> str:
    """A sitemap in one line."""
    pages = "".join(
        f"<url><loc>https://shop.example/p/{number * 37}</loc><lastmod>2031-02-{number % 28 + 1:02d}</lastmod></url>"
        for number in range(count)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://sitemaps.example/0.9">{pages}</urlset>'


def drawing(count: int = 40) -> str:
    """An SVG of bars."""
    bars = "".join(
        f'  <rect x="{number * 7}" y="{number * 13 % 99}" width="4" height="{number % 50}" fill="#3a7"/>\n'
        for number in range(count)
    )
    return f'<svg xmlns="http://svg.example/2000" viewBox="0 0 9 9">\n{bars}</svg>\n'


def terraform(count: int = 30) -> str:
    """Resources of HCL, aligned and with a blank line inside."""
    return "".join(
        f'resource "aws_instance" "{NAMES[number % 14]}_{number}" {{\n  ami           = "ami-{number * 977:06x}"\n'
        f'  instance_type = "t3.micro"\n\n  tags = {{\n    Name = "{NAMES[number % 14]}"\n'
        '    Env  = "prod"\n  }\n}\n\n'
        for number in range(count)
    )


def sections(count: int = 30) -> str:
    """An INI file."""
    return "".join(
        f"[program:{NAMES[number % 14]}{number}]\ncommand=/srv/run --port={8000 + number}\nautostart=true\n"
        f"autorestart=true\nstartretries=3\nuser=www\nstdout_logfile=/var/log/{number}.log\n\n"
        for number in range(count)
    )


def servers(count: int = 20) -> str:
    """Servers of nginx."""
    return "".join(
        f"server {{\n    listen 80;\n    server_name {NAMES[number % 14]}.example;\n    location / {{\n"
        f"        proxy_pass http://10.0.0.{number}:8080;\n        proxy_read_timeout 30s;\n    }}\n}}\n"
        for number in range(count)
    )


_MAKERS = (services, manifests, lock, feed, sitemap, drawing, terraform, sections, servers)
REPEATED = {maker.__name__: maker for maker in _MAKERS}
"""The makers, by name."""
