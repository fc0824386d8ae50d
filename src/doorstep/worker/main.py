"""The worker process: every task but the builds."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from doorstep.auth.scopes import task_scope
from doorstep.builds import erasures, looking, samples
from doorstep.captures import expiry, rehearsals, reminding
from doorstep.events import actions as events
from doorstep.events import audit
from doorstep.jobs import terms as job_terms
from doorstep.kit import db as database
from doorstep.kit.db import Database, Role
from doorstep.kit.mail import MailTransport
from doorstep.kit.mailbox import Mailbox
from doorstep.kit.outbound import Egress
from doorstep.kit.settings import Settings
from doorstep.kit.signing import Signer
from doorstep.kit.sms import SmsTransport
from doorstep.kit.storage import Storage
from doorstep.kit.tasks import WORKER_NAME, Handler, Payload, Task, enqueue_many, work
from doorstep.leads import alert_queries, alerts, terms
from doorstep.messages import tasks as messages
from doorstep.messages.actions import DELIVER as DELIVER_MESSAGE
from doorstep.messages.budgets import Budgets
from doorstep.messages.marks import Marks
from doorstep.orgs import queries as orgs
from doorstep.orgs.model import OrgScope
from doorstep.photos import tasks as photos
from doorstep.photos.upkeep import SWEEP
from doorstep.retentions import sweeping as retentions
from doorstep.rules import actions as rules
from doorstep.rules.tasks import act_later
from doorstep.web.links import Links
from doorstep.webhooks import tasks as webhooks
from doorstep.webhooks.actions import DELIVER as DELIVER_WEBHOOK
from doorstep.webhooks.sending import Lanes
from doorstep.worker.readers import readers_of

# These wait for servers of others, up to 30 seconds each, and cost nothing meanwhile: they
# have a place of their own, where many fit, and hold up nothing that runs on this machine.
OUTBOUND = frozenset({DELIVER_MESSAGE, DELIVER_WEBHOOK, messages.FETCH_REPORTS})
OUTBOUND_AT_ONCE_MAX = 200

REGULAR = (
    alerts.WATCH, terms.INDEX, job_terms.INDEX, SWEEP, messages.FETCH_REPORTS, audit.LINK,
    retentions.SWEEP,
)  # fmt: skip
INDEX_STEPS_MAX = 100
LINK_STEPS_MAX = 100
REGULAR_SECONDS = 60


async def run(settings: Settings) -> None:
    """Work until cancelled."""
    db = await database.connect(settings.database_url)
    try:
        every = handlers(settings, db)
        here = {name: one for name, one in every.items() if name not in OUTBOUND}
        outside = {name: one for name, one in every.items() if name in OUTBOUND}
        async with asyncio.TaskGroup() as both:
            both.create_task(work(settings.database_url, here, called=WORKER_NAME))
            both.create_task(every_minute(db))
            both.create_task(work(settings.database_url, outside, at_once_max=OUTBOUND_AT_ONCE_MAX))
    finally:
        await db.close()


def handlers(settings: Settings, db: Database) -> Mapping[str, Handler]:
    """Task name to what it calls, with this process's seams bound."""
    storage = Storage(settings.storage_url)
    return {
        events.FAN_OUT: partial(fan_out, db),
        reminding.REMIND: partial(remind, db),
        expiry.EXPIRE: partial(expire, db),
        rules.ACT: partial(act_later, db),
        audit.LINK: partial(link_entries, db),
        terms.INDEX: partial(index, db, task=terms.INDEX, index_next=terms.index_next),
        job_terms.INDEX: partial(index, db, task=job_terms.INDEX, index_next=job_terms.index_next),
        alerts.WATCH: partial(watch_sources, db),
        rehearsals.FINISH: partial(finish_rehearsal, db, storage=storage),
        erasures.ERASE: partial(erasures.erase_later, db, storage=storage),
        DELIVER_MESSAGE: partial(
            deliver_message,
            db,
            mail=messages.mail_transport(settings),
            sms=messages.sms_transport(settings),
            links=Links(settings),
            budgets=messages.budgets_of(settings),
            marks=messages.marks_of(settings),
        ),
        retentions.SWEEP: partial(sweep_old, db),
        messages.FETCH_REPORTS: partial(fetch_reports, db, settings=settings),
        DELIVER_WEBHOOK: partial(
            deliver_webhook,
            db,
            egress=Egress(allow=settings.egress_allow),
            signer=Signer(settings.secret_key),
            lanes=Lanes(),
        ),
        **{
            name: partial(handler, db, storage=storage)
            for name, handler in {**photos.HANDLERS, **looking.HANDLERS}.items()
        },
    }


