"""Stylesheets and scripts are minified without changing what they do."""

import pytest

from theme.assets import STATIC, fingerprint, minify, minify_css, minify_js, read_assets

SCRIPTS = {
    "a comment": ("a(); // why\nb();", "a();b();"),
    "a multi-line comment": ("a() /* why\n not */\nb()", "a()\nb()"),
    "an address in a string": ("const url = 'http://x.example/a  b'; // it's", "const url='http://x.example/a  b';"),
    "quotes in a string": (r'say("\"  // no", 1)', r'say("\"  // no",1)'),
    "a template": ("x = `a  // ${ b ? `  c` : '`' }  d`;", "x=`a  // ${ b ? `  c` : '`' }  d`;"),
    "a regular expression": (r"x = /  \/[/\"]  /g.test(y)", r"x= /  \/[/\"]  /g.test(y)"),
    "a regular expression after a word": ("return /a'  b/.test(c)", "return /a'  b/.test(c)"),
    "a division": ("x = a / b / c; // 'd'", "x=a / b / c;"),
    "a division after brackets": ("x = (a) / 2; y = '//'", "x=(a) / 2;y='//'"),
    "a line break that ends a statement": ("a = b\nc = d", "a=b\nc=d"),
    "a line break that ends nothing": ("f(\n  a,\n  b\n)\n  .c();", "f(a,b).c();"),
    "words": ("async  function  f() { return  typeof a }", "async function f(){return typeof a}"),
    "operators that must stay apart": ("a + ++b - -c", "a+ ++b- -c"),
}
SHEETS = {
    "a comment": ("/* a */ b { c: d; } /* e */", "b{c:d}"),
    "a string": ('a::before { content: "/* x */  ; }"; }', 'a::before{content:"/* x */  ; }"}'),
    "significant spaces": (
        ".a :focus > b, c { margin: calc(1px + 2px) 0 }",
        ".a :focus>b,c{margin:calc(1px + 2px) 0}",
    ),
    "a media query": (
        "@media screen and (min-width: 1px) { a { b: c } }",
        "@media screen and (min-width:1px){a{b:c}}",
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_minified(name: str) -> None:
    text, expected = SCRIPTS[name]
    assert minify_js(text) == expected
    assert minify_js(expected) == expected


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_is_minified(name: str) -> None:
    text, expected = SHEETS[name]
    assert minify_css(text) == expected
    assert minify_css(expected) == expected


def test_an_unterminated_template_literal_is_an_error() -> None:
    with pytest.raises(ValueError, match="unterminated template literal"):
        minify_js("x = `a")


def test_minifying_our_files_again_changes_nothing() -> None:
    for name, content in read_assets().items():
        assert minify(name, content) == content, name
    assert len(fingerprint()) == 8


def test_other_files_are_served_unchanged() -> None:
    assert read_assets()["icon.svg"] == (STATIC / "icon.svg").read_bytes()
