"""Import the list of packets that a member brings to the exchange (CSV)."""

import csv
import io
import os

import boto3

from common.catalogue import Catalogue, report_weights

kinesis = boto3.client("kinesis")
catalogue = Catalogue(os.environ["SEEDS_TABLE"])


def handler(event, context):
    packets = list(csv.DictReader(io.StringIO(event["body"])))
    catalogue.add(packets)
    report_weights(kinesis, packets, StreamName=os.environ["WEIGHTS_STREAM"])
    return {"statusCode": 201, "body": str(len(packets))}
