"""Telling code from texts and comments in TypeScript."""

import pytest

from kit.gates import scan
from kit.gates.scan import call_end, code_only, spans, without_comments


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a // b\nc", "a     \nc"),
        ("a /* b\n */ c", "a     \n    c"),
        ("'// a' // b", "'// a'     "),
        ('"/* a"', '"/* a"'),
        ("`// ${ x /* y */ } //`", "`// ${ x         } //`"),
        ("`a ${ `b // ${c}` } d` // e", "`a ${ `b // ${c}` } d`     "),
        ("`${ {a: 1} } //` // b", "`${ {a: 1} } //`     "),
        ("/a\\/\\/b/.test(x) // c", "/a\\/\\/b/.test(x)     "),
        ("x = [/[/]*/g, 1] // c", "x = [/[/]*/g, 1]     "),
        ("a / b // c", "a / b     "),
        ("'a\\'// b' // c", "'a\\'// b'     "),
        ("return /'/ // c", "return /'/     "),
        ("'open\n// c", "'open\n    "),
    ],
)
def test_comments_are_taken_out(text, left):
    assert without_comments(text) == left


def test_code_keeps_its_place():
    text = "it('x', () => { f(`a${b}c`) }) // d"
    assert code_only(text) == "it(   , () => { f(    b   ) })     "
    assert len(code_only(text)) == len(text)


def test_the_pieces_make_the_whole():
    text = "a('b', /c/, `d${e}f`) // g\n/* h */ i"
    found = list(spans(text))
    assert "".join(text[start:end] for _, start, end in found) == text
    assert {kind for kind, _, _ in found} == {"code", "text", "comment"}


@pytest.mark.parametrize("text", ["`a ${", "'", "/*", "`", "a${", "/", "}"])
def test_broken_code_ends(text):
    assert "".join(text[start:end] for _, start, end in spans(text)) == text


def test_each_call_is_a_test():
    text = "\nit('a', () => { x(); });\ntest.skip('b', f);\ntest.each([[1, 2]])('c %i', (n) => { y(n); });\nedit('z');\n/z/.test(y);\n"
    found = scan.tests(text)
    assert [(one.line, one.modifiers) for one in found] == [(2, ""), (3, ".skip"), (4, ".each")]
    assert found[0].written == "('a', () => { x(); })"
    assert found[2].written == "('c %i', (n) => { y(n); })"


def test_tagged_tables_are_passed_over():
    [found] = scan.tests("it.each`\na | b\n${1} | ${2}\n`('adds', ({a, b}) => { expect(a).toBe(b); });")
    assert "expect(a)" in found.written


@pytest.mark.parametrize(("text", "end"), [("(a(b)c)d", 7), ("{[()]}x", 6), ("(", 1), ("(]", 2)])
def test_brackets_are_matched(text, end):
    assert call_end(text, 0) == end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("test('a', () => {})", 1),
        ("a.test('a')", 0),
        ("$test('a')", 0),
        ("latest('a')", 0),
        ("it ('a', f)", 1),
        ("test", 0),
        ("test.each([1])('a', f)", 1),
        ("test.each([1]) ('a', f)", 1),
        ("test.each`a`('a', f)", 1),
        ("test.each`a`", 0),
        ("// test('a', f)", 0),
        ("'test(1)'", 0),
    ],
)
def test_how_many_tests_a_text_has(text, count):
    assert len(scan.tests(text)) == count


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a", ["code"]),
        ("/*a*/", ["comment"]),
        ("/*a", ["comment"]),
        ("//a\nb", ["comment", "code"]),
        ("'a'", ["text"]),
        ("'a\\", ["text"]),
        ("`a${b}c`", ["text", "code", "text"]),
        ("`a${{b}}c`", ["text", "code", "text"]),
        ("`a\\`b`", ["text"]),
        ("`$`", ["text"]),
        ("(/a/)", ["code", "text", "code"]),
        ("x /a/ y", ["code"]),
        ("typeof /a/", ["code", "text"]),
        ("= /a\n/", ["code"]),
        ("= /[/]/", ["code", "text"]),
        ("= /\\//", ["code", "text"]),
        ("} b", ["code"]),
    ],
)
def test_the_kinds_of_pieces(text, kinds):
    assert [kind for kind, _, _ in scan.spans(text)] == kinds
