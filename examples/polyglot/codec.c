/* The codec, in C: no sockets, no grants, and no memory but its own. */

#include "codec.h"

#include <stdlib.h>
#include <string.h>

/* The generated code wants an object file with the component's type; `datagrant componentize` embeds that itself. */
void __component_type_object_force_link_codec(void) {}

enum { HEADER = 3, READING = 4, CHECKSUM = 2, MOST = 255 };

static uint16_t number_at(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}

static uint8_t *put(uint8_t *at, uint16_t number) {
  *at++ = (uint8_t)(number >> 8);
  *at++ = (uint8_t)number;
  return at;
}

/* CRC-16/XMODEM. */
static uint16_t checksum(const uint8_t *bytes, size_t length) {
  uint16_t crc = 0;
  for (size_t i = 0; i < length; i++) {
    crc ^= (uint16_t)(bytes[i] << 8);
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
  }
  return crc;
}

static const char *problem_of(const uint8_t *bytes, size_t length) {
  if (length < HEADER + CHECKSUM || memcmp(bytes, "TH", 2) != 0) return "no readings: they begin with TH";
  if (length != (size_t)HEADER + READING * bytes[2] + CHECKSUM) return "its length is not that of its readings";
  if (checksum(bytes, length - CHECKSUM) != number_at(bytes + length - CHECKSUM)) return "its checksum is not that of its bytes";
  return NULL;
}

/* The caller frees what it is told; arguments are this side's to free. */
bool exports_polyglot_codec_readings_decode(codec_list_u8_t *datagram, exports_polyglot_codec_readings_list_reading_t *ret,
                                            codec_string_t *err) {
  const char *problem = problem_of(datagram->ptr, datagram->len);
  if (problem) {
    codec_string_dup(err, problem);
  } else {
    ret->len = datagram->ptr[2];
    ret->ptr = calloc(ret->len ? ret->len : 1, sizeof *ret->ptr);
    if (!ret->ptr) abort();
    for (size_t i = 0; i < ret->len; i++) {
      const uint8_t *at = datagram->ptr + HEADER + READING * i;
      ret->ptr[i] = (exports_polyglot_codec_readings_reading_t){number_at(at), (int16_t)number_at(at + 2)};
    }
  }
  codec_list_u8_free(datagram);
  return !problem;
}

void exports_polyglot_codec_readings_encode(exports_polyglot_codec_readings_list_reading_t *readings, codec_list_u8_t *ret) {
  size_t count = readings->len < MOST ? readings->len : MOST;
  ret->len = HEADER + READING * count + CHECKSUM;
  ret->ptr = malloc(ret->len);
  if (!ret->ptr) abort();
  memcpy(ret->ptr, "TH", 2);
  ret->ptr[2] = (uint8_t)count;
  uint8_t *at = ret->ptr + HEADER;
  for (size_t i = 0; i < count; i++) at = put(put(at, readings->ptr[i].sensor), (uint16_t)readings->ptr[i].hundredths);
  put(at, checksum(ret->ptr, (size_t)(at - ret->ptr)));
  exports_polyglot_codec_readings_list_reading_free(readings);
}
