"""The words of a template: finds them, and puts others in their place.

A segment is a run of text with what stands within a line: tags such as <a>, {{values}}, {{#sections}} that open and close
in it. It ends at block tags, at parts that stand on a line alone, and at the edges of attributes. Tags lose their attributes in it
and are numbered where two of a kind differ, so that translators see <a>words</a>, and nobody who changes a class has to ask
them. Attributes that people read (alt, title, ...) are segments of their own. Nothing is reordered or changed outside of segments:
without a translation a template comes out byte by byte as it was.

Where nothing but tags and sections holds the words of a run together, each of them is a segment of its own: "<a>One</a> <a>Two</a>"
is two. A number with one ending ({{n}} picture{{n.s}}) is a message with plural forms.
"""
import re

INLINE = {"a", "abbr", "b", "br", "code", "em", "i", "img", "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup",
          "time", "u", "var", "wbr", "input"}
VOID = {"br", "img", "input", "wbr", "meta", "link", "hr", "source"}
READ = {"alt", "title", "placeholder", "aria-label", "label", "data-words"}
SKIPPED = ("pre", "script", "style", "textarea")
TOKEN = re.compile(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}|<!--.*?-->|<!(?:[^>])*>|</?[A-Za-z](?:\{\{.*?\}\}|\"[^\"]*\"|[^<>\"])*>|[^<{]+|.", re.S)
TOKEN_SHOWN = re.compile(r"\{\{.*?\}\}|</?[a-z]+[0-9]*>|[^<{]+|.", re.S)
ATTRIBUTE = re.compile(r"\s([a-zA-Z-]+)=\"((?:\{\{.*?\}\}|[^\"])*)\"", re.S)
LETTER = re.compile(r"[^\W\d_]")
NO_WORDS = re.compile(r"&[a-z]+;|[a-z-]+=\"[^\"]*\"|^\s*(?:https?://|\S+@)\S+\s*$")  # entities, attributes, examples of addresses


class Token:
    """kind: text, value, open, close (of sections), part, note, tag, end (of tags), void, edge."""

    def __init__(self, kind, text, name=""):
        self.kind, self.text, self.name = kind, text, name
        self.shown = text


def classify(text):
    if text.startswith("{{"):
        inner = text.strip("{}").strip()
        sigil = inner[:1]
        if sigil in "#^":
            return Token("open", text, inner[1:].strip())
        if sigil == "/":
            return Token("close", text, inner[1:].strip())
        if sigil in "$<":
            return Token("edge", text, inner[1:].strip())
        if sigil == ">":
            return Token("part", text)
        if sigil in "!=":
            return Token("note", text)
        return Token("value", text)
    if text.startswith("<!"):
        return Token("edge", text)
    if re.match(r"</?[A-Za-z]", text):
        name = re.match(r"</?([A-Za-z0-9]+)", text)[1].lower()
        if name not in INLINE:
            return Token("edge", text, name)
        return Token("void" if name in VOID else "end" if text[1] == "/" else "tag", text, name)
    return Token("text", text)


def tokens_of(source):
    """Flat list; the close of a {{$block}} or {{<parent}} is an edge, as is a section tag on a line of its own."""
    found = [classify(match[0]) for match in TOKEN.finditer(source)]
    blocks = []
    for token in found:
        if token.kind == "edge" and token.text.startswith("{{"):
            blocks.append(token.name)
        elif token.kind == "open":
            blocks.append(None)
        elif token.kind == "close" and blocks and blocks.pop() is not None:
            token.kind = "edge"
    position = 0
    for token in found:
        start, end = position, position + len(token.text)
        position = end
        if token.kind in ("open", "close", "part", "note"):
            before = source[source.rfind("\n", 0, start) + 1 : start]
            after = source[end : (source + "\n").find("\n", end)]
            if not before.strip() and not after.strip() and "\n" in source:
                token.kind = "edge"
    return found


def match(tokens):
    """Index of the partner of every opener; None when one of the run has none."""
    partner, stack = {}, []
    for index, token in enumerate(tokens):
        if token.kind in ("open", "tag"):
            stack.append(index)
        elif token.kind in ("close", "end"):
            if not stack or tokens[stack[-1]].name != token.name:
                return index, None
            partner[stack.pop()] = index
    return (stack[-1], None) if stack else (None, partner)


def units(tokens, partner, start):
    """Top-level pieces [first, last] of a balanced run; partner counts from start."""
    index = 0
    while index < len(tokens):
        last = partner.get(start + index, start + index) - start
        yield index, last
        index = last + 1


