"""The parts of a VPC, instances, and what hangs on them."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import HANDLERS, Handler, Replace, handles


class Tagged(Handler):
    """A thing of EC2 with an id and tags; changed tags are changed in place."""

    service = "ec2"
    tag_word = ""
    in_place: tuple[str, ...] = ()

    def create(self) -> None:
        """Make it and tag it."""
        self.id = self.make()
        tags = [*self.props_tags(), *({"Key": key, "Value": value} for key, value in self.context.tags)]
        self.call("create_tags", Resources=[self.tagged_id()], Tags=tags)
        self.settle()

    def update(self, old: dict[str, Any]) -> None:
        """Tags, and what `settle` sets, change in place."""
        changed = {key for key in {*old, *self.props} if old.get(key) != self.props.get(key)}
        if changed - {"Tags", *self.in_place}:
            raise Replace
        gone = {tag["Key"] for tag in old.get("Tags") or []} - {tag["Key"] for tag in self.props_tags()}
        if gone:
            self.call("delete_tags", Resources=[self.tagged_id()], Tags=[{"Key": key} for key in sorted(gone)])
        if self.props_tags():
            self.call("create_tags", Resources=[self.tagged_id()], Tags=self.props_tags())
        self.settle()

    def make(self) -> str:
        """Create it; its id."""
        raise TypeError(f"{type(self).__name__} cannot make")

    def settle(self) -> None:
        """Set what is set after creation, and the attributes."""

    def tagged_id(self) -> str:
        """The id that tags stand on."""
        return self.id

    def props_tags(self) -> list[dict[str, str]]:
        """The template's own tags."""
        return [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in self.props.get("Tags") or []]


def tagged(kind: str, make: str, found: str, delete: str, argument: str, *attributes: str, many: bool = False) -> None:
    """Register a type that is one call to make and one to delete; each of `attributes` yields the id."""

    def made(self: Tagged) -> str:
        value: Any = self.call(make, **{key: part for key, part in self.props.items() if key != "Tags"})
        for step in found.split("."):
            value = value[step]
        self.attributes = dict.fromkeys(attributes, str(value))
        return str(value)

    def deleted(self: Tagged) -> None:
        self.quietly(delete, **{argument: [self.id] if many else self.id})

    HANDLERS[kind] = type(f"Tagged{kind.replace(':', '')}", (Tagged,), {"make": made, "delete": deleted})


@handles("AWS::EC2::VPC")
class Vpc(Tagged):
    """Ref is the VPC's id."""

    in_place = ("EnableDnsHostnames", "EnableDnsSupport")

    def make(self) -> str:
        """Create it."""
        asked = {key: self.props.get(key) for key in ("CidrBlock", "InstanceTenancy", "Ipv4IpamPoolId")}
        return str(self.call("create_vpc", **asked)["Vpc"]["VpcId"])

    def settle(self) -> None:
        """DNS settings and attributes."""
        for key in self.in_place:
            if key in self.props:
                self.call("modify_vpc_attribute", VpcId=self.id, **{key: {"Value": self.props[key]}})
        mine = [{"Name": "vpc-id", "Values": [self.id]}]
        groups = self.call("describe_security_groups", Filters=mine)["SecurityGroups"]
        lists = self.call("describe_network_acls", Filters=mine)["NetworkAcls"]
        found = self.call("describe_vpcs", VpcIds=[self.id])["Vpcs"][0]
        self.attributes = {
            "VpcId": self.id,
            "CidrBlock": found["CidrBlock"],
            "DefaultSecurityGroup": next(
                (group["GroupId"] for group in groups if group["GroupName"] == "default"), None
            ),
            "DefaultNetworkAcl": next((acl["NetworkAclId"] for acl in lists if acl["IsDefault"]), None),
            "CidrBlockAssociations": [item["AssociationId"] for item in found.get("CidrBlockAssociationSet", [])],
            "Ipv6CidrBlocks": [item["Ipv6CidrBlock"] for item in found.get("Ipv6CidrBlockAssociationSet", [])],
        }

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_vpc", VpcId=self.id)


@handles("AWS::EC2::Subnet")
class Subnet(Tagged):
    """Ref is the subnet's id."""

    in_place = ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation")

    def make(self) -> str:
        """Create it."""
        asked = {key: part for key, part in self.props.items() if key not in ("Tags", *self.in_place)}
        return str(self.call("create_subnet", **asked)["Subnet"]["SubnetId"])

    def settle(self) -> None:
        """Public addresses, and attributes."""
        if "MapPublicIpOnLaunch" in self.props:
            value = {"Value": self.props["MapPublicIpOnLaunch"]}
            self.call("modify_subnet_attribute", SubnetId=self.id, MapPublicIpOnLaunch=value)
        found = self.call("describe_subnets", SubnetIds=[self.id])["Subnets"][0]
        self.attributes = {
            "SubnetId": self.id,
            "AvailabilityZone": found["AvailabilityZone"],
            "AvailabilityZoneId": found.get("AvailabilityZoneId"),
            "CidrBlock": found["CidrBlock"],
            "VpcId": found["VpcId"],
        }

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_subnet", SubnetId=self.id)


