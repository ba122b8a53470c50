/* The life of a socket: made, bound, connected, closed. */

#ifdef DATAGRANT_SERVICE
enum { NONBLOCKING = true };
#else
enum { NONBLOCKING = false };
#endif

static int create(struct socket *socket) {
  uint8_t family = socket->ipv6 ? DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV6 : DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV4;
  code_t code;
  bool ok = datagrant_dgram_sockets_static_socket_create(family, socket->flags, &socket->handle, &code);
  return ok ? 0 : refuse_new(code);
}

static int made(struct entry *entry) {
  struct socket *socket = &entry->as.socket;
  entry->id = datagrant_dgram_sockets_method_socket_id(lent(socket));
  socket->nonblocking |= NONBLOCKING;
  socket->receive_timeout = socket->send_timeout = FOREVER;
  return entry->fd;
}

int dg_socket(int family, int type, int protocol) {
  if (family != AF_INET && family != AF_INET6) return fail(EAFNOSUPPORT);
  if ((type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != SOCK_DGRAM) return fail(EPROTOTYPE);
  if (protocol != 0 && protocol != IPPROTO_UDP) return fail(EPROTONOSUPPORT);
  struct entry *entry = new_entry();
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  socket->ipv6 = family == AF_INET6;
  socket->nonblocking = type & SOCK_NONBLOCK;
  if (create(socket) == 0) return made(entry);
  forget(entry);
  return -1;
}

int dg_take(const char *name) {
  struct entry *entry = new_entry();
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  dgram_string_t string = string_of(name);
  code_t code;
  if (!datagrant_dgram_granted_take(&string, &socket->handle, &code)) {
    forget(entry);
    bool none = code == DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_ARGUMENT || code == DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_STATE;
    return none ? fail(ENOENT) : refuse_new(code);
  }
  uint8_t family = datagrant_dgram_sockets_method_socket_family(lent(socket));
  socket->ipv6 = family == DATAGRANT_DGRAM_TYPES_IP_ADDRESS_FAMILY_IPV6;
  socket->settled = socket->bound = true;
  take_events(socket, 1);
  return made(entry);
}

int dg_granted(size_t index, char *name, size_t size) {
  dgram_list_string_t names;
  datagrant_dgram_granted_names(&names);
  int result = fail(ENOENT);
  for (size_t i = 0; i < names.len; i++) {
    if (i == index) result = put_string(&names.ptr[i], name, size);
    else if (names.ptr[i].len > 0) free(names.ptr[i].ptr);
  }
  if (names.len > 0) free(names.ptr);
  return result;
}

int dg_bind(int fd, const struct sockaddr *address, socklen_t length) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  union address local;
  if (address && read_address_of(socket->ipv6, address, length, &local) < 0) return -1;
  contract_address wanted, got;
  if (address) wanted = contract_of(&local);
  code_t code;
  if (!datagrant_dgram_sockets_method_socket_bind(lent(socket), address ? &wanted : NULL, socket->exclusive, &got, &code)) {
    return refuse(code, EINVAL);
  }
  socket->settled = socket->bound = true;
  /* `listening`, which would end the next wait. */
  take_events(socket, 1);
  return 0;
}

int dg_disconnect(int fd) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  code_t code;
  bool ok = datagrant_dgram_sockets_method_socket_disconnect(lent(socket), &code);
  if (ok) socket->connected = false;
  return ok ? 0 : refuse(code, ENOTCONN);
}

int dg_connect(int fd, const struct sockaddr *address, socklen_t length) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  union address remote;
  if (read_address(address, length, &remote) < 0) {
    if (errno != EAFNOSUPPORT || remote.any.sa_family != AF_UNSPEC) return -1;
    return socket->connected ? dg_disconnect(fd) : 0;
  }
  if (read_address_of(socket->ipv6, address, length, &remote) < 0) return -1;
  if (socket->connected && dg_disconnect(fd) < 0) return -1;
  to_destination(&remote);
  contract_address wanted = contract_of(&remote), got;
  code_t code;
  if (!datagrant_dgram_sockets_method_socket_connect(lent(socket), &wanted, &got, &code)) return refuse(code, EBADF);
  /* What came before was about others. */
  socket->error = 0;
  if (!inbox_is_empty(&socket->inbox)) inbox_keep_only(&socket->inbox, &remote);
  /* `listening` of an implicit bind, and `connect`. */
  take_events(socket, socket->bound ? 1 : 2);
  socket->settled = socket->bound = socket->connected = true;
  return 0;
}

int dg_getsockname(int fd, struct sockaddr *address, socklen_t *length) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  contract_address local;
  code_t code;
  if (!datagrant_dgram_sockets_method_socket_local_address(lent(socket), &local, &code)) {
    if (socket->bound || code != DATAGRANT_DGRAM_TYPES_ERROR_CODE_INVALID_STATE) return refuse(code, EBADF);
    /* Unbound: as Linux tells it. */
    static const struct in6_addr any = IN6ADDR_ANY_INIT;
    union address unbound = address_of(socket->ipv6 ? AF_INET6 : AF_INET, &any, 0, 0);
    write_address(&unbound, address, length);
    return 0;
  }
  union address told_address = address_of_contract(&local);
  write_address(&told_address, address, length);
  return 0;
}

int dg_getpeername(int fd, struct sockaddr *address, socklen_t *length) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  contract_address peer;
  code_t code;
  if (!datagrant_dgram_sockets_method_socket_remote_address(lent(socket), &peer, &code)) return refuse(code, ENOTCONN);
  union address told_address = address_of_contract(&peer);
  write_address(&told_address, address, length);
  return 0;
}

int dg_set_nonblocking(int fd, int on) {
  struct socket *socket = socket_of(fd);
  if (!socket) return -1;
  socket->nonblocking = on || NONBLOCKING;
  return 0;
}

/* Waits until a closed socket's port is free, which `close`, its last event, tells. That is at once but on the adapter. */
static void wait_until_closed(const struct entry *entry, struct socket *socket) {
  uint64_t deadline = deadline_after(1000000000);
  datagrant_dgram_sockets_method_socket_close(lent(socket));
  while (!socket->closed) {
    while (take_events(socket, BATCH) && !socket->closed) inbox_clear(&socket->inbox);
    if (!socket->closed && wait_for_one(entry, false, deadline) < 0) break;
  }
}

int dg_close(int fd) {
  struct entry *entry = entry_of(fd);
  if (!entry) return -1;
  if (entry->is_lookup) {
    datagrant_dgram_name_lookup_lookup_drop_own(entry->as.lookup.handle);
  } else {
    struct socket *socket = &entry->as.socket;
    wait_until_closed(entry, socket);
    inbox_clear(&socket->inbox);
    datagrant_dgram_sockets_socket_drop_own(socket->handle);
  }
  forget(entry);
  return 0;
}
