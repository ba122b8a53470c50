/* Sending one datagram: at once, or after waiting for room. */

/* Before a send: an error that nobody was told of is told now. */
static int begin_send(struct socket *socket) {
  /* Only a connected socket is told of refusals, which are events: look, so that this send tells of the last one. */
  if (socket->connected) pump(socket, BATCH);
  return take_error(socket);
}

/* What follows from a send that found no room: EAGAIN, or a wait for it. `deadline`: 0 before the first wait. */
static int wait_for_room(const struct entry *entry, struct socket *socket, int flags, uint64_t *deadline) {
  socket->full = true;
  if (socket->nonblocking || flags & DG_DONTWAIT) return fail(EAGAIN);
  if (*deadline == 0) *deadline = deadline_after(socket->send_timeout);
  return wait_for_one(entry, true, *deadline);
}

/* After a send that went: an unbound socket is bound, and `listening` would end the next wait. */
static void sent(struct socket *socket) {
  socket->full = false;
  if (!socket->bound) take_events(socket, 1);
  socket->settled = socket->bound = true;
}

/* A null `to`: the connected peer. */
static ssize_t send_one(struct entry *entry, const void *data, size_t length, int flags, contract_address *to) {
  struct socket *socket = &entry->as.socket;
  if (length > LONGEST) return fail(EMSGSIZE);
  if (begin_send(socket) < 0) return -1;
  dgram_list_u8_t bytes = {(uint8_t *)data, length};
  uint64_t deadline = 0;
  code_t code;
  while (!datagrant_dgram_sockets_method_socket_send(lent(socket), &bytes, to, &code)) {
    if (code != DATAGRANT_DGRAM_TYPES_ERROR_CODE_WOULD_BLOCK) return refuse(code, EBADF);
    if (wait_for_room(entry, socket, flags, &deadline) < 0) return -1;
  }
  sent(socket);
  return (ssize_t)length;
}

ssize_t dg_send(int fd, const void *data, size_t length, int flags) {
  struct entry *entry = socket_entry(fd);
  if (!entry) return -1;
  return entry->as.socket.connected ? send_one(entry, data, length, flags, NULL) : fail(EDESTADDRREQ);
}

ssize_t dg_sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t to_length) {
  if (!to) return dg_send(fd, data, length, flags);
  struct entry *entry = socket_entry(fd);
  union address remote;
  if (!entry || read_address_of(entry->as.socket.ipv6, to, to_length, &remote) < 0) return -1;
  if (entry->as.socket.connected) return fail(EISCONN);
  to_destination(&remote);
  contract_address wanted = contract_of(&remote);
  return send_one(entry, data, length, flags, &wanted);
}
