"""Advice on risks that are no flow: each where it must be given, and where it would be a false alarm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sls_lab import App

Write = Callable[..., App]

ANYTHING = "- {Effect: Allow, Action: '*', Resource: '*'}"
WEB = "one:\n  handler: one.handler\n  events: [{httpApi: POST /one}]"
CLOCK = "one:\n  handler: one.handler\n  events: [{schedule: rate(1 day)}]"
PASS = "def handler(event, context):\n    pass\n"


def codes(app: App) -> list[str]:
    return [advice.code for advice in app.advice if advice.code in CODES]


CODES = {
    "public-resource",
    "untrusted-requirement",
    "unpinned-requirement",
    "plain-secret",
    "hard-coded-secret",
    "secret-logged",
    "environment-logged",
    "request-logged",
    "side-entrance",
    "verbose-error",
    "obsolete-function",
    "kept-between-invocations",
}


def handler(*lines: str, before: str = "") -> str:
    return f"import os, sys, traceback, logging\n{before}\ndef handler(event, context):\n" + "".join(
        f"    {line}\n" for line in lines
    )


# SAS-3
POLICY = """Rule:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: {Ref: Box}
    PolicyDocument: {Statement: [{Effect: Allow, Principal: %s, Action: %s, Resource: '*'%s}]}