@handles("AWS::EC2::EIP")
class Address(Tagged):
    """Ref is the public address."""

    def make(self) -> str:
        """Allocate it."""
        made = self.call("allocate_address", Domain=self.props.get("Domain", "vpc"))
        self.attributes = {"AllocationId": made["AllocationId"], "PublicIp": made["PublicIp"]}
        if self.props.get("InstanceId"):
            self.call("associate_address", AllocationId=made["AllocationId"], InstanceId=self.props["InstanceId"])
        return str(made["PublicIp"])

    def tagged_id(self) -> str:
        """Tags stand on the allocation."""
        return str(self.attributes["AllocationId"])

    def delete(self) -> None:
        """Dissociate and release it."""
        allocation = self.attributes.get("AllocationId")
        found = self.call("describe_addresses", Filters=[{"Name": "allocation-id", "Values": [allocation]}])
        for address in found["Addresses"]:
            if address.get("AssociationId"):
                self.quietly("disassociate_address", AssociationId=address["AssociationId"])
        self.quietly("release_address", AllocationId=allocation)


@handles("AWS::EC2::SecurityGroup")
class SecurityGroup(Tagged):
    """Ref is the group's id."""

    in_place = ("SecurityGroupIngress", "SecurityGroupEgress")

    def make(self) -> str:
        """Create it; given egress rules take the place of the one that allows everything."""
        asked = {
            "GroupName": self.props.get("GroupName") or self.context.generated_name(255),
            "Description": self.props.get("GroupDescription"),
            "VpcId": self.props.get("VpcId"),
        }
        made = str(self.call("create_security_group", **asked)["GroupId"])
        self.placed: dict[str, list[Any]] = {"ingress": [], "egress": []}
        if self.props.get("SecurityGroupEgress"):
            found = self.call("describe_security_groups", GroupIds=[made])["SecurityGroups"][0]
            if found.get("IpPermissionsEgress"):
                self.call("revoke_security_group_egress", GroupId=made, IpPermissions=found["IpPermissionsEgress"])
        return made

    def settle(self) -> None:
        """Bring the rules to what is asked."""
        self.attributes = {"GroupId": self.id, "Id": self.id, "VpcId": self.props.get("VpcId")}
        for word, key, other in (
            ("ingress", "SecurityGroupIngress", "Source"),
            ("egress", "SecurityGroupEgress", "Destination"),
        ):
            wanted = [permission(rule, other) for rule in self.props.get(key) or []]
            gone = [rule for rule in self.placed[word] if rule not in wanted]
            new = [rule for number, rule in enumerate(wanted) if rule not in self.placed[word] + wanted[:number]]
            if gone:
                self.quietly(f"revoke_security_group_{word}", GroupId=self.id, IpPermissions=gone)
            if new:
                self.call(f"authorize_security_group_{word}", GroupId=self.id, IpPermissions=new)
            self.placed[word] = wanted

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_security_group", GroupId=self.id)


def permission(rule: dict[str, Any], other: str) -> dict[str, Any]:
    """A rule as CloudFormation writes it, as the API wants it; `other` is Source or Destination."""
    protocol = str(rule["IpProtocol"])
    made: dict[str, Any] = {"IpProtocol": protocol}
    if protocol != "-1":
        made |= {"FromPort": int(rule.get("FromPort", -1)), "ToPort": int(rule.get("ToPort", -1))}
    told = {"Description": rule["Description"]} if rule.get("Description") else {}
    if rule.get("CidrIp"):
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"]} | told]
    if rule.get("CidrIpv6"):
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"]} | told]
    if rule.get(f"{other}SecurityGroupId"):
        made["UserIdGroupPairs"] = [{"GroupId": rule[f"{other}SecurityGroupId"]} | told]
    if rule.get(f"{other}PrefixListId"):
        made["PrefixListIds"] = [{"PrefixListId": rule[f"{other}PrefixListId"]} | told]
    return made


