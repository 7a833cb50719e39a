"""Tests that only look like tests: skipped in other words, never reached, never able to fail."""

from __future__ import annotations

import pytest
from clean_run import INTEGRATION, LIVE, UNITS

from kit.gates import tests_python, tests_script

SEEN = "template.Resources.Orders"
SCRIPTS = [
    ("test['skip']('b', () => { expect(SEEN).toBe(2); });", "not every test is run"),
    ("(test as any).skip('b', () => { expect(SEEN).toBe(2); });", "not every test is run"),
    ("const maybe = process.env.CI ? test : test.skip;\nmaybe('b', () => { expect(SEEN).toBe(2); });", "not every test is run"),
    ("test('a', () => {\n  return;\n  expect(SEEN).toBe(1);\n});", "never run"),
    ("test('a', () => {\n  if (!process.env.RUN) return;\n  expect(SEEN).toBe(1);\n});", "only when a condition holds"),
    ("test('a', () => {\n  if (!process.env.RUN) {\n    return;\n  }\n  expect(SEEN).toBe(1);\n});", "only when a condition holds"),
    ("test('a', () => { if (SEEN) { expect(SEEN.b).toBe(1); } });", "only when a condition holds"),
    ("test('a', () => { if (false) { expect(SEEN).toBe(1); } });", "never run"),
    ("test('a', () => { for (const one of []) { expect(one).toBe(1); } });", "never run"),
    ("test('a', () => { const check = () => { expect(SEEN).toBe(1); }; });", "never run"),
    ("test('a', () => { function check() { expect(SEEN).toBe(1); } });", "never run"),
    ("test('a', () => { try { expect(SEEN).toBe(1); } catch { } });", "passed over"),
    ("test('a', () => { try { expect(SEEN).toBe(1); } catch (error) { console.log(error); } });", "passed over"),
    ("test('a', async () => { await f().then(() => expect(SEEN).toBe(1)).catch(() => {}); });", "passes over"),
    ("test('a', async () => { await f().then(() => expect(SEEN).toBe(1)).catch(e => console.log(e)); });", "passes over"),
    ("test('a', () => { expect(SEEN); });", "without a matcher"),
    ("test('a', () => { expect(SEEN); expect(SEEN).toBe(1); });", "without a matcher"),
    ("test('a', () => { expect(!!1).toBe(true); });", "always so"),
    ("test('a', () => { expect(1 + 1).toBe(2); });", "always so"),
    ("test('a', () => { expect('a').toContain('a'); });", "always so"),
    ("test('a', () => { assert(true, String(SEEN)); });", "always so"),
    ("test('a', () => { const ok = true; expect(ok).toBe(true); });", "always so"),
    ("test('a', () => { expect.assertions(0); });", "without an assertion"),
    ("const show = (x: any) => console.log(x);\ntest('a', () => { show(SEEN); });", "without an assertion"),
    ("function show(x: any) { console.log(x); }\ntest('a', () => { show(SEEN); });", "without an assertion"),
    ("const show = 1;\ntest('a', () => { f(SEEN); });", "without an assertion"),
    ("test('a', () => {return; expect(SEEN).toBe(1); });", "never run"),
    ("test('a', () => { return; SEEN.forEach(one => { expect(one).toBe(1); }); });", "never run"),
    ("test('a', () => { if (!SEEN) return; SEEN.forEach(one => { expect(one).toBe(1); }); });", "only when a condition holds"),
    ("test('a', () => { expect(SEEN).toBe(SEEN); });", "always so"),
    ("test('a', () => { expect(1)['toBe'](1); });", "always so"),
    ("const sum = (1 + 2);\ntest('a', () => { sum(SEEN); });\ntest('b', () => { expect(SEEN).toBe(1); });", "without an assertion"),
    ("function show(x: any): void;\ntest('a', () => { show(SEEN); });\ntest('b', () => { expect(SEEN).toBe(1); });", "without an assertion"),
]  # fmt: skip
GOOD_SCRIPTS = [
    "test('a', () => { const wanted = 3; expect(wanted).toBe(SEEN.length); });",
    "test('a', () => { const wanted = 3; expect(SEEN).toHaveLength(wanted); });",
    "test('a', () => { if (SEEN.a) { expect(SEEN.b).toBe(1); } else { expect(SEEN.c).toBe(2); } });",
    "test('a', () => { for (const one of Object.values(SEEN)) { expect(one).toBe(1); } });",
    "test('a', () => { SEEN.forEach(one => { if (!one) return; f(one); }); expect(SEEN).toBe(1); });",
    "test('a', () => { const check = (x: string) => { expect(SEEN[x]).toBe(1); }; check('b'); });",
    "test('a', async () => { try { await f(); throw new Error('x'); } catch (error) { expect(error.name).toBe('No'); } });",
    "test('a', async () => { try { expect(SEEN).toBe(1); } finally { await close(); } });",
    "test('a', async () => { try { expect(SEEN).toBe(1); } catch (error) { console.log(error); throw error; } });",
    "test('a', async () => { await expect(f()).rejects.toThrow('no'); });",
    "test('a', async () => { await f().then(() => { expect(SEEN).toBe(1); }); });",
    "test('a', done => { f(() => { expect(SEEN).toBe(1); done(); }); });",
    "test('a', () => { const names = SEEN.map((one: any) => { return one.Name; }); expect(names).toContain('b'); });",
    "test('a', () => expect(SEEN).toBe(1));",
    "test('a', () => { const check = (x: any) => { expect(x).toBe(1); }; SEEN.forEach(check); });",
    "test('a', () => { check(SEEN); });\nconst check = (x: any) => expect(x).toBe(1)",
    "test('a', checked);",
    "const check = (x: any) => expect(x).toBe(1);\ntest('a', () => { check(SEEN); });",
    "const check = x => { expect(x).toBe(1); };\ntest('a', () => { check(SEEN); });",
    "const check = async ({ a }: { a: any }) => { expect(a).toBe(1); };\ntest('a', async () => { await check(SEEN); });",
    "function check(x: { a: any }): void { expect(x).toBe(1); }\ntest('a', () => { check(SEEN); });",
    "test('a', () => { assert.equal(SEEN, 1); });",
    "const check = (x: any) => f(x) && expect(x).toBe(1);\ntest('a', () => { check(SEEN); });",
    "const check = (x: any) => { f(x); expect(x).toBe(1); };\ntest('a', () => { check(SEEN); });",
    "test.each([1, 2])('a %s', n => { expect(SEEN[n]).toBe(n); });",
    "test('a', () => { Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1); });",
    "test('a', () => { expect(3).toBe(SEEN.length); });",
    "test('a', () => { const all = SEEN.filter(one => { return; }); expect(all).toBe(1); });",
    "const check = (x: any): Promise<{ a: any }> => { return expect(x).toBe(1); };\ntest('a', () => check(SEEN));",
]
HEAD = "import pytest, unittest, contextlib, os\nSEEN = f()\n"
PYTHONS = [
    ("pytestmark = pytest.mark.skip\ndef test_a():\n    assert SEEN\n", "pytest.mark.skip: not every"),
    ("pytestmark = pytest.mark.skipif(os.name == 'x', reason='y')\ndef test_a():\n    assert SEEN\n", "skipif: not every"),
    ("@pytest.mark.parametrize('a', [pytest.param(1, marks=pytest.mark.xfail)])\ndef test_a(a):\n    assert SEEN == a\n", "xfail: not every"),
    ("def test_a():\n    raise unittest.SkipTest('later')\n", "SkipTest: not every"),
    ("boto = pytest.importorskip('boto')\ndef test_a():\n    assert SEEN\n", "importorskip: not every"),
    ("from pytest import skip\ndef test_a():\n    skip('later')\n    assert SEEN\n", "skip: not every"),
    ("class TestA:\n    __test__ = False\n    def test_a(self):\n        assert SEEN\n", "__test__"),
    ("def pytest_collection_modifyitems(items):\n    items.clear()\ndef test_a():\n    assert SEEN\n", "hook"),
    ("def check(x):\n    print(x)\ndef test_a():\n    check(SEEN)\n", "without an assertion"),
    ("def test_a():\n    assert (SEEN == 0, 'empty')\n", "always so"),
    ("def test_a():\n    assert SEEN or True\n", "always so"),
    ("def test_a():\n    assert not False\n", "always so"),
    ("def test_a():\n    assert len([]) == 0\n", "always so"),
    ("def test_a():\n    ok = True\n    assert ok\n", "always so"),
    ("def test_a():\n    assert True and 1\n", "always so"),
    ("def test_a():\n    try:\n        assert SEEN\n    except AssertionError:\n        pass\n", "passed over"),
    ("def test_a():\n    try:\n        assert SEEN\n    except Exception as error:\n        print(error)\n", "passed over"),
    ("def test_a():\n    try:\n        assert SEEN\n    except:\n        pass\n", "passed over"),
    ("def test_a():\n    try:\n        assert SEEN\n    except (KeyError, AssertionError):\n        pass\n", "passed over"),
    ("def test_a():\n    with contextlib.suppress(AssertionError):\n        assert SEEN\n", "passed over"),
    ("def test_a():\n    return\n    assert SEEN\n", "never run"),
    ("def test_a():\n    if not os.getenv('RUN'):\n        return\n    assert SEEN\n", "only when a condition holds"),
    ("def test_a():\n    if SEEN:\n        assert SEEN == 2\n", "only when a condition holds"),
    ("def test_a():\n    match SEEN:\n        case 1:\n            assert SEEN\n", "only when a condition holds"),
    ("def test_a():\n    if False:\n        assert SEEN\n", "never run"),
    ("def test_a():\n    for one in []:\n        assert one\n", "never run"),
    ("def test_a():\n    while False:\n        assert SEEN\n", "never run"),
    ("def test_a():\n    def check():\n        assert SEEN\n", "never run"),
]  # fmt: skip
GOOD_PYTHONS = [
    "def test_a():\n    try:\n        assert SEEN\n    except KeyError:\n        pass\n",
    "def test_a():\n    try:\n        assert SEEN\n    except Exception:\n        print('x')\n        raise\n",
    "def test_a():\n    try:\n        assert SEEN\n    except Exception as error:\n        pytest.fail(str(error))\n",
    "def test_a():\n    try:\n        f()\n    finally:\n        assert SEEN\n",
    "def test_a():\n    if SEEN:\n        assert SEEN == 2\n    else:\n        assert f()\n",
    "def test_a():\n    for one in SEEN:\n        if not one:\n            continue\n        assert one\n    assert SEEN\n",
    "def test_a():\n    def check():\n        assert SEEN\n    check()\n",
    "def test_a():\n    with pytest.raises(KeyError):\n        f()\n",
    "def test_a():\n    wanted = 3\n    assert SEEN == wanted\n",
    "def test_a():\n    wanted = 3\n    wanted = f()\n    assert wanted\n",
    "def check(x):\n    assert x\ndef test_a():\n    check(SEEN)\n",
    "class TestA(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(SEEN, 1)\n",
    "def test_a():\n    table.skip(1)\n    assert SEEN\n",
    "def test_a():\n    for one in ['a', 'b']:\n        assert SEEN[one]\n",
    "def test_a():\n    while True:\n        assert SEEN\n",
    "async def test_a():\n    async with f() as one:\n        assert one\n",
]


