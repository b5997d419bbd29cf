"""What a collection of repositories looks like: hundreds of applications in one call, each within limits of its own."""

from sls_lab.survey import tables
from sls_lab.survey.collecting import Collected, collect
from sls_lab.survey.journal import Journal, JournalInUse, SurveyUnavailable
from sls_lab.survey.schedule import SurveyLimits, survey

__all__ = ["Collected", "Journal", "JournalInUse", "SurveyLimits", "SurveyUnavailable", "collect", "survey", "tables"]
