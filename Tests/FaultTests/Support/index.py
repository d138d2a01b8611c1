"""A Python package index over TLS, re-signed by an authority that nobody knows, with one small wheel; runs in a container.

index.py FOLDER: makes FOLDER/ca.crt and serves https://127.0.0.1:8443/simple.
"""
import http.server
import os
import ssl
import subprocess
import sys
import zipfile

folder = sys.argv[1]
os.makedirs(folder + "/simple/labhello", exist_ok=True)
os.chdir(folder)
name = "labhello-1.0-py3-none-any.whl"
with zipfile.ZipFile("simple/labhello/" + name, "w") as wheel:
    wheel.writestr("labhello/__init__.py", "GREETING = 'hello'\n")
    wheel.writestr("labhello/data.bin", os.urandom(3 << 20))
    wheel.writestr("labhello-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: labhello\nVersion: 1.0\n")
    wheel.writestr("labhello-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: faults\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("labhello-1.0.dist-info/RECORD", "")
with open("simple/labhello/index.html", "w") as page:
    page.write('<a href="%s">%s</a>' % (name, name))
subprocess.run(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=Campus-CA -keyout ca.key -out ca.crt"
    " && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -keyout site.key -out site.csr"
    " && printf 'subjectAltName=IP:127.0.0.1' > ext && openssl x509 -req -in site.csr -CA ca.crt -CAkey ca.key"
    " -CAcreateserial -days 2 -extfile ext -out site.crt", shell=True, check=True, capture_output=True)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("site.crt", "site.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
