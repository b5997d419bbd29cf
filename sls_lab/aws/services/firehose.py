"""Amazon Data Firehose.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
"""

from __future__ import annotations

from sls_lab.aws.model import ArnShape, ResourceType, Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="firehose",
    arn=ArnShape("deliverystream/", "/"),
    types={"AWS::KinesisFirehose::DeliveryStream": ResourceType("DeliveryStreamName")},
    raising=frozenset({"put_record", "put_record_batch"}),
    implies=("iam",),
    target=True,
    triggers=(TriggerFacts("firehose", raised=True),),
    routes=(
        Route(
            "AWS::KinesisFirehose::DeliveryStream",
            "firehose",
            (
                Target(
                    "*.ProcessingConfiguration.Processors[Type=Lambda]"
                    ".Parameters[ParameterName=LambdaArn].ParameterValue",
                    "lambda",
                ),
            ),
            source="",
            off=("*.ProcessingConfiguration.Enabled", "false"),
        ),
        Route(
            "AWS::KinesisFirehose::DeliveryStream",
            "firehose",
            (
                Target("ExtendedS3DestinationConfiguration.BucketARN", "s3"),
                Target("S3DestinationConfiguration.BucketARN", "s3"),
                Target("*.S3Configuration.BucketARN", "s3"),
                Target("*.S3BackupConfiguration.BucketARN", "s3"),
            ),
            source="",
            settings={"prefix": "*.Prefix"},
        ),
        Route(
            "AWS::KinesisFirehose::DeliveryStream",
            "firehose",
            (Target("", "firehose"),),
            source="KinesisStreamSourceConfiguration.KinesisStreamARN",
            client="kinesis",
        ),
    ),
)
