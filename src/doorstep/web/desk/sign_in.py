"""The way in: a one-time link, or e-mail and password; and the way out."""

from urllib.parse import urlsplit

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from doorstep.auth import actions as auth
from doorstep.auth import queries
from doorstep.auth.model import PASSWORD_CHARACTERS_MIN, SESSION_LIFE
from doorstep.kit.errors import AppError, Invalid, TooMany, Unauthorized
from doorstep.kit.signing import hash_secret
from doorstep.orgs.model import OrgScope
from doorstep.web.desk.forms import Form
from doorstep.web.desk.screens import AnyRequest, Page, Query, html, member_id, screen, see
from doorstep.web.desk.throttle import Throttle
from doorstep.web.doors import SESSION_COOKIE, refuse_cross_origin
from doorstep.web.services import Services
from doorstep.web.templates import render

HOME = "/inbox"

throttle = Throttle()


@get("/", sync_to_thread=False)
def home() -> Redirect:
    """The first page is the inbox."""
    return see(HOME)


@get("/sign-in", sync_to_thread=False)
def sign_in_page(goal: Query = "", next: Query = "") -> Page:  # noqa: A002  the address says so
    """The form."""
    return _form(goal=local_path(next or goal))


@post("/sign-in", status_code=200)
async def sign_in(request: AnyRequest, *, services: Services, form: Form) -> Page | Redirect:
    """A session for the right password; the form again, with the reason, for a wrong one."""
    refuse_cross_origin(request)
    goal = local_path(form.get("next", ""))
    try:
        secret = await _checked(request, services=services, form=form)
    except (Unauthorized, TooMany) as error:
        return _form(goal=goal, email=form.get("email", ""), error=error)
    return _let_in(services, secret, goal=goal)


@get("/sign-in/link/{secret:str}", sync_to_thread=False)
def link_page(secret: str) -> Page:
    """A button: mail scanners open links, and opening must not use them up."""
    return html(render("desk/link.html", secret=secret))


@post("/sign-in/link/{secret:str}")
async def use_link(request: AnyRequest, *, services: Services, secret: str) -> Redirect:
    """Use the link up; a member without a password is asked for one."""
    refuse_cross_origin(request)
    return _let_in(services, await auth.sign_in_by_link(services.db, value=secret), goal="/welcome")


@get("/welcome")
async def welcome(page: OrgScope) -> Page | Redirect:
    """Asks for a password, once."""
    if await queries.has_password(page, user_id=member_id(page)):
        return see(HOME)
    return await screen(
        page, "desk/welcome.html", place="", error=None, least=PASSWORD_CHARACTERS_MIN
    )


@post("/password", status_code=200)
async def set_password(page: OrgScope, form: Form) -> Page | Redirect:
    """Set one's own password, typed twice."""
    error = await _try_password(page, form)
    if error is None:
        return see(f"{HOME}?said=password")
    return await screen(
        page, "desk/welcome.html", place="", error=error.text, least=PASSWORD_CHARACTERS_MIN
    )


@post("/sign-out")
async def sign_out(request: AnyRequest, page: OrgScope) -> Redirect:
    """End this browser's session."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    await queries.delete_session(page, secret_hash=hash_secret(secret))
    answer = see("/sign-in")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def local_path(path: str) -> str:
    """The path when it leads to a page of ours, else the first page."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not parts.scheme and not parts.netloc
    plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    return path if ours and plain else HOME


def _form(*, goal: str, email: str = "", error: AppError | None = None) -> Page:
    status = error.status if error else 200
    text = error.text if error else ""
    return html(render("desk/sign_in.html", goal=goal, email=email, error=text), status=status)


async def _checked(request: AnyRequest, *, services: Services, form: Form) -> str:
    email = form.get("email", "").strip()
    peer = request.client.host if request.client else ""
    throttle.refuse_guessing(email=email, peer=peer)
    try:
        return await auth.sign_in_by_password(
            services.db, email=email, password=form.get("password", "")
        )
    except Unauthorized:
        throttle.note_wrong(email=email, peer=peer)
        raise


def _let_in(services: Services, secret: str, *, goal: str) -> Redirect:
    answer = see(goal)
    answer.set_cookie(
        Cookie(
            SESSION_COOKIE,
            value=secret,
            max_age=int(SESSION_LIFE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=services.settings.https,
        )
    )
    return answer


async def _try_password(scope: OrgScope, form: Form) -> AppError | None:
    password = form.get("password", "")
    if password != form.get("again", ""):
        return Invalid("The two are not the same.")
    try:
        await auth.set_password(scope, user_id=member_id(scope), password=password)
    except Invalid as error:
        return error
    return None
