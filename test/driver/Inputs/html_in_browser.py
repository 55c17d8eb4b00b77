#!/usr/bin/env python3
"""Opens HTML reports in a headless Chromium and uses them as a reader does.

usage: html_in_browser.py EXAMPLE.html HOSTILE.html MANY.html FOLDER

EXAMPLE is the report of a small project, HOSTILE one of files whose names and
texts try to run scripts, MANY has more findings than are made at once. What the
pages look like is left in FOLDER.
"""
import os
import pathlib
import sys

import webdriver

SHOWN = """return Array.from(document.querySelectorAll('#groups .f'))
    .filter((f) => f.checkVisibility()).length"""
FOCUSED = "return document.activeElement.parentElement.id"


def want(what, value, wanted):
    if value != wanted:
        sys.exit("error: %s: %r, but wanted %r" % (what, value, wanted))
    print("%s: ok" % what)


def becomes(what, browser, wanted, script, *arguments):
    """What keys and clicks do comes when the page gets to it, not at once."""
    want(what, webdriver.until(lambda value: value == wanted,
                               lambda: browser.run(script, *arguments)),
         wanted)


class Reader:
    """A browser that keeps what went wrong in it."""

    def __init__(self, browser, folder):
        self.browser, self.folder = browser, folder

    def open(self, page):
        # Whatever the browser does by itself comes before.
        self.browser.open("about:blank")
        self.browser.logged("performance")
        self.browser.logged("browser")
        self.page = pathlib.Path(page).resolve().as_uri()
        self.browser.open(self.page)
        # A script that should not run would say so here.
        want("nothing is fetched", self.browser.run(
            "return performance.getEntriesByType('resource').length"), 0)

    def close(self):
        """What the page did while it was read."""
        want("no request but the page", self.browser.requests(), [self.page])
        want("no error", [entry["message"] for entry
                          in self.browser.logged("browser")], [])

    def picture(self, name, whole=False):
        self.browser.screenshot(os.path.join(self.folder, name), whole)

    def type(self, text):
        self.browser.press("/", *text)

    def schemes(self, name):
        for scheme in ("light", "dark"):
            self.browser.devtools("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": scheme}])
            self.picture("%s-%s.png" % (name, scheme))
        self.browser.devtools("Emulation.setEmulatedMedia", features=[])


def example(reader, page):
    browser = reader.browser
    reader.open(page)
    total = browser.run(SHOWN)
    checks = browser.run("return document.querySelectorAll('.g').length")
    want("there is something to read", total > 10 and checks == 13, True)
    reader.schemes("summary")

    # Text, check and file.
    reader.type("context scope")
    browser.wait(SHOWN + " === 1")
    want("words are found in message, check and function", browser.run(
        "return document.getElementById('n').textContent"),
        "1 of %d shown" % total)
    browser.press("Escape", "Escape")
    browser.wait(SHOWN + " === arguments[0]", total)
    browser.click(".sum a[data-c='0']")
    becomes("a check of the summary filters", browser, 1, SHOWN)
    browser.press("Escape")
    browser.wait(SHOWN + " === arguments[0]", total)
    browser.run("""const file = document.getElementById('p');
        file.value = Array.from(file.options)
            .find((o) => o.text.endsWith('statistics.cpp')).value;
        file.dispatchEvent(new Event('change'));""")
    want("a file filters", browser.run(SHOWN), 2)
    reader.type("no such thing at all")
    browser.wait(SHOWN + " === 0")
    want("nothing is said to be found", browser.run(
        "return document.getElementById('nothing').checkVisibility()"), True)
    browser.press("Escape", "Escape")
    browser.wait(SHOWN + " === arguments[0]", total)

    # Keys: from finding to finding, open and close.
    browser.press("j")
    browser.wait(FOCUSED + ".startsWith('f')")
    first = browser.run(FOCUSED)
    browser.press("j")
    browser.wait(FOCUSED + " !== arguments[0]", first)
    second = browser.run(FOCUSED)
    want("j goes on", second.startswith("f"), True)
    browser.press("k")
    becomes("k goes back", browser, first, FOCUSED)
    browser.press("Enter")
    opened = "return document.querySelectorAll('.f[open]').length"
    becomes("Enter opens", browser, 1, opened)
    becomes("there is a picture", browser, True, """
        return document.querySelector('.f[open] svg')?.getBBox().width > 200""")
    want("and the source with its marks", browser.run(
        "return document.querySelectorAll('.f[open] .src mark').length > 0"),
        True)
    browser.press("o")
    becomes("o closes", browser, 0, opened)
    browser.press("e")
    becomes("e expands all", browser, total, opened)
    browser.press("c")
    becomes("c collapses all", browser, 0, opened)
    browser.press("g")
    becomes("g groups by file", browser, True, """
        return document.querySelector('#groups h2').textContent
            .split(' ')[0].endsWith('changes.cpp')""")
    becomes("all are still there", browser, total, SHOWN)
    browser.press("g")
    becomes("and back by check", browser, checks,
            "return document.querySelectorAll('.g').length")
    browser.press("?")
    becomes("? tells the keys", browser, True,
            "return document.getElementById('keys').open")
    browser.press("Escape")
    want("Tab reaches what can be used", browser.run("""
        return Array.from(document.querySelectorAll('[tabindex]'))
            .every((e) => e.tabIndex <= 0)"""), True)

    # A link to a finding opens it.
    browser.run("location.hash = arguments[0]", second)
    browser.wait("""const wanted = document.getElementById(arguments[0]);
        return wanted.open && wanted.querySelector('svg') !== null""", second)
    reader.schemes("finding")

    # Every text of every picture is inside of its lane and above the next one.
    browser.press("e")
    browser.wait(opened + " === arguments[0]", total)
    want("no text runs over another one", browser.run("""
        const wrong = [];
        for (const svg of document.querySelectorAll('.f svg')) {
          const width = svg.viewBox.baseVal.width;
          const lanes = Array.from(svg.querySelectorAll('.lh rect'))
              .map((r) => r.x.baseVal.value);
          for (const text of svg.querySelectorAll('text')) {
            const box = text.getBBox();
            const end = lanes.find((x) => x > box.x) ?? width;
            if (box.x + box.width > end || box.y < 0 ||
                box.y + box.height > svg.viewBox.baseVal.height)
              wrong.push(text.textContent);
          }
        }
        return wrong"""), [])
    want("each picture says in words what it shows", browser.run("""
        return Array.from(document.querySelectorAll('.f svg')).every((svg) =>
            svg.getAttribute('aria-labelledby').split(' ').every((id) =>
                document.getElementById(id).textContent.length > 20))"""), True)
    browser.press("c")
    browser.wait(opened + " === 0")

    # Paper shows what is closed on the screen.
    browser.pdf(os.path.join(reader.folder, "report.pdf"))
    browser.run("dispatchEvent(new Event('beforeprint'))")
    want("print opens everything", browser.run(opened), total)
    browser.run("dispatchEvent(new Event('afterprint'))")
    want("and closes it afterwards", browser.run(opened), 0)
    reader.close()