Box:
  Type: AWS::S3::Bucket
  Properties: {BucketName: box%s}"""


@pytest.mark.parametrize(
    ("resources", "given"),
    [
        (POLICY % ("'*'", "s3:DeleteObject", "", ""), True),
        (POLICY % ("{AWS: '*'}", "[s3:GetObject, s3:PutObject]", "", ""), True),
        (POLICY % ("'*'", "s3:GetObject", "", ""), True),
        (POLICY % ("'*'", "s3:GetObject", "", ", WebsiteConfiguration: {IndexDocument: index.html}"), False),
        (POLICY % ("'*'", "s3:PutObject", "", ", WebsiteConfiguration: {IndexDocument: index.html}"), True),
        (POLICY % ("'*'", "s3:*", ", Condition: {StringEquals: {'aws:SourceVpce': vpce-1}}", ""), False),
        (POLICY % ("{AWS: 'arn:aws:iam::1:root'}", "s3:*", "", ""), False),
        (POLICY % ("'*'", "s3:*", "", ", PublicAccessBlockConfiguration: {BlockPublicPolicy: true}"), False),
        (POLICY.replace("Allow", "Deny") % ("'*'", "s3:*", "", ""), False),
        ("Box: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicReadWrite}}", True),
        ("Box: {Type: AWS::S3::Bucket, Properties: {AccessControl: Private}}", False),
        (
            "Rule: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [q], PolicyDocument: {Statement: "
            "{Effect: Allow, Principal: '*', Action: sqs:SendMessage}}}}",
            True,
        ),
        ("Open: {Type: AWS::Lambda::Permission, Properties: {Principal: '*', FunctionName: x}}", True),
        (
            "Open: {Type: AWS::Lambda::Permission, Properties: {Principal: '*', FunctionName: x, "
            "FunctionUrlAuthType: NONE}}",
            False,
        ),
        ("Open: {Type: AWS::Lambda::Permission, Properties: {Principal: s3.amazonaws.com, FunctionName: x}}", False),
    ],
)
def test_a_resource_that_is_open_to_everybody(application: Write, resources: str, given: bool) -> None:
    app = application(ANYTHING, WEB, resources, one=PASS)
    assert codes(app) == ["public-resource"] * given
    # Nor does a resource's own policy give the function what it does not need.
    assert "unused-permission" not in {advice.code for advice in app.advice if advice.span.line > 12}


# SAS-6
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("boto3", "unpinned-requirement"),
        ("requests[socks]  # for the proxy", "unpinned-requirement"),
        ("boto3 ; python_version > '3.8'", "unpinned-requirement"),
        ("git+https://git.example/x.git", "unpinned-requirement"),
        ("x @ git+https://git.example/x.git@main", "unpinned-requirement"),
        ("--extra-index-url https://pypi.example/simple", "untrusted-requirement"),
        ("--index-url http://pypi.example/simple", "untrusted-requirement"),
        ("--trusted-host pypi.example", "untrusted-requirement"),
        ("http://pypi.example/x-1.0.tar.gz", "untrusted-requirement"),
        ("boto3==1.34.0", None),
        ("boto3 ~= 1.34", None),
        ("boto3>=1.34,<2 ; python_version > '3.8'", None),
        ("x @ git+https://git.example/x.git@0123456789abcdef0123456789abcdef01234567", None),
        ("x @ https://pypi.example/x-1.0-py3-none-any.whl", None),
        ("--index-url https://pypi.example/simple", None),
        ("-r more.txt", None),
        ("-e .", None),
        ("./lib", None),
        ("# boto3", None),
        ("", None),
        ("--hash=sha256:00", None),
    ],
)
def test_a_requirement_that_somebody_else_decides(application: Write, line: str, code: str | None) -> None:
    app = application(ANYTHING, WEB, one=PASS)
    (app.path / "requirements.txt").write_text(f"# first\n{line}\n", encoding="utf-8")
    found = [advice for advice in app.advice if advice.code in CODES]
    assert [advice.code for advice in found] == ([code] if code else [])
    assert all((advice.span.file, advice.span.line) == ("requirements.txt", 2) for advice in found)


def test_requirements_outside_the_folder_are_not_read(application: Write) -> None:
    app = application(ANYTHING, WEB, one=PASS)
    outside = app.path.parent / "requirements-elsewhere.txt"
    outside.write_text("boto3\n", encoding="utf-8")
    (app.path / "requirements.txt").symlink_to(outside)
    assert codes(app) == []


# SAS-7
@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("DB_PASSWORD: hunter2hunter2", True),
        ("dbPassword: hunter2hunter2", True),
        ("SMS_API_KEY: k3y-0a9b8c", True),
        ("DATABASE: 'mysql://shop:hunter2@db.internal/shop'", True),
        ("DB_PASSWORD: '${ssm:/shop/password}'", False),
        ("DB_PASSWORD: '{{resolve:ssm-secure:/shop/password}}'", False),
        ("DB_PASSWORD: {Ref: Parameter}", False),
        ("DB_PASSWORD: '${env:DB_PASSWORD}'", False),
        ("DB_PASSWORD: change-me-123", False),
        ("DB_SECRET: prod/database2", False),
        ("DB_SECRET: 'arn:aws:secretsmanager:eu-west-1:1:secret:db-1'", False),
        ("SECRET_NAME: database-2", False),
        ("TOKEN_TABLE: tokens-2", False),
        ("TOKEN_SECONDS: '3600'", False),
        ("DATABASE: 'mysql://db.internal/shop'", False),
        ("MAX_TOKEN: '4096000'", False),
        ("DATABASE: 'mysql://shop:hunter2@db.example.com/your-sample'", True),
        ("DATABASE: 'mysql://shop:your-password@db.internal/shop'", False),
    ],
)
def test_a_secret_in_the_template(application: Write, variable: str, given: bool) -> None:
    app = application(ANYTHING, f"{WEB}\n  environment:\n    {variable}", one=PASS)
    assert codes(app) == ["plain-secret"] * given
    assert not any("hunter2" in advice.message for advice in app.advice)


def test_a_secret_given_by_the_analyst_is_not_in_the_template(application: Write) -> None:
    app = application(ANYTHING, WEB + "\n  environment:\n    DB_PASSWORD: ${env:DB_PASSWORD}", one=PASS)
    app.options.env["DB_PASSWORD"] = "hunter2hunter2"
    assert codes(app) == []


def test_a_secret_among_the_resources_is_said_once(application: Write) -> None:
    resources = "Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: hunter2hunter2}}"
    assert codes(application(ANYTHING, WEB, resources, one=PASS)) == ["plain-secret"]


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("PASSWORD = 'hunter2!'", True),
        ("API_KEY: str = 'k3y-0a9b8c'", True),
        ("connect(user='shop', password='hunter2!')", True),
        ("options = {'password': 'hunter2!'}", True),
        ("options = {}\noptions['token'] = 'k3y-0a9b8c'", True),
        ("import os\nkey = os.environ.get('API_KEY', 'k3y-0a9b8c')", True),
        ("x = 'AKIA0123456789ABCDEF'", True),
        ("x = 'key AKIA0123456789ABCDEF of your sample, change it'", True),
        ("x = 'AKIAIOSFODNN7EXAMPLE'", False),
        ("x = '-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEAvTodoXYZ012345'", True),
        ("x = '-----BEGIN RSA PRIVATE KEY-----'", False),
        ("x = 'postgres://shop:hunter2@db/shop'", True),
        ("import os\nPASSWORD = os.environ['PASSWORD']", False),
        ("PASSWORD = ''", False),
        ("TOKEN = 'X-Auth-Token'", False),
        ("schema = {'password': 'string'}", False),
        ("PASSWORD = 'example-1'", False),
        ("PASSWORD_FIELD = 'field1!'", False),
        ("x = f'postgres://{1}:{2}@db/shop'", False),
        ("SECRET = 'prod/database2'", False),
    ],
)
def test_a_secret_in_the_code(application: Write, line: str, given: bool) -> None:
    app = application(ANYTHING, WEB, one=f"{line}\n{PASS}")
    assert codes(app) == ["hard-coded-secret"] * given


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("print(event)", "request-logged"),
        ("print('got', json.dumps(event))", "request-logged"),
        ("print(f'{event}')", "request-logged"),
        ("logging.info('got %s', event)", "request-logged"),
        ("print(event['rawPath'])", None),
        ("print(event.get('rawPath'))", None),
        ("print(len(event))", None),
        ("print('x' in event)", None),
        ("print(os.environ)", "environment-logged"),
        ("logging.error(dict(os.environ))", "environment-logged"),
        ("print(os.environ['REGION'])", None),
        ("print(os.environ.get('REGION'))", None),
        ("print('REGION' in os.environ)", None),
        ("x = boto3.client('secretsmanager').get_secret_value(SecretId='x'); print(x)", "secret-logged"),
        ("api_key = event['k']; logging.debug(f'key {api_key}')", "secret-logged"),
        ("api_key = event['k']; print(len(api_key))", None),
        ("next_token = event['k']; print(next_token)", None),
        ("print('password')", None),
        ("event = json.loads(event['body']); print(event)", None),
        ("x = boto3.client('kms').decrypt(CiphertextBlob=b''); x = 'done'; print(x)", None),
    ],
)  # fmt: skip
def test_what_should_not_be_in_a_log(application: Write, line: str, code: str | None) -> None:
    assert codes(application(ANYTHING, WEB, one=handler(line))) == ([code] if code else [])


def test_a_name_is_a_secret_in_its_own_function_alone(application: Write) -> None:
    other = (
        "def key():\n    answer = boto3.client('secretsmanager').get_secret_value(SecretId='x')\n    return answer\n"
    )
    body = handler("answer = event['rawPath']", "print(answer)", before=other)
    assert codes(application(ANYTHING, WEB, one=body)) == []


def test_an_event_of_the_application_may_be_logged(application: Write) -> None:
    assert codes(application(ANYTHING, CLOCK, one=handler("print(event)"))) == []


# SAS-9
TWO = """{first}:
  handler: {first}.handler
  events: [{{httpApi: POST /one}}]
