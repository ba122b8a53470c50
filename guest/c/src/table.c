/* Numbers and what they stand for. A number is never used again, so the table stays in their order. */

/* Far from libc's descriptors, so that neither can be taken for the other. */
enum { FIRST = 1 << 20 };

static struct {
  struct entry **entries;
  size_t count, room;
  int next;
} table = {.next = FIRST};

/* Where it is or would be. */
static size_t place_of(int fd) {
  size_t low = 0, high = table.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (table.entries[middle]->fd < fd) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* Null, and EBADF, where there is none. */
static struct entry *entry_of(int fd) {
  size_t place = place_of(fd);
  if (place < table.count && table.entries[place]->fd == fd) return table.entries[place];
  errno = EBADF;
  return NULL;
}

static struct entry *lookup_entry(int fd) {
  struct entry *entry = entry_of(fd);
  if (!entry || entry->is_lookup) return entry;
  errno = EINVAL;
  return NULL;
}

/* Null, and ENOTSOCK or EBADF, where there is none. */
static struct entry *socket_entry(int fd) {
  struct entry *entry = entry_of(fd);
  if (!entry || !entry->is_lookup) return entry;
  errno = ENOTSOCK;
  return NULL;
}

static struct socket *socket_of(int fd) {
  struct entry *entry = socket_entry(fd);
  return entry ? &entry->as.socket : NULL;
}

/* A new one, all zero but for its number; null, and ENOMEM or EMFILE, where there is no room. */
static struct entry *new_entry(void) {
  if (table.next == INT_MAX) {
    errno = EMFILE;
    return NULL;
  }
  if (table.count == table.room) {
    size_t room = table.room ? 2 * table.room : 8;
    struct entry **entries = realloc(table.entries, room * sizeof *entries);
    if (!entries) {
      errno = ENOMEM;
      return NULL;
    }
    table.entries = entries;
    table.room = room;
  }
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry) {
    errno = ENOMEM;
    return NULL;
  }
  entry->fd = table.next++;
  table.entries[table.count++] = entry;
  return entry;
}

static void forget(struct entry *entry) {
  size_t place = place_of(entry->fd);
  size_t behind = --table.count - place;
  memmove(&table.entries[place], &table.entries[place + 1], behind * sizeof *table.entries);
  free(entry);
}
