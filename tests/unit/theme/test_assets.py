"""What is stripped from style and script is what only their authors read."""

import pytest

from theme.assets import STATIC, fingerprint, minify, minify_css, minify_js, read_assets

SCRIPTS = {
    "a comment": ("a(); // why\nb();", "a();b();"),
    "a comment over lines": ("a() /* why\n not */\nb()", "a()\nb()"),
    "an address in a string": ("const url = 'http://x.example/a  b'; // it's", "const url='http://x.example/a  b';"),
    "quotes in a string": (r'say("\"  // no", 1)', r'say("\"  // no",1)'),
    "a template": ("x = `a  // ${ b ? `  c` : '`' }  d`;", "x=`a  // ${ b ? `  c` : '`' }  d`;"),
    "a regular expression": (r"x = /  \/[/\"]  /g.test(y)", r"x= /  \/[/\"]  /g.test(y)"),
    "a regular expression after a word": ("return /a'  b/.test(c)", "return /a'  b/.test(c)"),
    "a division": ("x = a / b / c; // 'd'", "x=a / b / c;"),
    "a division after brackets": ("x = (a) / 2; y = '//'", "x=(a) / 2;y='//'"),
    "a line end that ends a statement": ("a = b\nc = d", "a=b\nc=d"),
    "a line end that ends nothing": ("f(\n  a,\n  b\n)\n  .c();", "f(a,b).c();"),
    "words": ("async  function  f() { return  typeof a }", "async function f(){return typeof a}"),
    "signs that must not meet": ("a + ++b - -c", "a+ ++b- -c"),
}
SHEETS = {
    "a comment": ("/* a */ b { c: d; } /* e */", "b{c:d}"),
    "a string": ('a::before { content: "/* x */  ; }"; }', 'a::before{content:"/* x */  ; }"}'),
    "spaces that mean something": (
        ".a :focus > b, c { margin: calc(1px + 2px) 0 }",
        ".a :focus>b,c{margin:calc(1px + 2px) 0}",
    ),
    "a question about the screen": (
        "@media screen and (min-width: 1px) { a { b: c } }",
        "@media screen and (min-width:1px){a{b:c}}",
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_does_the_same_in_fewer_bytes(name: str) -> None:
    text, expected = SCRIPTS[name]
    assert minify_js(text) == expected
    assert minify_js(expected) == expected


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_says_the_same_in_fewer_bytes(name: str) -> None:
    text, expected = SHEETS[name]
    assert minify_css(text) == expected
    assert minify_css(expected) == expected


def test_a_template_without_an_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="without an end"):
        minify_js("x = `a")


def test_our_own_files_are_stripped_once_and_for_all() -> None:
    for name, content in read_assets().items():
        assert minify(name, content) == content, name
    assert len(fingerprint()) == 8


def test_what_is_neither_style_nor_script_is_sent_as_it_is() -> None:
    assert read_assets()["icon.svg"] == (STATIC / "icon.svg").read_bytes()
