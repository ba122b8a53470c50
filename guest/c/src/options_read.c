/* getsockopt: what the contract can tell, and what was set here. */

static int put_option(const void *from, socklen_t size, void *value, socklen_t *length) {
  if (*length > size) *length = size;
  memcpy(value, from, *length);
  return 0;
}

static int put_int(int number, void *value, socklen_t *length) {
  return put_option(&number, sizeof number, value, length);
}

static int put_buffer(struct socket *socket, bool receive, void *value, socklen_t *length) {
  uint32_t bytes;
  code_t code;
  bool ok = receive ? datagrant_dgram_sockets_method_socket_receive_buffer_bytes(lent(socket), &bytes, &code)
                    : datagrant_dgram_sockets_method_socket_send_buffer_bytes(lent(socket), &bytes, &code);
  if (!ok) return refuse(code, EBADF);
  return put_int(bytes > INT_MAX ? INT_MAX : (int)bytes, value, length);
}

static int put_timeout(uint64_t timeout, void *value, socklen_t *length) {
  struct timeval time = {0};
  if (timeout != FOREVER) {
    time.tv_sec = (time_t)(timeout / 1000000000);
    time.tv_usec = (suseconds_t)(timeout % 1000000000 / 1000);
  }
  return put_option(&time, sizeof time, value, length);
}

static int take_error_option(struct socket *socket, void *value, socklen_t *length) {
  pump(socket, BATCH);
  int error = socket->error;
  socket->error = 0;
  return put_int(error, value, length);
}

static bool has_flag(const struct socket *socket, uint8_t flag) {
  return (socket->flags & flag) != 0;
}

int dg_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  if (!value || !length) return fail(EINVAL);
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket->ipv6) {
    return put_int(has_flag(socket, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_IPV6_ONLY), value, length);
  }
  if (level != SOL_SOCKET) return fail(ENOPROTOOPT);
  switch (name) {
    case SO_ERROR: return take_error_option(socket, value, length);
    case SO_TYPE: return put_int(SOCK_DGRAM, value, length);
    case SO_DOMAIN: return put_int(socket->ipv6 ? AF_INET6 : AF_INET, value, length);
    case SO_RCVBUF: return put_buffer(socket, true, value, length);
    case SO_SNDBUF: return put_buffer(socket, false, value, length);
    case SO_RCVTIMEO: return put_timeout(socket->receive_timeout, value, length);
    case SO_SNDTIMEO: return put_timeout(socket->send_timeout, value, length);
    case SO_REUSEADDR: return put_int(has_flag(socket, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_REUSE_ADDRESS), value, length);
    case SO_REUSEPORT: return put_int(has_flag(socket, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_REUSE_PORT), value, length);
    case DG_SO_EXCLUSIVE: return put_int(socket->exclusive, value, length);
    default: return fail(ENOPROTOOPT);
  }
}
