"""Files of a job that is complete: measurements in every form, pictures, photos."""

from doorstep.wire.hover.conformance.trial import (
    Problems,
    Trial,
    Vector,
    at,
    json_of,
    keys,
    readable_error,
    same,
    status,
)

SUMMARY = (
    *("area", "openings", "siding_waste", "trim", "roofline", "corners", "accessories", "roof"),
)
WHOLE = (
    *("version", "summary", "footprint", "elevations", "facades", "openings", "roof"),
    *("wireframes", "captured_images"),
)


def _artifact(trial: Trial, name: str) -> str:
    """The address of a file of the model, built as clients build it."""
    return f"/api/v3/models/{trial.made['finished']['models'][0]['id']}/artifacts/{name}"


def _old(trial: Trial, name: str, *, version: int = 2) -> str:
    return f"/api/v{version}/jobs/{trial.made['finished']['id']}/{name}"


def named(trial: Trial) -> Problems:
    """The job names its files."""
    number = trial.made["request"]["pending_job_id"]
    found = json_of(trial.call("GET", f"/api/v3/jobs/{number}"))
    trial.made["finished"] = found
    model = at(found, "models", 0)
    yield from keys(at(model, "artifacts", "measurements"), "pdf", "json", "xlsx", where="files")
    if not at(model, "artifacts", "measurements", "json"):
        yield "no address of the measurements"
    yield from keys(at(model, "images", 0), "id", "url", "created_at", where="a photo")


def summary(trial: Trial) -> Problems:
    """The summary, by the address that the job names."""
    path = at(trial.made["finished"], "models", 0, "artifacts", "measurements", "json")
    answer = trial.call("GET", path, params={"version": "summarized_json"})
    yield from status(answer, 200)
    yield from keys(json_of(answer), *SUMMARY)
    yield from keys(at(json_of(answer), "roof", "roof_facets"), "area", "total", "length")


def whole(trial: Trial) -> Problems:
    """All of it."""
    answer = trial.call(
        "GET", _artifact(trial, "measurements.json"), params={"version": "full_json"}
    )
    yield from status(answer, 200)
    found = json_of(answer)
    yield from keys(found, *WHOLE)
    yield from keys(at(found, "summary"), *SUMMARY, where="the summary")
    yield from keys(at(found, "roof"), "measurements", "facets", "area", "pitch", where="the roof")


def lines(trial: Trial) -> Problems:
    """The roof from above."""
    path = _artifact(trial, "measurements.json")
    yield from status(trial.call("GET", path, params={"version": "roof_lines"}), 200)


def older(trial: Trial) -> Problems:
    """The same by the job, under v2 and under v1."""
    params = {"version": "summarized_json"}
    first, *others = (
        trial.call("GET", path, params=params)
        for path in (
            _artifact(trial, "measurements.json"),
            _old(trial, "measurements.json"),
            _old(trial, "measurements.json", version=1),
        )
    )
    for answer in others:
        yield from status(answer, 200)
        yield from same(json_of(answer), json_of(first), what="the older answer")


def papers(trial: Trial) -> Problems:
    """Report and spreadsheet, by either address."""
    for name, start in (("measurements.pdf", b"%PDF"), ("measurements.xlsx", b"PK")):
        for path in (_artifact(trial, name), _old(trial, name)):
            answer = trial.call("GET", path)
            yield from status(answer, 200)
            if not answer.content.startswith(start):
                yield f"{path} is no such file"


def pictures(trial: Trial) -> Problems:
    """Pictures drawn of the house, by either address."""
    for path in (
        _artifact(trial, "wireframe_front.png"),
        _artifact(trial, "wireframe_roof.png?version=lengths"),
        _old(trial, "wireframe_images/wireframe_front.png"),
    ):
        answer = trial.call("GET", path)
        yield from status(answer, 200)
        yield from same(answer.headers.get("content-type"), "image/png", what="the type")


def no_picture(trial: Trial) -> Problems:
    """A complete exterior has no floor plan."""
    answer = trial.call("GET", _artifact(trial, "wireframe_floor_plan.png"))
    yield from readable_error(answer, 403, 404, 422)


def photo(trial: Trial) -> Problems:
    """A photo, with the token."""
    number = at(trial.made["finished"], "models", 0, "images", 0, "id")
    for name in ("image.jpg", "rotated_image.jpg?version=medium"):
        answer = trial.call("GET", f"/api/v2/images/{number}/{name}")
        yield from status(answer, 200)
        yield from same(answer.headers.get("content-type"), "image/jpeg", what="the type")


def photo_for_nobody(trial: Trial) -> Problems:
    """A photo without it."""
    number = at(trial.made["finished"], "models", 0, "images", 0, "id")
    yield from status(trial.call("GET", f"/api/v2/images/{number}/image.jpg", token=None), 401, 403)


def too_many_failures(trial: Trial) -> Problems:
    """The one refusal whose body is published."""
    body = {"job_preset": "multi-structure-exterior", "state": "failed", "failed_models_count": 4}
    answer = trial.call("POST", "/api/v3/jobs/test_job", json=trial.acting | body)
    wanted = {"error": {"job": "Invalid failed_models_count: 4. Allowed: 0, 1, 2"}}
    yield from same(json_of(answer), wanted, what="the body")


FINISHED = ("finished",)
VECTORS = [
    Vector(title="it names its files", evidence="D", run=named, needs=("request",)),
    Vector(title="summarized_json", evidence="D", run=summary, needs=FINISHED),
    Vector(title="full_json", evidence="C", run=whole, needs=FINISHED),
    Vector(title="roof_lines", evidence="D", run=lines, needs=FINISHED),
    Vector(title="measurements by the job", evidence="D-old", run=older, needs=FINISHED),
    Vector(title="PDF and XLSX", evidence="C", run=papers, needs=FINISHED),
    Vector(title="wireframes", evidence="D", run=pictures, needs=FINISHED),
    Vector(title="a picture of something else", evidence="D", run=no_picture, needs=FINISHED),
    Vector(title="a photo", evidence="D", run=photo, needs=FINISHED),
    Vector(title="a photo without a token", evidence="C", run=photo_for_nobody, needs=FINISHED),
    Vector(title="a test job refused", evidence="D", run=too_many_failures),
]
