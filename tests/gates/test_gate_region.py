"""Which region is whose: names, constants of libraries, ids of zones, and mappings that keep a template free of them."""

from __future__ import annotations

import pytest
from test_gates import TEMPLATE

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
