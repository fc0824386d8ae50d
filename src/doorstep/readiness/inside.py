"""Checks of what the database tells: itself, the queue, the audit log, the organizations."""

from datetime import timedelta
from zoneinfo import available_timezones

from doorstep.readiness.facts import Audit, Server, Workers
from doorstep.readiness.model import Finding, amber, green, red, spell

MAJOR_MIN = 15
CONNECTIONS_AMBER, CONNECTIONS_RED = 0.8, 0.95
KEPT_BYTES_RED = 1 << 30
DUE_AMBER, DUE_RED = timedelta(minutes=5), timedelta(minutes=30)
BEHIND_RED = timedelta(minutes=10)
VERIFIED_AMBER = timedelta(days=35)


def check_database(facts: Server | None) -> Finding:
    """The server, its schema, its connections."""
    if facts is None:
        fix = "Start it with doorstep up, or see DOORSTEP_DATABASE_URL."
        return red("database", "The database does not answer.", fix=fix)
    major = facts.version // 10_000
    if major < MAJOR_MIN:
        return red("database", f"PostgreSQL {major}.", fix=f"Move to {MAJOR_MIN} or later.")
    if facts.missing:
        words = f"Migrations are missing: {len(facts.missing)}, the first {facts.missing[0]}."
        return red("database", words, fix="Run doorstep migrate.")
    if facts.kept_bytes > KEPT_BYTES_RED:
        words = f"A replication slot that nobody reads holds back {facts.kept_bytes / 1e9:.1f} GB."
        return red(
            "database", words, fix="Start its reader, or drop the slot before the disk fills."
        )
    used = facts.connections / facts.connections_max
    counted = f"{facts.connections} of {facts.connections_max} connections are taken"
    if used > CONNECTIONS_AMBER:
        say = red if used > CONNECTIONS_RED else amber
        fix = "Raise max_connections, or run fewer web and worker processes."
        return say("database", f"{counted}.", fix=fix)
    if facts.idle_slots:
        words = f"Replication slots that nobody reads: {facts.idle_slots}."
        return amber("database", words, fix="Start their readers, or drop them.")
    return green("database", f"PostgreSQL {major}, every migration is applied; {counted}.")


def check_workers(facts: Workers) -> Finding:
    """Messages, webhooks and reminders leave, photos are checked, models are built."""
    if not facts.workers:
        words = "No worker runs: messages, webhooks and checks of photos wait."
        return red("workers", words, fix="Run doorstep worker, or see its log for why it stops.")
    if not facts.builders:
        words = f"No builder runs: no model is built ({facts.builds_due} wait)."
        return red("workers", words, fix="Run doorstep builder, or see its log for why it stops.")
    if facts.oldest_due > DUE_AMBER:
        say = red if facts.oldest_due > DUE_RED else amber
        waited = spell(facts.oldest_due.total_seconds())
        words = f"Work waits in the queue: {facts.due}, the oldest for {waited}."
        return say("workers", words, fix="Run more workers, or see their logs.")
    if facts.parked:
        words = f"Tasks that failed too often are put aside: {facts.parked}."
        return amber("workers", words, fix="The workers' logs say why; then put them back.")
    return green(
        "workers",
        f"{facts.workers} worker{'s' * (facts.workers > 1)} and "
        f"{facts.builders} builder{'s' * (facts.builders > 1)} run, and nothing waits for long.",
    )


def check_audit(facts: Audit) -> Finding:
    """The chain over the audit log is written, and somebody looks whether it is whole."""
    if facts.broken is not None and (facts.whole is None or facts.broken < facts.whole):
        ago = spell(facts.broken.total_seconds())
        fix = "doorstep audit verify names the first entry that was changed."
        return red("audit", f"The audit log was found broken {ago} ago.", fix=fix)
    if facts.behind > BEHIND_RED:
        words = f"Entries have had no link for {spell(facts.behind.total_seconds())}."
        return red(
            "audit", words, fix="See whether a worker runs: it writes the chain each minute."
        )
    if facts.whole is None or facts.whole > VERIFIED_AMBER:
        fix = "Let doorstep audit verify run each week, and keep what it prints elsewhere."
        if facts.whole is None:
            return amber("audit", "Nobody has walked along the audit log's chain yet.", fix=fix)
        ago = spell(facts.whole.total_seconds())
        return amber("audit", f"The audit log was last found whole {ago} ago.", fix=fix)
    ago = spell(facts.whole.total_seconds())
    return green("audit", f"The chain is written, and was found whole {ago} ago.")


def check_time_zone(zones: tuple[str, ...]) -> Finding:
    """Times on the desk, and the days of its tables."""
    unknown = sorted(set(zones) - available_timezones())
    if unknown:
        words = f"This machine knows no time zone {unknown[0]}."
        fix = "Choose another under Settings, Organization, or install the tzdata package."
        return red("time_zone", words, fix=fix)
    if not zones:
        return green("time_zone", "There is no organization yet.")
    return green("time_zone", f"The desk keeps the time of {', '.join(sorted(set(zones))[:3])}.")
