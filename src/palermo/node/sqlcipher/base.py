"""Django's SQLite backend, loaded a second time over the sqlcipher3 driver, with the key given first.

The key is PASSWORD of the database settings: 64 hexadecimal digits are used as the raw key, anything else
as a passphrase. Read again with each Django release: it relies on the backend importing `sqlite3.dbapi2`
by name.
"""

import importlib.util
import re
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.sqlite3 import base as original

try:
    import sqlcipher3
    from sqlcipher3 import dbapi2
except ImportError as missing:
    raise ImproperlyConfigured(
        "PALERMO_DATABASE_URL asks for sqlcipher, whose driver is absent: pip install palermo[cipher]"
    ) from missing

RAW_KEY = re.compile(r"[0-9A-Fa-f]{64}")


def _twin() -> ModuleType:
    spec: Any = original.__spec__
    module = importlib.util.module_from_spec(spec)
    with patch.dict(sys.modules, {"sqlite3": sqlcipher3, "sqlite3.dbapi2": dbapi2}):
        spec.loader.exec_module(module)
    return module


_sqlite: Any = _twin()


def _keyed(key: str) -> type:
    """A connection class that gives the key before anything reads the file."""
    statement = f"PRAGMA key = \"x'{key}'\"" if RAW_KEY.fullmatch(key) else f"PRAGMA key = {_quoted(key)}"

    class Keyed(dbapi2.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.execute(statement)

    return Keyed


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class DatabaseWrapper(_sqlite.DatabaseWrapper):
    """The SQLite backend with a key."""

    display_name = "SQLCipher"

    def get_connection_params(self) -> dict[str, Any]:
        if not self.settings_dict["PASSWORD"]:
            raise ImproperlyConfigured("A sqlcipher database needs a key. Set PALERMO_DATABASE_KEY_FILE.")
        params: dict[str, Any] = super().get_connection_params()
        return params | {"factory": _keyed(self.settings_dict["PASSWORD"])}
