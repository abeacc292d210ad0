"""HTTP as the Go SDK below the Terraform provider sends it: signed, with Host and X-Project-Id left unsigned."""

import datetime
import hashlib
import hmac
import json
import urllib.parse

import requests

#: Which statuses each method takes for success; anything else is an error.
ACCEPTED = {"GET": {200}, "POST": {200, 201, 202}, "PUT": {200, 201, 202}, "DELETE": {200, 202, 204}}


def encoded(text: str) -> str:
    return urllib.parse.quote(text, safe="-._~")


def joined(query: dict) -> str:
    pairs = [(key, str(one)) for key, value in query.items() for one in (value if isinstance(value, list) else [value])]
    return "&".join(f"{encoded(key)}={encoded(value)}" for key, value in sorted(pairs))


class GolangClient:
    """`project` may be set to None, as it is before the provider has asked for it."""

    def __init__(self, server):
        known = server.credentials
        self.key, self.secret = known["access_key"], known["secret_key"]
        self.project = known["project_id"]
        self.base = server.url
        self.session = requests.Session()
        self.session.headers.clear()

    def signed(self, method: str, path: str, query: dict, body: bytes, extra: dict) -> dict:
        """Every header set so far is signed, then what the Go SDK adds afterwards is added."""
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {"accept": "application/json", "user-agent": "golangsdk/2.0.0", "x-sdk-date": date}
        if body:
            headers["content-type"] = "application/json"
        headers |= {name.lower(): value for name, value in extra.items()}
        names = ";".join(sorted(headers))
        canonical_query = joined(query)
        canonical_path = "/".join(encoded(urllib.parse.unquote(part)) for part in path.split("/")) + "/"
        canonical = "\n".join([
            method, canonical_path, canonical_query,
            "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers)), names,
            hashlib.sha256(body).hexdigest()])
        text = f"SDK-HMAC-SHA256\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return headers | {
            "Authorization": f"SDK-HMAC-SHA256 Access={self.key}, SignedHeaders={names}, Signature={signature}",
            **({"X-Project-Id": self.project} if self.project else {})}

    def send(self, method: str, path: str, body=None, query=None, headers=None) -> requests.Response:
        """`/vaults` is below the project; `/`, `/v3/…` and `/holdfast/…` are taken as they are. A list in `query` repeats its key."""
        full = path if path == "/" or path.startswith(("/v3/", "/holdfast/")) else f"/v3/{self.project}{path}"
        query = query or {}
        payload = json.dumps(body, separators=(",", ":")).encode() if body is not None else b""
        made = self.signed(method, full, query, payload, headers or {})
        tail = "?" + joined(query) if query else ""
        return self.session.request(method, self.base + full + tail, data=payload, headers=made, timeout=30)

    def call(self, method: str, path: str, body=None, query=None, only=None, headers=None):
        """The answer's JSON, or None without one; fails on a status that the provider would not take."""
        answer = self.send(method, path, body, query, headers)
        accepted = only or ACCEPTED[method]
        assert answer.status_code in accepted, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def status(self, path: str) -> int:
        return self.send("GET", path).status_code

    def pages(self, path: str, name: str, query=None) -> list:
        """Goes on by `offset` until an empty array comes, as the provider does; null or nothing is an error."""
        found, size = [], None
        for _ in range(1000):
            page = self.call("GET", path, query=(query or {}) | {"offset": len(found)} | ({"limit": size} if size else {}))
            items = page[name]
            assert isinstance(items, list), f"{name} is {items!r}"
            if not items:
                return found
            found += items
            size = size or len(items)
        raise AssertionError(f"{path}: the pages never end")
