"""Reads gettext's .po files: messages(path) gives them in their order, obsolete ones as well."""
import ast
import re


class Message:
    def __init__(self):
        self.context, self.id, self.plural, self.said, self.flags, self.places, self.is_obsolete = None, "", None, {}, set(), [], False

    @property
    def is_fuzzy(self):
        return "fuzzy" in self.flags

    @property
    def is_translated(self):
        return bool(self.said) and all(self.said.values()) and not self.is_fuzzy


def messages(path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    message, target, begun = Message(), None, False
    for number, line in enumerate(lines + [""], 1):
        is_obsolete = line.startswith("#~")
        text = line[2:].strip() if is_obsolete else line.strip()
        if text.startswith("#"):
            if begun:
                yield message
                message, begun = Message(), False
            if text.startswith("#,"):
                message.flags |= {flag.strip() for flag in text[2:].split(",")}
            elif text.startswith("#:"):
                message.places += text[2:].split()
            continue
        found = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s*(".*")$', text)
        if found and found[1] in ("msgctxt", "msgid") and begun and (message.said or found[1] == "msgctxt"):
            yield message
            message, begun = Message(), False
        if found:
            begun, target = True, (found[1], int(found[2] or 0))
            message.is_obsolete = message.is_obsolete or is_obsolete
        elif not re.match(r'".*"$', text):
            if text:
                raise SystemExit(f"{path}:{number}: this is no line of a .po file")
            continue
        piece = ast.literal_eval(found[3] if found else text)
        what, form = target
        if what == "msgctxt":
            message.context = (message.context or "") + piece
        elif what == "msgid":
            message.id += piece
        elif what == "msgid_plural":
            message.plural = (message.plural or "") + piece
        else:
            message.said[form] = message.said.get(form, "") + piece
    if begun:
        yield message


def header(path):
    """The fields of the header, by name."""
    for message in messages(path):
        if message.id == "" and message.context is None:
            return dict(line.split(": ", 1) for line in message.said.get(0, "").split("\n") if ": " in line)
    return {}


def plural_rule(path):
    """(number of forms, the expression over n), which is C. Nothing but arithmetic passes."""
    found = re.match(r"nplurals=(\d+); *plural=([n0-9 ()?:<>=!&|%+-]+);?$", header(path).get("Plural-Forms", "nplurals=2; plural=(n != 1);"))
    if not found:
        raise SystemExit(f"{path}: the header has no Plural-Forms that can be used")
    return int(found[1]), found[2].strip()


def escape(text):
    """As a literal of C or of a .po file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
