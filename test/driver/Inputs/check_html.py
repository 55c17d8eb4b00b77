#!/usr/bin/env python3
"""Checks that an HTML report is well-formed and closed in itself, and prints
what it says, one element a line.

usage: check_html.py PAGE.html
"""
import base64
import hashlib
import html.parser
import re
import sys

VOID = {"meta", "input", "br", "hr"}
ALLOWED = set("""html head meta title style body script a header p span h1 h2 h3
    dl dt dd div section ul ol li table caption tbody tr th td meter form label
    input kbd select option button output main details summary noscript figure
    figcaption svg g path circle rect text tspan desc code pre b i u mark del
    ins strong em footer dialog""".split()) | VOID
INLINE = {"mark", "i", "u", "b", "tspan", "span", "code", "strong", "em", "a"}
# Those that are printed when they end.
SAID = {"title", "h1", "h2", "h3", "dl", "p", "caption", "th", "summary", "li",
        "desc", "figcaption", "del", "ins", "text"}


def fail(text):
    sys.exit("check_html: error: " + text)


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []      # (tag, attributes, text so far)
        self.ids, self.targets = set(), set()
        self.policy, self.raw = "", {"style": [], "script": []}
        self.lines, self.line = [], 0

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        given = dict(attributes)
        if tag not in ALLOWED:
            fail("element <%s>" % tag)
        if len(names) != len(set(names)):
            fail("<%s> has an attribute twice: %s" % (tag, names))
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "src", "srcset",
                                                 "action", "formaction"):
                fail("attribute '%s' of <%s>" % (name, tag))
            if name == "href":
                if value.startswith("#"):
                    self.targets.add(value[1:])
                elif not value.startswith("https://"):
                    fail("link to '%s'" % value)
                else:
                    self.say("link", value)
            if name == "id":
                if value in self.ids:
                    fail("two elements have the id '%s'" % value)
                self.ids.add(value)
            if name == "aria-labelledby":
                self.targets.update(value.split())
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        if tag == "svg" and not (given.get("role") == "img" or
                                 given.get("aria-hidden") == "true"):
            fail("a picture that is no picture to a screen reader")
        if tag == "li":
            if self.open[-1][0] == "li":
                self.close("li")
            self.line = int(given.get("value", self.line + 1))
        if tag == "ol":
            self.line = 0
        if tag == "mark":
            self.handle_data("[[")
        if tag in VOID:
            return
        if tag == "noscript" and any(e[0] == "noscript" for e in self.open):
            fail("<noscript> in <noscript>")
        self.open.append((tag, given, []))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def close(self, tag):
        if not self.open or self.open[-1][0] != tag:
            fail("</%s> in <%s> at %s" % (tag, " ".join(
                e[0] for e in self.open), self.getpos()))
        _, given, said = self.open.pop()
        text = "".join(said)
        if tag in SAID:
            if tag == "li" and given.get("class") != "k" and \
                    any("src" in (e[1].get("class") or "") for e in self.open):
                numbers = re.match(r"(?:\0[^\0]*\0)*", text)[0]
                code = text[len(numbers):]
                numbers = " ".join(numbers.strip("\0").split("\0\0"))
                self.say("li %d" % self.line,
                         (numbers + " " if numbers else "") + code)
            else:
                self.say(tag, re.sub(r"\s+", " ", text.replace("\0", "")))
        if self.open:
            glue = "" if tag in INLINE else " "
            if tag == "b" and "src" in str([e[1].get("class")
                                            for e in self.open]):
                text = "\0%s\0" % text
            if tag not in ("title", "desc", "svg", "details", "script",
                           "style", "noscript"):
                self.open[-1][2].append(glue + text + glue)

    def handle_endtag(self, tag):
        if tag == "mark":
            self.handle_data("]]")
        if tag in ("ol", "ul") and self.open[-1][0] == "li":
            self.close("li")
        self.close(tag)

    def handle_data(self, text):
        if not self.open:
            if text.strip():
                fail("text outside of the page: " + text)
            return
        if self.open[-1][0] in self.raw:
            self.raw[self.open[-1][0]].append(text)
        else:
            self.open[-1][2].append(text)

    def handle_comment(self, text):
        fail("a comment: " + text)

    def say(self, what, text):
        self.lines.append("%s: %s" % (what, text.strip(" \n")))


def main():
    with open(sys.argv[1], "rb") as report:
        data = report.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(str(error))
    odd = re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
                    text)
    if odd:
        fail("character U+%04X" % ord(odd[0]))
    page = Page()
    page.feed(text)
    if page.open:
        fail("<%s> does not end" % page.open[-1][0])
    if not text.endswith("</body>\n</html>\n"):
        fail("the page is cut off")
    if page.targets - page.ids:
        fail("links to nowhere: %s" % sorted(page.targets - page.ids))
    for kind, parts in page.raw.items():
        # What a browser would run or apply is what the policy allows.
        if len(re.findall("<" + kind, text)) != 1:
            fail("more than one <%s>" % kind)
        digest = hashlib.sha256("".join(parts).encode()).digest()
        allowed = "%s-src 'sha256-%s'" % (kind,
                                          base64.b64encode(digest).decode())
        if allowed not in page.policy:
            fail("the policy does not allow the page's own " + kind)
    if not page.policy.startswith("default-src 'none'; "):
        fail("policy '%s'" % page.policy)
    sys.stdout.reconfigure(encoding="utf-8")
    print("\n".join(page.lines))


if __name__ == "__main__":
    main()
