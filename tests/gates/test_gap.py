"""The measured gap: by resource and property for templates, by normalised code for programs."""

import pytest
from clean_run import ENTRY, FINAL, FIRST

from kit.gates.gap import Change, Gap, category, contradictions, measure, normalised
from kit.gates.stacks import Terraform

PATH = "lib/TapStack.yml"


def between(before, after):
    return measure({PATH: before}, {PATH: after})


def test_equal_templates_have_no_gap():
    commented = FIRST.replace("Resources:\n", "# a comment\nResources:\n\n")
    found = between(FIRST, commented)
    assert (found.same, found.changes, found.categories) == (True, [], {})


def test_yaml_and_its_long_form_are_equal():
    assert between(FIRST, FIRST.replace("!Ref Orders", "{Ref: Orders}")).same


def test_properties_are_named_with_their_category():
    assert between(FIRST, FINAL).changes == [
        Change("added", "Invoices", "PublicAccessBlockConfiguration", "security"),
        Change("added", "Ledger", "PointInTimeRecoverySpecification", "data-loss"),
    ]


def test_nested_properties_are_told_apart():
    weaker = FINAL.replace("BlockPublicAcls: true", "BlockPublicAcls: false")
    assert between(FINAL, weaker).changes == [
        Change("changed", "Invoices", "PublicAccessBlockConfiguration.BlockPublicAcls", "security")
    ]


def test_resources_come_and_go():
    topic = FIRST.replace("Outputs:\n", "  Alerts:\n    Type: AWS::SNS::Topic\nOutputs:\n")
    assert between(FIRST, topic).changes == [Change("added", "Alerts", "", "function")]
    assert between(topic, FIRST).changes == [Change("removed", "Alerts", "", "function")]


def test_a_new_role_is_security():
    role = FIRST.replace("Outputs:\n", "  R:\n    Type: AWS::IAM::Role\nOutputs:\n")
    assert between(FIRST, role).categories == {"security": 1}


def test_other_sections_count():
    export = FIRST.replace("    Value: !Ref Orders\n", "    Value: !Ref Orders\n    Export: {Name: q}\n")
    assert between(FIRST, export).changes == [Change("added", "Outputs", "QueueUrl.Export", "naming")]
    named = FIRST.replace("Parameters:\n", "Description: orders\nParameters:\n")
    assert between(FIRST, named).changes == [Change("added", "Description", "", "style")]
    parameter = FIRST.replace("Default: dev", "Default: test")
    assert between(FIRST, parameter).changes == [
        Change("changed", "Parameters", "EnvironmentSuffix.Default", "function")
    ]


def test_the_order_of_tags_means_nothing():
    one = FIRST.replace("      QueueName", "      Tags: [{Key: a, Value: '1'}, {Key: b, Value: '2'}]\n      QueueName")
    two = FIRST.replace("      QueueName", "      Tags: [{Key: b, Value: '2'}, {Key: a, Value: '1'}]\n      QueueName")
    assert between(one, two).same
    assert not between(one, FIRST).same


def test_the_order_of_other_lists_means_something():
    one = FIRST.replace("      QueueName", "      X: [a, b]\n      QueueName")
    assert not between(one, one.replace("[a, b]", "[b, a]")).same


def test_functions_are_compared_as_a_whole():
    found = between(FIRST, FIRST.replace("!Sub 'orders-${EnvironmentSuffix}'", "!Ref EnvironmentSuffix"))
    assert found.changes == [Change("changed", "Orders", "QueueName", "naming")]


def test_a_type_that_changes_is_told():
    found = between(FIRST, FIRST.replace("AWS::SQS::Queue", "AWS::SNS::Topic"))
    assert found.changes == [Change("changed", "Orders", "Type", "function")]


def test_programs_differ_by_code_not_by_layout():
    first = {"lib/lambda/a.py": "def f(x):\n    return x  # as it is\n"}
    same = {"lib/lambda/a.py": "# new\ndef f( x ):\n\n        return x\n"}
    other = {"lib/lambda/a.py": "def f(x):\n    return x + 1\n"}
    assert measure(first, same).same
    assert measure(first, other).changes == [Change("changed", "lib/lambda/a.py", "2 lines", "function")]


@pytest.mark.parametrize(
    ("path", "one", "two"),
    [
        ("a.ts", "const a = 1; // one\n", "const a = 1; /* two\n */\n"),
        ("a.js", "f(  1 )\n\n", "f( 1 )\n"),
        ("a.txt", " a  b \n\n", "a b\n"),
        ("a.py", "if x:\n  y()\n", "if x:\n    y()\n"),
    ],
)
def test_what_normalised_code_leaves_out(path, one, two):
    assert normalised(path, one) == normalised(path, two)


@pytest.mark.parametrize(
    ("path", "one", "two"),
    [
        ("a.ts", "f('// a')\n", "f('// b')\n"),
        ("a.py", "if x:\n    y()\nz()\n", "if x:\n    y()\n    z()\n"),
        ("a.py", "x = '# a'\n", "x = '# b'\n"),
        ("a.py", "def (\n", "def [\n"),
    ],
)
def test_what_normalised_code_keeps(path, one, two):
    assert normalised(path, one) != normalised(path, two)


def test_files_come_and_go():
    assert measure({}, {"lib/a.ts": "a"}).changes == [Change("added", "lib/a.ts", "", "function")]
    assert measure({"lib/a.ts": "a"}, {}).changes == [Change("removed", "lib/a.ts", "", "function")]


def test_a_template_that_cannot_be_read_is_compared_as_text():
    found = between("{ broken", FINAL)
    assert (found.same, found.changes[0].how, found.changes[0].where) == (False, "changed", PATH)


