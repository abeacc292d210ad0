"""A second project on a server, with a user of its own."""

import json
import pathlib

from holdfast_process import CommandLine, ServerProcess


class Neighbour:
    """What tests take a server for, as another project sees it."""

    def __init__(self, server: ServerProcess, name: str = "neighbour", role: str = "cbr_admin"):
        self.server = server
        verbs = CommandLine(environment={"HOLDFAST_DATA": str(server.data)})
        project = verbs.json("identity", "project", "create", name)
        user = verbs.json("identity", "user", "create", f"{name}-user", "--project", name, "--role", role)
        key = verbs.json("identity", "key", "create", "--user", f"{name}-user")
        self.credentials = server.credentials | {
            "project_id": project["id"], "project_name": name, "user_name": f"{name}-user",
            "password": user["password"], "access_key": key["access_key"], "secret_key": key["secret_key"]}
        self.credentials_path = pathlib.Path(server.data).parent / f"{name}-credentials.json"
        self.credentials_path.write_text(json.dumps(self.credentials))

    @property
    def url(self) -> str:
        return self.server.url
