"""VPC parts that moto's CloudFormation lacks or gets wrong."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.simple import simple

_RULE = ("CidrIp", "CidrIpv6", "IpProtocol", "FromPort", "ToPort", "Description")


class _GroupRule(Handler):
    """One rule of a security group; Ref is the rule's id."""

    service = "ec2"
    word = ""
    other = ""

    def create(self) -> None:
        """Authorize the rule."""
        asked = self.props
        permission: dict[str, Any] = {
            "IpProtocol": str(asked["IpProtocol"]),
            "FromPort": asked.get("FromPort"),
            "ToPort": asked.get("ToPort"),
        }
        told = asked.get("Description")
        if asked.get("CidrIp"):
            permission["IpRanges"] = [{"CidrIp": asked["CidrIp"], "Description": told}]
        if asked.get("CidrIpv6"):
            permission["Ipv6Ranges"] = [{"CidrIpv6": asked["CidrIpv6"], "Description": told}]
        if asked.get(f"{self.other}SecurityGroupId"):
            pair = {"GroupId": asked[f"{self.other}SecurityGroupId"], "Description": told}
            permission["UserIdGroupPairs"] = [pair]
        prefix = asked.get(f"{self.other}PrefixListId")
        if prefix:
            permission["PrefixListIds"] = [{"PrefixListId": prefix, "Description": told}]
        made = self.call(f"authorize_security_group_{self.word}", GroupId=asked["GroupId"], IpPermissions=[permission])
        self.id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        self.attributes = {"Id": self.id}

    def delete(self) -> None:
        """Revoke the rule."""
        self.quietly(
            f"revoke_security_group_{self.word}", GroupId=self.props["GroupId"], SecurityGroupRuleIds=[self.id]
        )


@handles("AWS::EC2::SecurityGroupIngress")
class SecurityGroupIngress(_GroupRule):
    """An ingress rule."""

    word = "ingress"
    other = "Source"


@handles("AWS::EC2::SecurityGroupEgress")
class SecurityGroupEgress(_GroupRule):
    """An egress rule."""

    word = "egress"
    other = "Destination"


@handles("AWS::EC2::NetworkAclEntry")
class NetworkAclEntry(Handler):
    """Ref is a name of its own."""

    service = "ec2"

    def create(self) -> None:
        """Create the entry."""
        self.call("create_network_acl_entry", **self._entry())
        way = "egress" if self._egress() else "ingress"
        self.id = f"{self.props['NetworkAclId']}|{self.props['RuleNumber']}|{way}"
        self.attributes = {"Id": self.id}

    def update(self, old: dict[str, Any]) -> None:
        """Replace the entry."""
        self.same(old, "NetworkAclId", "RuleNumber", "Egress")
        self.call("replace_network_acl_entry", **self._entry())

    def delete(self) -> None:
        """Delete the entry."""
        self.quietly(
            "delete_network_acl_entry",
            NetworkAclId=self.props["NetworkAclId"],
            RuleNumber=self.props["RuleNumber"],
            Egress=self._egress(),
        )

    def _egress(self) -> bool:
        return str(self.props.get("Egress", False)).lower() == "true"

    def _entry(self) -> dict[str, Any]:
        icmp = self.props.get("Icmp")
        return self.props | {"Egress": self._egress(), "IcmpTypeCode": icmp, "Protocol": str(self.props["Protocol"])}


@handles("AWS::EC2::SubnetNetworkAclAssociation")
class SubnetNetworkAclAssociation(Handler):
    """Ref is the association's id. Taken away, the subnet has the VPC's default list again."""

    service = "ec2"

    def create(self) -> None:
        """Point the subnet's association to the list."""
        self.id = self._point(str(self.props["NetworkAclId"]))
        self.attributes = {"AssociationId": self.id}

    def delete(self) -> None:
        """Point it back to the default list."""
        wanted = [{"Name": "association.subnet-id", "Values": [self.props["SubnetId"]]}]
        current = self.call("describe_network_acls", Filters=wanted)["NetworkAcls"]
        if not current:
            return
        default = self.call(
            "describe_network_acls",
            Filters=[{"Name": "vpc-id", "Values": [current[0]["VpcId"]]}, {"Name": "default", "Values": ["true"]}],
        )["NetworkAcls"]
        if default:
            self._point(default[0]["NetworkAclId"])

    def _point(self, acl: str) -> str:
        wanted = [{"Name": "association.subnet-id", "Values": [self.props["SubnetId"]]}]
        for found in self.call("describe_network_acls", Filters=wanted)["NetworkAcls"]:
            for link in found["Associations"]:
                if link["SubnetId"] == self.props["SubnetId"]:
                    made = self.call(
                        "replace_network_acl_association",
                        AssociationId=link["NetworkAclAssociationId"],
                        NetworkAclId=acl,
                    )
                    return str(made["NewAssociationId"])
        raise ValueError(f"subnet {self.props['SubnetId']} has no network ACL association")


@handles("AWS::EC2::VPCGatewayAttachment")
class VPCGatewayAttachment(Handler):
    """Ref is "IGW|vpc-..." or "VGW|vpc-...", as the service has it."""

    service = "ec2"

    def create(self) -> None:
        """Attach the gateway."""
        vpc = self.props["VpcId"]
        if self.props.get("InternetGatewayId"):
            self.call("attach_internet_gateway", VpcId=vpc, InternetGatewayId=self.props["InternetGatewayId"])
            self.id = f"IGW|{vpc}"
        else:
            self.call("attach_vpn_gateway", VpcId=vpc, VpnGatewayId=self.props["VpnGatewayId"])
            self.id = f"VGW|{vpc}"

    def delete(self) -> None:
        """Detach it."""
        vpc = self.props["VpcId"]
        if self.props.get("InternetGatewayId"):
            self.quietly("detach_internet_gateway", VpcId=vpc, InternetGatewayId=self.props["InternetGatewayId"])
        else:
            self.quietly("detach_vpn_gateway", VpcId=vpc, VpnGatewayId=self.props["VpnGatewayId"])


