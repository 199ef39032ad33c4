#!/usr/bin/env python3
"""The words of templates and scripts as a .pot file, on standard output: pages.py FILE...
Or those of moods.tsv, pages.py --moods FILE, or of values.txt, pages.py --values FILE."""
import sys

import po
import scripts
import segments

HEADER = '''# What {what} say, in English.
# This file is made by tools/po/update, do not edit.
#
msgid ""
msgstr ""
"Project-Id-Version: piclog\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"
'''


def quote(keyword, text):
    if "\n" not in text:
        return f"{keyword} {po.escape(text)}\n"
    return f'{keyword} ""\n' + "".join(po.escape(line) + "\n" for line in text.splitlines(keepends=True))


def pages(paths):
    found = {}
    for path in sorted(paths):
        where = "templates/" + path.rsplit("templates/", 1)[1]

        def place(text, plural, at):
            places = found.setdefault(text, (plural, []))[1]
            if at not in places:
                places.append(at)

        with open(path, encoding="utf-8") as file:
            if path.endswith(".js"):
                scripts.translate(file.read(), lambda text, at: place(text, None, at), where)
            else:
                segments.translate(file.read(), lambda segment: place(segment.text, segment.plural, segment.where), where)
    for text, (plural, places) in found.items():
        yield text, plural, [place.rsplit(":", 1)[0] for place in places]


def moods(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if "\t" in line and not line.startswith("%"):
                face, mood = line.rstrip("\n").split("\t")
                yield mood, None, [face]


def values(path):
    about = ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("%"):
                about = line[1:].strip()
            elif line.strip():
                yield line.rstrip("\n"), None, [about]


sys.stdout.reconfigure(encoding="utf-8")
if sys.argv[1] in ("--moods", "--values"):
    kind, found = sys.argv[1][2:], {"--moods": moods, "--values": values}[sys.argv[1]](sys.argv[2])
else:
    kind, found = "pages", pages(sys.argv[1:])
print(HEADER.format(what="the " + kind))
for text, plural, places in found:
    if kind == "pages":
        print("".join(f"#: {place}\n" for place in dict.fromkeys(places)), end="")
    else:
        print(f"#. {places[0]}")
    print(quote("msgid", text), end="")
    if plural:
        print(quote("msgid_plural", plural) + 'msgstr[0] ""\nmsgstr[1] ""\n')
    else:
        print('msgstr ""\n')
