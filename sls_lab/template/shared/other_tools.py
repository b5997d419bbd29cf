"""What a folder holds instead of a template: the files of tools that are not read here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic
from sls_lab.template.shared.application_files import read_text
from sls_lab.template.shared.folder_walk import Folder, join, top


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that deploys functions: how its files are called, and what to do instead."""

    name: str
    remedy: str
    is_file: Callable[[str], bool]
    words: tuple[str, ...] = ()  #: one of them must occur in the file, where there are any


def _called(*names: str) -> Callable[[str], bool]:
    return lambda file: file.rpartition("/")[2] in names


# https://docs.aws.amazon.com/cdk/v2/guide/cli.html, https://aws.github.io/chalice/topics/configfile.html,
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function,
# https://github.com/zappa/Zappa#settings, https://www.pulumi.com/docs/iac/concepts/projects/project-file/
_TOOLS: Final = (
    Tool("the AWS CDK", "run cdk synth, which writes templates to cdk.out", _called("cdk.json")),
    Tool(
        "Terraform",
        "write its functions as a SAM template",
        lambda file: file.endswith((".tf", ".tf.json")),
        ("aws_lambda_function", "terraform-aws-modules/lambda"),
    ),
    Tool(
        "Chalice",
        "run chalice package, which writes a SAM template",
        lambda file: file.endswith(".chalice/config.json"),
    ),
    Tool(
        "Zappa",
        "write its functions as a SAM template",
        _called("zappa_settings.json", "zappa_settings.yml", "zappa_settings.yaml", "zappa_settings.toml"),
    ),
    Tool("Pulumi", "write its functions as a SAM template", _called("Pulumi.yaml", "Pulumi.yml")),
)


def other_tools(root: Path, folders: list[Folder], templates: list[str]) -> Iterator[Diagnostic]:
    """One diagnostic for each project of another tool, whose functions are not seen.

    A project of the CDK whose output is among the templates gives no diagnostic.
    """
    for folder in folders:
        for tool in _TOOLS:
            names = (join(folder.path, name) for name in sorted(folder.names))
            file = next((name for name in names if tool.is_file(name) and _mentions(root, name, tool.words)), None)
            made = join(folder.path, "cdk.out/")
            if file is None or folder.is_output or any(template.startswith(made) for template in templates):
                continue
            message = f"{file} is of {tool.name}, which is not read, so its functions are not analysed: {tool.remedy}."
            yield Diagnostic("other-tool", message, top(file))


def _mentions(root: Path, file: str, words: tuple[str, ...]) -> bool:
    if not words:
        return True
    text = read_text(root, file)
    return not isinstance(text, str) or any(word in text for word in words)
