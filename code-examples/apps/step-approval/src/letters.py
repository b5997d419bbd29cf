"""The two letters. Whoever asks may propose the wording of the good news."""

from jinja2 import Template

REFUSAL = "Dear {{ name }}, unfortunately we cannot do without you for {{ days }} days."


def confirm(event, context):
    letter = Template(event["wording"]).render(name=event["name"], days=event["days"])
    print(letter)
    return {"letter": letter}


def decline(event, context):
    letter = Template(REFUSAL).render(name=event["name"], days=event["days"])
    print(letter)
    return {"letter": letter}
