/* Sending bursts: headers and payloads packed, 64 datagrams to a call of the host. */

/* The next datagrams as a burst, in memory of its own. */
struct packed {
  uint8_t *headers, *payload;
  size_t stride, headers_length, payload_length;
};

static size_t total_of(const struct dg_message *messages, unsigned count) {
  size_t total = 0;
  for (unsigned i = 0; i < count; i++) total += messages[i].size;
  return total;
}

static int read_endpoint(const struct socket *socket, const struct sockaddr_storage *from, union address *address) {
  return read_address_of(socket->ipv6, (const struct sockaddr *)from, sizeof *from, address);
}

/* `packed` has room for one more. */
static int pack(const struct socket *socket, const struct dg_message *message, struct packed *packed) {
  union address remote, local;
  bool has_remote = message->address.ss_family != AF_UNSPEC, has_local = message->local.ss_family != AF_UNSPEC;
  if (has_remote && socket->connected) return fail(EISCONN);
  if (!has_remote && !socket->connected) return fail(EDESTADDRREQ);
  if (has_remote && read_endpoint(socket, &message->address, &remote) < 0) return -1;
  if (has_local && read_endpoint(socket, &message->local, &local) < 0) return -1;
  if (message->size > LONGEST) return fail(EMSGSIZE);
  if (has_remote) to_destination(&remote);
  write_header(packed->headers + packed->headers_length, packed->stride, message, has_remote ? &remote : NULL,
               has_local ? &local : NULL);
  if (message->size > 0) memcpy(packed->payload + packed->payload_length, message->data, message->size);
  packed->headers_length += packed->stride;
  packed->payload_length += message->size;
  return 0;
}

/* Sends a burst of these, and answers how many went: fewer, with errno, where one could not. */
static unsigned send_burst(struct socket *socket, struct dg_message *messages, unsigned count) {
  size_t stride = socket->burst_options & DATAGRANT_DGRAM_TYPES_BURST_OPTIONS_PACKET_INFO ? STRIDE_WITH_INFO : STRIDE;
  for (unsigned i = 0; i < count; i++) {
    if (messages[i].size > LONGEST) count = i + 1;
  }
  struct packed packed = {.stride = stride};
  packed.headers = malloc(count * stride);
  packed.payload = malloc(total_of(messages, count) + 1);
  unsigned packed_count = 0;
  int error = packed.headers && packed.payload ? 0 : ENOBUFS;
  while (!error && packed_count < count) {
    if (pack(socket, &messages[packed_count], &packed) < 0) error = errno;
    else packed_count++;
  }
  unsigned went = 0;
  if (packed_count > 0) {
    dgram_list_u8_t headers = {packed.headers, packed.headers_length}, payload = {packed.payload, packed.payload_length};
    datagrant_dgram_types_send_report_t report;
    datagrant_dgram_bursts_send(lent(socket), (uint32_t)stride, &headers, &payload, &report);
    went = report.sent < packed_count ? report.sent : packed_count;
    for (unsigned i = 0; i < went; i++) messages[i].length = messages[i].size;
    if (went < packed_count) messages[went].length = report.partial;
    if (report.stopped.is_some) error = errno_of(report.stopped.val, EBADF);
    else if (went < packed_count) error = EIO;
    if (went > 0 || report.partial > 0) sent(socket);
  }
  free(packed.headers);
  free(packed.payload);
  if (error) errno = error;
  return went;
}

int dg_sendmmsg(int fd, struct dg_message *messages, unsigned count, int flags) {
  struct entry *entry = socket_entry(fd);
  if (!entry) return -1;
  struct socket *socket = &entry->as.socket;
  if (count > INT_MAX) count = INT_MAX;
  if (begin_send(socket) < 0) return -1;
  unsigned went = 0;
  uint64_t deadline = 0;
  while (went < count) {
    unsigned some = count - went < BATCH ? count - went : BATCH;
    unsigned now_went = send_burst(socket, messages + went, some);
    went += now_went;
    if (now_went == some) continue;
    if (errno == EAGAIN) socket->full = true;
    if (went > 0) break;
    if (errno != EAGAIN || wait_for_room(entry, socket, flags, &deadline) < 0) return -1;
  }
  return (int)went;
}
