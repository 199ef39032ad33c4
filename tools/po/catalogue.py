#!/usr/bin/env python3
"""Turns .po files into tables of C: catalogue.py OUTPUT NAME LANGUAGE=FILE... See src/base/lang.h for what they are.

What is fuzzy, untranslated or obsolete is left out, so that it stays English.
"""
import sys

import po

FORMS_MAX = 4

output, name, *sources = sys.argv[1:]
with open(output, "w", encoding="utf-8") as out:
    out.write('/* Made by catalogue.py, do not edit. */\n#include "base/lang.h"\n\n')
    rows = []
    for source in sources:
        language, path = source.split("=", 1)
        forms, rule = po.plural_rule(path)
        if forms > FORMS_MAX:
            raise SystemExit(f"{path}: {forms} plural forms, and src/base/lang.h has room for {FORMS_MAX}")
        said = {message.id: message.said for message in po.messages(path)
                if message.id and message.is_translated and not message.is_obsolete}
        out.write(f"static int form_{language}(unsigned long n)\n{{\n    (void)n;\n    return (int)({rule});\n}}\n\n")
        out.write(f"static const struct lang_message messages_{language}[] = {{\n")
        for key in sorted(said, key=lambda key: key.encode()):
            strings = ", ".join(po.escape(said[key][form]) for form in sorted(said[key]))
            out.write(f"    {{{po.escape(key)}, {{{strings}}}}},\n")
        out.write('    {"", {""}}};\n\n')
        rows.append(f'    {{"{language}", messages_{language}, {len(said)}, form_{language}}},\n')
    out.write(f"const struct lang_catalogue {name}[] = {{\n")
    out.writelines(rows)
    out.write("    {0},\n};\n")
