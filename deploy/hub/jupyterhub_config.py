"""JupyterHub for one class on one machine: `make hub` starts it, the Dockerfile too.

What differs from class to class comes from the environment:

    SLS_LAB_CLASS_WORD   the password of all learners, eight characters or more; each logs in with a name of their own
    SLS_LAB_ROOM_KEY     opens the instructor's page, /services/room/?key=…
    SLS_LAB_HUB_FOLDER   homes, the room's messages and the hub's own state; what is to survive a restart
    SLS_LAB_HUB_ADDRESS  where to serve (default: http://127.0.0.1:8000)
    SLS_LAB_MEMORY       of each process of a learner, in MB (default: 2500)
    SLS_LAB_PROCESSORS   that a learner may use at once (default: 2)
    SLS_LAB_IDLE         seconds after which an unused server is stopped (default: 3600); its files stay

All learners run as the user that runs this hub: the homes are theirs by courtesy, not by force. For learners who must
not reach each other's files use values.yml on Kubernetes, where each has a container.
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyterhub.spawner import SimpleLocalProcessSpawner

from sls_lab.course import FIRST_NOTEBOOK, lay_course

FOLDER = Path(os.environ["SLS_LAB_HUB_FOLDER"]).resolve()
WORD = os.environ["SLS_LAB_CLASS_WORD"]
ADDRESS = os.environ.get("SLS_LAB_HUB_ADDRESS", "http://127.0.0.1:8000")
MEMORY = int(os.environ.get("SLS_LAB_MEMORY", "2500")) * 1024 * 1024
PROCESSORS = int(os.environ.get("SLS_LAB_PROCESSORS", "2"))
IDLE = int(os.environ.get("SLS_LAB_IDLE", "3600"))
BESIDE = Path(sys.executable).parent
# The public port is the hub's; the next ones are for those that only the hub's proxy talks to.
PORT = urlsplit(ADDRESS).port or 8000
ROOM = f"http://127.0.0.1:{PORT + 3}/services/room/"


class LearnerSpawner(SimpleLocalProcessSpawner):  # type: ignore[misc]
    """One JupyterLab for each learner, in a home of its own, with limits."""

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """Go to the home, take the limits on, and leave the hub's own priority to the hub."""
        go_home = super().make_preexec_fn(name)

        def preexec() -> None:
            go_home()
            # Memory that is this process's alone: Pysa maps much more than it uses.
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
            if hasattr(os, "sched_setaffinity"):
                mine = sorted(os.sched_getaffinity(0))
                first = secrets.randbelow(len(mine))
                os.sched_setaffinity(0, [mine[(first + n) % len(mine)] for n in range(min(PROCESSORS, len(mine)))])
            os.nice(5)

        return preexec


def lay(spawner: Any) -> None:
    """Copy the course into a learner's home at the first start; later versions renew what was not changed."""
    home = FOLDER / "homes" / spawner.user.name
    home.mkdir(parents=True, exist_ok=True)
    lay_course(home / "course")


c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.JupyterHub.bind_url = ADDRESS
c.JupyterHub.hub_port = PORT + 1
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")
if "SLS_LAB_PROXY" in os.environ:
    c.ConfigurableHTTPProxy.command = os.environ["SLS_LAB_PROXY"].split("\n")

# A restart of the hub stops nobody: proxy and servers go on, and what they need to be recognised is kept.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie-secret")

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = WORD
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = "[a-z0-9][a-z0-9._-]{0,29}"

c.JupyterHub.spawner_class = LearnerSpawner
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "homes" / "{username}")
c.Spawner.cmd = [str(BESIDE / "jupyterhub-singleuser")]
c.Spawner.notebook_dir = str(FOLDER / "homes" / "{username}" / "course")
c.Spawner.default_url = f"/lab/tree/{FIRST_NOTEBOOK}"
c.Spawner.pre_spawn_hook = lay
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.environment = {
    "PATH": f"{BESIDE}{os.pathsep}{os.environ.get('PATH', '')}",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "SLS_LAB_ROOM": ROOM,
    "SLS_LAB_ROOM_WORD": WORD,
}
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]

c.JupyterHub.services = [
    {
        "name": "room",
        "url": f"http://127.0.0.1:{PORT + 3}",
        "command": [
            *(str(BESIDE / "sls-lab"), "room", str(FOLDER / "room")),
            *("--port", str(PORT + 3), "--prefix", "/services/room/"),
        ],
        "environment": {"SLS_LAB_ROOM_WORD": WORD, "SLS_LAB_ROOM_KEY": os.environ.get("SLS_LAB_ROOM_KEY", "")},
    },
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"],
    },
]
# What the culler needs: https://github.com/jupyterhub/jupyterhub-idle-culler#permissions
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
