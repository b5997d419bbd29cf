"""AWS CloudFormation: a deployment wakes the functions of custom resources.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
"""

from __future__ import annotations

from sls_lab.aws.model import ServiceFacts, TriggerFacts

FACTS = ServiceFacts(
    client="cloudformation",
    triggers=(TriggerFacts("customResource", "deployment"),),
)
