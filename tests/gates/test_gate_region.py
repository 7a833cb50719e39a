"""Which region is whose: names, constants of libraries, ids of zones, mappings, and which files count."""

from __future__ import annotations

import pytest
from test_gates import BUCKET, TEMPLATE, resource

TOPIC = "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: us-west-2}}}\n"


def told(bench):
    result = bench.ask("region")
    return () if result.passed else result.problems


@pytest.mark.parametrize("shown", ["us-west-2", "Region.USWest2", "Region.US_WEST_2", "usw2-az1"])
def test_another_region_is_told_as_it_is_written(bench, shown):
    bench.write("lib/lambda/a.ts", f"const at = `${{{shown}}}`;\n")
    assert told(bench) == (f"lib/lambda/a.ts: {shown}: hard-coded region",)


@pytest.mark.parametrize(
    ("region", "written"),
    [
        ("us-west-2", "us-west-2 Region.USWest2 Region.US_WEST_2 usw2-az1"),
        ("ap-northeast-1", "ap-northeast-1 Region.APNortheast1 Region.AP_NORTHEAST_1 apne1-az4"),
        ("ap-southeast-2", "ap-southeast-2 Region.APSoutheast2 Region.AP_SOUTHEAST_2 apse2-az1"),
        ("ca-central-1", "ca-central-1 Region.CACentral1 Region.CA_CENTRAL_1 cac1-az2"),
        ("sa-east-1", "sa-east-1 Region.SAEast1 Region.SA_EAST_1 sae1-az3"),
        ("eu-north-1", "eu-north-1 Region.EUNorth1 Region.EU_NORTH_1 eun1-az1"),
        ("af-south-1", "af-south-1 Region.AFSouth1 Region.AF_SOUTH_1 afs1-az1"),
        ("us-gov-west-1", "us-gov-west-1 Region.USGovWest1 Region.US_GOV_WEST_1"),
    ],
)
def test_a_region_that_the_task_names_may_be_written_in_any_way(bench, region, written):
    bench.write("lib/lambda/a.ts", f"const at = '{written}';\n")
    assert len(told(bench)) == len(written.split())
    bench.task(text=f"Runs in eu-west-1, copies go to {region}.")
    assert told(bench) == ()


def test_a_mapping_by_region_may_name_what_lies_there(bench):
    text = "Mappings:\n  Hosts:\n    us-west-2: {Host: db.us-west-2.example.com}\nResources:\n"
    bench.edit(TEMPLATE, "Resources:\n", text)
    assert told(bench) == ()


def test_a_template_is_told_with_the_place(bench):
    topic = "  T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: us-west-2}}\n"
    bench.edit(TEMPLATE, "Outputs:\n", topic + "Outputs:\n")
    assert told(bench) == (f"{TEMPLATE}: Resources/T/Properties/DisplayName: us-west-2: hard-coded region",)


@pytest.mark.parametrize(
    ("name", "text", "passed"),
    [
        ("lib/nested.yml", f"Mappings: {{M: {{us-west-2: {{a: b}}}}}}\n{TOPIC}", True),
        ("lib/nested.yml", TOPIC, False),
        ("lib/names.yml", "Mappings: us-west-2\n", False),
    ],
)
def test_a_template_that_is_nested_may_map_its_regions_and_nothing_else(bench, name, text, passed):
    bench.write(name, text)
    assert bool(told(bench)) is not passed


def test_a_task_that_names_no_region_needs_no_file_of_it(bench):
    (bench.root / "lib/AWS_REGION").unlink()
    assert told(bench) == ("lib/AWS_REGION: missing; the task names eu-west-1",)
    bench.task(region_named=False)
    assert told(bench) == ()
    bench.write("lib/AWS_REGION", "us-east-1\n")
    assert told(bench) == ("lib/AWS_REGION: 'us-east-1', the task's region is eu-west-1",)


def test_the_places_that_were_read_are_counted(bench):
    assert bench.ask("region").reason == "16 places name no region but eu-west-1"
    bench.write("lib/lambda/a.ts", "const at = process.env.AWS_REGION;\n")
    assert bench.ask("region").reason == "17 places name no region but eu-west-1"
    bench.write("lib/lambda/a.md", "It runs where it is deployed.\n")
    assert bench.ask("region").reason == "17 places name no region but eu-west-1"


@pytest.mark.parametrize(
    ("named", "region", "file", "passed"),
    [
        (True, "eu-west-1", "eu-west-1\n", True),
        (True, "eu-west-1", None, False),
        (False, "eu-west-1", None, True),
        (False, "eu-west-1", "eu-west-1", True),
        (False, "eu-west-1", "us-east-1", False),
    ],
)
def test_the_file_of_the_region(bench, named, region, file, passed):
    bench.task(region_named=named, region=region)
    path = bench.root / "lib" / "AWS_REGION"
    path.unlink()
    if file is not None:
        path.write_text(file)
    assert bench.ask("region").passed is passed


@pytest.mark.parametrize(
    ("name", "text", "passed"),
    [
        ("lib/run.sh", "aws --region us-west-2\n", False),
        ("lib/run.sh", "# us-west-2\n", True),
        ("lib/a.mjs", "// us-west-2\n", True),
        ("lib/a.js", "f('us-west-2')\n", False),
        ("lib/a.txt", "us-west-2\n", True),
        ("lib/a.json", '{"region": "us-west-2"}', False),
        ("lib/a.json", '{"region": "eu-west-1"}', True),
        ("lib/a.yml", "# us-west-2\n", True),
        ("lib/nested.yml", "Mappings: {A: {us-west-2: {B: c}}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}\n", True),
        ("lib/a.ts", "const west = aws.Region.USWest2;\n", False),
        ("lib/a.ts", "const west = aws.Region.US_WEST_2;\n", False),
        ("lib/a.ts", "const home = aws.Region.EUWest1;\n", True),
        ("lib/a.ts", "const zone = 'usw2-az1';\n", False),
        ("lib/a.ts", "const zone = 'apne1-az4';\n", False),
        ("lib/a.ts", "const zone = 'euw1-az2';\n", True),
        ("lib/a.ts", "const at = 'https://x.s3-us-west-2.amazonaws.com';\n", False),
        ("tests/a.py", "x = 'ap-southeast-2'\n", False),
        ("lib/lambda/a.py", "os.environ.get('AWS_REGION', 'us-east-1')\n", True),
        ("lib/lambda/a.py", "os.environ.get('AWS_REGION', 'us-west-2')\n", False),
        ("lib/lambda/a.py", "os.environ.get('HOME_REGION', 'us-east-1')\n", False),
        ("lib/lambda/a.js", "process.env['AWS_REGION'] ?? 'us-east-1'\n", True),
        ("lib/lambda/a.js", 'process.env.AWS_DEFAULT_REGION || "us-east-1"\n', True),
    ],
)
def test_which_regions_count(bench, name, text, passed):
    bench.write(name, text)
    assert bench.ask("region").passed is passed


def test_a_region_that_the_task_names_too_is_allowed(bench):
    resource(BUCKET + "    Properties: {Tags: [{Key: a, Value: us-west-2}]}\n")(bench)
    assert not bench.ask("region").passed
    bench.task(text="Runs in eu-west-1, copies go to us-west-2.")
    assert bench.ask("region").passed
