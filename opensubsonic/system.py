"""What clients ask first: whether the server is there, and what it can do."""

from accounts.roles import is_administrator
from library.models.scan import Scan, ScanState, ScanTrigger
from library.queries.folders import listed_folder_count
from library.queries.tracks import present_track_count
from library.runner.scan_process import start_scan as start
from library.scanning import BadScanOptions, ScanAlreadyRuns, last_scan_ended_at, latest_scan
from opensubsonic.call import Body, Call
from opensubsonic.dates import moment
from opensubsonic.errors import Code, Refusal, not_allowed
from opensubsonic.extensions import EXTENSIONS


def ping(call: Call) -> Body:  # noqa: ARG001
    return {}


def get_license(call: Call) -> Body:  # noqa: ARG001
    """Clients of the original, commercial Subsonic stop without a valid one."""
    return {"license": {"valid": True}}


def get_extensions(call: Call) -> Body:  # noqa: ARG001
    extensions = [{"name": name, "versions": versions} for name, versions in EXTENSIONS.items()]
    return {"openSubsonicExtensions": extensions}


def token_info(call: Call) -> Body:
    """The user of an API key. Raises Refusal if the request has another login."""
    if not call.parameters.text("apiKey"):
        raise Refusal(Code.WRONG_KEY, "The parameter apiKey is missing.")
    return {"tokenInfo": {"username": call.user.username}}


def get_scan_status(call: Call) -> Body:  # noqa: ARG001
    """Some clients ask for it when they log in, and everybody may."""
    return {"scanStatus": _status(latest_scan())}


def start_scan(call: Call) -> Body:
    """Answers at once. While a scan or other work runs, no other is started, which is no error."""
    if not is_administrator(call.user):
        raise not_allowed()
    try:
        start(ScanTrigger.API, full=call.parameters.boolean("fullScan"))
    except ScanAlreadyRuns:
        pass
    except BadScanOptions as error:
        raise Refusal(Code.GENERIC, str(error)) from None
    return get_scan_status(call)


def _status(scan: Scan | None) -> dict[str, object]:
    """`count`: of a scan that runs, the files that are done; else the tracks there are."""
    is_running = scan is not None and scan.state == ScanState.RUNNING
    status: dict[str, object] = {
        "scanning": is_running,
        "count": scan.done if scan and is_running else present_track_count(),
        "folderCount": listed_folder_count(),
    }
    if ended_at := last_scan_ended_at():  # also while the next one runs
        status["lastScan"] = moment(ended_at)
    return status
