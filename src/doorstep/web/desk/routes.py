"""Every route of the desk, in one list."""

from litestar import Router
from litestar.di import Provide

from doorstep.web.desk import (
    asking,
    inbox,
    job,
    lead,
    outbox,
    portfolio,
    posts,
    settings,
    sign_in,
    vendors,
    webhooks,
)
from doorstep.web.desk.forms import read_form

ROUTES = [
    Router(
        path="/",
        route_handlers=[
            sign_in.home,
            sign_in.sign_in_page,
            sign_in.sign_in,
            sign_in.link_page,
            sign_in.use_link,
            sign_in.welcome,
            sign_in.set_password,
            sign_in.sign_out,
            inbox.inbox,
            inbox.rows,
            inbox.ask_for_photos,
            lead.lead_page,
            posts.posts,
            posts.post_page,
            posts.release,
            asking.new_page,
            asking.ask,
            portfolio.portfolio,
            portfolio.grid,
            job.job_page,
            job.stage,
            job.link_qr,
            job.invite_again,
            job.build_again,
            job.job_file,
            job.photo,
            outbox.outbox,
            outbox.rows,
            outbox.message,
            outbox.letter,
            outbox.qr,
            outbox.send_again,
            outbox.mark_sent,
            webhooks.webhooks,
            webhooks.register,
            webhooks.ping,
            webhooks.rotate_secret,
            webhooks.enable,
            webhooks.remove,
            webhooks.delivery,
            webhooks.send_again,
            vendors.sources,
            vendors.add,
            settings.settings,
            settings.add_member,
            settings.make_link,
        ],
        dependencies={"form": Provide(read_form)},
    )
]
