"""``ro-crate-metadata.json``: the files of a release and how they were made.

RO-Crate 1.1 with the profile Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5). Its
only date is that of the release, so the same release always gives the same bytes.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rocrate.model import ContextEntity, Entity
from rocrate.rocrate import ROCrate

from fluxprod.core.citation import Citation, Person, Software, full_title
from fluxprod.core.constants import CITATION_FILE, MANIFEST_FILE, PROVENANCE_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.provenance import Digest, Provenance
from fluxprod.product.attributes import WORLDS
from fluxprod.product.datacite import MEDIA_TYPES, SPDX
from fluxprod.verify.files.manifest import Entry, ProductManifest

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
TERMS = "https://w3id.org/ro/terms/workflow-run"
CONTAINER = re.compile(r"(?:(?P<registry>[^/@]+)/(?P<name>[^@]+)@)?sha256:(?P<sha256>[0-9a-f]{64})")
# files of a release that the manifest does not list
NOT_LISTED = {
    MANIFEST_FILE: "size, SHA-256 and description of each file",
    CITATION_FILE: "how to cite the product, and the software",
    PROVENANCE_FILE: "parameters of the run, SHA-256 of its raw files and of its code",
}
TYPES = {**MEDIA_TYPES, ".cff": "application/yaml"}
LINES = "SHA-256 over the lines '<sha256>  <path>' of all files, sorted by path"


@dataclass(frozen=True)
class Release:
    """Description of a release.

    Parameters
    ----------
    citation : Citation
        How to cite the product.
    software : Software
        How to cite the software.
    manifest : ProductManifest
        Files of the product.
    provenance : Provenance
        Parameters, raw files and code of the run.
    commit : str
        Identifier of the git commit, 40 hexadecimal digits.
    container : str
        ``[REGISTRY/NAME@]sha256:DIGEST`` of the image in which the product was made; empty if it
        was made without one.

    Raises
    ------
    DataError
        If the image is malformed, or the product has another version than ``CITATION.cff``.
    """

    citation: Citation
    software: Software
    manifest: ProductManifest
    provenance: Provenance
    commit: str
    container: str = ""

    def __post_init__(self) -> None:
        check_container(self.container)
        if (made := self.manifest.version) != (cited := self.citation.version):
            advice = "run dvc repro product"
            raise DataError(
                MANIFEST_FILE, "version", made, f"{cited}, as in {CITATION_FILE}", advice
            )


def check_container(container: str) -> None:
    """Raise a DataError unless the text is empty or names an image by its digest."""
    if container and not CONTAINER.fullmatch(container):
        form = "[REGISTRY/NAME@]sha256:DIGEST"
        raise DataError("--container-digest", "image", container, form)


def write_metadata(folder: Path, release: Release) -> None:
    """Write ``ro-crate-metadata.json`` into a folder that already holds all files of a release."""
    crate = ROCrate(version="1.1")
    crate.metadata.extra_contexts.append(f"{TERMS}/context")
    creators = _describe(crate, release)
    listed = [
        _add_file(crate, name, entry) for name, entry in sorted(release.manifest.files.items())
    ]
    others = {name: _add_file(crate, name, _entry_of(folder / name)) for name in NOT_LISTED}
    raw = [_add_raw(crate, name, digest) for name, digest in release.provenance.raw.items()]
    run = crate.add_action(
        _add_software(crate, release),
        "#run",
        object=[*raw, others[PROVENANCE_FILE]],
        result=[*listed, others[MANIFEST_FILE]],
        properties={
            "name": f"Run of fluxprod {release.software.version}",
            "description": f"dvc repro on the tree of git commit {release.commit}, "
            f"{release.manifest.world} world; neither start nor end is recorded, so that runs can "
            "be compared byte by byte",
        },
    )
    run["agent"] = creators[0]
    if release.container:
        run["containerImage"] = _add_image(crate, release.container)
    crate.root_dataset["mentions"] = run
    crate.metadata.write(folder)


def _describe(crate: ROCrate, release: Release) -> list[Entity]:
    """Fill in the root of the crate and return its creators."""
    world, root = release.manifest.world, crate.root_dataset
    citation = replace(release.citation, title=full_title(release.citation.title, world))
    creators = [_add_creator(crate, person) for person in citation.creators]
    years = release.provenance.params["world"]
    facts: dict[str, Any] = {
        "name": citation.title,
        "description": f"{citation.abstract} {WORLDS[world]}",
        "datePublished": citation.released,
        "version": citation.version,
        "keywords": list(citation.keywords),
        "url": citation.url,
        "temporalCoverage": f"{years['first_year']}-01-01/{years['last_year']}-12-31",
        "creditText": citation.text,
        "license": _add(crate, citation.license_url, "CreativeWork", name=citation.license),
        "creator": creators,
        "publisher": _add(crate, "#publisher", "Organization", name=citation.publisher),
        "conformsTo": _add(crate, PROFILE, "CreativeWork", name="Process Run Crate", version="0.5"),
    }
    if citation.doi:
        facts["identifier"] = citation.doi_url
    for key, value in facts.items():
        root[key] = value
    return creators


def _add(crate: ROCrate, identifier: str, kind: str, /, **facts: Any) -> Entity:
    return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **facts}))


def _add_creator(crate: ROCrate, person: Person) -> Entity:
    identifier = person.orcid or "#" + re.sub(r"\W+", "-", person.name)
    if person.group:
        return _add(crate, identifier, "Organization", name=person.group)
    facts = {"name": person.name, "givenName": person.given, "familyName": person.family}
    if person.affiliation:
        facts["affiliation"] = person.affiliation
    return _add(crate, identifier, "Person", **facts)


def _add_file(crate: ROCrate, name: str, entry: Entry) -> Entity:
    """Add a file, or a zarr store, which is a folder but counts as one file."""
    facts = {
        "name": name,
        "description": entry.description,
        "encodingFormat": TYPES.get(Path(name).suffix, "application/octet-stream"),
        "contentSize": str(entry.size),
        "sha256": entry.sha256,
    }
    if entry.parts is None:
        return crate.add_file(dest_path=name, properties=facts)
    facts["description"] += f"; sha256 here: {LINES}, which {MANIFEST_FILE} lists"
    return crate.add_dataset(dest_path=name, properties=facts)


def _entry_of(path: Path) -> Entry:
    content = path.read_bytes()
    return Entry(hashlib.sha256(content).hexdigest(), len(content), None, NOT_LISTED[path.name])


def _add_raw(crate: ROCrate, name: str, digest: Digest) -> Entity:
    description = f"{digest.files} raw files; sha256: {LINES}"
    facts = {"name": name, "description": description, "sha256": digest.sha256}
    return _add(crate, f"#raw-{name}", "Collection", **facts)


def _add_software(crate: ROCrate, release: Release) -> Entity:
    software = release.software
    license_url = f"{SPDX}{software.license}"
    return _add(
        crate,
        "#fluxprod",
        "SoftwareApplication",
        name=software.title,
        url=software.url,
        softwareVersion=software.version,
        # SWHID (ISO/IEC 18670): identifies a git commit independently of its repository
        identifier=f"swh:1:rev:{release.commit}",
        license=_add(crate, license_url, "CreativeWork", name=software.license),
        description=f"{release.provenance.code.files} files of code made the product; {LINES}: "
        f"{release.provenance.code.sha256}",
    )


def _add_image(crate: ROCrate, container: str) -> Entity:
    match = CONTAINER.fullmatch(container)
    known = {name: text for name, text in match.groupdict().items() if text} if match else {}
    kind = {"additionalType": {"@id": f"{TERMS}#DockerImage"}}
    return _add(crate, "#container", "ContainerImage", **kind, **known)