@handles("AWS::EC2::Instance")
class Instance(Tagged):
    """Ref is the instance's id."""

    in_place = ("UserData", "InstanceType", "Monitoring", "SecurityGroupIds", "IamInstanceProfile")

    def make(self) -> str:
        """Run one instance."""
        asked = {key: part for key, part in self.props.items() if key not in ("Tags", "UserData", "AvailabilityZone")}
        asked |= {"MinCount": 1, "MaxCount": 1}
        if self.props.get("AvailabilityZone"):
            asked["Placement"] = {"AvailabilityZone": self.props["AvailabilityZone"]}
        profile = self.props.get("IamInstanceProfile")
        if isinstance(profile, str):
            asked["IamInstanceProfile"] = {"Name": profile}
        if self.props.get("UserData"):
            asked["UserData"] = _plain(str(self.props["UserData"]))
        asked["Monitoring"] = {"Enabled": self.props["Monitoring"]} if "Monitoring" in self.props else None
        return str(self.call("run_instances", **asked)["Instances"][0]["InstanceId"])

    def settle(self) -> None:
        """Attributes."""
        found = self.call("describe_instances", InstanceIds=[self.id])["Reservations"][0]["Instances"][0]
        self.attributes = {
            "InstanceId": self.id,
            "AvailabilityZone": found["Placement"]["AvailabilityZone"],
            "PrivateIp": found.get("PrivateIpAddress"),
            "PublicIp": found.get("PublicIpAddress"),
            "PrivateDnsName": found.get("PrivateDnsName"),
            "PublicDnsName": found.get("PublicDnsName"),
            "VpcId": found.get("VpcId"),
        }

    def delete(self) -> None:
        """Terminate it."""
        self.quietly("terminate_instances", InstanceIds=[self.id])


@handles("AWS::EC2::NatGateway")
class NatGateway(Tagged):
    """Ref is the gateway's id."""

    def make(self) -> str:
        """Create it."""
        asked = {key: part for key, part in self.props.items() if key != "Tags"}
        made = self.call("create_nat_gateway", **asked)["NatGateway"]
        self.attributes = {"NatGatewayId": made["NatGatewayId"]}
        return str(made["NatGatewayId"])

    def delete(self) -> None:
        """Delete it; its address is free again."""
        self.quietly("delete_nat_gateway", NatGatewayId=self.id)


@handles("AWS::EC2::FlowLog")
class FlowLog(Tagged):
    """Ref is the flow log's id."""

    def make(self) -> str:
        """Create it."""
        asked = {key: part for key, part in self.props.items() if key not in ("Tags", "ResourceId")}
        made = self.call("create_flow_logs", **asked, ResourceIds=[self.props["ResourceId"]])
        if made.get("Unsuccessful"):
            raise ValueError(made["Unsuccessful"][0]["Error"]["Message"])
        self.attributes = {"Id": made["FlowLogIds"][0]}
        return str(made["FlowLogIds"][0])

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_flow_logs", FlowLogIds=[self.id])


@handles("AWS::EC2::NetworkInterface")
class NetworkInterface(Tagged):
    """Ref is the interface's id."""

    def make(self) -> str:
        """Create it."""
        asked = {key: part for key, part in self.props.items() if key != "Tags"}
        made = self.call("create_network_interface", **asked, Groups=self.props.get("GroupSet"))["NetworkInterface"]
        self.attributes = {"Id": made["NetworkInterfaceId"], "PrimaryPrivateIpAddress": made.get("PrivateIpAddress")}
        return str(made["NetworkInterfaceId"])

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_network_interface", NetworkInterfaceId=self.id)


@handles("AWS::EC2::VolumeAttachment")
class VolumeAttachment(Handler):
    """Ref is a name of its own."""

    service = "ec2"

    def create(self) -> None:
        """Attach."""
        self.call("attach_volume", **self.props)
        self.id = f"{self.props['VolumeId']}|{self.props['InstanceId']}"

    def delete(self) -> None:
        """Detach."""
        self.quietly("detach_volume", **self.props)


def _plain(text: str) -> str:
    """User data from Fn::Base64, which the client encodes once more."""
    import base64
    import binascii

    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text


tagged(
    "AWS::EC2::InternetGateway",
    "create_internet_gateway",
    "InternetGateway.InternetGatewayId",
    "delete_internet_gateway",
    "InternetGatewayId",
    "InternetGatewayId",
)
tagged(
    "AWS::EC2::RouteTable",
    "create_route_table",
    "RouteTable.RouteTableId",
    "delete_route_table",
    "RouteTableId",
    "RouteTableId",
)
tagged("AWS::EC2::Volume", "create_volume", "VolumeId", "delete_volume", "VolumeId", "VolumeId")
tagged(
    "AWS::EC2::TransitGateway",
    "create_transit_gateway",
    "TransitGateway.TransitGatewayId",
    "delete_transit_gateway",
    "TransitGatewayId",
    "Id",
)
tagged(
    "AWS::EC2::VPCPeeringConnection",
    "create_vpc_peering_connection",
    "VpcPeeringConnection.VpcPeeringConnectionId",
    "delete_vpc_peering_connection",
    "VpcPeeringConnectionId",
    "Id",
)
tagged(
    "AWS::EC2::VPNGateway",
    "create_vpn_gateway",
    "VpnGateway.VpnGatewayId",
    "delete_vpn_gateway",
    "VpnGatewayId",
    "VPNGatewayId",
)
