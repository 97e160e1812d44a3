/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The life of buffers as trace events: /sys/kernel/tracing/events/simbuf.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM simbuf

#if !defined(_SIMBUF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SIMBUF_TRACE_H

#include <linux/simbuf.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

DECLARE_EVENT_CLASS(simbuf_buffer,
	TP_PROTO(u64 id, const char *exporter, size_t size),
	TP_ARGS(id, exporter, size),
	TP_STRUCT__entry(
		__field(u64, id)
		__string(exporter, exporter)
		__field(size_t, size)
	),
	TP_fast_assign(
		__entry->id = id;
		__assign_str(exporter);
		__entry->size = size;
	),
	TP_printk("buffer=%llu exporter=%s size=%zu", __entry->id,
		  __get_str(exporter), __entry->size)
);

DEFINE_EVENT(simbuf_buffer, simbuf_create,
	TP_PROTO(u64 id, const char *exporter, size_t size),
	TP_ARGS(id, exporter, size));
DEFINE_EVENT(simbuf_buffer, simbuf_export,
	TP_PROTO(u64 id, const char *exporter, size_t size),
	TP_ARGS(id, exporter, size));
DEFINE_EVENT(simbuf_buffer, simbuf_unexport,
	TP_PROTO(u64 id, const char *exporter, size_t size),
	TP_ARGS(id, exporter, size));

/* The end of a buffer, with what was done to it: whoever listens need not have looked meanwhile. */
TRACE_EVENT(simbuf_release,
	TP_PROTO(u64 id, const char *exporter, size_t size, const struct simbuf_stats *stats),
	TP_ARGS(id, exporter, size, stats),
	TP_STRUCT__entry(
		__field(u64, id)
		__string(exporter, exporter)
		__field(size_t, size)
		__field(u64, device_read)
		__field(u64, device_written)
		__field(u64, cpu_copied)
		__field(u64, cpu_faulted)
	),
	TP_fast_assign(
		__entry->id = id;
		__assign_str(exporter);
		__entry->size = size;
		__entry->device_read = atomic64_read(&stats->device_read);
		__entry->device_written = atomic64_read(&stats->device_written);
		__entry->cpu_copied = atomic64_read(&stats->cpu_copied);
		__entry->cpu_faulted = atomic64_read(&stats->cpu_faulted);
	),
	TP_printk("buffer=%llu exporter=%s size=%zu device_read=%llu device_written=%llu cpu_copied=%llu cpu_faulted=%llu",
		  __entry->id, __get_str(exporter), __entry->size, __entry->device_read,
		  __entry->device_written, __entry->cpu_copied, __entry->cpu_faulted)
);

DECLARE_EVENT_CLASS(simbuf_attachment,
	TP_PROTO(u64 id, const char *exporter, size_t size, const char *importer),
	TP_ARGS(id, exporter, size, importer),
	TP_STRUCT__entry(
		__field(u64, id)
		__string(exporter, exporter)
		__field(size_t, size)
		__string(importer, importer)
	),
	TP_fast_assign(
		__entry->id = id;
		__assign_str(exporter);
		__entry->size = size;
		__assign_str(importer);
	),
	TP_printk("buffer=%llu exporter=%s size=%zu importer=%s", __entry->id,
		  __get_str(exporter), __entry->size, __get_str(importer))
);

DEFINE_EVENT(simbuf_attachment, simbuf_attach,
	TP_PROTO(u64 id, const char *exporter, size_t size, const char *importer),
	TP_ARGS(id, exporter, size, importer));
DEFINE_EVENT(simbuf_attachment, simbuf_detach,
	TP_PROTO(u64 id, const char *exporter, size_t size, const char *importer),
	TP_ARGS(id, exporter, size, importer));

DECLARE_EVENT_CLASS(simbuf_mapping,
	TP_PROTO(u64 id, const char *importer, int dir, unsigned int segments),
	TP_ARGS(id, importer, dir, segments),
	TP_STRUCT__entry(
		__field(u64, id)
		__string(importer, importer)
		__field(int, dir)
		__field(unsigned int, segments)
	),
	TP_fast_assign(
		__entry->id = id;
		__assign_str(importer);
		__entry->dir = dir;
		__entry->segments = segments;
	),
	TP_printk("buffer=%llu importer=%s dir=%d segments=%u", __entry->id,
		  __get_str(importer), __entry->dir, __entry->segments)
);

DEFINE_EVENT(simbuf_mapping, simbuf_map,
	TP_PROTO(u64 id, const char *importer, int dir, unsigned int segments),
	TP_ARGS(id, importer, dir, segments));
DEFINE_EVENT(simbuf_mapping, simbuf_unmap,
	TP_PROTO(u64 id, const char *importer, int dir, unsigned int segments),
	TP_ARGS(id, importer, dir, segments));

TRACE_EVENT(simbuf_move,
	TP_PROTO(u64 id, u32 from, u32 to, size_t size),
	TP_ARGS(id, from, to, size),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(u32, from)
		__field(u32, to)
		__field(size_t, size)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->from = from;
		__entry->to = to;
		__entry->size = size;
	),
	TP_printk("buffer=%llu placement=%u -> %u size=%zu", __entry->id, __entry->from,
		  __entry->to, __entry->size)
);

TRACE_EVENT(simbuf_device_access,
	TP_PROTO(const char *device, u64 id, u64 bytes, bool write),
	TP_ARGS(device, id, bytes, write),
	TP_STRUCT__entry(
		__string(device, device)
		__field(u64, id)
		__field(u64, bytes)
		__field(bool, write)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->id = id;
		__entry->bytes = bytes;
		__entry->write = write;
	),
	TP_printk("device=%s buffer=%llu %s=%llu", __get_str(device), __entry->id,
		  __entry->write ? "written" : "read", __entry->bytes)
);

TRACE_EVENT(simbuf_fault,
	TP_PROTO(const char *device, u64 id, dma_addr_t addr, size_t len, bool write,
		 const char *why),
	TP_ARGS(device, id, addr, len, write, why),
	TP_STRUCT__entry(
		__string(device, device)
		__field(u64, id)
		__field(u64, addr)
		__field(size_t, len)
		__field(bool, write)
		__string(why, why)
	),
	TP_fast_assign(
		__assign_str(device);
		__entry->id = id;
		__entry->addr = addr;
		__entry->len = len;
		__entry->write = write;
		__assign_str(why);
	),
	TP_printk("device=%s buffer=%llu %s address=%#llx len=%zu: %s", __get_str(device),
		  __entry->id, __entry->write ? "write" : "read", __entry->addr,
		  __entry->len, __get_str(why))
);

TRACE_EVENT(simbuf_refuse,
	TP_PROTO(u64 id, const char *exporter, size_t size, const char *importer, int err,
		 const char *why),
	TP_ARGS(id, exporter, size, importer, err, why),
	TP_STRUCT__entry(
		__field(u64, id)
		__string(exporter, exporter)
		__field(size_t, size)
		__string(importer, importer)
		__field(int, err)
		__string(why, why)
	),
	TP_fast_assign(
		__entry->id = id;
		__assign_str(exporter);
		__entry->size = size;
		__assign_str(importer);
		__entry->err = err;
		__assign_str(why);
	),
	TP_printk("buffer=%llu exporter=%s size=%zu importer=%s errno=%d: %s", __entry->id,
		  __get_str(exporter), __entry->size, __get_str(importer), __entry->err,
		  __get_str(why))
);

#endif /* _SIMBUF_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE simbuf_trace
#include <trace/define_trace.h>
