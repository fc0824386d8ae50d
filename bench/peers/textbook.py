"""The service that a developer would write from the textbooks: FastAPI, the ORM, one transaction.

It checks, journals and stores the same lead; it neither finds repeats nor groups commits.
"""
# mypy: ignore-errors
# (Its libraries are in an environment of its own.)

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import JSON, ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(
    os.environ["PEER_DATABASE_URL"], pool_size=16, max_overflow=0, pool_timeout=60
)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """Every table."""


class Org(Base):
    """An organization."""

    __tablename__ = "orgs"
    id: Mapped[int] = mapped_column(primary_key=True)
    captorra_id: Mapped[str] = mapped_column(unique=True)


class Source(Base):
    """Where leads come from."""

    __tablename__ = "sources"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    org_id: Mapped[int] = mapped_column(ForeignKey("orgs.id"))
    referrer: Mapped[uuid.UUID] = mapped_column(index=True)


class CaseType(Base):
    """What a lead is about."""

    __tablename__ = "case_types"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    org_id: Mapped[int] = mapped_column(ForeignKey("orgs.id"))
    guid: Mapped[uuid.UUID] = mapped_column(index=True)


class Post(Base):
    """The journal."""

    __tablename__ = "posts"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    org_id: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[bytes]


class Lead(Base):
    """A lead."""

    __tablename__ = "leads"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    org_id: Mapped[int] = mapped_column(index=True)
    post_id: Mapped[uuid.UUID]
    source_id: Mapped[uuid.UUID]
    case_type_id: Mapped[uuid.UUID | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    first: Mapped[str]
    last: Mapped[str]
    primary: Mapped[str | None]
    secondary: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[str | None]
    zip: Mapped[str | None]
    county: Mapped[str | None]
    best_time: Mapped[str | None]
    details: Mapped[str | None]
    keyword: Mapped[str | None]
    vendor_id: Mapped[str | None]


class Event(Base):
    """What happened."""

    __tablename__ = "events"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    org_id: Mapped[int]
    name: Mapped[str]
    lead_id: Mapped[uuid.UUID]


class Posted(BaseModel):
    """The documented keys."""

    CaptorraId: str
    First: str
    Last: str
    Referrer: uuid.UUID
    Primary: str | None = None
    Secondary: str | None = None
    Email: str | None = None
    Address: str | None = None
    City: str | None = None
    State: str | None = None
    Zip: str | None = None
    County: str | None = None
    BestTime: str | None = None
    Details: str | None = None
    Type: uuid.UUID | None = None
    Keyword: str | None = None
    ID: str | None = None


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the tables and the organization."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    async with sessions() as session, session.begin():
        org = Org(captorra_id=os.environ["LEAD_CAPTORRA_ID"])
        session.add(org)
        await session.flush()
        for referrer in os.environ["LEAD_REFERRERS"].split():
            session.add(Source(org_id=org.id, referrer=uuid.UUID(referrer)))
        session.add(CaseType(org_id=org.id, guid=uuid.UUID(os.environ["LEAD_TYPE"])))
    yield


app = FastAPI(lifespan=lifespan)


async def open_session() -> AsyncIterator[AsyncSession]:
    """One transaction a request."""
    async with sessions() as session:
        yield session


@app.exception_handler(RequestValidationError)
async def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
    """The first fault."""
    return JSONResponse({"success": False, "error": str(error.errors()[0]["msg"])})


@app.post("/api/captorraapi/create")
async def create(  # allow: sizes the framework's own way
    posted: Posted, request: Request, session: Annotated[AsyncSession, Depends(open_session)]
) -> dict[str, Any]:
    """Check, journal and store one lead."""
    org = await session.scalar(select(Org).where(Org.captorra_id == posted.CaptorraId))
    source = org and await session.scalar(
        select(Source).where(Source.org_id == org.id, Source.referrer == posted.Referrer)
    )
    kind = (
        org
        and posted.Type
        and await session.scalar(
            select(CaseType).where(CaseType.org_id == org.id, CaseType.guid == posted.Type)
        )
    )
    if not source or (posted.Type and not kind):
        return {"success": False, "error": "Referrer/Type GUID does not exist."}
    post = Post(org_id=org.id, headers=dict(request.headers), body=await request.body())
    session.add(post)
    await session.flush()
    lead = Lead(
        org_id=org.id, post_id=post.id, source_id=source.id, case_type_id=kind.id if kind else None,
        first=posted.First, last=posted.Last, primary=posted.Primary, secondary=posted.Secondary,
        email=posted.Email, address=posted.Address, city=posted.City, state=posted.State,
        zip=posted.Zip, county=posted.County, best_time=posted.BestTime, details=posted.Details,
        keyword=posted.Keyword, vendor_id=posted.ID,
    )  # fmt: skip
    session.add(lead)
    await session.flush()
    session.add(Event(org_id=org.id, name="lead.received", lead_id=lead.id))
    await session.commit()
    return {"success": True, "IntakeID": str(lead.id)}
