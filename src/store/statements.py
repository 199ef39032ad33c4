#!/usr/bin/env python3
"""Makes the list of SQL statements: statements.py FILE.sql... > statements.h

A file holds statements, each under a line that names it:

    -- query NAME     reads; columns are what templates and JSON twins show
    -- write NAME     writes, or reads what no page may show
    -- part NAME PARAMETER...     a piece, used by others as {name argument ...}; $parameter is replaced

Other lines that begin with "--" are for people. A statement ends where the next begins. Out come two X-macros,
QUERIES(Q) and WRITES(W), with one Q(NAME, "SQL") or W(NAME, "SQL") each. A name that comes twice, or a part that does
not exist, is an error.
"""
import re
import sys

parts, statements = {}, {"query": {}, "write": {}}


def expand(text, where):
    def part(match):
        name, *arguments = match.group(1).split()
        if name not in parts or len(arguments) != len(parts[name][0]):
            sys.exit(f"{where}: there is no part {name} with {len(arguments)} arguments")
        parameters, body = parts[name]
        for parameter, argument in zip(parameters, arguments):
            body = re.sub(rf"\${parameter}\b", lambda _: argument, body)
        return expand(body, where)

    return re.sub(r"\{([^{}]*)\}", part, text)


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        pieces = re.split(r"^-- (query|write|part) (.*)\n", file.read(), flags=re.M)[1:]
    for kind, head, body in zip(pieces[::3], pieces[1::3], pieces[2::3]):
        name, *parameters = head.split()
        body = " ".join(line.strip() for line in body.splitlines() if not line.startswith("--")).strip()
        known = parts if kind == "part" else statements[kind]
        if name in known or not body:
            sys.exit(f"{path}: {kind} {name} comes twice, or is empty")
        known[name] = (parameters, body) if kind == "part" else body

for kind, letter in (("query", "Q"), ("write", "W")):
    print(f"#define {'QUERIES' if kind == 'query' else 'WRITES'}({letter}) \\")
    lines = []
    for name, text in statements[kind].items():
        sql = expand(text, f"{kind} {name}").replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'    {letter}({name.upper()}, "{sql}")')
    print(" \\\n".join(lines))
