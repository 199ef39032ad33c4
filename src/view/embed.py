#!/usr/bin/env python3
"""Turns files into one C table: embed.py OUTPUT [--po=LANGUAGE=FILE]... FILE...

A file's key is its path behind the last "templates/". Templates and scripts that a catalogue has words for come once more in its
language, as LANGUAGE/NAME.

Stylesheets lose comments and needless white space on the way, but for themes, which people start from.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/po"))
import po
import scripts
import segments


def shrink_css(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    text = re.sub(r"[^{};]+{", lambda selector: re.sub(r" ?([>+]) ?", r"\1", selector[0]), text)
    text = re.sub(r"@(media|supports) \(", r"@\1(", text)
    text = re.sub(r"([a-z-]+:[^;{}]*) / ", r"\1/", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip() + "\n"


output, *arguments = sys.argv[1:]
sources = [argument for argument in arguments if not argument.startswith("--po=")]
catalogues = {}
for argument in arguments:
    if argument.startswith("--po="):
        language, path = argument[5:].split("=", 1)
        catalogues[language] = segments.Catalogue(po.messages(path), po.plural_rule(path)[0])
with open(output, "w", encoding="ascii") as out:
    out.write("/* Made by embed.py, do not edit. */\n")
    entries = []
    files = {}
    for source in sources:
        key = source.rsplit("templates/", 1)[1]
        with open(source, "rb") as file:
            files[key] = file.read()
        if source.endswith(".css") and "/theme-" not in source:
            files[key] = shrink_css(files[key].decode()).encode()
        if source.endswith(".js"):
            text = files[key].decode()
            files[key] = scripts.translate(text, lambda words, where: None, key).encode()
        for language, catalogue in catalogues.items():
            if source.endswith(".mustache"):
                said = segments.translate(files[key].decode(), catalogue.say, key).encode()
            elif source.endswith(".js"):
                said = scripts.translate(text, catalogue.say_words, key).encode()
            else:
                continue
            if said != files[key]:
                files[f"{language}/{key}"] = said
    for number, (key, data) in enumerate(sorted(files.items())):
        out.write(f"static const unsigned char file_{number}[] = {{\n")
        for start in range(0, len(data), 24):
            out.write(",".join(map(str, data[start : start + 24])) + ",\n")
        out.write("0};\n")
        entries.append((key, number, len(data)))
    out.write("static const struct embedded_file embedded_files[] = {\n")
    for key, number, size in entries:
        out.write(f'    {{"{key}", file_{number}, {size}}},\n')
    out.write("};\n")
