"""Keep a photograph, and wake whoever looks at the bucket."""
import boto3

s3 = boto3.client('s3')   # one client for all invocations


def handler(event, context):
    name = event['name']
    s3.put_object(Bucket='photos', Key=name, Body=event['data'])  # the original
    if event.get('public'): s3.put_object(Bucket='gallery', Key='thumbs/' + name, Body=b'')

    answer = s3.put_object(
        Bucket='photos',
        Key=f'index/{name}',   # not a path
        Body=b'',
    )
    return s3.put_object(Bucket='log', Key=answer['ETag'], Body=b'')


def copy_all(event, context):
    return [s3.put_object(Bucket='copies', Key=key, Body=b'') for key in event['keys']]
