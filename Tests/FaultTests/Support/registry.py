"""A registry on loopback that serves one image, and refuses others in the ways that registries do.

registry.py SAVED_IMAGE.tar ADDRESS PORT=CERTIFICATE:KEY…
Repositories: alpine (served), limited (429), private (401), any other (404).
"""
import gzip
import hashlib
import http.server
import json
import ssl
import sys
import tarfile
import threading

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
blobs = {}


def keep(content):
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    blobs[digest] = content
    return {"digest": digest, "size": len(content)}


def load(path):
    with tarfile.open(path) as tar:
        entry = json.load(tar.extractfile("manifest.json"))[0]
        config = tar.extractfile(entry["Config"]).read()
        layers = []
        for name in entry["Layers"]:
            layer = tar.extractfile(name).read()
            layer = layer if layer[:2] == b"\x1f\x8b" else gzip.compress(layer, 1)
            layers.append(dict(keep(layer), mediaType="application/vnd.docker.image.rootfs.diff.tar.gzip"))
    return json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": dict(keep(config), mediaType="application/vnd.docker.container.image.v1+json"), "layers": layers,
    }).encode()


manifest = load(sys.argv[1])
keep(manifest)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"{}", kind="application/json", more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status, code, message):
        self.answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        if len(parts) < 4:
            return self.answer(200)
        name, kind, reference = "/".join(parts[1:-2]), parts[-2], parts[-1]
        if name.startswith("limited"):
            return self.refuse(429, "TOOMANYREQUESTS", "You have reached your pull rate limit.")
        if name.startswith("private"):
            return self.refuse(401, "UNAUTHORIZED", "authentication required")
        if not name.startswith("alpine") or kind == "manifests" and reference not in ("latest", *blobs):
            return self.refuse(404, "MANIFEST_UNKNOWN", "manifest unknown")
        if kind == "manifests":
            digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
            return self.answer(200, manifest, MANIFEST, [("Docker-Content-Digest", digest)])
        self.answer(200, blobs[reference], "application/octet-stream")

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


for setting in sys.argv[3:]:
    port, files = setting.split("=")
    server = http.server.ThreadingHTTPServer((sys.argv[2], int(port)), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files.split(":"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever).start()
print("ready", flush=True)
