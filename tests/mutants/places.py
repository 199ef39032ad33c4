"""Finds the places of the source where a small slip would look like the rest of it.

Kinds, each one change within a statement:

    flip       <  to >=, == to != and so on: a comparison the wrong way round; in SQL = to <>
    limit      <  to <=, >= to > and so on: off by one
    check      if (...) return, goto, break, continue: never taken
    operand    one side of && or || in a condition: dropped; in SQL AND to OR
    constant   0 to 1, 1 to 0, n to n + 1 below a hundred and to 2 n from there on, a fraction to its half

Left out, as nothing could be learned: what the preprocessor reads, lengths of arrays where they are declared (longer is
the same, shorter undefined), sizeof a[0], {0}, static assertions, rows of code points, colours and glyphs, all but the first number
of a line of more than eight, constants that are lengths of arrays of their file, what a variable is before it is set, how
a hash is mixed and how a list grows, limits of clamps and maxima (equal is equal), and src/store/migrations, which never change
again.
"""
import hashlib
import os
import re
from collections import Counter, namedtuple

SEED = "crunch"  # of the sample; another word is another sample
ONE_IN = 100  # so many places stand for one in the sample

Place = namedtuple("Place", "path kind start end new")

NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "==", "=": "<>", "<>": "="}
BY_ONE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
COMPARISON = re.compile(r"(?<![<>=!\-+*/&|^%])(<=|>=|==|!=|<|>)(?![<>=])")
NUMBER = re.compile(r"(?<![\w.?])(0[xX][0-9a-fA-F]+|\d+\.\d*(?:[eE][-+]?\d+)?|\.\d+|\d+[eE][-+]?\d+|\d+)([uUlLfF]*)(?![\w.])")
LENGTH = re.compile(r"\b(?!return\b|else\b|case\b|in\b)\w+[ *]+\w+(?:\[[^\]]*\])*\[[^\]]*$|\bsizeof [^,;)]*\[$|\(\*\)\[$")
# A hash may be mixed in any way, a list grow from any size, a variable be anything until it is set, longjmp is never 0.
MEANS_NOTHING = re.compile(r"\bhash\b.*(\^=|\*=|>>)|\w+ \? 2 \* \w+|^\s*(?:\w+ )+\**\w+ = 0;|\blongjmp\(")
TABLE_NUMBERS = 8


def name_of(before):
    """X, where a constant is given the name X."""
    named = re.search(r"\b([A-Z][A-Z0-9_]+) = $", before)
    return named and named.group(1)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def blank_or_word(match):
    """A comment becomes blanks, a string or character a word, which is an operand like any other."""
    return blank(match) if match.group(0)[0] == "/" else "_" * len(match.group(0))


def code_only(text, is_sql):
    """The text with comments, strings and preprocessor lines as blanks, so that offsets stay."""
    if is_sql:
        return re.sub(r"--[^\n]*|'(?:[^']|'')*'", blank, text)
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank_or_word, text, flags=re.S)
    text = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", blank, text, flags=re.M)
    return re.sub(r"(?:_Static_assert|static_assert)\s*\([^;]*;", blank, text)


