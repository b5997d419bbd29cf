"""The catalogue of seeds, and the stream of their weights."""

import json

import boto3


class Catalogue:
    """A table of seed packets."""

    def __init__(self, table_name):
        self.client = boto3.resource("dynamodb")
        self.table_name = table_name

    def add(self, packets):
        table = self.client.Table(self.table_name)
        with table.batch_writer() as batch:
            for packet in packets:
                batch.put_item(Item={"code": packet["code"], "plant": packet["plant"]})


def report_weights(client, packets, **kwargs):
    """Send the weight of each packet to the stream that `kwargs` names."""
    records = [{"Data": json.dumps({"grams": packet["grams"]}), "PartitionKey": "seeds"} for packet in packets]
    client.put_records(Records=records, **kwargs)