def hostile(reader, page):
    browser = reader.browser
    reader.open(page)
    browser.press("e", "g", "g", "g")
    browser.wait("return !document.body.classList.contains('by-check')")
    want("no script of the sources ran", browser.run(
        "return [window.hit, document.title.includes('hit')]"), [None, False])
    want("nothing of them is an element", browser.run("""
        return Array.from(document.querySelectorAll(
            'img, iframe, object, embed, base, link, b.bad, main script'))
            .length"""), 0)
    want("nothing of them is a handler", browser.run("""
        return Array.from(document.querySelectorAll('*')).some((e) =>
            Array.from(e.attributes).some((a) => a.name.startsWith('on')))"""),
        False)
    want("they are there as text", browser.run("""
        return document.querySelector('main').textContent
            .includes('<img src=x onerror=hit=1>')"""), True)
    reader.picture("hostile.png", whole=True)
    reader.close()
    # Whatever were in the page, its policy lets nothing run.
    browser.run("""const script = document.createElement('script');
        script.textContent = 'window.hit = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend',
            '<img src="https://example.invalid/x.png" onerror="hit = 1">');""")
    stopped = []
    webdriver.until(lambda _: len(stopped) >= 3, lambda: stopped.extend(
        entry["message"] for entry in browser.logged("browser")))
    want("the policy holds", browser.run("return window.hit"), None)
    want("and stops script, handler and image", len(stopped) == 3 and all(
        "Content Security Policy" in message for message in stopped), True)


def many(reader, page):
    browser = reader.browser
    reader.open(page)
    total = browser.run(SHOWN)
    want("there are many", total > 300, True)
    inside = "return document.querySelectorAll('.f .body').length"
    want("nothing inside of them is made", browser.run(inside), 0)
    browser.press("j", "j", "Enter")
    becomes("but of the one that is opened", browser, 1, inside)
    want("and it has its source", browser.run(
        "return document.querySelectorAll('.f[open] .src mark').length > 0"),
        True)
    # They are laid out in parts, whatever they are grouped by.
    for by in ("file", "check"):
        browser.press("g")
        browser.wait("""return document.body.classList.contains('by-check') ===
            arguments[0]""", by == "check")
        want("all of them by " + by, browser.run("""
            return Array.from(document.querySelectorAll('#groups .part > .f'))
                .length"""), total)
    reader.type("in_0_309")
    browser.wait(SHOWN + " === 1")
    want("only the part of it is shown", browser.run("""
        return Array.from(document.querySelectorAll('.part'))
            .filter((part) => !part.hidden).length"""), 1)
    browser.press("Escape", "Escape")
    browser.wait(SHOWN + " === arguments[0]", total)
    reader.close()


def main():
    pages, folder = sys.argv[1:4], sys.argv[4]
    os.makedirs(folder, exist_ok=True)
    with webdriver.Browser() as browser:
        reader = Reader(browser, folder)
        for read, page in zip((example, hostile, many), pages):
            read(reader, page)
    print("the reports read well")


if __name__ == "__main__":
    main()
