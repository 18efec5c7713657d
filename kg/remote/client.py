"""Requests in, answers of a triple store out: with the user's credentials, tried again where that may help, and no secret in any message.

Credentials come from KG_REMOTE_TOKEN (bearer), from KG_REMOTE_USER and KG_REMOTE_PASSWORD, or from netrc, and are never taken from a URL.
"""

from __future__ import annotations

import netrc
import os
import random
import time
from collections.abc import Callable, Generator, Mapping
from types import TracebackType

import httpx

from kg.errors import ExportError

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds; each pause is twice the one before it
_SOON = 10.0  # seconds that an attempt may take
_SAID = 300  # characters of a store's own message that an error repeats


class Client:
    """A session with one triple store. Use it as a context manager."""

    def __init__(self, url: str, *, retries: int = 6, timeout: float = 120.0, pause: Callable[[float], None] = time.sleep) -> None:
        """Prepare for a store's URL; nothing is sent yet. Raises ExportError for a URL that is none, or that holds a password."""
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as fault:
            raise ExportError(f"not a URL: {fault}") from None
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise ExportError(f"{_shown(parsed)} is not the URL of a store: it begins with http:// or https://")
        if parsed.userinfo:
            raise ExportError("a URL is no place for a password: set KG_REMOTE_USER and KG_REMOTE_PASSWORD, or use netrc")
        self.url = url.rstrip("/")
        self._retries, self._pause = retries, pause
        # a redirect would carry credentials elsewhere, and a proxy is the user's own business (HTTPS_PROXY)
        self._http = httpx.Client(auth=_credentials(parsed.host), timeout=timeout, follow_redirects=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request and give the answer, whatever its status; what is sent must bear being sent twice.

        A store that cannot be reached, breaks off or is busy is asked again, after pauses that double. Raises ExportError when that does
        not help.
        """
        fault = ""
        for attempt in range(self._retries + 1):
            if attempt:
                self._pause(min(_FIRST_PAUSE * 2 ** (attempt - 1), _LONGEST_PAUSE) * random.uniform(0.8, 1.2))
            try:
                answer = self._http.request(method, url, params=params, content=content, data=data, headers=headers)
            except httpx.TransportError as error:
                fault = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
                continue
            if answer.status_code not in _TRANSIENT:
                return answer
            fault = told(answer)
        raise ExportError(f"{method} {_shown(httpx.URL(url))} failed {self._retries + 1} times: {fault}")

    def attempt(self, method: str, url: str, **given: object) -> httpx.Response | None:
        """Send a request to where there may be nothing: any answer is one, None where none comes soon (as Virtuoso lets a PUT hang).

        Raises ExportError where the store cannot be reached at all.
        """
        try:
            return self._http.request(method, url, timeout=_SOON, **given)  # type: ignore[arg-type] # the same as send takes
        except httpx.ConnectError:
            return self.send(method, url, **given)  # type: ignore[arg-type] # the same
        except httpx.TransportError:
            return None

    def require(self, method: str, url: str, **given: object) -> httpx.Response:
        """Send a request and give the answer; raises ExportError where the store refuses it."""
        answer = self.send(method, url, **given)  # type: ignore[arg-type] # the same as send takes
        if not answer.is_success:
            raise ExportError(f"{method} {_shown(httpx.URL(url))}: {told(answer)}")
        return answer


def told(answer: httpx.Response) -> str:
    """Say what a store answered: the status, and the first of its own words; for 401 and 403 what to do about it."""
    words = " ".join(answer.text.split())[:_SAID] if not answer.headers.get("content-type", "").startswith("text/html") else ""
    said = f"{answer.status_code} {answer.reason_phrase}{': ' + words if words else ''}"
    if answer.status_code in {401, 403}:
        return f"{said}; credentials come from KG_REMOTE_USER and KG_REMOTE_PASSWORD, KG_REMOTE_TOKEN, or netrc"
    return said


def _shown(url: httpx.URL) -> str:
    """Write a URL without what may be secret."""
    return str(url.copy_with(query=None, fragment=None, username=None, password=None))


class _Answering(httpx.Auth):
    """Name and password, sent once a store asks for them: as digest where it offers that, else as basic."""

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx.BasicAuth(user, password), httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            answer = yield request
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                return
            offered = answer.headers.get("www-authenticate", "").lower()
            self._chosen = self._digest if offered.startswith("digest") else self._basic
        yield from self._chosen.auth_flow(request)


def _credentials(host: str) -> httpx.Auth | None:
    token = os.environ.get("KG_REMOTE_TOKEN")
    if token:
        return _Bearer(token)
    user, password = os.environ.get("KG_REMOTE_USER"), os.environ.get("KG_REMOTE_PASSWORD")
    if user is not None:
        return _Answering(user, password or "")
    try:
        known = netrc.netrc(os.environ.get("NETRC")).authenticators(host)
    except FileNotFoundError:
        return None
    except (netrc.NetrcParseError, OSError) as fault:
        raise ExportError(f"netrc cannot be read: {type(fault).__name__}") from None  # its text may hold a password
    return None if known is None else _Answering(known[0], known[2] or "")


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request