@pytest.mark.parametrize(
    ("kind", "path", "wanted"),
    [
        ("AWS::S3::Bucket", "BucketEncryption", "security"),
        ("AWS::S3::Bucket", "VersioningConfiguration", "data-loss"),
        ("AWS::S3::Bucket", "LifecycleConfiguration", "cost"),
        ("AWS::S3::Bucket", "BucketName", "naming"),
        ("AWS::S3::Bucket", "Tags", "style"),
        ("AWS::S3::Bucket", "DeletionPolicy", "data-loss"),
        ("AWS::Lambda::Function", "Handler", "function"),
        ("AWS::Lambda::Function", "MemorySize", "cost"),
        ("AWS::Lambda::Function", "VpcConfig.SubnetIds", "network"),
        ("AWS::EC2::SecurityGroup", "SecurityGroupIngress", "network"),
        ("AWS::EC2::Subnet", "", "network"),
        ("AWS::IAM::Role", "", "security"),
        ("AWS::SQS::Queue", "RedrivePolicy", "data-loss"),
        ("AWS::SQS::Queue", "", "function"),
    ],
)
def test_categories(kind, path, wanted):
    assert category(kind, path) == wanted


SAME, OTHER = Gap(), Gap([Change("added", "A", "", "function")], False)


def test_agreement_is_no_contradiction():
    assert contradictions(OTHER, [ENTRY], ["001-lint.json: failed"]) == []
    assert contradictions(SAME, [], []) == []


@pytest.mark.parametrize(
    ("gap", "entries", "troubles", "words"),
    [
        (SAME, [ENTRY], [], "1 failures are claimed, but"),
        (OTHER, [], ["001-lint.json: failed"], "no failure is claimed, but the baseline says: 001-lint.json: failed"),
        (SAME, [], ["x"], "the code is equal to the first answer, whose baseline says: x"),
        (OTHER, [], [], "no failure is claimed, but 1 differences"),
    ],
)
def test_contradictions_are_said(gap, entries, troubles, words):
    assert any(words in one for one in contradictions(gap, entries, troubles))


def test_failures_of_tests_need_no_change_of_code():
    assert contradictions(SAME, [ENTRY | {"files": ["test/a.test.ts"]}], []) == []
    assert contradictions(SAME, [ENTRY | {"files": ["test/a.test.ts", "lib/a.ts"]}], [])
    assert contradictions(SAME, [ENTRY | {"files": []}], [])


def stack(path="t", **resources):
    return Terraform(path, {"resource": resources or {"aws_sqs_queue": {"q": {"name": "q"}}}}, "syntht7")


PROGRAM = {"lib/tap_stack.py": "import cdktf\nQUEUE = 1\n"}
CHANGED = {"lib/tap_stack.py": "import cdktf\nQUEUE = 2\n"}
LINES = Change("changed", "lib/tap_stack.py", "2 lines", "style")


def test_what_was_synthesized_tells_what_a_change_means():
    before, after = [stack()], [stack(aws_sqs_queue={"q": {"name": "q", "kms_master_key_id": "k"}})]
    found = measure(PROGRAM, CHANGED, before, after)
    assert found.changes == [Change("added", "aws_sqs_queue.q", "kms_master_key_id", "security"), LINES]


def test_without_both_stacks_the_code_is_all_that_is_compared():
    code = [Change("changed", "lib/tap_stack.py", "2 lines", "function")]
    assert measure(PROGRAM, CHANGED, [stack()], []).changes == code
    assert measure(PROGRAM, CHANGED, [], [stack()]).changes == code


def test_equal_programs_are_equal_whatever_was_synthesized():
    assert measure(PROGRAM, PROGRAM, [stack("a")], [stack("b")]) == Gap()


def test_stacks_come_and_go():
    found = measure(PROGRAM, CHANGED, [stack("a"), stack("b")], [stack("b"), stack("c")])
    assert found.changes == [
        Change("removed", "aws_sqs_queue.q", "", "function"),
        Change("added", "aws_sqs_queue.q", "", "function"),
        LINES,
    ]


def test_data_sources_are_told_by_what_they_ask_for():
    def asking(**body):
        value = {"resource": {"aws_sqs_queue": {"q": {}}}, "data": {"aws_kms_alias": {"k": body}}}
        return Terraform("t", value, "syntht7")

    found = measure(PROGRAM, CHANGED, [asking(name="a")], [asking(name="b")])
    assert found.changes == [Change("changed", "data", "aws_kms_alias.k.name", "security"), LINES]
    bare = Terraform("t", {"resource": {"aws_sqs_queue": {"q": {}}}}, "syntht7")
    assert measure(PROGRAM, CHANGED, [bare], [asking(name="b")]).changes[0] == Change("added", "data", "", "function")


@pytest.mark.parametrize(
    ("kind", "path", "wanted"),
    [
        ("aws_s3_bucket", "force_destroy", "data-loss"),
        ("aws_sqs_queue", "rule.kms_key_id", "security"),
        ("aws_s3_bucket", "bucket", "naming"),
        ("aws_sqs_queue", "colour", "function"),
    ],
)
def test_attributes_of_terraform_are_read_as_cloudformations(kind, path, wanted):
    assert category(kind, path) == wanted


def test_a_single_line_has_no_number_of_lines():
    found = measure({"lib/a.py": "A = 1\n"}, {"lib/a.py": "A = 2\n"})
    assert found.changes == [Change("changed", "lib/a.py", "", "function")]


def test_only_scripts_lose_their_comments():
    assert normalised("lib/a.js", "f(); // x\n") == "f();"
    assert normalised("lib/a.txt", "f(); // x\n") == "f(); // x"
