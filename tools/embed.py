#!/usr/bin/env python3
"""Turns a file into a C header with its bytes: embed.py FILE NAME OUTPUT."""
import sys

source, name, output = sys.argv[1:]
with open(source, "rb") as file:
    data = file.read()
with open(output, "w", encoding="ascii") as file:
    file.write(f"/* {name}: made by embed.py, do not edit. */\nstatic const unsigned char {name}[] = {{\n")
    for start in range(0, len(data), 24):
        file.write(",".join(map(str, data[start : start + 24])) + ",\n")
    file.write("};\n")
