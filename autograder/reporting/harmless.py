"""A student's text, such that a page of the instructor's may show it.

nbgrader's formgrader renders Markdown with whatever HTML is in it, on a page from which grades
can be changed: a script in a student's text could give its author full marks.
"""

import html
import re

# A "<" before anything else is a smaller-than, to a browser too.
_TAG = re.compile(r"<[a-zA-Z/!?]")
_SCRIPT = re.compile(r"(java|vb)script:")
# What a browser or Markdown reads over in the address of a link.
_READ_OVER = re.compile(r"[\x00-\x20\\]+")
_FENCE = re.compile(r"`{3,}")


def harmless(markdown: str) -> str:
    """The text without what could run when it is shown; formatting and formulas stay.

    Text with a link that runs a script is shown as it was typed.
    """
    if _SCRIPT.search(_READ_OVER.sub("", html.unescape(markdown)).casefold()):
        fence = max(_FENCE.findall(markdown), key=len, default="``") + "`"
        return f"{fence}\n{markdown}\n{fence}"
    if _TAG.search(markdown):
        from nbconvert.preprocessors.sanitize import SanitizeHTML

        return SanitizeHTML().sanitize_html_tags(markdown)
    return markdown
