"""The course that comes with the kit: notebooks and examples, where they are and how a learner gets a copy."""

from sls_lab.course.contents import FIRST_NOTEBOOK, course_folder, example_applications
from sls_lab.course.laying import Laid, UnusableFolder, lay_course

__all__ = ["FIRST_NOTEBOOK", "Laid", "UnusableFolder", "course_folder", "example_applications", "lay_course"]
