/* What was taken from the host and not asked for yet. A burst is read only when the one before is, so there is one at most. */

static bool inbox_is_empty(const struct inbox *inbox) {
  return inbox->header_at == inbox->headers_length;
}

static void inbox_clear(struct inbox *inbox) {
  if (inbox->headers_length > 0) free(inbox->headers);
  if (inbox->payload_length > 0) free(inbox->payload);
  *inbox = (struct inbox){0};
}

/* A list of the contract's that nobody reads: an empty one has no memory. */
static void drop_bytes(dgram_list_u8_t *list) {
  if (list->len > 0) free(list->ptr);
}

/* Takes a burst over. One that does not hold together is no burst: whoever stands between host and guest made it. */
static void inbox_fill(struct inbox *inbox, contract_burst *burst) {
  size_t count = burst->stride >= STRIDE && burst->headers.len % burst->stride == 0 ? burst->headers.len / burst->stride : 0;
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    size_t length = header_length(burst->headers.ptr + i * burst->stride);
    if (length > burst->payload.len - bytes) count = 0;
    else bytes += length;
  }
  if (count == 0) bytes = 0;
  if (bytes == 0) drop_bytes(&burst->payload);
  if (count == 0) {
    drop_bytes(&burst->headers);
    return;
  }
  *inbox = (struct inbox){.headers = burst->headers.ptr,
                          .payload = burst->payload.ptr,
                          .headers_length = count * burst->stride,
                          .payload_length = bytes,
                          .stride = burst->stride};
}

static const uint8_t *inbox_header(const struct inbox *inbox) {
  return inbox->headers + inbox->header_at;
}

/* The first datagram, which is there. */
static const uint8_t *inbox_payload(const struct inbox *inbox) {
  return inbox->payload + inbox->payload_at;
}

static void inbox_next(struct inbox *inbox) {
  inbox->payload_at += header_length(inbox_header(inbox));
  inbox->header_at += inbox->stride;
  if (inbox_is_empty(inbox)) inbox_clear(inbox);
}

/* Adds a datagram that came as an event behind what is there; without memory for it, it is lost, as datagrams are. */
static void inbox_add(struct inbox *inbox, const dgram_list_u8_t *data, const contract_address *from) {
  size_t stride = inbox->stride ? inbox->stride : STRIDE;
  uint8_t *headers = realloc(inbox->headers_length > 0 ? inbox->headers : NULL, inbox->headers_length + stride);
  if (!headers) return;
  inbox->headers = headers;
  inbox->stride = stride;
  if (data->len > 0) {
    uint8_t *payload = realloc(inbox->payload_length > 0 ? inbox->payload : NULL, inbox->payload_length + data->len);
    if (!payload) {
      if (inbox->headers_length == 0) free(headers);
      return;
    }
    inbox->payload = payload;
    memcpy(payload + inbox->payload_length, data->ptr, data->len);
    inbox->payload_length += data->len;
  }
  union address remote = address_of_contract(from);
  write_header(headers + inbox->headers_length, stride, &(struct dg_message){.size = data->len}, &remote, NULL);
  inbox->headers_length += stride;
}

/* Without the datagrams that are not from `peer`: what others sent before a connect is not received any more. */
static void inbox_keep_only(struct inbox *inbox, const union address *peer) {
  struct inbox kept = *inbox;
  size_t headers = 0, payload = 0;
  uint8_t wanted[STRIDE];
  write_header(wanted, STRIDE, &(struct dg_message){.size = 0}, peer, NULL);
  while (kept.header_at < kept.headers_length) {
    const uint8_t *header = inbox_header(&kept);
    size_t length = header_length(header);
    /* Port; scope and address. */
    if (memcmp(header + 6, wanted + 6, 2) == 0 && memcmp(header + 12, wanted + 12, 20) == 0) {
      memmove(kept.headers + headers, header, kept.stride);
      if (length > 0) memmove(kept.payload + payload, inbox_payload(&kept), length);
      headers += kept.stride;
      payload += length;
    }
    kept.header_at += kept.stride;
    kept.payload_at += length;
  }
  if (headers == 0) {
    inbox_clear(inbox);
    return;
  }
  if (payload == 0 && inbox->payload_length > 0) free(inbox->payload);
  inbox->header_at = inbox->payload_at = 0;
  inbox->headers_length = headers;
  inbox->payload_length = payload;
}
