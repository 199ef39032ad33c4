"""The words of a script: finds them, and puts others in their place, when piclog is built.

What people read is a string or a template literal behind the mark /*tr*/. It holds neither a backslash nor another literal of its
kind. A script keeps running as it is, in English; in a language it is the same script with other literals, and has nothing to look
up. Values, ${...}, stay as they are: a translation may move them or leave one out, and has no others.
"""
import re

MARKED = re.compile(r"/\*tr\*/(['`])((?:(?!\1)[^\\\n])*)\1")
MARK = "/*tr*/"
VALUE = re.compile(r"\$\{[^{}]*\}")


def translate(source, say, where=""):
    """The source without its marks, every literal that had one replaced by say(text, where), or None to leave it."""

    def put(found):
        quote, text = found[1], found[2]
        place = f"{where}:{source.count(chr(10), 0, found.start()) + 1}"
        said = say(text, place)
        if said is None:
            said = text
        wrong = faults(text, said)
        if wrong:
            raise SystemExit(f"{place}: {said!r}: {wrong[0]}")
        return quote + said + quote

    done = MARKED.sub(put, source)
    if MARK in done:
        raise SystemExit(f"{where}: a mark without a plain literal behind it")
    return done


def faults(text, said):
    """What is wrong with a translation: values that are not those of the script, or what would end the literal."""
    wrong = [f"{value} is none of the script's" for value in VALUE.findall(said) if value not in VALUE.findall(text)]
    rest = VALUE.sub("", said)
    if re.search(r"['\"`\\\n]|\$\{", rest):
        wrong.append("a quotation mark, a backslash or a new line in it would end the literal")
    return wrong