two:
  handler: two.handler
  events: [{{sqs: 'arn:aws:sqs:eu-west-1:1:q'}}{more}]"""
SEND = handler("boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody='x')")


@pytest.mark.parametrize(
    ("more", "given"),
    [("", False), (", {httpApi: POST /two}", True), (", {schedule: rate(1 day)}", False), (", {sns: news}", False)],
)
def test_a_later_step_with_a_door_of_its_own(application: Write, more: str, given: bool) -> None:
    app = application(ANYTHING, TWO.format(first="one", more=more), one=SEND, two=PASS)
    assert codes(app) == ["side-entrance"] * given


def test_a_first_step_may_have_two_doors(application: Write) -> None:
    functions = "one:\n  handler: one.handler\n  events: [{httpApi: POST /one}, {http: POST /two}]"
    assert codes(application(ANYTHING, functions, one=PASS)) == []


# SAS-10
@pytest.mark.parametrize(
    ("lines", "given"),
    [
        (("except Exception as error:", "    return {'statusCode': 500, 'body': str(error)}"), True),
        (("except Exception as error:", "    return {'statusCode': 500, 'body': f'failed: {error!r}'}"), True),
        (("except Exception as error:", "    return {'statusCode': 500, 'body': error.args[0]}"), True),
        (("except Exception:", "    return {'statusCode': 500, 'body': traceback.format_exc()}"), True),
        (("except:", "    return {'statusCode': 500, 'body': str(sys.exc_info())}"), True),
        (("except (KeyError, OSError) as error:", "    return str(error)"), True),
        (("except boto3.exceptions.Boto3Error as error:", "    return str(error)"), True),
        (("except Exception as error:", "    text = str(error)", "return text"), True),
        (("except Exception as error:", "    text = str(error)", "    return {'body': text}"), True),
        (("except Exception as error:", "    text = str(error)", "    raise", "text = 'fine'", "return text"), False),
        (("except Exception as e:", "    return e.response['Error']['Message']"), True),
        (("except Exception as e:", "    return e.response['Error']['Code']"), False),
        (("except Exception as error:", "    return type(error).__name__"), False),
        (("except Exception as error:", "    print(error)", "    return {'statusCode': 500}"), False),
        (("except Exception as error:", "    return {'statusCode': error.status}"), False),
        (("except ValueError as error:", "    return {'statusCode': 400, 'body': str(error)}"), False),
        (("except Exception as error:", "    text = 'failed'", "return text"), False),
    ],
)
def test_an_exception_that_is_told_to_the_caller(application: Write, lines: tuple[str, ...], given: bool) -> None:
    body = handler("try:", "    pass", *lines)
    assert codes(application(ANYTHING, WEB, one=body)) == ["verbose-error"] * given


def test_an_exception_told_to_nobody_outside(application: Write) -> None:
    body = handler("try:", "    pass", "except Exception as error:", "    return str(error)")
    assert codes(application(ANYTHING, CLOCK, one=body)) == []


# SAS-11
OLD = WEB + "\nold:\n  handler: old.handler"


@pytest.mark.parametrize(
    ("functions", "resources", "one", "given"),
    [
        (OLD, "", PASS, True),
        ("one:\n  handler: one.handler\nold:\n  handler: old.handler", "", PASS, False),
        (OLD, "", handler("boto3.client('lambda').invoke(FunctionName='demo-dev-old')"), False),
        (OLD, "", handler("boto3.client('lambda').invoke(FunctionName=event['name'])"), False),
        (OLD + "\n  events: [{schedule: rate(1 day)}]", "", PASS, False),
        (OLD, "Out: {Type: Custom::X, Properties: {Of: {Fn::GetAtt: [OldLambdaFunction, Arn]}}}", PASS, False),
        (WEB + "\n  environment: {OLD: demo-dev-old}\nold:\n  handler: old.handler", "", PASS, False),
        (OLD, "X: {Type: Custom::X, Properties: {Of: {Fn::Sub: 'the OldLambdaFunction ${AWS::Region}'}}}", PASS, True),
        (OLD, "Out: {Type: Custom::X, Properties: {Of: {Fn::Sub: 'to ${OldLambdaFunction.Arn}'}}}", PASS, False),
        (OLD, "X: {Type: Custom::X, Properties: {A: {Fn::Join: [x, [OldLambdaFunction, {Ref: A}]]}}}", PASS, True),
    ],
)  # fmt: skip
def test_a_function_that_nothing_wakes(
    application: Write, functions: str, resources: str, one: str, given: bool
) -> None:
    app = application(ANYTHING, functions, resources, one=one, old=PASS)
    assert codes(app) == ["obsolete-function"] * given


# SAS-12
SEEN = "SEEN = []\nBY_NAME = {}\nLAST = None\nCLIENT = None"


@pytest.mark.parametrize(
    ("lines", "given"),
    [
        (("SEEN.append(event['body'])",), True),
        (("body = json.loads(event['body'])", "BY_NAME[body['name']] = body['text']"), True),
        (("global LAST", "LAST = event['body'].strip()"), True),
        (("for record in event['Records']:", "    SEEN.append(record['body'])"), True),
        (("SEEN.clear()", "SEEN.append(event['body'])"), False),
        (("mine = []", "mine.append(event['body'])"), False),
        (("global CLIENT", "CLIENT = CLIENT or boto3.client('s3')"), False),
        (("BY_NAME[event['body']] = 1",), False),
        (("BY_NAME['x'] = boto3.client('s3').get_object(Bucket='b', Key=event['k'])",), False),
        (("SEEN.append('fixed')",), False),
        (("with open('/tmp/last', 'w') as file:", "    file.write('x')"), True),
        (("path = f'/tmp/{context.name}'", "open(path, mode='ab').write(b'x')"), True),
        (("open(os.path.join('/tmp', 'x'), 'w')",), True),
        (("open('/tmp/last', 'w').write('x')", "os.remove('/tmp/last')"), False),
        (("open('/tmp/last').read()",), False),
        (("open('/mnt/shared/last', 'w')",), False),
    ],
)
def test_what_is_left_for_the_next_invocation(application: Write, lines: tuple[str, ...], given: bool) -> None:
    app = application(ANYTHING, WEB, one=handler(*lines, before=SEEN))
    assert codes(app) == ["kept-between-invocations"] * given
