package io.solebox.engine.host;

import io.solebox.engine.api.Decoding;
import java.util.List;
import java.util.Optional;

/**
 * What it would take to load a model now.
 *
 * @param contextTokens the longest sequence
 * @param neededBytes with room for one longest sequence, on all devices together
 * @param fits whether there is room, once those have left that may
 * @param leaving models that would have to leave for it, once their answers have ended; none of a
 *     model that is there, or on its way
 * @param decoding what each token of an answer reads; empty for a model that gives none
 */
public record Prospect(
    int contextTokens,
    long neededBytes,
    boolean fits,
    List<String> leaving,
    Optional<Decoding> decoding) {}
