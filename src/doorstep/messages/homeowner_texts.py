"""The usual words of what homeowners get."""

from doorstep.messages.text_model import Kind, Text

TAKE_PHOTOS = {"en": "Take the photos", "es": "Tomar las fotos"}

HOMEOWNER_KINDS = {
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
}
