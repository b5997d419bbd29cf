from typing import Any

from pymongo.collection import Collection as Collection
from pymongo.database import Database as Database
from pymongo.mongo_client import MongoClient as MongoClient

ASCENDING: int
DESCENDING: int
