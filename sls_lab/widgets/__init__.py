"""What notebooks show: each widget is a view of one application, drawn in the browser from a model in Python."""

import importlib.util

from sls_lab.facts import MissingPackages

if not all(map(importlib.util.find_spec, ("IPython", "anywidget", "ipywidgets"))):
    raise MissingPackages("JupyterLab and its widgets are", "lab")

from sls_lab.widgets.application_tables import (
    show_advice,
    show_answers,
    show_arguments,
    show_calls,
    show_edges,
    show_edits,
    show_entries,
    show_event_objects,
    show_functions,
    show_path,
    show_permissions,
    show_reasons,
    show_resources,
    show_triggers,
    show_what_holds,
)
from sls_lab.widgets.ast_explorer import AstExplorer
from sls_lab.widgets.charts import chart
from sls_lab.widgets.classroom_switch import classroom
from sls_lab.widgets.editor import Editor
from sls_lab.widgets.event_graph import EventGraphExplorer
from sls_lab.widgets.exercises import check_exercise, exercise
from sls_lab.widgets.kit import look_into
from sls_lab.widgets.listing import listing, show_code, show_json
from sls_lab.widgets.predictions import predict, recall
from sls_lab.widgets.progress import analysed
from sls_lab.widgets.progress_bar import progress_bar
from sls_lab.widgets.pysa_tables import show_models, show_rules, show_summaries
from sls_lab.widgets.report_tables import (
    show_before_and_after,
    show_change,
    show_diagnostics,
    show_flows,
    show_remedies,
    show_risks,
    show_sources,
    show_unseen,
)
from sls_lab.widgets.rewriting import RewritingStepper
from sls_lab.widgets.score_tables import show_mistakes, show_precision, show_scores
from sls_lab.widgets.send_request import SendRequest
from sls_lab.widgets.stages import own_or
from sls_lab.widgets.static_and_dynamic import show_held_against, show_unconfirmed, side_by_side, tried_flows
from sls_lab.widgets.tables import doctor, table
from sls_lab.widgets.taint import TaintStepper
from sls_lab.widgets.template_explorer import TemplateExplorer

__all__ = [
    "AstExplorer",
    "Editor",
    "EventGraphExplorer",
    "RewritingStepper",
    "SendRequest",
    "TaintStepper",
    "TemplateExplorer",
    "analysed",
    "chart",
    "check_exercise",
    "classroom",
    "doctor",
    "exercise",
    "listing",
    "look_into",
    "own_or",
    "predict",
    "progress_bar",
    "recall",
    "show_advice",
    "show_answers",
    "show_arguments",
    "show_before_and_after",
    "show_calls",
    "show_change",
    "show_code",
    "show_diagnostics",
    "show_edges",
    "show_edits",
    "show_entries",
    "show_event_objects",
    "show_flows",
    "show_functions",
    "show_held_against",
    "show_json",
    "show_mistakes",
    "show_models",
    "show_path",
    "show_permissions",
    "show_precision",
    "show_reasons",
    "show_remedies",
    "show_resources",
    "show_risks",
    "show_rules",
    "show_scores",
    "show_sources",
    "show_summaries",
    "show_triggers",
    "show_unconfirmed",
    "show_unseen",
    "show_what_holds",
    "side_by_side",
    "table",
    "tried_flows",
]