async def every_minute(db: Database) -> None:
    """Ask again and again for what is looked after regularly, whichever worker does it."""
    while True:
        async with db.transaction(Role.WORKER) as tx:
            await enqueue_many(tx, [Task(name=name, payload={}, key=name) for name in REGULAR])
        await asyncio.sleep(REGULAR_SECONDS)


async def sweep_old(db: Database, payload: Payload) -> None:
    """Erase what organizations keep no longer; the next run goes on."""
    del payload
    await retentions.sweep(db)


async def watch_sources(db: Database, payload: Payload) -> None:
    """Look at every organization's vendors, each in a transaction of its own."""
    del payload
    for org_id in await alert_queries.organizations(db):
        async with task_scope(db, org_id=org_id, task=alerts.WATCH) as scope:
            await alerts.check(scope)


async def index(
    db: Database, payload: Payload, *, task: str, index_next: Callable[[OrgScope], Awaitable[bool]]
) -> None:
    """Write the words of what is new in each organization, step by step; the next run goes on."""
    del payload
    for org_id in await orgs.list_ids(db):
        for _ in range(INDEX_STEPS_MAX):
            async with task_scope(db, org_id=org_id, task=task) as scope:
                if not await index_next(scope):
                    break


async def link_entries(db: Database, payload: Payload) -> None:
    """Link every organization's new events and accesses, step by step; the next run goes on."""
    del payload
    for org_id in await orgs.list_ids(db):
        for _ in range(LINK_STEPS_MAX):
            async with task_scope(db, org_id=org_id, task=audit.LINK) as scope:
                if not await audit.link_next(scope):
                    break


async def fan_out(db: Database, payload: Payload) -> None:
    """Tell every reader of these events; each event in a transaction of its own."""
    org_id = int(payload["org_id"])
    for text in payload["event_ids"]:
        async with task_scope(db, org_id=org_id, task=events.FAN_OUT) as scope:
            event = await events.find(scope, event_id=uuid.UUID(text))
            if not await events.mark_told(scope, event_id=event.id):
                continue
            for reader in readers_of(event.name):
                await reader(scope, event)


async def remind(db: Database, payload: Payload) -> None:
    """Send one reminder if it is still due."""
    async with task_scope(db, org_id=int(payload["org_id"]), task=reminding.REMIND) as scope:
        await reminding.remind(scope, request_id=int(payload["request_id"]), kind=payload["kind"])


async def expire(db: Database, payload: Payload) -> None:
    """Free what is held for a request whose link has ended."""
    async with task_scope(db, org_id=int(payload["org_id"]), task=expiry.EXPIRE) as scope:
        await expiry.expire(scope, request_id=int(payload["request_id"]))


async def finish_rehearsal(db: Database, payload: Payload, *, storage: Storage) -> None:
    """End a test job as it was told; one that is complete shows the sample house."""
    job_id = int(payload["job_id"])
    async with task_scope(db, org_id=int(payload["org_id"]), task=rehearsals.FINISH) as scope:
        failed = int(payload.get("failed_models", 0))
        if await rehearsals.finish(scope, job_id=job_id, failed_models=failed):
            await samples.furnish(scope, storage, job_id=job_id)


async def deliver_message(
    db: Database,
    payload: Payload,
    *,
    mail: MailTransport | None,
    sms: SmsTransport | None,
    links: Links,
    budgets: Budgets,
    marks: Marks,
) -> None:
    """Make one try of one message."""
    await messages.deliver(
        db,
        payload=payload,
        mail=mail,
        sms=sms,
        resolve_link=links.resolve,
        budgets=budgets,
        marks=marks,
    )


async def fetch_reports(db: Database, payload: Payload, *, settings: Settings) -> None:
    """Read what came back by e-mail, where the operator has a mailbox for it."""
    del payload
    if settings.bounce_mailbox:
        await messages.fetch_reports(
            db, mailbox=Mailbox(settings.bounce_mailbox), marks=messages.marks_of(settings)
        )


async def deliver_webhook(
    db: Database, payload: Payload, *, egress: Egress, signer: Signer, lanes: Lanes
) -> None:
    """Make one try of one delivery."""
    await webhooks.deliver(db, payload=payload, egress=egress, signer=signer, lanes=lanes)
