"""The classes of objects that libraries make, and that applications hand about: connections, cursors, clients."""

from __future__ import annotations

from typing import Final

#: The class of what a function returns, or a method of a class.
#: https://peps.python.org/pep-0249/, https://docs.python.org/3/library/sqlite3.html,
#: https://docs.sqlalchemy.org/en/20/core/connections.html,
#: https://redis.readthedocs.io/en/stable/connections.html, https://docs.paramiko.org/en/stable/api/client.html
_RETURNED: Final = {
    "sqlite3.connect": "sqlite3.Connection",
    "sqlite3.Connection.cursor": "sqlite3.Cursor",
    "sqlite3.Connection.execute": "sqlite3.Cursor",
    "pymysql.connect": "pymysql.connections.Connection",
    "pymysql.connections.Connection.cursor": "pymysql.cursors.Cursor",
    "psycopg2.connect": "psycopg2.extensions.connection",
    "psycopg2.extensions.connection.cursor": "psycopg2.extensions.cursor",
    "psycopg.connect": "psycopg.Connection",
    "psycopg.Connection.connect": "psycopg.Connection",
    "psycopg.Connection.cursor": "psycopg.Cursor",
    "mysql.connector.connect": "mysql.connector.MySQLConnection",
    "mysql.connector.MySQLConnection.cursor": "mysql.connector.MySQLCursor",
    "sqlalchemy.create_engine": "sqlalchemy.engine.Engine",
    "sqlalchemy.engine.Engine.connect": "sqlalchemy.engine.Connection",
    "sqlalchemy.engine.Engine.begin": "sqlalchemy.engine.Connection",
    "redis.from_url": "redis.client.Redis",
}
#: Classes by the names under which applications make their objects.
_CLASSES: Final = {
    "pymysql.Connection": "pymysql.connections.Connection",
    "pymysql.connections.Connection": "pymysql.connections.Connection",
    "requests.Session": "requests.Session",
    "requests.session": "requests.Session",
    "redis.Redis": "redis.client.Redis",
    "redis.StrictRedis": "redis.client.Redis",
    "pymongo.MongoClient": "pymongo.mongo_client.MongoClient",
    "paramiko.SSHClient": "paramiko.client.SSHClient",
}


def class_made(function: str) -> str:
    """The class of what a function or class of a library makes, by its dotted name; empty where it is not known."""
    return _RETURNED.get(function) or _CLASSES.get(function, "")


def class_returned(holder: str, method: str) -> str:
    """The class of what a method returns, by the class that has it; empty where it is not known."""
    return _RETURNED.get(f"{holder}.{method}", "") if holder else ""
