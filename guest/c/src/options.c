/* setsockopt and getsockopt. */

static int read_int(const void *value, socklen_t length, int *number) {
  if (!value || length < sizeof *number) return fail(EINVAL);
  memcpy(number, value, sizeof *number);
  return 0;
}

static int set_ttl(struct socket *socket, int hops) {
  code_t code;
  if (hops < 1 || hops > 255) return fail(EINVAL);
  return told(datagrant_dgram_sockets_method_socket_set_ttl(lent(socket), (uint8_t)hops, &code), &code);
}

static int set_multicast_ttl(struct socket *socket, int hops) {
  code_t code;
  if (hops < 0 || hops > 255) return fail(EINVAL);
  return told(datagrant_dgram_sockets_method_socket_set_multicast_ttl(lent(socket), (uint8_t)hops, &code), &code);
}

static int set_multicast_loop(struct socket *socket, int on) {
  code_t code;
  return told(datagrant_dgram_sockets_method_socket_set_multicast_loopback(lent(socket), on != 0, &code), &code);
}

static int set_multicast_index(struct socket *socket, int index) {
  contract_interface interface = interface_at((uint32_t)index);
  code_t code;
  return told(datagrant_dgram_sockets_method_socket_set_multicast_interface(lent(socket), &interface, &code), &code);
}

static int set_buffer(struct socket *socket, bool receive, int bytes) {
  code_t code;
  if (bytes <= 0) return fail(EINVAL);
  bool ok = receive ? datagrant_dgram_sockets_method_socket_set_receive_buffer_bytes(lent(socket), (uint32_t)bytes, &code)
                    : datagrant_dgram_sockets_method_socket_set_send_buffer_bytes(lent(socket), (uint32_t)bytes, &code);
  return told(ok, &code);
}

/* What a socket is created with: it is created again, as long as nothing else is set on it. */
static int set_flag(struct entry *entry, uint8_t flag, int on) {
  struct socket *socket = &entry->as.socket;
  if (socket->settled) return fail(EINVAL);
  struct socket other = *socket;
  other.flags = (uint8_t)(on ? socket->flags | flag : socket->flags & ~flag);
  if (other.flags == socket->flags) return 0;
  if (create(&other) < 0) return -1;
  datagrant_dgram_sockets_socket_drop_own(socket->handle);
  *socket = other;
  entry->id = datagrant_dgram_sockets_method_socket_id(lent(socket));
  return 0;
}

static int set_burst_option(struct socket *socket, uint8_t option, int on) {
  uint8_t wanted = (uint8_t)(on ? socket->burst_options | option : socket->burst_options & ~option);
  code_t code;
  uint8_t got;
  if (!datagrant_dgram_bursts_configure(lent(socket), wanted, &got, &code)) return refuse(code, EBADF);
  socket->burst_options = got;
  return (got & option) == (wanted & option) ? 0 : fail(EOPNOTSUPP);
}

static int set_timeout(uint64_t *timeout, const void *value, socklen_t length) {
  struct timeval time;
  if (!value || length < sizeof time) return fail(EINVAL);
  memcpy(&time, value, sizeof time);
  if (time.tv_sec < 0 || time.tv_usec < 0 || time.tv_usec >= 1000000) return fail(EDOM);
  uint64_t seconds = (uint64_t)time.tv_sec;
  bool without_end = (seconds == 0 && time.tv_usec == 0) || seconds > UINT64_MAX / 2000000000;
  *timeout = without_end ? FOREVER : seconds * 1000000000 + (uint64_t)time.tv_usec * 1000;
  return 0;
}

