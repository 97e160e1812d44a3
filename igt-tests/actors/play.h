/* SPDX-License-Identifier: MIT */
/*
 * Many actors at once for a time, some of which are killed, and all of whom end in time.
 */
#ifndef PLAY_H
#define PLAY_H

#include "actor.h"

/**
 * struct role - so many actors of a kind
 * @kind: what they do; %NULL ends an array of roles.
 * @count: how many of them there are.
 */
struct role {
	const struct actor_kind *kind;
	unsigned int count;
};

/*
 * The roles up to one without a kind. Fails when an actor fails, does the same thing for too long
 * or does not end, and says what it did.
 */
void play_run(const struct role *roles);

/* Undoes what a play has left: all processors, devices and modules are there, the camera as new. */
void play_restore(void);

#endif /* PLAY_H */
