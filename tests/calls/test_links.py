"""Which addresses are conferences: of known hosts, parsed; a host that only looks like one is none."""

import pytest

from insights.calls.links import Conference, Hosts, Texts, conference, dial_in

HOSTS = Hosts({"The company's": ("meet.halcyon.example",)})


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://us02web.zoom.us/j/81234567890?pwd=abc", "Zoom"),
        ("https://zoom.us/j/81234567890", "Zoom"),
        ("https://halcyon.zoom.us/my/ada", "Zoom"),
        ("HTTPS://ZOOM.US/j/1", "Zoom"),
        ("https://meet.google.com/abc-defg-hij", "Google Meet"),
        ("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d", "Microsoft Teams"),
        ("https://teams.live.com/meet/9312345678", "Microsoft Teams"),
        ("https://halcyon.webex.com/meet/ada", "Webex"),
        ("https://halcyon.webex.com/halcyon/j.php?MTID=m123", "Webex"),
        ("https://meet.jit.si/Standup", "Jitsi"),
        ("https://meet.halcyon.example/standup", "The company's"),
    ],
)
def test_conferences_of_known_services_are_known(address, service):
    """Whatever the company's own name is in front."""
    assert HOSTS.service(address) == service


@pytest.mark.parametrize(
    "address",
    [
        "https://zoom.us.evil.example/j/1",
        "https://evilzoom.us/j/1",
        "https://zoom.us@evil.example/j/1",
        "https://zoom.us:pw@evil.example/j/1",
        "https://evil.example/zoom.us/j/1",
        "https://evil.example/?next=https://zoom.us/j/1",
        "https://evil.example#zoom.us/j/1",
        "https://evil.example\\@zoom.us/j/1",
        "https://zоom.us/j/1",
        "https://xn--zom-0xc.us/j/1",
        "https://zoom.us./../@evil.example/j/1",
        "https://zoom。us/j/1",
        "https://zoom.us:8443/j/1",
        "http://zoom.us/j/1",
        "javascript://zoom.us/j/1",
        "https://zoom.us",
        "https://zoom.us/",
        "https://zoom.us/pricing/plans",
        "https://.zoom.us/j/1",
        "https://meet.google.com.evil.example/abc-defg-hij",
        "https://mymeet.google.com/abc-defg-hij",
        "https://teams.microsoft.com/",
        "https://webex.com/meet/ada",
        "https://halcyon.webex.com.evil.example/meet/ada",
        "https://zoom.us\t/j/1",
        "https://zoom.us%2eevil.example/j/1",
        "https://[::1]/zoom.us/j/1",
        "https://zoom.us:99999/j/1",
        "https://",
        "",
    ],
)
def test_what_only_looks_like_one_is_none(address):
    """Other hosts, other schemes, other ports, credentials in the address, letters of other alphabets, and a service's home page."""
    assert HOSTS.service(address) is None


def test_structured_fields_go_before_the_place_and_the_place_before_the_text():
    """However many there are."""
    zoom, meet, teams = "https://zoom.us/j/1", "https://meet.google.com/abc-defg-hij", "https://teams.live.com/meet/93"
    everything = Texts(structured=(zoom,), location=f"Fern, {meet}", description=f"Join: <{teams}>.")
    assert conference(everything, HOSTS) == Conference(service="Zoom", link=zoom, found_in="structured")
    assert conference(Texts(location=f"Fern, {meet}", description=teams), HOSTS) == Conference(service="Google Meet", link=meet, found_in="location")
    assert conference(Texts(description=f"Join ({teams})."), HOSTS) == Conference(service="Microsoft Teams", link=teams, found_in="description")


def test_a_hostile_description_does_not_hide_the_real_link():
    """The first that is a conference is taken, not the first that looks like one."""
    text = "https://zoom.us.evil.example/j/1 or https://zoom.us@evil.example/j/2\nReally: https://zoom.us/j/3."
    assert conference(Texts(description=text), HOSTS).link == "https://zoom.us/j/3"
    assert conference(Texts(structured=("https://zoom.us.evil.example/j/1",), description="see you"), HOSTS) is None


def test_a_number_to_dial_is_found_with_its_code():
    """International, with the code that is said beside it; a date, a price and a short number are none."""
    assert dial_in("Dial in: +1 646-558-8656, Meeting ID: 812 3456 7890") == "+1 646-558-8656, code 812 3456 7890"
    assert dial_in("+49 (0) 30 1234567") == "+49 (0) 30 1234567"
    for text in ("2026-05-31 to 2026-06-01", "call 4400", "+12", "1,234,567 USD", "a+12345678901234567890123"):
        assert dial_in(text) is None
    assert conference(Texts(description="Call +1 646 558 8656"), HOSTS) == Conference(service="Phone", dial_in="+1 646 558 8656", found_in="description")


def test_a_long_text_is_read_quickly():
    """Forty thousand letters of almost addresses."""
    import time

    started = time.perf_counter()
    assert conference(Texts(description="https://" * 5000 + "+1" * 5000 + " code " * 3000), HOSTS) is None
    assert time.perf_counter() - started < 0.5
