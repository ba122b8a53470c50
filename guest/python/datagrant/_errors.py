"""The contract's errors as those of Python: OSError with an errno, and gaierror for names."""

import errno
import os
import socket as stdlib

from wit_world.imports.types import ErrorCode

# What has no line has none of its own in POSIX: EIO.
_ERRNO = {
    ErrorCode.ACCESS_DENIED: errno.EACCES,
    ErrorCode.NOT_SUPPORTED: errno.EOPNOTSUPP,
    ErrorCode.INVALID_ARGUMENT: errno.EINVAL,
    ErrorCode.INVALID_STATE: errno.EBADF,
    ErrorCode.WOULD_BLOCK: errno.EAGAIN,
    ErrorCode.ADDRESS_IN_USE: errno.EADDRINUSE,
    ErrorCode.ADDRESS_NOT_BINDABLE: errno.EADDRNOTAVAIL,
    ErrorCode.DATAGRAM_TOO_LARGE: errno.EMSGSIZE,
    ErrorCode.CONNECTION_REFUSED: errno.ECONNREFUSED,
    ErrorCode.HOST_UNREACHABLE: errno.EHOSTUNREACH,
    ErrorCode.NETWORK_UNREACHABLE: errno.ENETUNREACH,
    ErrorCode.NETWORK_DOWN: errno.ENETDOWN,
    ErrorCode.NO_SUCH_INTERFACE: errno.ENODEV,
    ErrorCode.NO_BUFFER_SPACE: errno.ENOBUFS,
    ErrorCode.QUOTA_EXCEEDED: errno.EDQUOT,
}

_NAMES = {
    # What is not a name cannot be found.
    ErrorCode.INVALID_ARGUMENT: (stdlib.EAI_NONAME, "Name or service not known"),
    ErrorCode.NAME_UNRESOLVABLE: (stdlib.EAI_NONAME, "Name or service not known"),
    ErrorCode.TEMPORARY_RESOLVER_FAILURE: (stdlib.EAI_AGAIN, "Temporary failure in name resolution"),
    ErrorCode.PERMANENT_RESOLVER_FAILURE: (stdlib.EAI_FAIL, "Non-recoverable failure in name resolution"),
}


def os_error(code: ErrorCode, **instead: int) -> OSError:
    """The error of this code, of the class that Python has for its errno. `instead`: errnos of codes, by the name of the code,
    where a call has another one than usual."""
    return error(instead.get(code.name.lower()) or _ERRNO.get(code, errno.EIO))


def error(number: int) -> OSError:
    """The error of this errno, with the text of the system."""
    return OSError(number, os.strerror(number))


def name_error(code: ErrorCode) -> OSError:
    """What a lookup ends with. A refusal is a PermissionError: gaierror has no word for it."""
    if code in _NAMES:
        return stdlib.gaierror(*_NAMES[code])
    return os_error(code)
