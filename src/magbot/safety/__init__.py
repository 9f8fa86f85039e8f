"""Safety before anything else: danger, what this person should know, and who is answering."""

from magbot.safety.assessment import Assessment, NoticeDraft, NoticeSupport, Urgent
from magbot.safety.disclaimer import disclaimer
from magbot.safety.triage import Safety

__all__ = ["Assessment", "NoticeDraft", "NoticeSupport", "Safety", "Urgent", "disclaimer"]
