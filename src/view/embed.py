#!/usr/bin/env python3
"""Turns files into one C table: embed.py OUTPUT FILE... A file's key is its path behind the last "templates/".

Stylesheets lose comments and needless white space on the way, but for themes, which people start from.
"""
import re
import sys


def shrink_css(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,]) ?", r"\1", text)
    text = re.sub(r"[^{};]+{", lambda selector: re.sub(r" ?([>+]) ?", r"\1", selector[0]), text)
    text = re.sub(r"@(media|supports) \(", r"@\1(", text)
    text = re.sub(r"([a-z-]+:[^;{}]*) / ", r"\1/", text)
    return re.sub(r": ", ":", text).replace(";}", "}").strip() + "\n"


output, *sources = sys.argv[1:]
with open(output, "w", encoding="ascii") as out:
    out.write("/* Made by embed.py, do not edit. */\n")
    entries = []
    for number, source in enumerate(sorted(sources)):
        with open(source, "rb") as file:
            data = file.read()
        if source.endswith(".css") and "/theme-" not in source:
            data = shrink_css(data.decode()).encode()
        out.write(f"static const unsigned char file_{number}[] = {{\n")
        for start in range(0, len(data), 24):
            out.write(",".join(map(str, data[start : start + 24])) + ",\n")
        out.write("0};\n")
        entries.append((source.rsplit("templates/", 1)[1], number, len(data)))
    out.write("static const struct embedded_file embedded_files[] = {\n")
    for key, number, size in entries:
        out.write(f'    {{"{key}", file_{number}, {size}}},\n')
    out.write("};\n")
