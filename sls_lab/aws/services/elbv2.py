"""Elastic Load Balancing: application load balancers."""

from __future__ import annotations

from sls_lab.aws.model import Route, ServiceFacts, Target, TriggerFacts

FACTS = ServiceFacts(
    client="elbv2",
    triggers=(TriggerFacts("alb", "public", principal=("elasticloadbalancing.amazonaws.com",)),),
    routes=(Route("AWS::ElasticLoadBalancingV2::TargetGroup", "alb", (Target("Targets[].Id"),)),),
)
