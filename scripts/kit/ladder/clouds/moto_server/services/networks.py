"""VPC parts that moto's CloudFormation lacks or gets wrong."""

from __future__ import annotations

from typing import Any

from kit.ladder.clouds.moto_server.handler import Handler, handles
from kit.ladder.clouds.moto_server.services.vpc import Tagged, tagged
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


@handles("AWS::EC2::DHCPOptions")
class DHCPOptions(Tagged):
    """Ref is the set's id."""

    def make(self) -> str:
        """Create it from the options that are given."""
        names = {
            "DomainName": "domain-name",
            "DomainNameServers": "domain-name-servers",
            "NtpServers": "ntp-servers",
            "NetbiosNameServers": "netbios-name-servers",
            "NetbiosNodeType": "netbios-node-type",
        }
        given = {name: self.props[key] for key, name in names.items() if key in self.props}
        rows = [{"Key": name, "Values": value if isinstance(value, list) else [value]} for name, value in given.items()]
        made = self.call("create_dhcp_options", DhcpConfigurations=rows)["DhcpOptions"]
        self.attributes = {"DhcpOptionsId": made["DhcpOptionsId"]}
        return str(made["DhcpOptionsId"])

    def delete(self) -> None:
        """Delete it."""
        self.quietly("delete_dhcp_options", DhcpOptionsId=self.id)


@handles("AWS::EC2::VPCDHCPOptionsAssociation")
class VPCDHCPOptionsAssociation(Handler):
    """Ref is "options|vpc". Other options take the place of the ones before."""

    service = "ec2"

    def create(self) -> None:
        """Associate."""
        self.call("associate_dhcp_options", **self.props)
        self.id = f"{self.props['DhcpOptionsId']}|{self.props['VpcId']}"

    def update(self, old: dict[str, Any]) -> None:
        """Associate others."""
        self.same(old, "VpcId")
        self.create()

    def delete(self) -> None:
        """Associate the default."""
        self.quietly("associate_dhcp_options", DhcpOptionsId="default", VpcId=self.props["VpcId"])


@handles("AWS::EC2::KeyPair")
class KeyPair(Handler):
    """Ref is the key pair's name. A key is imported, or made and its private half left in a parameter."""

    service = "ec2"

    def create(self) -> None:
        """Import or make it."""
        name = str(self.props["KeyName"])
        tags = self.props.get("Tags")
        marks = [{"ResourceType": "key-pair", "Tags": tags}] if tags else None
        given = self.props.get("PublicKeyMaterial")
        if given:
            made = self.call("import_key_pair", KeyName=name, PublicKeyMaterial=given, TagSpecifications=marks)
        else:
            made = self.call("create_key_pair", **(self.props | {"TagSpecifications": marks}))
            self.parameter = f"/ec2/keypair/{made['KeyPairId']}"
            secret = made["KeyMaterial"]
            self.call("put_parameter", "ssm", Name=self.parameter, Value=secret, Type="SecureString")
        self.id = name
        self.attributes = {"KeyPairId": made["KeyPairId"], "KeyFingerprint": made["KeyFingerprint"]}

    def delete(self) -> None:
        """Delete it, and the parameter that it left."""
        self.quietly("delete_key_pair", KeyName=self.id)
        if not self.props.get("PublicKeyMaterial"):
            self.quietly("delete_parameter", "ssm", Name=self.parameter)


def _tagged(word: str) -> dict[str, str]:
    return {"TagSpecifications": f"props.Tags && [{{ResourceType: '{word}', Tags: props.Tags}}] || null"}


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
    "AWS::EC2::PrefixList",
    "ec2",
    "create_managed_prefix_list",
    given=_tagged("prefix-list"),
    id="made.PrefixList.PrefixListId",
    attributes={"PrefixListId": "id", "Arn": "made.PrefixList.PrefixListArn"},
    delete="delete_managed_prefix_list",
    by={"PrefixListId": "id"},
)
tagged(
    "AWS::EC2::NetworkAcl", "create_network_acl", "NetworkAcl.NetworkAclId", "delete_network_acl", "NetworkAclId", "Id"
)
tagged(
    "AWS::EC2::EgressOnlyInternetGateway",
    "create_egress_only_internet_gateway",
    "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
    "delete_egress_only_internet_gateway",
    "EgressOnlyInternetGatewayId",
    "Id",
)
for kind in ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"):
    tagged(
        kind,
        "create_transit_gateway_vpc_attachment",
        "TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
        "delete_transit_gateway_vpc_attachment",
        "TransitGatewayAttachmentId",
        "Id",
    )
tagged(
    "AWS::EC2::CustomerGateway",
    "create_customer_gateway",
    "CustomerGateway.CustomerGatewayId",
    "delete_customer_gateway",
    "CustomerGatewayId",
    "CustomerGatewayId",
)
