/* Waiting: the one call of the contract that blocks. */

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* When a wait of `timeout` ns ends; what is too far to be told is never. */
static uint64_t deadline_after(uint64_t timeout) {
  uint64_t begin = now();
  return timeout >= FOREVER - begin ? FOREVER : begin + timeout;
}

static uint64_t time_left(uint64_t deadline) {
  if (deadline == FOREVER) return FOREVER;
  uint64_t current = now();
  return deadline > current ? deadline - current : 0;
}

/* Waits for the ids of these lists, and answers what is ready, which the caller frees. */
static int wait_for(datagrant_dgram_types_interest_t *on, uint64_t timeout, datagrant_dgram_types_interest_t *ready) {
  code_t code;
  uint64_t *some = timeout == FOREVER ? NULL : &timeout;
  return told(datagrant_dgram_wait_wait(on, some, ready, &code), &code);
}

static void drop_ids(dgram_list_u32_t *ids) {
  if (ids->len > 0) free(ids->ptr);
}

static void drop_interest(datagrant_dgram_types_interest_t *interest) {
  drop_ids(&interest->receive);
  drop_ids(&interest->send);
}

/* Waits for one, in one direction, until the deadline: EAGAIN then. Readiness is a hint: the caller looks again. */
static int wait_for_one(const struct entry *entry, bool send, uint64_t deadline) {
  uint64_t left = time_left(deadline);
  if (left == 0) return fail(EAGAIN);
  uint32_t id = entry->id;
  dgram_list_u32_t one = {&id, 1};
  datagrant_dgram_types_interest_t on = {{0}, {0}}, ready;
  if (send) on.send = one;
  else on.receive = one;
  if (wait_for(&on, left, &ready) < 0) return -1;
  drop_interest(&ready);
  return 0;
}
