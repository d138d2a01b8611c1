#!/usr/bin/env python3
"""Writes what is inside the program as SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/).

    packaging/sbom.py VERSION ARCHITECTURE SECONDS PROGRAM [NAME=VERSION=LICENSE…] > ailab.spdx.json

The packages that Swift resolved come from Package.resolved. The others are named on the command line by whoever linked them.
"""
import hashlib
import json
import sys
import time

# Package.resolved doesn't say how a package is licensed.
LICENSES = {"hdrhistogram-swift": "Apache-2.0", "swift-argument-parser": "Apache-2.0", "swift-numerics": "Apache-2.0"}


def package(name, version, license, **more):
    identity = "SPDXRef-" + "".join(c if c.isalnum() or c in ".-" else "-" for c in name)
    return {
        "SPDXID": identity, "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "licenseConcluded": license, "licenseDeclared": license, "copyrightText": "NOASSERTION", **more,
    }


def main():
    version, architecture, seconds, program, *linked = sys.argv[1:]
    digest = hashlib.sha256(open(program, "rb").read()).hexdigest()
    own = package(
        "ailab", version, "MIT", checksums=[{"algorithm": "SHA256", "checksumValue": digest}], primaryPackagePurpose="APPLICATION")
    parts = []
    for pin in json.load(open("Package.resolved", encoding="utf-8"))["pins"]:
        name, state = pin["identity"], pin["state"]
        parts.append(package(
            name, state.get("version", state["revision"]), LICENSES[name],
            downloadLocation=f"git+{pin['location']}@{state['revision']}"))
    parts += [package(*part.split("=")) for part in linked]
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"ailab-{version}-{architecture}",
        # The name must be unique, and equal for equal contents.
        "documentNamespace": f"https://spdx.org/spdxdocs/ailab-{version}-{architecture}-{digest[:16]}",
        "creationInfo": {
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds))), "creators": ["Tool: packaging/sbom.py"]},
        "packages": [own] + sorted(parts, key=lambda part: part["name"]),
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": own["SPDXID"]},
        ] + [
            {"spdxElementId": own["SPDXID"], "relationshipType": "STATIC_LINK", "relatedSpdxElement": part["SPDXID"]}
            for part in sorted(parts, key=lambda part: part["name"])
        ],
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    print()


main()