@pytest.mark.parametrize(("text", "words"), SCRIPTS)
def test_a_script_that_only_looks_like_a_test(text, words):
    _, found = tests_script.look(text.replace("SEEN", SEEN) + "\n")
    assert any(words in problem for _, problem in found), found


@pytest.mark.parametrize("text", GOOD_SCRIPTS)
def test_a_script_that_can_fail(text):
    assert tests_script.look(text.replace("SEEN", SEEN) + "\n") == (1, [])


@pytest.mark.parametrize(("text", "words"), PYTHONS)
def test_a_python_file_that_only_looks_like_a_test(text, words):
    _, found = tests_python.look(HEAD + text)
    assert any(words in problem for _, problem in found), found


@pytest.mark.parametrize("text", GOOD_PYTHONS)
def test_a_python_test_that_can_fail(text):
    assert tests_python.look(HEAD + text) == (1, [])


def test_problems_are_told_with_their_line():
    assert tests_python.look(HEAD + "\n\ndef test_a():\n    assert 1\n")[1] == [(5, "asserts only what is always so")]
    assert tests_script.look("\n\ntest('a', () => { expect(1).toBe(1); });\n")[1] == [
        (3, "asserts only what is always so")
    ]
    assert tests_script.look("\n\ntest.skip('a', () => {});\n")[1] == [(3, "test.skip: not every test is run")]


