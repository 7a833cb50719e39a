"""MSK: a cluster is ready once it is made, and one that is gone is told to be gone."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.kafka.exceptions import NotFoundException
from moto.kafka.models import KafkaBackend
from moto.kafka.responses import KafkaResponse


def install() -> None:
    """Mend them."""
    brokers: Any = KafkaBackend
    for name in ("create_cluster", "create_cluster_v2"):
        setattr(brokers, name, _ready(getattr(brokers, name)))
    for name in ("describe_cluster", "describe_cluster_v2", "delete_cluster"):
        setattr(brokers, name, _there(getattr(brokers, name)))
    describe = brokers.describe_cluster
    brokers.describe_cluster = lambda self, cluster_arn: _without_made_up(describe(self, cluster_arn))
    response: Any = KafkaResponse
    response.get_bootstrap_brokers = _addresses


def _ready(make: Any) -> Any:
    def create(self: Any, *args: Any, **given: Any) -> Any:
        answer = make(self, *args, **given)
        self.clusters[answer[0]].state = "ACTIVE"
        return answer

    return create


def _there(plain: Any) -> Any:
    def call(self: Any, cluster_arn: str, *args: Any, **given: Any) -> Any:
        if cluster_arn not in self.clusters:
            raise NotFoundException(f"The cluster {cluster_arn} does not exist")
        return plain(self, cluster_arn, *args, **given)

    return call


def _without_made_up(told: dict[str, Any]) -> dict[str, Any]:
    """Without the configuration that moto makes up for a cluster that has none."""
    software = told["currentBrokerSoftwareInfo"]
    if software["configurationArn"] == "string":
        told["currentBrokerSoftwareInfo"] = {"kafkaVersion": software["kafkaVersion"]}
    return told


def _addresses(response: Any) -> str:
    """The brokers' addresses: encrypted, unless the cluster was made without, and in plain where it allows that."""
    arn = unquote(response.parsed_url.path.split("/clusters/")[-1]).removesuffix("/bootstrap-brokers")
    told = response.kafka_backend.describe_cluster(arn)
    way = told["encryptionInfo"].get("encryptionInTransit", {}).get("clientBroker", "TLS")
    hosts = [
        f"b-{number + 1}.{told['clusterName'].lower()}.kafka.{response.region}.amazonaws.com"
        for number in range(told["numberOfBrokerNodes"])
    ]
    found = {}
    if "PLAINTEXT" in way:
        found["bootstrapBrokerString"] = ",".join(f"{host}:9092" for host in hosts)
    if "TLS" in way:
        found["bootstrapBrokerStringTls"] = ",".join(f"{host}:9094" for host in hosts)
    return json.dumps(found)
