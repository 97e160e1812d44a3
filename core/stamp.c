// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The stamp in a frame's pixels, packed and unpacked. Also compiled in
 * userspace, so nothing of the kernel's but types may be used here.
 *
 * Bytes, numbers big-endian: magic, camera, sequence (4), timestamp (8),
 * CRC-16/CCITT-FALSE of the bytes before (2).
 */
#include <linux/simstamp.h>

#ifdef __KERNEL__
#include <linux/export.h>
#include <linux/module.h>
#else
#define EXPORT_SYMBOL_NS_GPL(symbol, ns)
#endif

#define STAMP_CRC_AT	(SIMSTAMP_BYTES - 2)

static u16 stamp_crc(const u8 *bytes)
{
	u16 crc = 0xffff;
	int i, bit;

	for (i = 0; i < STAMP_CRC_AT; i++) {
		crc ^= (u16)(bytes[i] << 8);
		for (bit = 0; bit < 8; bit++)
			crc = (u16)(crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
	}
	return crc;
}

static void put_number(u8 *bytes, u64 number, int len)
{
	while (len--) {
		bytes[len] = (u8)number;
		number >>= 8;
	}
}

static u64 get_number(const u8 *bytes, int len)
{
	u64 number = 0;

	while (len--)
		number = number << 8 | *bytes++;
	return number;
}

/**
 * simstamp_encode - pack a stamp
 * @stamp: what to say.
 * @bytes: the cells of the stamp, line by line, the first cell in the most
 *	significant bit of the first byte.
 */
void simstamp_encode(const struct simstamp *stamp, u8 bytes[SIMSTAMP_BYTES])
{
	bytes[0] = SIMSTAMP_MAGIC;
	bytes[1] = stamp->camera;
	put_number(bytes + 2, stamp->sequence, 4);
	put_number(bytes + 6, stamp->timestamp, 8);
	put_number(bytes + STAMP_CRC_AT, stamp_crc(bytes), 2);
}
EXPORT_SYMBOL_NS_GPL(simstamp_encode, "SIMBUF");

/**
 * simstamp_decode - unpack a stamp
 * @bytes: the cells as found in a picture.
 * @stamp: out: what it says, unless the result is SIMSTAMP_NONE.
 *
 * Return: whether there is a stamp, and whether its checksum is right.
 */
enum simstamp_status simstamp_decode(const u8 bytes[SIMSTAMP_BYTES], struct simstamp *stamp)
{
	if (bytes[0] != SIMSTAMP_MAGIC)
		return SIMSTAMP_NONE;

	stamp->camera = bytes[1];
	stamp->sequence = (u32)get_number(bytes + 2, 4);
	stamp->timestamp = get_number(bytes + 6, 8);
	if (get_number(bytes + STAMP_CRC_AT, 2) != stamp_crc(bytes))
		return SIMSTAMP_DAMAGED;
	return SIMSTAMP_VALID;
}
EXPORT_SYMBOL_NS_GPL(simstamp_decode, "SIMBUF");
