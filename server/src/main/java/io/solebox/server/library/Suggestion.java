package io.solebox.server.library;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A model that could be fetched, by estimates.
 *
 * @param pull what {@link PullWish} calls it
 * @param name by which people know it
 * @param sizeClass in one word
 * @param uses in one word each, as in {@code chat}
 * @param gated whether its source wants terms accepted
 * @param context tokens that it was trained for
 * @param format that would be taken; the smallest that there is where none fits
 * @param bytes of its file
 * @param neededBytes of memory; empty where nothing is known
 * @param fits whether it would run beside what is loaded
 * @param tokensPerSecond of an answer; empty where nothing is known
 */
public record Suggestion(
    String pull,
    String name,
    String title,
    String sizeClass,
    List<String> uses,
    String licence,
    boolean gated,
    long parameters,
    int context,
    String format,
    long bytes,
    OptionalLong neededBytes,
    boolean fits,
    OptionalDouble tokensPerSecond) {}
