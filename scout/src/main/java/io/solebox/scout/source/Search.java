package io.solebox.scout.source;

import io.solebox.scout.watch.Watch;
import java.util.Optional;

/**
 * What is asked at one site.
 *
 * @param site as the source calls it: {@code EBAY_DE}, or the name of a feed
 * @param words as the source takes them; empty where it is read as a whole, as feeds are
 * @param watch whose other wishes the source may ask for, to be sent less; empty where it is asked
 *     once for all. Each watch looks at all that comes by itself
 */
public record Search(String site, String words, Optional<Watch> watch) {}
