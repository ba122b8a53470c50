"""Sends a text to an echo server and prints what comes back. `echo_client.py ADDRESS [TEXT]`"""

import socket
import sys

from address import parse

TRIES, TIMEOUT = 3, 2


def echo(server: str, message: bytes) -> bytes:
    """What the server sends back. UDP may lose a datagram, or its answer: so it is sent again."""
    where = parse(server)
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    # Connected, it hears the server only, on a port of the host's choice: a grant to send there is enough.
    with socket.socket(family, socket.SOCK_DGRAM) as connected:
        connected.settimeout(TIMEOUT)
        try:
            connected.connect(where)
        except OSError as error:
            raise SystemExit(f"echo-client: connect {server}: {error.strerror}") from None
        for attempt in range(1, TRIES + 1):
            connected.send(message)
            try:
                return connected.recv(65_535)
            except TimeoutError:
                late = f"no answer from {server} in {TIMEOUT} s (try {attempt} of {TRIES})"
                print(f"echo-client: {late}", file=sys.stderr)
            except OSError as error:
                raise SystemExit(f"echo-client: {server}: {error.strerror}") from None
    raise SystemExit(f"echo-client: no answer from {server} to {TRIES} datagrams")


def main() -> None:
    server, text = (sys.argv[1:] + ["", "hello"][len(sys.argv) - 1 :])[:2]
    back = echo(server, text.encode()).decode(errors="replace")
    if back != text:
        sys.exit(f"echo-client: {server} did not send back what it was sent, but: {back}")
    print(back)


if __name__ == "__main__":
    main()
