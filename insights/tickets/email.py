"""Tickets as e-mail to a help desk: numbered and kept in our ledger, sent over SMTP once, with a Message-ID made from the key."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime
from typing import TYPE_CHECKING

from insights.errors import OutcomeUnknown, OutsideFailed, UnknownThing, WrongSettings
from insights.helpdesk import Attachment, RequestType
from insights.ledger.once import Step, silent
from insights.ledger.port import FiledTicket, Ledger, TicketState
from insights.tickets.embedded import EmbeddedTickets
from insights.tickets.port import Change, Filing, Seen

if TYPE_CHECKING:
    import smtplib

SECONDS = 8.0
PATIENCE = 3.0
LEASE = timedelta(seconds=30)
_PAUSE = 0.05
_PRIORITY = {"urgent": "1 (Highest)", "high": "2 (High)", "normal": "3 (Normal)", "low": "5 (Lowest)"}


class EmailTickets:
    """A help desk that reads e-mail. `to` is its address, `sender` ours; the person is in Reply-To and gets a copy.

    Nobody can ask a mailbox what has arrived. Whoever does not know whether a message went out sends the very same message again: its Message-ID names
    exactly this message (RFC 5322, 3.6.4), so that it arriving twice is one message.
    """

    name = "the help desk by e-mail"

    def __init__(
        self,
        *,
        ledger: Callable[[], Ledger],
        host: str,
        port: int,
        sender: str,
        to: str,
        user: str | None = None,
        password: str | None = None,
        security: str = "starttls",
        types: tuple[RequestType, ...] = (),
        seconds: float = SECONDS,
        step: Step = silent,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ledger = ledger
        self._kept = EmbeddedTickets(ledger, types)
        self._host = host
        self._port = port
        self._sender = sender
        self._to = to
        self._user = user
        self._password = password
        self._security = security
        self._seconds = seconds
        self._step = step
        self._clock = clock

    def types(self) -> tuple[RequestType, ...]:
        """See the port."""
        return self._kept.types()

    def file(self, filing: Filing, *, now: datetime) -> FiledTicket:
        """See the port: numbered first, then sent unless that is known to have happened. Raises OutsideFailed when the action was given up meanwhile."""
        filed = self._kept.file(filing, now=now)
        self._step("claimed")
        self._send_once(filing.key, lambda: self._report(filing, filed))
        self._step("answered")
        return filed

    def filed(self, key: str) -> FiledTicket | None:
        """See the port: a ticket that was numbered and is not known to have gone out is sent now. Raises OutsideFailed while that cannot be done."""
        filed = self._kept.filed(key)
        if filed is not None:
            filing = Filing(key=key, person=filed.person, what=filed.what, room=filed.room, urgency=filed.urgency)
            self._send_once(key, lambda: self._report(filing, filed))
        return filed

    def ticket(self, person: str | None, ticket: str) -> FiledTicket | None:
        """See the port."""
        return self._kept.ticket(person, ticket)

    def open_of(self, person: str | None) -> tuple[FiledTicket, ...]:
        """See the port."""
        return self._kept.open_of(person)

    def change(self, ticket: str, change: Change, *, now: datetime) -> TicketState:
        """See the port: what was changed is kept here and written to the help desk, in the thread of the report."""
        if self._ledger().ticket_state(ticket) is None:
            raise UnknownThing(f"There is no ticket {ticket.strip()[:40]}.")
        self._send_once(change.key, lambda: self._follow_up(ticket, change))
        return self._kept.change(ticket, change, now=now)

    def changed(self, ticket: str, key: str) -> bool:
        """See the port: what was written to the help desk was done, whether or not it is kept here yet."""
        return self._ledger().was_sent(key) or self._kept.changed(ticket, key)

    def has_file(self, ticket: str, file: Attachment) -> bool:  # noqa: ARG002 # that it went out tells
        """See the port."""
        return False

    def look(self, ticket: str, *, person: str | None) -> Seen | None:
        """See the port: what the help desk replies goes to the person by e-mail; here is what was said through us."""
        return self._kept.look(ticket, person=person)

    def examine(self) -> str:
        """See the port: the server is greeted and signed in to; no message is sent."""
        self._with_server(lambda _: None)
        return f"{self._host}:{self._port} lets us in ({self._security}); mail goes to {self._to}"

    def close(self) -> None:
        """See the port: there is nothing to let go of."""

    def url(self, ticket: str) -> str | None:  # noqa: ARG002 # the port's promise
        """See the port: a mailbox has no pages."""
        return None

    def _send_once(self, key: str, made: Callable[[], EmailMessage]) -> None:
        """Send what belongs to a key unless that is known to have happened, one process at a time."""
        ledger, until = self._ledger(), time.time() + PATIENCE
        while not ledger.was_sent(key):
            if ledger.claim_filing(key, now=self._clock(), lease=LEASE) != "taken":
                break
            if time.time() > until:
                raise OutcomeUnknown("That is being sent already. I'm not sure yet, I'm checking.", remedy="I'll tell you.", reference=key)
            time.sleep(_PAUSE)
        else:
            return
        try:
            self._send(made())
        except BaseException:
            ledger.release_filing(key)  # sent again, it is still one message
            raise
        ledger.release_filing(key, sent=True)

    def _report(self, filing: Filing, filed: FiledTicket) -> EmailMessage:
        """The message of a report. It is the same to the last letter whenever it is made from the same facts."""
        message = self._message(f"[{filed.id}] {_line(filing.what)[:120]}", filing.key)
        message["X-Priority"] = _PRIORITY.get(filing.priority, _PRIORITY["normal"])
        if filing.email:
            message["Reply-To"] = _address(filing.name, filing.email)
            message["Cc"] = _address(filing.name, filing.email)
        lines = [filing.what, "", f"Ticket: {filed.id}"]
        lines += [f"Reported by: {filing.name or 'somebody'}{f' <{filing.email}>' if filing.email else ''}"]
        lines += [f"Room: {filing.room_name or filing.room}"] if filing.room else []
        lines += [f"{name}: {value}" for name, value in filing.fields]
        lines += [f"Category: {filing.category_label}", f"Priority: {filing.priority}", f"For: {filing.team}"] if filing.team else []
        message.set_content("\n".join(lines) + "\n")
        return message

    def _follow_up(self, ticket: str, change: Change) -> EmailMessage:
        id_ = ticket.strip().upper()
        message = self._message(f"Re: [{id_}]", change.key)
        first = next((one for one in self._ledger().registered_since(None) if one.id == id_ and one.system == self.name), None)
        if first is not None:
            message["In-Reply-To"] = message["References"] = self._id(first.key)
        who = change.name or "Somebody"
        lines = [f"{who}: {change.note}"] if change.note else []
        lines += [f"Status: {change.status.replace('_', ' ')}"] if change.status else []
        lines += [f"Priority: {change.priority}"] if change.priority else []
        lines += [f"Attached: {change.file.name}"] if change.file else []
        message.set_content("\n".join(lines) + "\n")
        if change.file is not None:
            main, _, sub = change.file.type.partition("/")
            message.add_attachment(change.file.data, maintype=main, subtype=sub, filename=change.file.name)
        return message

    def _message(self, subject: str, key: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, self._to, _line(subject)
        message["Message-ID"], message["Date"] = self._id(key), localtime()
        return message

    def _id(self, key: str) -> str:
        domain = self._sender.rpartition("@")[2].strip("> ") or "localhost"
        return f"<insights-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"

    def _send(self, message: EmailMessage) -> None:
        """Hand it over. Raises OutsideFailed when it did not go out, OutcomeUnknown when nobody can tell, WrongSettings for what somebody must mend."""
        self._with_server(lambda server: server.send_message(message))

    def _with_server(self, act: Callable[[smtplib.SMTP], object]) -> None:
        import smtplib

        try:
            secure = self._security == "tls"
            context = ssl.create_default_context()
            server = (
                smtplib.SMTP_SSL(self._host, self._port, timeout=self._seconds, context=context)
                if secure
                else smtplib.SMTP(self._host, self._port, timeout=self._seconds)
            )
        except (OSError, smtplib.SMTPException) as error:
            raise OutsideFailed("The mail server cannot be reached.", remedy="Try again later.", reference=type(error).__name__) from None
        try:
            self._sign_in(server, context)
            act(server)
        except smtplib.SMTPAuthenticationError:
            raise WrongSettings("The mail server does not accept our credentials.", remedy="Check tickets.user and tickets.password.") from None
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
            raise WrongSettings("The mail server refuses our address or that of the help desk.", remedy="Check tickets.sender and tickets.to.") from None
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
            raise OutcomeUnknown(
                "The mail server did not say whether it took it. I'm not sure yet, I'm checking.", remedy="I'll tell you.", reference=type(error).__name__
            ) from None
        except smtplib.SMTPException as error:
            raise OutsideFailed("The mail server did not take it.", remedy="Try again later.", reference=type(error).__name__) from None
        finally:
            server.close()

    def _sign_in(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if self._security == "starttls":
            server.starttls(context=context)
        if self._user is not None:
            server.login(self._user, self._password or "")
        elif self._security != "starttls":
            server.ehlo_or_helo_if_needed()


def _address(name: str | None, email: str) -> Address | str:
    local, _, domain = email.rpartition("@")
    return Address(display_name=_line(name or ""), username=local, domain=domain)


def _line(text: str) -> str:
    """Text that may stand in a header: no line breaks, no control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
