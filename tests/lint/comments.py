#!/usr/bin/env python3
"""Comments and READMEs that name a file or a function that is not there.

Usage: comments.py, at the top of the tree; prints one line each. A file is `name.c`, `name.h` or `name.mjs`, with as much of
its path as is written; headers that some code includes from outside count as well. A function is `name()`; what any code
calls or defines counts.
"""
import re
import subprocess

FILE = re.compile(r'(?<![\w./*…-])((?:\.\./|[\w-]+/)*[\w.-]*\w\.(?:c|h|mjs))(?![\w/*-]|\.\w)')
FUNCTION = re.compile(r'(?<![\w.>:-])([A-Za-z_]\w{2,})\(\)')
C_TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
MJS_COMMENT = re.compile(r'(?:^|(?<=\s))//[^\n]*', re.M)


def comments_of(path, text):
    """The comments with everything else blanked, so that lines keep their numbers; and the code without them."""
    if path.endswith('.md'):
        return text, ''
    if path.endswith('.mjs'):
        found = [m.span() for m in MJS_COMMENT.finditer(text)]
    else:
        found = [m.span() for m in C_TOKENS.finditer(text) if m.group()[0] == '/']
    comments, code, last = '', '', 0
    for start, end in found:
        between = text[last:start]
        code += between + ' '
        comments += re.sub(r'[^\n]', ' ', between) + text[start:end]
        last = end
    return comments, code + text[last:]


files = subprocess.run(['git', 'ls-files', '-co', '--exclude-standard'], capture_output=True, text=True, check=True).stdout.split('\n')
files = [name for name in files if name]
tails = {name[i:] for name in files for i in [0, *(m.end() for m in re.finditer('/', name))]}
read = {}
for name in files:
    if re.match(r'(src|include|tools|tests|[A-Z]+\.md|findings)', name) and re.search(r'\.(c|h|mjs|md)$', name):
        try:
            read[name] = comments_of(name, open(name, encoding='utf-8').read())
        except (OSError, UnicodeDecodeError):
            continue
code = '\n'.join(text for _, text in read.values())
called = set(re.findall(r'([A-Za-z_]\w*)\s*\(', code))
outside = set(re.findall(r'#\s*include\s*<([^>]+)>', code))
outside |= {name.rsplit('/', 1)[-1] for name in outside}
made = set()  # by the build: named in a meson.build
for name in files:
    if name.endswith('meson.build'):
        made |= set(re.findall(r'[\w-]+\.[ch]\b', open(name, encoding='utf-8').read()))

for name, (comments, _) in sorted(read.items()):
    for number, line in enumerate(comments.split('\n'), 1):
        for token in FILE.findall(line):
            plain = re.sub(r'^(?:\.\./)+', '', token)
            if plain not in tails and plain not in outside and plain not in made:
                print(f'{name}:{number}: there is no {token}')
        if name.endswith('.md'):
            continue
        for token in FUNCTION.findall(line):
            if token not in called:
                print(f'{name}:{number}: nothing is called {token}()')
