/* The interface `handler`, exported. The bindings generator would make it a part of programs too, so its two functions are
 * here, by the canonical ABI: lists as address and length, what is answered in memory of this side's. */

/* The contract's `next`. Its cases are laid out as the canonical ABI has them, which is as C does. */
static struct {
  uint8_t tag;
  union {
    struct {
      dgram_list_u32_t receive, send;
      struct {
        uint8_t is_some;
        uint64_t value;
      } timeout;
    } wait;
    dgram_string_t failed;
  } as;
} next;

_Static_assert(sizeof next == 40 && _Alignof(uint64_t) == 8 && offsetof(__typeof__(next), as) == 8, "the canonical ABI's layout");

enum { NEXT_WAIT = 0, NEXT_DONE = 1, NEXT_FAILED = 2 };

static char reason[256] = "the service has failed";

int dg_fail(const char *text) {
  int error = errno;
  if (error) snprintf(reason, sizeof reason, "%s: %s", text, strerror(error));
  else snprintf(reason, sizeof reason, "%s", text);
  return DG_FAILED;
}

/* What is waited for: all that is open. False without memory for it. */
static bool put_interest(void) {
  static uint32_t *ids;
  uint32_t *room = realloc(ids, (2 * table.count + 1) * sizeof *ids);
  if (!room) return false;
  ids = room;
  dgram_list_u32_t receive = {ids, 0}, send = {ids + table.count, 0};
  for (size_t i = 0; i < table.count; i++) {
    const struct entry *entry = table.entries[i];
    receive.ptr[receive.len++] = entry->id;
    if (!entry->is_lookup && entry->as.socket.full) send.ptr[send.len++] = entry->id;
  }
  next.as.wait.receive = receive;
  next.as.wait.send = send;
  return true;
}

static bool anything_waits(void) {
  for (size_t i = 0; i < table.count; i++) {
    if (!table.entries[i]->is_lookup && has_waiting(&table.entries[i]->as.socket)) return true;
  }
  return false;
}

static void *answer(int wanted) {
  memset(&next, 0, sizeof next);
  errno = 0;
  if (wanted >= DG_FOREVER && !put_interest()) wanted = dg_fail("no memory to wait");
  if (wanted == DG_DONE) {
    next.tag = NEXT_DONE;
  } else if (wanted < DG_DONE) {
    next.tag = NEXT_FAILED;
    next.as.failed = string_of(reason);
  } else {
    next.tag = NEXT_WAIT;
    /* What was taken and not received yet would not be told by a wait. */
    uint64_t milliseconds = anything_waits() ? 0 : (uint64_t)wanted;
    next.as.wait.timeout.is_some = wanted != DG_FOREVER || anything_waits();
    next.as.wait.timeout.value = milliseconds * 1000000;
  }
  return &next;
}

/* Sockets that have room again. */
static void note_room(const dgram_list_u32_t *send) {
  for (size_t i = 0; i < table.count; i++) {
    struct entry *entry = table.entries[i];
    if (!entry->is_lookup && has(send, entry->id)) entry->as.socket.full = false;
  }
}

/* The arguments of the component, as `main` has them; none where there are none or no memory for them. */
static int start(void) {
  size_t count = 0, bytes = 0;
  char **arguments = NULL, *text = NULL;
  if (__wasi_args_sizes_get(&count, &bytes) == 0 && count < INT_MAX) {
    arguments = calloc(count + 1, sizeof *arguments);
    text = malloc(bytes + 1);
  }
  if (!arguments || !text || __wasi_args_get((uint8_t **)arguments, (uint8_t *)text) != 0) count = 0;
  static char *none[] = {NULL};
  return dg_start((int)count, count ? arguments : none);
}

__attribute__((export_name("datagrant:dgram/handler@0.1.0#step"))) void *dg_export_step(uint32_t *receive, size_t receive_count,
                                                                                       uint32_t *send, size_t send_count) {
  static bool started;
  dgram_list_u32_t ready = {receive, receive_count}, room = {send, send_count};
  note_room(&room);
  drop_ids(&ready);
  drop_ids(&room);
  if (started) return answer(dg_step());
  started = true;
  return answer(start());
}

__attribute__((export_name("datagrant:dgram/handler@0.1.0#stop"))) void *dg_export_stop(void) {
  return answer(dg_stop());
}