@handles("AWS::EC2::Route")
class Route(Handler):
    """Ref is "rtb-...|destination", as the service has it."""

    service = "ec2"

    def create(self) -> None:
        """Create the route."""
        self.call("create_route", **self.props)
        self.id = f"{self.props['RouteTableId']}|{self._destination()[1]}"
        self.attributes = {"CidrBlock": self._destination()[1]}

    def update(self, old: dict[str, Any]) -> None:
        """Replace the route's target."""
        self.same(old, "RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        self.call("replace_route", **self.props)

    def delete(self) -> None:
        """Delete the route."""
        key, value = self._destination()
        self.quietly("delete_route", **{"RouteTableId": self.props["RouteTableId"], key: value})

    def _destination(self) -> tuple[str, str]:
        for key in ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"):
            if self.props.get(key):
                return key, str(self.props[key])
        raise ValueError("a route has a destination: DestinationCidrBlock, DestinationIpv6CidrBlock or a prefix list")


@handles("AWS::EC2::SubnetRouteTableAssociation")
class SubnetRouteTableAssociation(Handler):
    """Ref is the association's id."""

    service = "ec2"

    def create(self) -> None:
        """Associate."""
        self.id = self.call("associate_route_table", **self.props)["AssociationId"]
        self.attributes = {"Id": self.id}

    def delete(self) -> None:
        """Dissociate."""
        self.quietly("disassociate_route_table", AssociationId=self.id)


def _tagged(word: str) -> dict[str, str]:
    return {"TagSpecifications": f"props.Tags && [{{ResourceType: '{word}', Tags: props.Tags}}] || null"}


simple(
    "AWS::EC2::NetworkAcl",
    "ec2",
    "create_network_acl",
    given=_tagged("network-acl"),
    id="made.NetworkAcl.NetworkAclId",
    attributes={"Id": "id"},
    delete="delete_network_acl",
    by={"NetworkAclId": "id"},
)
simple(
    "AWS::EC2::VPCEndpoint",
    "ec2",
    "create_vpc_endpoint",
    given=_tagged("vpc-endpoint"),
    id="made.VpcEndpoint.VpcEndpointId",
    attributes={
        "Id": "id",
        "DnsEntries": "made.VpcEndpoint.DnsEntries[].join(':', [HostedZoneId || '', DnsName || ''])",
        "NetworkInterfaceIds": "made.VpcEndpoint.NetworkInterfaceIds",
    },
    delete="delete_vpc_endpoints",
    by={"VpcEndpointIds": "[id]"},
)
simple(
    "AWS::EC2::DHCPOptions",
    "ec2",
    "create_dhcp_options",
    given={
        "DhcpConfigurations": "[{Key: 'domain-name', Values: [props.DomainName || 'ec2.internal']},"
        " {Key: 'domain-name-servers', Values: props.DomainNameServers || ['AmazonProvidedDNS']}]"
    },
    id="made.DhcpOptions.DhcpOptionsId",
    attributes={"DhcpOptionsId": "id"},
    delete="delete_dhcp_options",
    by={"DhcpOptionsId": "id"},
)
simple(
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "ec2",
    "associate_dhcp_options",
    id="join('|', [props.DhcpOptionsId, props.VpcId])",
    delete="associate_dhcp_options",
    by={"DhcpOptionsId": "'default'", "VpcId": "props.VpcId"},
)
simple(
    "AWS::EC2::PrefixList",
    "ec2",
    "create_managed_prefix_list",
    id="made.PrefixList.PrefixListId",
    attributes={"PrefixListId": "id", "Arn": "made.PrefixList.PrefixListArn"},
    delete="delete_managed_prefix_list",
    by={"PrefixListId": "id"},
)
simple(
    "AWS::EC2::EgressOnlyInternetGateway",
    "ec2",
    "create_egress_only_internet_gateway",
    id="made.EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
    attributes={"Id": "id"},
    delete="delete_egress_only_internet_gateway",
    by={"EgressOnlyInternetGatewayId": "id"},
)
simple(
    "AWS::EC2::KeyPair",
    "ec2",
    "create_key_pair",
    id="props.KeyName",
    attributes={"KeyPairId": "made.KeyPairId", "KeyFingerprint": "made.KeyFingerprint"},
    delete="delete_key_pair",
    by={"KeyName": "id"},
)
simple(
    "AWS::EC2::TransitGatewayAttachment",
    "ec2",
    "create_transit_gateway_vpc_attachment",
    id="made.TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
    attributes={"Id": "id"},
    delete="delete_transit_gateway_vpc_attachment",
    by={"TransitGatewayAttachmentId": "id"},
)
simple(
    "AWS::EC2::TransitGatewayVpcAttachment",
    "ec2",
    "create_transit_gateway_vpc_attachment",
    id="made.TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
    attributes={"Id": "id"},
    delete="delete_transit_gateway_vpc_attachment",
    by={"TransitGatewayAttachmentId": "id"},
)
simple(
    "AWS::EC2::CustomerGateway",
    "ec2",
    "create_customer_gateway",
    id="made.CustomerGateway.CustomerGatewayId",
    attributes={"CustomerGatewayId": "id"},
    delete="delete_customer_gateway",
    by={"CustomerGatewayId": "id"},
)
