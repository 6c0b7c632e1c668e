"""How long a signed-in session lasts: a limit without activity, and one that no activity moves."""

from django.contrib.sessions.backends.base import SessionBase

IDLE_SECONDS = 20 * 60
WHOLE_SECONDS = 8 * 60 * 60
# Activity is written down once a minute at most: a write for every page would cost more than it tells.
NOTED_EVERY_SECONDS = 60
BEGAN, SEEN = "palermo_began", "palermo_seen"


def over(*, began: float, seen: float, now: float) -> bool:
    """Whether a session that began and was last seen at these moments has ended by `now`, all in seconds."""
    return now - seen >= IDLE_SECONDS or now - began >= WHOLE_SECONDS


def begin(session: SessionBase, *, now: float) -> None:
    """The member has just signed in."""
    session[BEGAN] = session[SEEN] = now


def is_over(session: SessionBase, *, now: float) -> bool:
    """Whether this session has ended; one that was never begun has not."""
    return BEGAN in session and over(began=session[BEGAN], seen=session[SEEN], now=now)


def note(session: SessionBase, *, now: float) -> bool:
    """Write down that the session was used just now; True when something was written."""
    if BEGAN not in session:
        begin(session, now=now)
        return True
    if now - session[SEEN] < NOTED_EVERY_SECONDS:
        return False
    session[SEEN] = now
    return True
