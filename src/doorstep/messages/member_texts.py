"""The usual words of what members get: what happened, and where to see it."""

from doorstep.messages.text_model import Kind, Text

OPEN_JOB = {"en": "Open the job", "es": "Abrir el trabajo"}
OPEN_PAGE = {"en": "Open the page", "es": "Abrir la página"}
ONCE = {
    "en": "You hear of this once, and again only if it recovers and then happens anew.",
    "es": "Se lo decimos una vez, y de nuevo solo si se arregla y vuelve a ocurrir.",
}

MEMBER_KINDS = {
    "photos_received": Kind(
        label="Photos are in",
        variables=("org", "name", "place"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="The photos of {place} are in",
                body="{name} has sent the photos of {place}.",
            ),
            "es": Text(
                subject="Llegaron las fotos de {place}",
                body="{name} envió las fotos de {place}.",
            ),
        },
    ),
    "model_ready": Kind(
        label="Model is ready",
        variables=("org", "job", "place"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="The model of {job} is ready",
                body="The photos of {place} have become a model.",
            ),
            "es": Text(
                subject="El modelo de {job} está listo",
                body="Las fotos de {place} se han convertido en un modelo.",
            ),
        },
    ),
    "build_failed": Kind(
        label="No model yet",
        variables=("org", "job", "place", "reason"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="No model of {job} yet",
                body="The photos of {place} did not make a model. {reason}",
            ),
            "es": Text(
                subject="Aún no hay modelo de {job}",
                body="Las fotos de {place} no bastaron para un modelo. {reason}",
            ),
        },
    ),
    "member_invitation": Kind(
        label="Invitation of a member",
        variables=("org", "name"),
        action={"en": "Sign in", "es": "Entrar"},
        texts={
            "en": Text(
                subject="Your place at {org}",
                body="Hello {name},\n\nYou are invited to work with {org} in Doorstep.\n\n"
                "The link works once, within 7 days, and asks you for a password of your own.",
            ),
            "es": Text(
                subject="Su lugar en {org}",
                body="Hola {name}:\n\nLe invitan a trabajar con {org} en Doorstep.\n\n"
                "El enlace funciona una vez, durante 7 días, y le pide una contraseña propia.",
            ),
        },
    ),
    "source_refusing": Kind(
        label="Vendor's posts are refused",
        variables=("org", "source", "refusals", "since"),
        action=OPEN_PAGE,
        texts={
            "en": Text(
                subject="The posts of {source} are refused",
                body="The last {refusals} posts of {source} were refused, the first of them on "
                "{since}. Each is kept, with what is wrong with it and a letter to the vendor.\n\n"
                + ONCE["en"],
            ),
            "es": Text(
                subject="Se rechazan los envíos de {source}",
                body="Los últimos {refusals} envíos de {source} fueron rechazados, el primero el "
                "{since}. Todos se conservan, con lo que tienen mal y una carta al proveedor.\n\n"
                + ONCE["es"],
            ),
        },
    ),
    "source_silent": Kind(
        label="Vendor has fallen silent",
        variables=("org", "source", "since"),
        action=OPEN_PAGE,
        texts={
            "en": Text(
                subject="Nothing comes from {source} any more",
                body="The last post of {source} came on {since}. At these hours it posted "
                "steadily the day before and the week before.\n\n" + ONCE["en"],
            ),
            "es": Text(
                subject="Ya no llega nada de {source}",
                body="El último envío de {source} llegó el {since}. A estas horas enviaba sin "
                "pausa el día anterior y la semana anterior.\n\n" + ONCE["es"],
            ),
        },
    ),
    "homeowner_call": Kind(
        label="Homeowner asks for a call",
        variables=("org", "name", "place", "phone"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="An answer from {place}",
                body="{name} cannot take the photos of {place} and asks to be called.\n\n"
                "The number that you have: {phone}",
            ),
            "es": Text(
                subject="Una respuesta de {place}",
                body="{name} no puede tomar las fotos de {place} y pide que le llamen.\n\n"
                "El número que tienen: {phone}",
            ),
        },
    ),
    "homeowner_not_mine": Kind(
        label="Not the homeowner's house",
        variables=("org", "name", "place", "phone"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="An answer from {place}",
                body="{name} says that {place} is not their house, or that they are somebody "
                "else.\n\nThe number that you have: {phone}",
            ),
            "es": Text(
                subject="Una respuesta de {place}",
                body="{name} dice que {place} no es su casa, o que es otra persona.\n\n"
                "El número que tienen: {phone}",
            ),
        },
    ),
    "link_asked": Kind(
        label="A new link is wanted",
        variables=("org", "name", "place"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="{name} asks for a new link",
                body="The link for the photos of {place} has ended. {name} opened it and asks for "
                "a new one. Send the invitation again from the job's page if you still want them.",
            ),
            "es": Text(
                subject="{name} pide un enlace nuevo",
                body="El enlace para las fotos de {place} terminó. {name} lo abrió y pide uno "
                "nuevo. Envíe otra vez la invitación desde la página del trabajo si aún las quiere.",
            ),
        },
    ),
    "approval_needed": Kind(
        label="Approval needed",
        variables=("org", "job", "place"),
        action=OPEN_JOB,
        texts={
            "en": Text(
                subject="{job} waits for your approval",
                body="The photos of {place} are in. The model is built when you approve it.",
            ),
            "es": Text(
                subject="{job} espera su aprobación",
                body="Llegaron las fotos de {place}. El modelo se construye cuando lo apruebe.",
            ),
        },
    ),
    "webhook_failing": Kind(
        label="Webhook is failing",
        variables=("org", "host", "since", "error"),
        action=OPEN_PAGE,
        texts={
            "en": Text(
                subject="Webhooks to {host} have been failing for a day",
                body="Since {since} the webhook endpoint at {host} took no delivery. The last "
                "failure was: {error}\n\nWe go on trying. After five days without a success the "
                "endpoint is switched off; what it missed can be sent again.",
            ),
            "es": Text(
                subject="Los webhooks a {host} fallan desde hace un día",
                body="Desde {since} el destino {host} no aceptó ningún envío. El último error "
                "fue: {error}\n\nSeguimos intentándolo. Tras cinco días sin éxito el destino se "
                "apaga; lo que le falte se puede enviar de nuevo.",
            ),
        },
    ),
    "webhook_disabled": Kind(
        label="Webhook switched off",
        variables=("org", "host", "error"),
        action=OPEN_PAGE,
        texts={
            "en": Text(
                subject="Webhooks to {host} are switched off",
                body="The webhook endpoint at {host} is switched off. The last failure was: "
                "{error}\n\nWhen it works again, switch it on and send again what it missed.",
            ),
            "es": Text(
                subject="Los webhooks a {host} están apagados",
                body="El destino {host} está apagado. El último error fue: {error}\n\n"
                "Cuando funcione de nuevo, enciéndalo y envíe otra vez lo que le falte.",
            ),
        },
    ),
}
