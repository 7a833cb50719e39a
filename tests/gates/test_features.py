"""Two newer features for another round, new against what was asked and written."""

import pytest

from kit.errors import Failure
from kit.gates.features import choose, is_known


def test_the_reviewers_come_first():
    assert choose(["Amazon Foo", "Amazon Bar", "Amazon Baz"], "orders", "code") == ["Amazon Foo", "Amazon Bar"]


def test_what_was_asked_or_written_is_not_new():
    chosen = choose(["AWS X-Ray", "Amazon SQS", "Amazon Foo"], "Send it to SQS", "Tracing by X-Ray")
    assert chosen[0] == "Amazon Foo"
    assert len(chosen) == 2


def test_the_list_fills_up_with_what_fits_newest_first():
    chosen = choose([], "A Lambda function and an S3 bucket", "")
    assert chosen == [
        "Lambda durable functions (multi-step executions with checkpoints)",
        "Amazon S3 Vectors (vector buckets and indexes)",
    ]


@pytest.mark.parametrize("proposed", [None, "one", 3, [1, None], ["", "  "]])
def test_garbled_proposals_are_passed_over(proposed):
    assert len(choose(proposed, "orders", "")) == 2


def test_the_same_one_twice_counts_once():
    chosen = choose(["Amazon Foo", "amazon foo", "Amazon Bar"], "", "")
    assert chosen == ["Amazon Foo", "Amazon Bar"]


def test_too_few_is_a_failure():
    known = "Application Signals AWS::Scheduler::Schedule"
    with pytest.raises(Failure, match="only 1 are new"):
        choose(["Amazon Foo"], "orders", known)


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("Amazon SQS", "a sqs queue", True),
        ("Amazon SQS", "sqsx", False),
        ("EventBridge Scheduler (one-time schedules)", "AWS::Scheduler::Schedule", True),
        ("EventBridge Pipes", "AWS::Scheduler::Schedule", False),
        ("DynamoDB warm throughput", "WarmThroughput: 1", True),
    ],
)
def test_known(name, text, known):
    assert is_known(name, text) is known