def closing(code, start):
    """The index of the bracket that closes the one at start; -1: none."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if not depth:
            return at
    return -1


def operands(code, start, end):
    """Start, end and joining operator of the operands of && and || at the top level of code[start:end]."""
    cuts, depth, at = [], 0, start
    while at < end - 1:
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if not depth and code[at : at + 2] in ("&&", "||"):
            cuts.append((at, code[at : at + 2]))
            at += 1
        at += 1
    if not cuts or len({operator for _, operator in cuts}) > 1:
        return
    edges = [start - 2] + [at for at, _ in cuts] + [end]
    for first, last in zip(edges, edges[1:]):
        piece = code[first + 2 : last]
        yield first + 2 + len(piece) - len(piece.lstrip()), first + 2 + len(piece.rstrip()), cuts[0][1]


def is_clamp(code, comparison):
    """a > b ? b : a, or if (a > b) b = a: where both are equal, either way gives the same."""
    before, after = code[max(0, comparison.start() - 100) : comparison.start()].rstrip(), code[comparison.end() :]
    chosen = re.match(r"\s*([^?;{}]+?)\s*\?\s*([^?:;]+?)\s*:\s*([^?:;,]+?)\s*[;,)?]", after)
    if chosen:
        right, first, second = chosen.groups()
        left = re.search(r"[\w.>\[\]-]*$", before).group()  # a part of it is enough: there may be casts
        return bool(left) and (first == right and second.endswith(left) or second == right and first.endswith(left))
    assigned = re.match(r"\s*([^;{}()]+?)\)\s*([^;{}=]+?) = ([^;{}]+?);", after)
    if assigned:
        right, target, value = assigned.groups()
        return target == right and before.endswith(value) or value == right and before.endswith(target)
    return False


def changed_number(digits, suffix):
    if re.search(r"[.eE]", digits) and not digits.lower().startswith("0x"):
        half = float(digits) / 2
        return f"{half:.12g}" + ("" if re.search(r"[.e]", f"{half:.12g}") else ".0") + suffix
    if len(digits) > 1 and digits[0] == "0" and digits[1] not in "xX":
        return None  # octal: a file mode
    number = int(digits, 0)
    changed = 1 - number if number < 2 else number + 1 if number < 100 else 2 * number
    return (hex(changed) if digits[:2] in ("0x", "0X") else str(changed)) + suffix


def numbers(path, code):
    at = 0
    for line in code.splitlines(keepends=True):
        found = list(NUMBER.finditer(line))
        for match in found[:1] if len(found) > TABLE_NUMBERS else found:
            start, end = match.span()
            new = changed_number(*match.groups())
            if new is None or LENGTH.search(line[:start]) or re.match(r"\]\s*=\s*\{", line[end:]):
                continue
            if line[start - 1] == "{" and line[end : end + 1] == "}":
                continue
            if MEANS_NOTHING.search(line) or (name_of(line[:start]) and f"[{name_of(line[:start])}]" in code):
                continue
            if match.group().startswith("0x") and line.lstrip().startswith("{"):
                continue
            yield Place(path, "constant", at + start, at + end, new)
        at += len(line)


def places_of_c(path, code, text):
    for match in COMPARISON.finditer(code):
        yield Place(path, "flip", *match.span(), NEGATED[match.group()])
        if match.group() in BY_ONE and not is_clamp(code, match):
            yield Place(path, "limit", *match.span(), BY_ONE[match.group()])
    for match in re.finditer(r"\b(if|while|return)\b\s*(\()?", code):
        word, start = match.group(1), match.end()
        if word == "return":
            start, end = match.end(1), code.find(";", match.end(1))
        elif match.group(2):
            end = closing(code, start - 1)
        else:
            continue
        if end < 0:
            continue
        if word == "if" and re.match(r"\)\s*\{?\s*(?:return|goto|break|continue|exit|_exit)\b", code[end:]):
            yield Place(path, "check", start, end, f"0 && ({text[start:end]})")
        for first, last, operator in operands(code, start, end):
            kept = f"({'0 &&' if operator == '||' else '1 ||'} ({text[first:last]}))"
            yield Place(path, "operand", first, last, kept)
    yield from numbers(path, code)


def places_of_sql(path, code):
    for match in re.finditer(r"(?<=[\s)])(<=|>=|<>|<|>)(?=[\s(])|\b(?:WHERE|AND|OR|ON|WHEN)\s+[\w.$]+ (=)(?= )", code):
        which = 1 if match.group(1) else 2
        yield Place(path, "flip", *match.span(which), NEGATED[match.group(which)])
        if match.group(which) in BY_ONE:
            yield Place(path, "limit", *match.span(which), BY_ONE[match.group(which)])
    for match in re.finditer(r"\bAND\b", code):
        yield Place(path, "operand", *match.span(), "OR")
    yield from numbers(path, code)


def sources(root):
    for top in ("src", "tools/crush"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), root)
                if name.endswith((".c", ".h", ".sql")) and not path.startswith("src/store/migrations/"):
                    yield path


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def all_places(root):
    """Every place with its name: (name, place, text of the file). A name outlives edits elsewhere and moved files."""
    for path in sorted(sources(root)):
        text = read(root, path)
        is_sql = path.endswith(".sql")
        code = code_only(text, is_sql)
        found = list(places_of_sql(path, code) if is_sql else places_of_c(path, code, text))
        seen = Counter()
        for place in sorted(found, key=lambda place: (place.start, place.kind, place.end)):
            line_start = text.rfind("\n", 0, place.start) + 1
            line_end = text.find("\n", place.start)
            line = text[line_start:line_end].lstrip()
            column = place.start - line_end + len(line)
            identity = (os.path.basename(path), place.kind, line.rstrip(), column, place.new)
            seen[identity] += 1
            name = hashlib.sha256(repr((SEED, identity, seen[identity])).encode()).hexdigest()
            yield name, place, text


def sample(root):
    """One place in ONE_IN, and at least one of each folder: those whose hash with the seed is small."""
    folders = {}
    for name, place, text in all_places(root):
        folders.setdefault(os.path.dirname(place.path), []).append((int(name, 16), name, place, text))
    for folder in sorted(folders):
        found = folders[folder]
        taken = [entry for entry in found if entry[0] * ONE_IN < 1 << 256] or [min(found, key=lambda entry: entry[0])]
        for _, name, place, text in taken:
            yield name, place, text


def mutated(place, text):
    return text[: place.start] + place.new + text[place.end :]
