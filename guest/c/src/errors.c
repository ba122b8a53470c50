/* Codes of the contract as errno. */

static int fail(int error) {
  errno = error;
  return -1;
}

/* `state`: what `invalid-state` is where it is called. */
static int errno_of(code_t code, int state) {
  switch (code) {
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_ACCESS_DENIED: return EACCES;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NOT_SUPPORTED: return EOPNOTSUPP;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_ARGUMENT: return EINVAL;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_STATE: return state;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_WOULD_BLOCK: return EAGAIN;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_ADDRESS_IN_USE: return EADDRINUSE;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_ADDRESS_NOT_BINDABLE: return EADDRNOTAVAIL;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_DATAGRAM_TOO_LARGE: return EMSGSIZE;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_CONNECTION_REFUSED: return ECONNREFUSED;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_HOST_UNREACHABLE: return EHOSTUNREACH;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NETWORK_UNREACHABLE: return ENETUNREACH;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NETWORK_DOWN: return ENETDOWN;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NO_SUCH_INTERFACE: return ENODEV;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NO_BUFFER_SPACE: return ENOBUFS;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_QUOTA_EXCEEDED: return EDQUOT;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_NAME_UNRESOLVABLE: return ENOENT;
    case DATAGRANT_DGRAM_TYPES_ERROR_CODE_TEMPORARY_RESOLVER_FAILURE: return ETIMEDOUT;
    default: return EIO;
  }
}

static int refuse(code_t code, int state) {
  return fail(errno_of(code, state));
}

/* The answer of a function of the contract that tells nothing but whether it worked. By address: the call that fills `code` in is
 * an argument too. */
static int told(bool ok, const code_t *code) {
  return ok ? 0 : refuse(*code, EBADF);
}

/* A limit of sockets or lookups is that of descriptors elsewhere. */
static int refuse_new(code_t code) {
  if (code == DATAGRANT_DGRAM_TYPES_ERROR_CODE_QUOTA_EXCEEDED) return fail(EMFILE);
  if (code == DATAGRANT_DGRAM_TYPES_ERROR_CODE_NOT_SUPPORTED) return fail(EAFNOSUPPORT);
  return refuse(code, EBADF);
}
