"""What stands at the head of the document: what it is, who may call, and the chapters."""

from doorstep.api.description.calls import BEARER, CAPTURE, CLIENT, SESSION

INFO = {
    "title": "Doorstep",
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "description": (
        "Leads in, photos back. Every call that a program may make of this server.\n\n"
        "Bodies of the published API are JSON, `application/x-www-form-urlencoded` or multipart; "
        "forms nest with brackets. Numbers and truths may be text, and what is not known is "
        "ignored. Every address is also taken with `.json` and with a slash at its end. "
        "What belongs to another organization answers as what does not exist."
    ),
}

TAGS = [
    {"name": "Authorization", "description": "Consent of an admin, and tokens (RFC 6749)."},
    {"name": "Capture requests", "description": "Ask somebody to photograph a house."},
    {"name": "Jobs", "description": "What becomes of the photos: one job for each property."},
    {"name": "Measurements", "description": "Files and photos of a job, once they are there."},
    {"name": "Deliverable changes", "description": "Order a build later, or a fuller one."},
    {"name": "Webhooks", "description": "URLs of yours that hear of everything that happens."},
    {"name": "Organization", "description": "Its wallets and preferences."},
    {"name": "Members", "description": "Its users: invite, change, remove."},
    {"name": "Job shares", "description": "Links that show a model to others, without a measure."},
    {"name": "Capture", "description": "What the homeowner's phone calls: photos by tus 1.0."},
    {"name": "Vendors", "description": "Leads and calls, as vendors post them."},
    {"name": "Leads", "description": "What vendors posted, as people."},
    {"name": "Posts", "description": "What vendors posted, as it came."},
    {"name": "Calls", "description": "What tracking vendors told, and the lead of each call."},
    {
        "name": "Quality",
        "description": "What became of the leads of each vendor, and at what cost.",
    },
    {"name": "Sources", "description": "The vendors, their rules, and what they post about."},
    {"name": "Rules", "description": "Ask for photos by themselves, and what came of it."},
    {"name": "Messages", "description": "When and how homeowners are written to."},
    {"name": "Audit", "description": "What happened, and who read or asked for it."},
    {
        "name": "Readiness",
        "description": "Whether everything that the installation needs is there.",
    },
    {"name": "Wallets", "description": "What is left to pay with, prices, and the book."},
    {"name": "Operation", "description": "For monitors and for the SMS provider."},
]

SECURITY = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of the organization, from `/oauth/token`.",
    },
    CLIENT: {
        "type": "http",
        "scheme": "basic",
        "description": "Client id and secret, here or as `client_id` and `client_secret` "
        "in the body.",
    },
    CAPTURE: {
        "type": "apiKey",
        "in": "cookie",
        "name": "doorstep_capture",
        "description": "The session that `POST /c/{token}` opens.",
    },
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "doorstep_session",
        "description": "A member who is signed in with a browser.",
    },
}
