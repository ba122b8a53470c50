/* What happens on a socket: datagrams into its inbox, errors to be told by the next call. */

static void on_event(struct socket *socket, const contract_event *event) {
  switch (event->tag) {
    case DATAGRANT_DGRAM_TYPES_EVENT_MESSAGE:
      inbox_add(&socket->inbox, &event->val.message.data, &event->val.message.remote);
      break;
    case DATAGRANT_DGRAM_TYPES_EVENT_ERROR:
      socket->error = errno_of(event->val.error, EBADF);
      break;
    case DATAGRANT_DGRAM_TYPES_EVENT_CLOSE:
      socket->closed = true;
      break;
    default: /* `listening` and `connect` follow from calls that have told it already. */
      break;
  }
}

/* Takes at most `max` events, and answers whether there was one. */
static bool take_events(struct socket *socket, uint32_t max) {
  datagrant_dgram_sockets_list_event_t events;
  datagrant_dgram_sockets_method_socket_next_events(lent(socket), max, &events);
  for (size_t i = 0; i < events.len; i++) {
    contract_event *event = &events.ptr[i];
    on_event(socket, event);
    if (event->tag == DATAGRANT_DGRAM_TYPES_EVENT_MESSAGE) drop_bytes(&event->val.message.data);
  }
  if (events.len > 0) free(events.ptr);
  return events.len > 0;
}

/* Whether the next receive has something to tell without asking the host. */
static bool has_waiting(const struct socket *socket) {
  return !inbox_is_empty(&socket->inbox) || socket->error || socket->closed;
}

/* Takes what is there, at most `max` datagrams, or the event that comes first, as long as nothing waits. */
static void pump(struct socket *socket, uint32_t max) {
  for (bool again = true; again && !has_waiting(socket);) {
    contract_burst burst;
    code_t code;
    if (!datagrant_dgram_bursts_receive(lent(socket), max, LONGEST, &burst, &code)) {
      /* Closed, then: its last events say why. */
      if (!take_events(socket, BATCH)) socket->error = errno_of(code, EBADF);
      return;
    }
    again = burst.more_events;
    inbox_fill(&socket->inbox, &burst);
    if (again && inbox_is_empty(&socket->inbox)) again = take_events(socket, 1);
  }
}

/* An asynchronous error that nobody was told of is told now. */
static int take_error(struct socket *socket) {
  int error = socket->error;
  socket->error = 0;
  if (error) return fail(error);
  return socket->closed && inbox_is_empty(&socket->inbox) ? fail(EBADF) : 0;
}
