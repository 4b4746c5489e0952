"""Where profiles and files of an import come from: functions over bytes and paths."""

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path, PurePosixPath

from ..tools.crm_import_profile import ImportProblem

PROFILE_FOLDER = Path(__file__).parent.parent / "data" / "import_profiles"
MAX_BYTES = 200 * 1024 * 1024


def get_shipped_profiles():
    """Return {name: path} of the profiles that come with the addon."""
    return {path.stem: path for path in sorted(PROFILE_FOLDER.glob("*.yaml"))}


def by_kind(profile, files):
    """Return {kind: content} of those ``files`` {name: content} the profile names."""
    folded = {PurePosixPath(name).name.casefold(): data for name, data in files.items()}
    return {
        kind: folded[spec.file.casefold()]
        for kind, spec in profile.files.items()
        if spec.file.casefold() in folded
    }


def read_folder(profile, folder):
    """Return {name: content} of the profile's files in ``folder``."""
    wanted = {spec.file.casefold() for spec in profile.files.values()}
    return {
        path.name: path.read_bytes()
        for path in sorted(Path(folder).iterdir())
        if path.is_file() and path.name.casefold() in wanted
    }


def unpack(name, content):
    """Return {name: content}: of the members if it is a zip file, else of itself."""
    if not name.casefold().endswith(".zip"):
        return {name: content}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if sum(info.file_size for info in members) > MAX_BYTES:
                raise ImportProblem("file_large", size=MAX_BYTES // 1024**2)
            return {info.filename: archive.read(info) for info in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise ImportProblem("file_zip", file=name) from None


def fingerprint(profile_text, files):
    """Return a digest of the profile and the files: the same input, the same import."""
    digest = hashlib.sha256(profile_text.encode())
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def encode(content):
    return base64.b64encode(content)


def write_rejected(rows):
    """Return the CSV file of rejected rows as bytes; spreadsheets open it as UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["file", "line", "column", "value", "reason", "suggestion", "row"])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell):
    """Keep a spreadsheet from taking a text of the export for a formula."""
    text = str(cell)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text
