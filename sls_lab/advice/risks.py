"""The twelve risks to which advice belongs, by their published names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: By number, as in SAS-1. *The 12 Most Critical Risks for Serverless Applications*, Cloud Security Alliance, 2019:
#: https://cloudsecurityalliance.org/artifacts/the-12-most-critical-risks-for-serverless-applications, announced in
#: https://cloudsecurityalliance.org/blog/2019/02/11/critical-risks-serverless-applications
RISKS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "Function Event-Data Injection",
        2: "Broken Authentication",
        3: "Insecure Serverless Deployment Configuration",
        4: "Over-Privileged Function Permissions & Roles",
        5: "Inadequate Function Monitoring and Logging",
        6: "Insecure Third-Party Dependencies",
        7: "Insecure Application Secrets Storage",
        8: "Denial of Service & Financial Resource Exhaustion",
        9: "Serverless Business Logic Manipulation",
        10: "Improper Exception Handling and Verbose Error Messages",
        11: "Obsolete Functions, Cloud Resources and Event Triggers",
        12: "Cross-Execution Data Persistency",
    }
)
#: The one that is a flow of data, and that the taint analysis is for.
INJECTION: Final = 1