def has_words(tokens):
    depth = 0
    for token in tokens:
        if token.kind == "tag" and token.name in ("code", "kbd"):
            depth += 1
        elif token.kind == "end" and token.name in ("code", "kbd"):
            depth -= 1
        elif token.kind == "text" and not depth and LETTER.search(NO_WORDS.sub("", token.text)):
            return True
    return False


class Segment:
    def __init__(self, tokens, where):
        self.tokens, self.where = tokens, where
        names, self.tags = {}, {}
        shown, stack = [], []
        for token in tokens:
            if token.kind in ("tag", "void"):
                seen = names.setdefault(token.name, [])
                if token.text not in seen:
                    seen.append(token.text)
                number = seen.index(token.text) + 1
                token.shown = f"<{token.name}{number if number > 1 else ''}>"
                self.tags[token.shown] = token.text
                if token.kind == "tag":
                    stack.append(token.shown)
            elif token.kind == "end":
                token.shown = "</" + stack.pop()[1:]
                self.tags[token.shown] = token.text
            else:
                token.shown = token.text
            shown.append(token.shown)
        self.text = "".join(shown)
        self.plural = None
        counts = set(re.findall(r"\{\{([a-z_.]*?)\.e?s\}\}", self.text))
        if len(counts) == 1:
            self.count = counts.pop()
            self.plural = re.sub(r"\{\{[a-z_.]*?\.(e?s)\}\}", r"\1", self.text)
            self.text = re.sub(r"\{\{[a-z_.]*?\.(e?s)\}\}", "", self.text)

    def restore(self, said):
        """A translation with the tags as the template has them."""
        return re.sub(r"</?[a-z]+[0-9]*>", lambda tag: self.tags[tag[0]], said)


class Catalogue:
    """The pages of one language. What it says of a segment that it cannot place is an error, at build time."""

    def __init__(self, messages, forms):
        self.forms = forms
        self.said = {message.id: message for message in messages if message.is_translated and not message.is_obsolete and message.id}
        self.used = set()

    def say_words(self, text, where):
        """Of a script: see scripts.py."""
        message = self.said.get(text)
        return message.said[0] if message and not message.plural else None

    def say(self, segment):
        message = self.said.get(segment.text)
        if not message or bool(message.plural) != bool(segment.plural):
            return None
        self.used.add(segment.text)
        wrong = faults(segment, message)
        if wrong:
            raise SystemExit(f"{segment.where}: {message.said[0]!r}: {wrong[0]}")
        if not segment.plural:
            return segment.restore(message.said[0])
        return "".join(f"{{{{#{segment.count}.form{form}}}}}{segment.restore(message.said[form])}{{{{/{segment.count}.form{form}}}}}"
                       for form in range(self.forms))


def faults(segment, message):
    """What is wrong with a translation: tags that are not those of the page, or sections that do not close."""
    known = {token.shown for token in segment.tokens}
    values = set(re.findall(r"\{\{.*?\}\}", segment.text + (segment.plural or "")))
    wrong = []
    for said in message.said.values():
        run = [classify(re.sub(r"^(</?[a-z]+)[0-9]+>$", r"\1>", found[0])) for found in TOKEN_SHOWN.finditer(said)]
        for token, found in zip(run, TOKEN_SHOWN.finditer(said)):
            token.text = found[0]
        for token in run:
            if token.kind in ("tag", "end", "void") and token.text not in known:
                wrong.append(f"{token.text} is none of the page's")
            elif token.kind in ("value", "open", "close", "part") and token.text not in values | known:
                wrong.append(f"{token.text} is none of the page's")
            elif token.kind in ("edge", "note"):
                wrong.append(f"{token.text} does not belong here")
        for token in run:
            if token.kind in ("tag", "end"):
                token.name = re.sub(r"[</>]", "", token.text)
        if match(run)[1] is None:
            wrong.append("a tag or section does not close where it should")
        missing = [shown for shown in segment.tags if shown not in said]
        wrong += [f"{shown} is missing" for shown in missing]
        if "<" in re.sub(TOKEN_SHOWN, lambda found: "" if found[0][0] == "<" and len(found[0]) > 1 else found[0], said):
            wrong.append("a < that begins no tag is written &lt;")
    return wrong


