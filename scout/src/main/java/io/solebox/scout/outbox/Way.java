package io.solebox.scout.outbox;

import io.solebox.scout.channel.Channel;
import io.solebox.scout.item.Hashes;

/**
 * A channel as its owner wants it to be used.
 *
 * @param settings a hash of all that the channel was made from, see {@link Hashes}: a channel that
 *     was stopped is tried again where it is another
 */
public record Way(Channel channel, String settings, Calm calm) {}