static int set_of_socket(struct entry *entry, int name, const void *value, socklen_t length) {
  struct socket *socket = &entry->as.socket;
  int number;
  if (name == SO_RCVTIMEO) return set_timeout(&socket->receive_timeout, value, length);
  if (name == SO_SNDTIMEO) return set_timeout(&socket->send_timeout, value, length);
  if (read_int(value, length, &number) < 0) return -1;
  code_t code;
  switch (name) {
    case SO_REUSEADDR: return set_flag(entry, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_REUSE_ADDRESS, number);
    case SO_REUSEPORT: return set_flag(entry, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_REUSE_PORT, number);
    case DG_SO_EXCLUSIVE: return socket->exclusive = number != 0, 0;
    case SO_RCVBUF: return socket->settled = true, set_buffer(socket, true, number);
    case SO_SNDBUF: return socket->settled = true, set_buffer(socket, false, number);
    case SO_BROADCAST:
      socket->settled = true;
      return told(datagrant_dgram_sockets_method_socket_set_broadcast(lent(socket), number != 0, &code), &code);
    default: return fail(ENOPROTOOPT);
  }
}

static int set_of_ipv4(struct socket *socket, int name, const void *value, socklen_t length) {
  int number;
  if (socket->ipv6) return fail(ENOPROTOOPT);
  socket->settled = true;
  switch (name) {
    case IP_ADD_MEMBERSHIP: return member_ipv4(socket, true, value, length);
    case IP_DROP_MEMBERSHIP: return member_ipv4(socket, false, value, length);
    case IP_ADD_SOURCE_MEMBERSHIP: return member_of_source(socket, true, value, length);
    case IP_DROP_SOURCE_MEMBERSHIP: return member_of_source(socket, false, value, length);
    case IP_MULTICAST_IF: return set_multicast_ipv4(socket, value, length);
    default: break;
  }
  if (read_int(value, length, &number) < 0) return -1;
  switch (name) {
    case IP_TTL: return set_ttl(socket, number);
    case IP_MULTICAST_TTL: return set_multicast_ttl(socket, number);
    case IP_MULTICAST_LOOP: return set_multicast_loop(socket, number);
    case IP_PKTINFO: return set_burst_option(socket, DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_PACKET_INFO, number);
    case IP_RECVTOS: return set_burst_option(socket, DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_ECN, number);
    default: return fail(ENOPROTOOPT);
  }
}

static int set_of_ipv6(struct entry *entry, int name, const void *value, socklen_t length) {
  struct socket *socket = &entry->as.socket;
  int number;
  if (!socket->ipv6) return fail(ENOPROTOOPT);
  if (name == IPV6_JOIN_GROUP || name == IPV6_LEAVE_GROUP) return member_ipv6(socket, name == IPV6_JOIN_GROUP, value, length);
  if (read_int(value, length, &number) < 0) return -1;
  if (name == IPV6_V6ONLY) return set_flag(entry, DATAGRANT_DGRAM_TYPES_CREATE_FLAGS_IPV6_ONLY, number);
  socket->settled = true;
  switch (name) {
    case IPV6_UNICAST_HOPS: return set_ttl(socket, number);
    case IPV6_MULTICAST_HOPS: return set_multicast_ttl(socket, number);
    case IPV6_MULTICAST_LOOP: return set_multicast_loop(socket, number);
    case IPV6_MULTICAST_IF: return set_multicast_index(socket, number);
    case IPV6_RECVPKTINFO: return set_burst_option(socket, DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_PACKET_INFO, number);
    case IPV6_RECVTCLASS: return set_burst_option(socket, DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_ECN, number);
    default: return fail(ENOPROTOOPT);
  }
}

int dg_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
  struct entry *entry = socket_entry(fd);
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  int number;
  if (level == SOL_SOCKET) return set_of_socket(entry, name, value, length);
  if (level == IPPROTO_IP) return set_of_ipv4(socket, name, value, length);
  if (level == IPPROTO_IPV6) return set_of_ipv6(entry, name, value, length);
  if (level != IPPROTO_UDP || name != UDP_GRO) return fail(ENOPROTOOPT);
  if (read_int(value, length, &number) < 0) return -1;
  socket->settled = true;
  return set_burst_option(socket, DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_COALESCE, number);
}
