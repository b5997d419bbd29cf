"""Write applications that are large in one respect, for measuring what each costs."""

from __future__ import annotations

from pathlib import Path

_HEAD = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Policies: [AmazonSQSFullAccess, AmazonS3FullAccess]
"""
_PUBLIC = "{Type: HttpApi}"


def write_one_file(folder: Path, functions: int) -> None:
    """So many handlers in one file, each of which sends what it is given to the next one's queue."""
    resources, code = [], ['import os\nimport boto3\n\nsqs = boto3.client("sqs")\n']
    for number in range(functions):
        event = f"{{Type: SQS, Properties: {{Queue: !GetAtt Q{number}.Arn}}}}"
        resources.append(_function(number, f"app.h{number}", event, f"!Ref Q{(number + 1) % functions}"))
        resources.append(f"  Q{number}: {{Type: AWS::SQS::Queue, Properties: {{QueueName: q{number}}}}}\n")
        body = "sqs.send_message(QueueUrl=os.environ['NEXT'], MessageBody=event['Records'][0]['body'])"
        code.append(f"\n\ndef h{number}(event, context):\n    {body}\n")
    _write(folder, resources, {"app.py": "".join(code)})


def write_uncertain(folder: Path, functions: int) -> None:
    """So many functions: half write to a bucket that the request names, half listen to a bucket of their own."""
    resources, files = [], {}
    for number in range(functions):
        writes = number < functions // 2
        bucket = f"Bucket: !Ref B{number}, Events: 's3:ObjectCreated:*'"
        event = _PUBLIC if writes else f"{{Type: S3, Properties: {{{bucket}}}}}"
        resources.append(_function(number, f"h{number}.handler", event))
        if not writes:
            resources.append(f"  B{number}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: b{number}}}}}\n")
        body = (
            "s3.put_object(Bucket=event['bucket'], Key=event['key'], Body=event['body'])"
            if writes
            else "print(event['Records'][0]['s3']['object']['key'])"
        )
        code = f"import boto3\n\ns3 = boto3.client('s3')\n\n\ndef handler(event, context):\n    {body}\n"
        files[f"h{number}.py"] = code
    _write(folder, resources, files)


def write_long_helper(folder: Path, handlers: int, assignments: int) -> None:
    """So many handlers that pass what they receive to one helper, which assigns it so many times before it runs it."""
    steps = "".join(f"    v{number + 1} = v{number} + 'x'\n" for number in range(assignments))
    files = {"helper.py": f"import os\n\n\ndef run(v0):\n{steps}    os.system(v{assignments})\n"}
    resources = []
    for number in range(handlers):
        resources.append(_function(number, f"h{number}.handler", _PUBLIC))
        files[f"h{number}.py"] = "from helper import run\n\n\ndef handler(event, context):\n    run(event['body'])\n"
    _write(folder, resources, files)


def _function(number: int, handler: str, event: str, following: str = "") -> str:
    variables = f"      Environment: {{Variables: {{NEXT: {following}}}}}\n" if following else ""
    return (
        f"  F{number}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: {handler}\n"
        f"      Runtime: python3.12\n      CodeUri: .\n{variables}      Events:\n        E: {event}\n"
    )


def _write(folder: Path, resources: list[str], files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(f"{_HEAD}Resources:\n{''.join(resources)}", encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
