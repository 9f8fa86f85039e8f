"""What the HTTP API says about privacy, and where feedback goes in."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from magbot.records import Feedback, Records
from magbot.schema import Value
from magbot.settings import Settings


class Privacy(Value):
    """What this service keeps."""

    keeps_history: bool = Field(description="Whether questions and answers are kept")
    keeps_feedback: bool = Field(description="Whether `POST /api/feedback` is open")
    days: int = Field(description="Days after which both are deleted")


def privacy(settings: Settings) -> APIRouter:
    """Routes for feedback and for what is kept."""
    router = APIRouter(prefix="/api", tags=["privacy"])
    records = Records(settings)
    refused = {"description": "Feedback is off", "content": {"application/problem+json": {}}}

    @router.get("/privacy")
    def kept() -> Privacy:
        """Say what this service keeps, and for how long."""
        return Privacy(keeps_history=records.keeps_history, keeps_feedback=records.keeps_feedback, days=records.days)

    @router.post("/feedback", status_code=204, responses={403: refused})
    def feedback(given: Feedback) -> None:
        """Keep what a person thought of an answer. Refused unless feedback is on."""
        records.record_feedback(given)

    return router
