"""A small HTML checker for what html5lib's strict parser and axe do not check."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

# Source: WHATWG HTML, "autofill field names", those the form may use; street-address is for textarea only.
AUTOCOMPLETE = {"off", "given-name", "family-name", "email", "tel", "address-line1", "address-level2", "postal-code"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
IDREFS = ("for", "form", "aria-describedby", "aria-labelledby", "aria-controls")
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


def check(text: str, *origins: str) -> list[str]:
    """Every problem in a page. origins: where it may load from, besides its own."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    problems = [f"line {line}: {code}" for (line, _), code, _ in parser.errors]
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    ids = Counter(element.attrib["id"] for element in elements if "id" in element.attrib)
    problems += [f"id {name} occurs {times} times" for name, times in ids.items() if times > 1]
    for element in elements:
        problems += [f"<{element.tag}>: {fault}" for fault in _faults(element, set(ids), origins)]
    labelled = {element.attrib["for"] for element in elements if element.tag == "label" and "for" in element.attrib}
    wrapped = {child for label in elements if label.tag == "label" for child in label.iter()}
    questions = (
        element for element in elements if element.tag in ("input", "textarea") and element.get("type") != "hidden"
    )
    for question in questions:
        if question.get("id") not in labelled and question not in wrapped:
            problems.append(f"<{question.tag} name={question.get('name')}> has no label")
    if sum(element.tag == "h1" for element in elements) != 1:
        problems.append("not exactly one h1")
    if not (root.findtext("head/title") or "").strip():
        problems.append("no title")
    return problems


def _faults(element: Element, ids: set[str], origins: tuple[str, ...]) -> Iterator[str]:
    attributes = element.attrib
    for name in IDREFS:
        for target in attributes.get(name, "").split():
            if target not in ids:
                yield f"{name}={target} does not exist"
    href = attributes.get("href", "")
    if href.startswith("#") and href[1:] not in ids:
        yield f"link to {href} does not exist"
    if element.tag == "a" and (not href or not "".join(element.itertext()).strip()):
        yield "a link without target or text"
    if "autocomplete" in attributes and attributes["autocomplete"] not in AUTOCOMPLETE:
        yield f"autocomplete={attributes['autocomplete']}"
    for name in ("lang", "hreflang"):
        if name in attributes and not LANGUAGE.fullmatch(attributes[name]) and attributes[name] != "x-default":
            yield f"{name}={attributes[name]}"
    if element.tag == "html" and "lang" not in attributes:
        yield "no language"
    for name in attributes:
        if name.startswith("on") or name == "style":
            yield f"inline {name}"
    if element.tag == "style" or (element.tag == "script" and "src" not in attributes):
        yield "inline code"
    if element.tag == "img" and "alt" not in attributes:
        yield "no alt"
    if attributes.get("tabindex", "0") not in ("0", "-1"):
        yield f"tabindex={attributes['tabindex']}"
    loaded = element.tag != "link" or attributes.get("rel") in ("stylesheet", "icon", "preload", "modulepreload")
    url = urlsplit(attributes.get(FETCHED.get(element.tag, ""), "")) if loaded else urlsplit("")
    if url.netloc and f"{url.scheme}://{url.netloc}" not in origins:
        yield f"loads from {url.netloc}"