def translate(source, say, where=""):
    """The source with every segment replaced by say(segment): markup, or None to leave it."""
    out, run, skipped = [], [], None

    def flush():
        if run:
            out.append(translate_run(run[:], say, where))
            run.clear()

    line = 1
    for token in tokens_of(source):
        token.line = line
        line += token.text.count("\n")
        if token.kind == "edge" and token.name in SKIPPED and token.text.startswith("<"):
            flush()
            if token.text.startswith("</"):
                skipped = None
            elif not skipped:
                skipped = token.name
            out.append(translate_tag(token, say, where))
        elif skipped:
            out.append(token.text)
        elif token.kind == "edge":
            flush()
            out.append(translate_tag(token, say, where))
        else:
            run.append(token)
    flush()
    return "".join(out)


def translate_tag(token, say, where):
    """The tag with its readable attributes in other words."""
    if token.text.startswith("{{"):
        return token.text

    def attribute(found):
        name, value = found[1].lower(), found[2]
        is_meta = token.name == "meta" and name == "content" and re.search(r"name=\"description\"", token.text)
        is_button = token.name == "input" and name == "value" and re.search(r"type=\"submit\"", token.text)
        if not (name in READ or is_meta or is_button):
            return found[0]
        run = tokens_of(value)
        for inner in run:
            inner.line = token.line
            if inner.kind in ("edge", "tag", "end", "void"):
                inner.kind = "text"
        return f' {found[1]}="{translate_run(run, say, where)}"'

    return ATTRIBUTE.sub(attribute, token.text)


def translate_run(tokens, say, where):
    bad, partner = match(tokens)
    if partner is None:  # a tag or section that leaves the run: it ends here
        return (translate_run(tokens[:bad], say, where) if bad else "") + translate_tag(tokens[bad], say, where) + (
            translate_run(tokens[bad + 1 :], say, where) if bad + 1 < len(tokens) else "")
    return translate_balanced(tokens, partner, 0, say, where)


def translate_balanced(tokens, partner, start, say, where):
    pieces = list(units(tokens, partner, start))
    whole = any(first == last and has_words(tokens[first : last + 1]) for first, last in pieces)
    out = []
    if not whole:
        for first, last in pieces:
            if first == last:
                token = tokens[first]
                out.append(translate_tag(token, say, where) if token.kind == "void" else token.text)
            elif not has_words(tokens[first : last + 1]):
                out += [translate_tag(token, say, where) if token.kind == "tag" else token.text
                        for token in tokens[first : last + 1]]
            else:
                out.append(translate_tag(tokens[first], say, where))
                out.append(translate_balanced(tokens[first + 1 : last], partner, start + first + 1, say, where))
                out.append(tokens[last].text)
        return "".join(out)

    def is_edge(piece):
        """What may be cut off an end: no words in it, and no value either, for its place in the sentence may change."""
        inside = tokens[piece[0] : piece[1] + 1]
        if len(inside) == 1 and inside[0].kind == "text":
            return not inside[0].text.strip()
        return not has_words(inside) and inside[0].kind not in ("value",) and not (
            inside[0].kind == "tag" and inside[0].name in ("a", "b", "code", "kbd", "em", "i"))

    while pieces and is_edge(pieces[0]):
        pieces.pop(0)
    while pieces and is_edge(pieces[-1]):
        pieces.pop()
    first, last = pieces[0][0], pieces[-1][1]
    inside = tokens[first : last + 1]
    for token in tokens[:first]:
        out.append(translate_tag(token, say, where) if token.kind in ("void", "tag") else token.text)
    lead = re.match(r"\s*", inside[0].text)[0] if inside[0].kind == "text" else ""
    if inside[0].kind == "text":
        inside[0] = cut(inside[0], inside[0].text[len(lead) :])
    tail = re.search(r"\s*$", inside[-1].text)[0] if inside[-1].kind == "text" else ""
    if tail:
        inside[-1] = cut(inside[-1], inside[-1].text[: -len(tail)])
    for token in inside:
        if token.kind in ("tag", "void"):
            token.text = translate_tag(token, say, where)
    segment = Segment(inside, f"{where}:{inside[0].line}")
    said = say(segment)
    out += [lead, "".join(token.text for token in inside) if said is None else said, tail]
    for token in tokens[last + 1 :]:
        out.append(translate_tag(token, say, where) if token.kind in ("void", "tag") else token.text)
    return "".join(out)


def cut(token, text):
    other = Token(token.kind, text, token.name)
    other.line = token.line
    return other
