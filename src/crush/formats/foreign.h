/* Formats that are known but not read: what to tell whoever has such a file. */
#ifndef PICLOG_CRUSH_FORMATS_FOREIGN_H
#define PICLOG_CRUSH_FORMATS_FOREIGN_H

#include "crush/pixels/picture.h"

/*
 * Refuses a file that no decoder takes: CRUSH_EUNSUPPORTED with the name of its format and what to do, or CRUSH_EFORMAT
 * where nothing is known of it. format: what crush_sniff says. Reads at most 4096 bytes.
 */
crush_status foreign_refuse(const void *data, size_t size_bytes, crush_format format, crush_error *ret_error);

#endif
