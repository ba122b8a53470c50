/* Receiving: from the inbox, from the host, then by waiting. */

/* Waits, where it may, until a datagram is there: 0. An error that waits comes first, as the kernel does it. */
static int receive(const struct entry *entry, struct socket *socket, uint32_t max, int flags) {
  for (uint64_t deadline = 0;;) {
    pump(socket, max);
    if (take_error(socket) < 0) return -1;
    if (!inbox_is_empty(&socket->inbox)) return 0;
    if (socket->nonblocking || flags & DG_DONTWAIT) return fail(EAGAIN);
    if (deadline == 0) deadline = deadline_after(socket->receive_timeout);
    if (wait_for_one(entry, false, deadline) < 0) return -1;
  }
}

/* Copies the first datagram out, as much as there is room for, and answers that much. */
static size_t copy_out(const struct inbox *inbox, void *buffer, size_t size) {
  size_t length = header_length(inbox_header(inbox));
  if (length > size) length = size;
  if (length > 0) memcpy(buffer, inbox_payload(inbox), length);
  return length;
}

ssize_t dg_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *from_length) {
  struct entry *entry = socket_entry(fd);
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  struct inbox *inbox = &socket->inbox;
  if (receive(entry, socket, BATCH, flags) < 0) return -1;
  size_t whole = header_length(inbox_header(inbox));
  size_t length = copy_out(inbox, buffer, size);
  union address remote = header_remote(inbox_header(inbox), socket->ipv6);
  write_address(&remote, from, from_length);
  if (!(flags & DG_PEEK)) inbox_next(inbox);
  return (ssize_t)(flags & DG_TRUNC ? whole : length);
}

ssize_t dg_recv(int fd, void *buffer, size_t size, int flags) {
  return dg_recvfrom(fd, buffer, size, flags, NULL, NULL);
}

int dg_recvmmsg(int fd, struct dg_message *messages, unsigned count, int flags) {
  struct entry *entry = socket_entry(fd);
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  struct inbox *inbox = &socket->inbox;
  if (count == 0) return 0;
  if (flags & DG_PEEK) return fail(EINVAL);
  if (receive(entry, socket, count < BATCH ? count : BATCH, flags) < 0) return -1;
  unsigned got = 0;
  while (got < count && !inbox_is_empty(inbox)) {
    struct dg_message *message = &messages[got++];
    message->length = header_length(inbox_header(inbox));
    read_header(inbox_header(inbox), inbox->stride, socket->ipv6, message);
    if (copy_out(inbox, message->data, message->size) < message->length) message->flags |= DG_TRUNC;
    inbox_next(inbox);
  }
  return (int)got;
}
