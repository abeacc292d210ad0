"""Makes one server know another as a region."""

import yaml

from holdfast_process import Api


def pair(north, south, workplace, region: str = "south-1", endpoint: str | None = None, **changes) -> None:
    """Lets the first project of `north` send to the first of `south`; `north` is started again."""
    near, far = north.credentials, south.credentials
    password = workplace / "peer.password"
    password.write_text(far["password"] + "\n")
    password.chmod(0o600)
    file = workplace / "peers.yaml"
    file.write_text(yaml.safe_dump({"peers": [{
        "region": region, "endpoint": endpoint or south.url, **changes, "projects": [{
            "local": near["project_id"], "remote": far["project_id"], "user": far["user_name"],
            "domain": far["domain_name"], "password_file": str(password)}]}]}))
    north.environment["HOLDFAST_REPLICATION_PEERS"] = str(file)
    assert north.stop() == 0
    north.start()


def replica_vault(far: Api, object_type: str, protect_type: str = "replication") -> str:
    return far.call("POST", "/vaults", {"vault": {
        "name": "replicas", "resources": [], "billing": {
            "consistent_level": "crash_consistent", "object_type": object_type, "protect_type": protect_type,
            "size": 100}}}, expect=200).json()["vault"]["id"]
