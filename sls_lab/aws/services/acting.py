"""Services of which no more is known than what their calls need of others.

They act on objects, keys or roles in the caller's name, or hand a role on.
Source: the column of dependent actions in
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts

FACTS = (
    ServiceFacts(
        "apigatewaymanagementapi",
        actions=dict.fromkeys(("post_to_connection", "get_connection", "delete_connection"), "ManageConnections"),
    ),
    ServiceFacts("athena", implies=("s3", "glue")),
    ServiceFacts("batch", implies=("iam",)),
    ServiceFacts(
        "bedrock-runtime", actions={"converse": "InvokeModel", "converse_stream": "InvokeModelWithResponseStream"}
    ),
    ServiceFacts("cloudformation", implies=("*",)),
    ServiceFacts("codebuild", implies=("iam",)),
    ServiceFacts("codedeploy", implies=("iam",)),
    ServiceFacts("comprehend", implies=("s3", "iam")),
    ServiceFacts("ec2", implies=("iam",)),
    ServiceFacts("ecs", implies=("iam",)),
    ServiceFacts("emr", implies=("iam", "s3")),
    ServiceFacts("glue", implies=("iam", "s3")),
    ServiceFacts("rds-data", implies=("secretsmanager",)),
    ServiceFacts("redshift-data", implies=("secretsmanager", "redshift")),
    ServiceFacts("rekognition", implies=("s3", "iam")),
    ServiceFacts("sagemaker", implies=("iam", "s3")),
    ServiceFacts("textract", implies=("s3", "iam")),
    ServiceFacts("timestream-query", actions={"query": "Select"}),
    ServiceFacts("transcribe", implies=("s3", "iam")),
    ServiceFacts("translate", implies=("s3", "iam")),
)
