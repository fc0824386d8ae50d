"""The usual words of every kind of message that an organization may rewrite."""

from dataclasses import dataclass

LANGUAGES = ("en", "es")


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of one kind in one language; `{name}` stands for a variable.

    Paragraphs of the body are parted by empty lines. Without `sms` none goes by SMS.
    """

    subject: str
    body: str
    sms: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message: what it may speak of, and what stands on its button."""

    label: str
    variables: tuple[str, ...]
    action: dict[str, str]
    texts: dict[str, Text]
    to_homeowner: bool = False


OPEN_JOB = {"en": "Open the job", "es": "Abrir el trabajo"}
TAKE_PHOTOS = {"en": "Take the photos", "es": "Tomar las fotos"}
OPEN_PAGE = {"en": "Open the page", "es": "Abrir la página"}

FOOTNOTES = {
    "en": "Open it on your phone. The photos go to {org} and nobody else. If this is not your "
    "house, you can say so on the page.",
    "es": "Ábralo en su teléfono. Las fotos van a {org} y a nadie más. Si no es su casa, puede "
    "decirlo en la página.",
}
OPT_OUTS = {
    "en": "Reply STOP to opt out",
    "es": "Responda STOP para no recibir más",
}
ONCE = {
    "en": "You hear of this once, and again only if it recovers and then happens anew.",
    "es": "Se lo decimos una vez, y de nuevo solo si se arregla y vuelve a ocurrir.",
}

KINDS = {
    "invitation": Kind(
        label="Invitation",
        variables=("org", "asker", "name", "address"),
        to_homeowner=True,
        action=TAKE_PHOTOS,
        texts={
            "en": Text(
                subject="{org} would like photos of your house",
                body="Hello {name},\n\n"
                "{asker} asks you for photos of the outside of your house, to measure it without "
                "a visit. It takes about 8 minutes with your phone, and you need no app and no "
                "account.\n\nThe house: {address}",
                sms="{asker}: please take photos of your house, 8 minutes, no app: {link} "
                "Reply STOP to opt out",
            ),
            "es": Text(
                subject="{org} le pide fotos de su casa",
                body="Hola {name}:\n\n"
                "{asker} le pide fotos del exterior de su casa, para medirla sin visita. Tarda "
                "unos 8 minutos con su teléfono, sin aplicación ni cuenta.\n\nLa casa: {address}",
                sms="{asker}: tome fotos de su casa, 8 minutos, sin app: {link} "
                "Responda STOP para no recibir más",
            ),
        },
    ),
    "reminder": Kind(
        label="Reminder",
        variables=("org", "asker", "name", "address"),
        to_homeowner=True,
        action=TAKE_PHOTOS,
        texts={
            "en": Text(
                subject="A reminder: photos of your house for {org}",
                body="Hello {name},\n\n"
                "{asker} is still waiting for photos of the outside of your house. Your link "
                "works, and what you sent so far is safe.\n\nThe house: {address}",
                sms="{org}: a reminder, photos of your house are still missing: {link} "
                "Reply STOP to opt out",
            ),
            "es": Text(
                subject="Recordatorio: fotos de su casa para {org}",
                body="Hola {name}:\n\n"
                "{asker} aún espera las fotos del exterior de su casa. Su enlace funciona, y lo "
                "que ya envió está a salvo.\n\nLa casa: {address}",
                sms="{org}: recordatorio, faltan las fotos de su casa: {link} "
                "Responda STOP para no recibir más",
            ),
        },
    ),
    "more_photos": Kind(
        label="A few more photos",
        variables=("org", "asker", "name", "address", "spots", "note"),
        to_homeowner=True,
        action=TAKE_PHOTOS,
        texts={
            "en": Text(
                subject="{org} needs a few more photos of your house",
                body="Hello {name},\n\n"
                "The photos that you took are safe. For the model of your house a few more are "
                "needed, from: {spots}. {note}\n\nThe house: {address}",
                sms="{org}: a few more photos of your house are needed, 2 minutes: {link} "
                "Reply STOP to opt out",
            ),
            "es": Text(
                subject="{org} necesita unas fotos más de su casa",
                body="Hola {name}:\n\n"
                "Las fotos que tomó están a salvo. Para el modelo de su casa faltan algunas, "
                "desde: {spots}. {note}\n\nLa casa: {address}",
                sms="{org}: faltan unas fotos de su casa, 2 minutos: {link} "
                "Responda STOP para no recibir más",
            ),
        },
    ),
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
}
