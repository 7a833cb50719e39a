"""The function, run by itself."""

import json
from unittest import mock

from lib.function import handler


def test_every_order_is_kept_under_its_id() -> None:
    """Each record becomes an object."""
    order = json.dumps({"id": "7"})
    with mock.patch.object(handler.boto3, "client") as client, mock.patch.dict("os.environ", {"BUCKET": "orders"}):
        assert handler.handler({"Records": [{"Sns": {"Message": order}}]}, None) == {"kept": 1}
    client.return_value.put_object.assert_called_once_with(Bucket="orders", Key="orders/7.json", Body=order.encode())