@pytest.mark.parametrize(
    ("body", "assertions"),
    [
        ("expect(SEEN).toBe(1); expect(SEEN.a).toBe(2);", 2),
        ("expect(SEEN); expect(SEEN.a).toBe(2);", 1),
        ("expect(1).toBe(1); expect(SEEN.a).toBe(2);", 1),
        ("if (false) { expect(SEEN).toBe(1); } expect(SEEN.a).toBe(2);", 1),
        ("if (SEEN) { expect(SEEN).toBe(1); } expect(SEEN.a).toBe(2);", 2),
    ],
)
def test_only_assertions_that_are_run_and_could_fail_are_counted(body, assertions):
    assert tests_script.count(f"test('a', () => {{ {body} }});\n") == (1, assertions)


def integration(bench, old, new):
    bench.write(LIVE, INTEGRATION.replace(old, new))
    return " ".join(bench.ask("integration-tests").problems)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("const sqs =", "jest['mock']('@aws-sdk/client-sqs');\nconst sqs =", "a mock"),
        ("const sqs =", "const fake = jest.createMockFromModule('x');\nconst sqs =", "a mock"),
        ("describe(", "SQSClient.prototype.send = (async () => ({})) as any;\ndescribe(", "a mock"),
        ("describe(", "global.fetch = async () => new Response('');\ndescribe(", "a mock"),
        ("describe(", "http.createServer(answer).listen(4999);\ndescribe(", "a mock"),
        ("new SQSClient({})", "{ send: async (_: unknown) => ({}) } as unknown as SQSClient", "a mock"),
        ("new SQSClient({})", "new (class { async send(_: unknown) { return {}; } })() as any", "a mock"),
        ("import { outputs } from '../jest/outputs';", "const F = 'cfn-outputs/flat-outputs.json';\nconst outputs = { QueueUrl: 'x' };", "does not read them"),
        ("outputs.QueueUrl", "outputs.QueueUrl || 'https://sqs.example/x'", "of the test's own"),
        ("outputs.QueueUrl", "outputs['QueueUrl'] ?? 'https://sqs.example/x'", "of the test's own"),
        ("describe(", "const found = outputs || { QueueUrl: 'x' };\ndescribe(", "of the test's own"),
    ],
)  # fmt: skip
def test_an_integration_test_that_does_not_ask_the_stack(bench, old, new, words):
    assert words in integration(bench, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("describe(", "const send = async (command: any) => sqs.send(command);\ndescribe("),
        ("describe(", "async function send(command: any) { return sqs.send(command); }\ndescribe("),
        ("outputs.QueueUrl", "outputs.QueueUrl || ''"),
        ("import { outputs } from '../jest/outputs';", "import fs from 'fs';\nconst outputs = JSON.parse(fs.readFileSync('cfn-outputs/flat-outputs.json', 'utf8'));"),
    ],
)  # fmt: skip
def test_an_integration_test_that_asks_it(bench, old, new):
    assert integration(bench, old, new) == ""


