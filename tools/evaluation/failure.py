# Part of the threadhop project, under the Apache License v2.0 with LLVM
# Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is wrong, said once, and how a stranger's text is shown."""
import re
import sys
from typing import List


class Failure(Exception):
    """Something that the user has to put right; the text says what."""


def plain(text: str) -> str:
    r"""Text of somebody else's, fit for a terminal: it cannot move the cursor,
    colour anything or turn the direction of writing.

    >>> plain("a\x1b[31mred\tb\u202ec")
    'a?[31mred b?c'
    """
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e"
                  "\u2066-\u2069\ufeff\ud800-\udfff]", "?",
                  text.replace("\t", " "))


def line(text: str) -> str:
    r"""The same in one line.

    >>> line("a\n  b")
    'a b'
    """
    return plain(" ".join(text.split()))


def short(text: str, columns: int = 72) -> str:
    """The beginning of a text.

    >>> short("a b", 3), short("abcdef", 5)
    ('a b', 'ab...')
    """
    return text if len(text) <= columns else text[:columns - 3] + "..."


def tail(text: str, lines: int = 15) -> str:
    """The last lines of what a program has said, set in."""
    last: List[str] = [s for s in text.splitlines() if s.strip()][-lines:]
    return "".join("\n    " + line(each) for each in last)


def say(text: str) -> None:
    """A line on how far things are, apart from the results."""
    print("evaluate: " + plain(text), file=sys.stderr, flush=True)
