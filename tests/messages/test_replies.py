"""What people reply, in their own words; and how often they may be written to."""

import uuid
from dataclasses import replace

import pytest

from doorstep.auth.scopes import open_scope
from doorstep.messages import replies, tasks
from doorstep.messages.actions import DELIVER
from doorstep.messages.budgets import Budgets
from doorstep.messages.wording import reply_word
from tests.background import take
from tests.cast import STAGE, Cast
from tests.fakes.sms import SmsProvider
from tests.fakes.smtp import SmtpRecorder
from tests.messages.conftest import EMAIL, SMS, Post, resolve

NUMBER = "+14025550123"

STOPS = """
STOP| stop. |Stop please|para|no más|🛑|unsubscribe me|S.T.O.P.|STOP!!!|please stop|s t o p|yo stop
Stop texting me|quit texting me|don't text me again|Do not contact me|opt out|opt-out|OPTOUT|stop all
Remove me from your list|take my number off your list|wrong number|Wrong number, sorry|leave me alone
Not interested, please stop|I revoke my consent|no more texts|Lose my number|can you stop texting
you have the wrong number|I do not want any more messages|stop sending me these|never text me again
STOP STOP STOP|no longer interested|opting out|end|Quit|cancel|revoke|enough|fuck off|ya no|fin
No más mensajes por favor|no me escriban más|Dejen de mandarme mensajes|deme de baja|Dar de baja
CANCELAR|alto|¡BASTA!|quítenme de la lista|no quiero recibir mensajes|Por favor no me envíe más textos
número equivocado|Pare ya|no me molesten|Basta ya, gracias|arrêt
"""
OTHERS = """
STOPWATCH?|Can you stop by tomorrow?|I will stop by the office|don't stop, this is great|no|No thanks
the bus stop is near|ok thanks|call me|What do I do at the end of the walk?|Hi|I will send them tonight
I quit my job last week and have time|Necesito ayuda para tomar fotos|para mañana lo hago|¿Qué hago?
What's the cancel fee?|I'm not done, will send more photos later|no more questions, thanks|👍|1234
At the end of the street|The photos are done|Can I stop halfway and continue later?|No para nada|
"""


def each(table: str) -> list[str]:
    return [one for line in table.strip("\n").split("\n") for one in line.split("|")]


def test_stop_in_the_words_that_people_use() -> None:
    assert [one for one in each(STOPS) if reply_word(one) != "stop"] == []
    assert [one for one in each(OTHERS) if reply_word(one) is not None] == []
    assert reply_word("stop " + "and tell me more about it " * 20) is None
    starts = ["START", " start! ", "unstop", "Yes", "resume", "Empezar", "ALTA"]
    assert {reply_word(one) for one in starts} == {"start"}
    helps = ["HELP", "help please", "Info", "AYUDA", "¿Quién es?", "Who is this?", "?"]
    assert {reply_word(one) for one in helps} == {"help"}


async def said(post: Post, text: str, *, reply_id: str = "") -> str | None:
    return await replies.receive_reply(
        post.db, reply_id=reply_id or uuid.uuid4().hex, number=NUMBER, text=text
    )


async def test_help_is_answered_once_also_to_who_said_stop(
    post: Post, provider: SmsProvider
) -> None:
    assert await said(post, "HELP") == "help"
    assert await take(post.db, DELIVER) == []  # nobody here ever wrote to this number
    await post.queue(**SMS)
    await post.work()
    assert await said(post, "no más") == "stop"
    for _ in range(2):
        assert await said(post, "HELP", reply_id="IN7") == "help"
    await post.work()
    (answer,) = provider.taken[1:]
    assert answer.text == (
        "Bluth Company asks for photos of a house, a few texts for each. "
        "Message and data rates may apply. Reply STOP to opt out."
    )
    assert provider.taken[-1].to == NUMBER
    assert (await post.find(await post.queue(**SMS))).problem == "opted_out"
    assert await said(post, "START") == "start"
    assert (await post.find(await post.queue(**SMS))).state == "queued"
    await take(post.db, DELIVER)
    assert await said(post, "ayuda") == "help"
    await post.work()
    assert provider.taken[-1].text.startswith("Bluth Company pide fotos de una casa")


async def test_nobody_is_written_to_more_than_three_times_a_day_by_all_together(
    post: Post, cast: Cast, smtp: SmtpRecorder
) -> None:
    other = replace(post, org_id=cast.charlie.org_id)
    for one in (post, other, post):
        await one.queue(**EMAIL)
        await one.work()
    fourth = await other.queue(**EMAIL | {"to_address": "Lucille@Example.com"})
    elsewhere = await other.queue(**EMAIL | {"to_address": "buster@example.com"})
    to_member = await other.queue(**EMAIL | {"kind": "model_ready"})
    await other.work()

    assert len(smtp.letters) == 5
    refused = await other.find(fourth)
    assert (refused.state, refused.problem) == ("unsendable", "recipient_budget")
    assert [e["reason"] for e in await other.events("message.failed")] == ["recipient_budget"]
    assert [(await other.find(one)).state for one in (elsewhere, to_member)] == ["sent", "sent"]
    async with open_scope(post.db, org_id=post.org_id, actor=STAGE) as scope:
        await scope.tx.execute("UPDATE recipient_messages SET at = at - interval '25 hours'")
    await post.queue(**EMAIL)
    await post.work()
    assert len(smtp.letters) == 6
    async with open_scope(post.db, org_id=post.org_id, actor=STAGE) as scope:
        # What is older than a day is forgotten as new ones are counted.
        assert await scope.tx.fetchval("SELECT count(*) FROM recipient_messages") == 1


async def test_a_message_that_is_tried_again_counts_once(post: Post, smtp: SmtpRecorder) -> None:
    smtp.rcpt_answers.extend(["450 later"] * 5)
    message_id = await post.queue(**EMAIL)
    await post.work(rounds=6)
    assert (await post.find(message_id)).state == "sent"


@pytest.mark.parametrize("message", [EMAIL, SMS])
async def test_an_organization_has_a_budget_a_day(post: Post, message: dict[str, str]) -> None:
    ids = [await post.queue(**message), await post.queue(**message)]
    for task in await take(post.db, DELIVER):
        await tasks.deliver(
            post.db, payload=task.payload, mail=post.mail, sms=post.sms, resolve_link=resolve,
            budgets=Budgets(of_org=1),
        )  # fmt: skip
    found = [await post.find(one) for one in ids]
    assert [(one.state, one.problem) for one in found] == [
        ("sent", None),
        ("unsendable", "organization_budget"),
    ]
