/* poll(2), over the contract's wait. */

/* What is ready without waiting. */
static short ready_now(struct entry *entry, short events) {
  if (entry->is_lookup) return 0;
  struct socket *socket = &entry->as.socket;
  short ready = 0;
  if (events & POLLIN) {
    pump(socket, BATCH);
    if (has_waiting(socket)) ready |= POLLIN;
  }
  if (events & POLLOUT && !socket->full) ready |= POLLOUT;
  if (socket->error) ready |= POLLERR;
  if (socket->closed) ready |= POLLHUP;
  return ready;
}

static int count_ready(const struct pollfd *fds, nfds_t count) {
  int ready = 0;
  for (nfds_t i = 0; i < count; i++) ready += fds[i].revents != 0;
  return ready;
}

/* Fills in what is ready now, and in `on`, which has room, what to wait for. Answers whether only a wait tells of some of it: of
 * lookups, and of room to send. */
static bool look(struct pollfd *fds, nfds_t count, datagrant_dgram_types_interest_t *on) {
  bool more = false;
  on->receive.len = on->send.len = 0;
  for (nfds_t i = 0; i < count; i++) {
    struct pollfd *one = &fds[i];
    one->revents = 0;
    if (one->fd < 0) continue;
    struct entry *entry = entry_of(one->fd);
    one->revents = entry ? ready_now(entry, one->events) : POLLNVAL;
    if (!entry) continue;
    bool waits_for_room = one->events & POLLOUT && !entry->is_lookup && entry->as.socket.full;
    if (one->events & POLLIN) on->receive.ptr[on->receive.len++] = entry->id;
    if (waits_for_room) on->send.ptr[on->send.len++] = entry->id;
    more |= entry->is_lookup || waits_for_room;
  }
  return more;
}

static bool has(const dgram_list_u32_t *ids, uint32_t id) {
  for (size_t i = 0; i < ids->len; i++) {
    if (ids->ptr[i] == id) return true;
  }
  return false;
}

/* What a wait has told: room to send, and answers of lookups. Whether something can be received is for `look` to say. */
static void note(struct pollfd *fds, nfds_t count, const datagrant_dgram_types_interest_t *told) {
  for (nfds_t i = 0; i < count; i++) {
    struct entry *entry = fds[i].fd < 0 ? NULL : entry_of(fds[i].fd);
    if (!entry) continue;
    if (entry->is_lookup) {
      if (fds[i].events & POLLIN && has(&told->receive, entry->id)) fds[i].revents |= POLLIN;
    } else if (has(&told->send, entry->id)) {
      entry->as.socket.full = false;
      if (fds[i].events & POLLOUT) fds[i].revents |= POLLOUT;
    }
  }
}

static int poll_with(struct pollfd *fds, nfds_t count, uint64_t timeout, datagrant_dgram_types_interest_t *on) {
  uint64_t deadline = deadline_after(timeout);
  for (;;) {
    bool more = look(fds, count, on);
    int ready = count_ready(fds, count);
    uint64_t left = ready > 0 ? 0 : time_left(deadline);
    if (left == 0 && !more) return ready;
    datagrant_dgram_types_interest_t told;
    if (wait_for(on, left, &told) < 0) return ready > 0 ? ready : -1;
    note(fds, count, &told);
    drop_interest(&told);
    ready = count_ready(fds, count);
    if (ready > 0 || left == 0) return ready;
  }
}

int dg_poll(struct pollfd *fds, nfds_t count, int timeout) {
  if (count > SIZE_MAX / (2 * sizeof(uint32_t)) - 1) return fail(EINVAL);
  /* Room for each in both directions, never nothing. */
  uint32_t *ids = malloc((2 * count + 1) * sizeof *ids);
  if (!ids) return fail(ENOMEM);
  datagrant_dgram_types_interest_t on = {.receive = {ids, 0}, .send = {ids + count, 0}};
  int ready = poll_with(fds, count, timeout < 0 ? FOREVER : (uint64_t)timeout * 1000000, &on);
  int error = errno;
  free(ids);
  errno = error;
  return ready;
}
