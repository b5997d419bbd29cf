from typing import Any

class LambdaContext:
    function_name: str
    aws_request_id: str
    invoked_function_arn: str
    def get_remaining_time_in_millis(self) -> int: ...
    def __getattr__(self, name: str) -> Any: ...
