#!/usr/bin/env python3
"""Serves the objects of a file (a List in JSON) as an API server would, as far as `kubectl get` and `kubectl describe` ask.

Usage: apiserver.py FILE. The port is printed on standard output; the server ends with its standard input.
"""
import http.server
import json
import sys
import threading
import urllib.parse

objects = json.load(open(sys.argv[1]))["items"]
# kind: group, plural, namespaced, short names
kinds = {
    "Pod": ("", "pods", True, ["po"]),
    "PersistentVolume": ("", "persistentvolumes", False, ["pv"]),
    "PersistentVolumeClaim": ("", "persistentvolumeclaims", True, ["pvc"]),
    "ConfigMap": ("", "configmaps", True, ["cm"]),
    "Secret": ("", "secrets", True, []),
    "Service": ("", "services", True, ["svc"]),
    "Event": ("", "events", True, ["ev"]),
    "ResourceQuota": ("", "resourcequotas", True, []),
    "LimitRange": ("", "limitranges", True, []),
    "Namespace": ("", "namespaces", False, ["ns"]),
    "Node": ("", "nodes", False, ["no"]),
    "RuntimeClass": ("node.k8s.io", "runtimeclasses", False, []),
    "PriorityClass": ("scheduling.k8s.io", "priorityclasses", False, ["pc"]),
    "StorageClass": ("storage.k8s.io", "storageclasses", False, ["sc"]),
}


def version(group):
    return group + "/v1" if group else "v1"


def member(value, path):
    for key in path.split("."):
        value = value.get(key, {}) if isinstance(value, dict) else {}
    return "" if value == {} else value


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, value, code=200):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def not_found(self, plural="", name=""):
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        status["message"] = f'{plural} "{name}" not found'
        status["details"] = {"name": name, "kind": plural}
        self.answer(status, 404)

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        path = [part for part in url.path.split("/") if part]
        if path == ["api"]:
            return self.answer({"kind": "APIVersions", "versions": ["v1"]})
        if path == ["apis"]:
            names = sorted({entry[0] for entry in kinds.values() if entry[0]})
            versions = [{"groupVersion": name + "/v1", "version": "v1"} for name in names]
            groups = [{"name": n, "versions": [v], "preferredVersion": v} for n, v in zip(names, versions)]
            return self.answer({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
        if path[0] == "api" and len(path) >= 2:
            group, rest = "", path[2:]
        elif path[0] == "apis" and len(path) >= 3:
            group, rest = path[1], path[3:]
        else:
            return self.not_found()
        if not rest:
            resources = [
                {
                    "name": plural,
                    "singularName": kind.lower(),
                    "namespaced": namespaced,
                    "kind": kind,
                    "verbs": ["get", "list", "watch"],
                    "shortNames": short,
                }
                for kind, (of, plural, namespaced, short) in kinds.items()
                if of == group
            ]
            return self.answer(
                {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version(group), "resources": resources}
            )
        namespace = None
        if rest[0] == "namespaces" and len(rest) > 2:
            namespace, rest = rest[1], rest[2:]
        kind = next((kind for kind, entry in kinds.items() if entry[:2] == (group, rest[0])), None)
        if not kind:
            return self.not_found(rest[0])
        found = [o for o in objects if o["kind"] == kind and namespace in (None, o["metadata"].get("namespace"))]
        if len(rest) > 1:
            found = [o for o in found if o["metadata"]["name"] == rest[1]]
            return self.answer(found[0]) if found else self.not_found(rest[0], rest[1])
        for selector in urllib.parse.parse_qs(url.query).get("fieldSelector", []):
            for term in selector.split(","):
                if "!=" in term:
                    key, _, value = term.partition("!=")
                    found = [o for o in found if member(o, key) != value]
                else:
                    key, _, value = term.partition("=")
                    found = [o for o in found if member(o, key) == value]
        listing = {"kind": kind + "List", "apiVersion": version(group), "metadata": {"resourceVersion": "1"}}
        self.answer({**listing, "items": found})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