def test_a_mock_in_what_an_integration_test_imports_is_found(bench):
    bench.write("test/support/index.ts", "import { sqs } from '../clients';\nexport { sqs };\n")
    bench.write("test/clients.ts", "jest.mock('@aws-sdk/client-sqs');\nexport const sqs = 1;\n")
    assert bench.ask("integration-tests").passed
    told = integration(bench, "const sqs = new SQSClient({});", "import { sqs } from './support';")
    assert "test/clients.ts: jest.mock: a mock" in told


def test_a_mock_for_the_unit_tests_alone_may_be(bench):
    bench.write("test/fakes.ts", "jest.mock('fs');\nexport {};\n")
    bench.write(UNITS, (bench.root / UNITS).read_text() + "import './fakes';\n")
    assert bench.ask("integration-tests").passed


def test_what_jest_mocks_by_itself_is_found(bench):
    bench.write("test/__mocks__/@aws-sdk/client-sqs.ts", "export class SQSClient {}\n")
    assert "test/__mocks__/@aws-sdk/client-sqs.ts" in bench.ask("integration-tests").reason


def test_what_cannot_be_read_holds_no_test():
    count, [(line, words)] = tests_python.look("\ndef test_a(:\n")
    assert (count, line) == (0, 2)
    assert words.startswith("not valid Python")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("test.todo('a');", ["test.todo: not every test is run"]),
        ("test.skip('a', () => {});", ["test.skip: not every test is run"]),
        ("test('a');", ["a test without a body"]),
        (
            "const show = [1, 2];\nconst expectations = (x: any) => { expect(x); };\ntest('a', () => { show(1); });",
            ["a test without an assertion"],
        ),
        (
            "test('a', () => { expect(SEEN); if (SEEN.a) { expect(SEEN.b).toBe(1); } });",
            ["expect without a matcher asserts nothing", "asserts only when a condition holds"],
        ),
        ("test('a', () => { try { expect(SEEN).toBe(1); } finally { f(); } g(() => { throw 1; }); });", []),
    ],
)
def test_each_trouble_is_told_once(text, problems):
    assert [words for _, words in tests_script.look(text.replace("SEEN", SEEN) + "\n")[1]] == problems


def test_a_bare_expect_is_one_problem():
    assert len(tests_script.look("test('a', () => { expect(f()); });\n")[1]) == 1


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("try:\n    f()\nexcept KeyError:\n    pass\n", True),
        ("try:\n    f()\nexcept KeyError:\n    'never mind'\n", True),
        ("try:\n    f()\nexcept KeyError:\n    pass\n    g()\n", False),
        ("f()\n", False),
        ("f(:\n", False),
    ],
)
def test_errors_that_are_passed_over(text, over):
    assert tests_python.passes_over(text) is over
