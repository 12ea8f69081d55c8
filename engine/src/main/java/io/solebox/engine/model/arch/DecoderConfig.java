package io.solebox.engine.model.arch;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.source.Keys;

/**
 * The hyperparameters of a transformer whose layers are all alike. An architecture with more of
 * them has a record of its own in its file, and reads this or parts of it ({@link DecoderKeys}).
 *
 * @param numLayers L
 */
record DecoderConfig(int numLayers, Heads heads, Rope rope, Mask mask, Norm norm, Purpose purpose) {
  /** With RMS norms. */
  static DecoderConfig read(Keys keys) {
    var decoder = new DecoderKeys(keys);
    return read(keys, decoder.rmsNorm());
  }

  static DecoderConfig read(Keys keys, Norm norm) {
    var decoder = new DecoderKeys(keys);
    Heads heads = decoder.heads();
    return new DecoderConfig(
        decoder.layers(),
        heads,
        decoder.rope(heads.dim()),
        decoder.mask(),
        norm,
        Purpose.read(keys));
  }

  AttentionShape attention() {
    return heads.attention(mask);
  }

  /** D. */
  int headDim() {
    return heads.dim();
  }
}
