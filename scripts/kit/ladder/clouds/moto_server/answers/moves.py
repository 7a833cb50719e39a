"""DataSync's addresses, and the subnets that a replication instance of DMS may stand in."""

from __future__ import annotations

import re
from typing import Any

from moto.datasync.models import DataSyncBackend
from moto.dms import models as dms
from moto.ec2.models import ec2_backends


def install() -> None:
    """Mend them."""
    copies: Any = DataSyncBackend
    place = copies.create_location
    # s3://bucket and /folder/ make s3://bucket/folder/.
    copies.create_location = lambda self, location_uri, metadata, typ: place(
        self, re.sub("(?<!:)//+", "/", location_uri), metadata=metadata, typ=typ
    )
    moves: Any = dms.DatabaseMigrationServiceBackend
    make = moves.create_replication_subnet_group
    moves.create_replication_subnet_group = lambda self, **given: _located(make(self, **given), self, given)
    group: Any = dms.FakeReplicationSubnetGroup
    told = group.to_dict
    group.to_dict = lambda self: told(self) | self.__dict__.get("place", {})


def _located(group: Any, moves: Any, given: dict[str, Any]) -> Any:
    """A group tells of its own subnets and their network, not of made up ones."""
    held = ec2_backends[moves.account_id][moves.region_name]
    subnets = held.describe_subnets(subnet_ids=given["subnet_ids"])
    group.place = {
        "VpcId": subnets[0].vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": one.id,
                "SubnetAvailabilityZone": {"Name": one.availability_zone},
                "SubnetStatus": "Active",
            }
            for one in subnets
        ],
    }
    return group
