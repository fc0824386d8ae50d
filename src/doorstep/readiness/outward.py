"""Checks of how people, providers and programs reach this installation, and it them."""

from doorstep.readiness.facts import Endpoints, Https, Mail, Reach, Sms
from doorstep.readiness.model import Finding, amber, green, red

DAYS_LEFT_RED = 3
DAYS_LEFT_AMBER = 14
HOSTS_NAMED_MAX = 3

MAIL_PROBLEMS = {
    "timeout": "did not answer in time",
    "smtp_timeout": "did not answer in time",
    "smtp_connect": "cannot be reached",
    "smtp_tls": "offers no TLS that this machine accepts",
    "smtp_535": "refuses the name or the password",
    "smtp_534": "refuses this way of signing in",
    "smtp_530": "wants a name and a password",
}
REACH_PROBLEMS = {
    "dns": "has no address",
    "dns_timeout": "has no address in time",
    "timeout": "does not answer",
    "connect": "does not answer",
    "private_address": "leads to a private address",
    "not_https": "is not https",
    "port_not_allowed": "has a port that is not allowed",
    "bad_url": "is no URL that can be called",
}


def check_https(facts: Https) -> Finding:
    """Phones open the camera over HTTPS only, and links carry what opens them."""
    fix = "Put a proxy with a certificate in front and set DOORSTEP_BASE_URL to its https address."
    if facts.scheme != "https":
        if facts.loopback:
            words = "Plain http on this machine alone: good for trying, not for other phones."
            return amber("https", words, fix=fix)
        return red("https", f"People reach {facts.host} over plain http.", fix=fix)
    if facts.problem == "certificate":
        words = f"The certificate of {facts.host} is not one that browsers accept."
        return red("https", words, fix="Renew it, and serve it with its intermediate certificates.")
    if facts.problem:
        words = f"{facts.host} cannot be asked from this machine."
        fix = "Open it on a phone: some networks do not let a machine reach its own public address."
        return amber("https", words, fix=fix)
    days = facts.days_left or 0
    if days < DAYS_LEFT_AMBER:
        say = red if days < DAYS_LEFT_RED else amber
        words = f"The certificate of {facts.host} ends in {days} day{'' if days == 1 else 's'}."
        return say("https", words, fix="Renew it, and see why that does not happen by itself.")
    return green("https", f"{facts.host} has a certificate for {days} more days.")


def check_mail(facts: Mail) -> Finding:
    """Invitations and notices leave by e-mail."""
    if not facts.configured:
        words = (
            "No mail server is set up: every e-mail waits in the outbox for somebody to send it."
        )
        return amber("mail", words, fix="Set DOORSTEP_SMTP_URL and DOORSTEP_MAIL_FROM.")
    if facts.problem:
        said = MAIL_PROBLEMS.get(facts.problem, f"failed ({facts.problem})")
        fix = "See DOORSTEP_SMTP_URL: host, port, name, password. Letters wait up to 48 hours."
        return red("mail", f"The mail server {said}.", fix=fix)
    if facts.sender_domain in ("", "localhost"):
        words = "The mail server answers, but letters come from an address that nobody can answer."
        return red("mail", words, fix="Set DOORSTEP_MAIL_FROM to an address of your domain.")
    if not facts.bounces:
        words = "The mail server takes our letters. What bounces is not heard."
        fix = "Set DOORSTEP_BOUNCE_ADDRESS and DOORSTEP_BOUNCE_MAILBOX."
        return amber("mail", words, fix=fix)
    return green("mail", "The mail server takes our letters, and bounces come back to a mailbox.")


def check_sms(facts: Sms) -> Finding:
    """Invitations by text message, and STOP on the way back."""
    if facts.kind == "none":
        words = (
            "No provider is set up: every text message waits in the outbox for somebody to send."
        )
        return amber("sms", words, fix="Set DOORSTEP_SMS_URL and what belongs to it.")
    if facts.problem == "credentials":
        words = "The provider refuses our account."
        return red("sms", words, fix="See the account's id and token in DOORSTEP_SMS_URL.")
    if facts.problem:
        words = "The provider cannot be reached from this machine."
        return red("sms", words, fix="See DOORSTEP_SMS_URL, and whether this machine may go out.")
    if not facts.secret:
        words = "Nothing that the provider reports is believed, STOP neither: no secret is set."
        return red("sms", words, fix="Set DOORSTEP_SMS_SECRET as the provider has it.")
    if not facts.sender:
        words = "Text messages have no sender."
        return amber("sms", words, fix="Set DOORSTEP_SMS_FROM to your number.")
    if facts.kind == "generic":
        words = "The provider can be reached; only a text message shows whether it takes one."
        return green("sms", words)
    return green("sms", "The provider knows our account.")


def check_webhooks(facts: Endpoints, *, reach: Reach) -> Finding:
    """Programs of others hear of everything."""
    if facts.switched_off:
        number = f"{facts.switched_off} of {facts.registered} endpoints"
        words = f"Switched off after failing for days: {number}."
        fix = "On the Webhooks page switch them on, then send again what they missed."
        return red("webhooks", words, fix=fix)
    if reach.problems:
        named = "; ".join(
            f"{host} {REACH_PROBLEMS.get(problem, problem)}"
            for host, problem in reach.problems[:HOSTS_NAMED_MAX]
        )
        fix = "See the URL, the name server of this machine, and whether it may go out."
        return amber("webhooks", f"Cannot be reached: {named}.", fix=fix)
    if facts.failing:
        words = f"Failing: {facts.failing} of {facts.registered} endpoints."
        fix = "The Webhooks page shows what each delivery was answered."
        return amber("webhooks", words, fix=fix)
    if not facts.registered:
        return green("webhooks", "No endpoint is registered.")
    return green("webhooks", f"Every endpoint takes what it is sent ({facts.registered}).")
