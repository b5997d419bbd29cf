"""An abstract interpreter: what the names in boto3 calls may be, found without running anything."""
